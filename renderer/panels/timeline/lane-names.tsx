import { type CSSProperties, useEffect, useState } from 'react'
import { laneHeight, type TimelineView } from '../../draw/timeline-view.ts'
import { useEditor, useEditorState, useRecords } from '../window-context.tsx'

const overscanRows = 40

/** The names beside the lanes, at the lanes' height. The object list is what the keyboard and screen readers use. */
export function LaneNames({ view }: { readonly view: TimelineView }) {
  const editor = useEditor()
  const [scrollTop, setScrollTop] = useState(0)
  useEffect(() => view.onScroll(setScrollTop), [view])
  const { mediaId, selected } = useEditorState((state) => ({
    mediaId: state.mediaId,
    selected: state.selectedObjectIds,
  }))
  const objects = useRecords((editor) => editor.objects, [mediaId])
  const first = Math.floor(scrollTop / laneHeight)
  return (
    <div className="lane-names" aria-hidden onWheel={(event) => view.scrollTo(view.scrollTop + event.deltaY)}>
      {objects.slice(first, first + overscanRows).map((object, index) => (
        <button
          type="button"
          tabIndex={-1}
          key={object.id}
          className={`lane-name ${selected.includes(object.id) ? 'is-selected' : ''} ${object.hidden ? 'is-hidden' : ''}`}
          style={{ top: (first + index) * laneHeight - scrollTop, height: laneHeight } as CSSProperties}
          onClick={() => editor.select([object.id])}
        >
          <span className="swatch" style={{ background: object.color }} />
          <span className="cut">{object.name}</span>
        </button>
      ))}
    </div>
  )
}
