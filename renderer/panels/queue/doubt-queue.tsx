import { ArrowRight } from 'lucide-react'
import { GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components'
import type { ObjectRecord } from '../../../main/core/records.ts'
import { doubts } from '../../../main/core/track/doubt.ts'
import { ActionText } from '../parts/action-button.tsx'
import { useAction } from '../use-action.ts'
import { useEditor, useEditorState, useSlowRecords } from '../window-context.tsx'
import { countOf, countText } from '../words.ts'

/** Masks worth a look, worst first: stale ones and those with a reason before those that are only unsure. */
export function DoubtQueue() {
  const editor = useEditor()
  const { mediaId, doubtThreshold } = useEditorState((state) => ({
    mediaId: state.mediaId,
    doubtThreshold: state.doubtThreshold,
  }))
  const textScale = useEditorState((state) => state.settings?.textScale ?? 1)
  const next = useAction('frame.next-doubtful')
  const rows = useSlowRecords(
    (editor) =>
      doubts(
        editor.objects.map((object) => [object.id, editor.tracks.track(object.id)] as const),
        doubtThreshold,
      )
        .sort((a, b) => (a.mask.confidence ?? 0) - (b.mask.confidence ?? 0))
        .map((doubt) => ({
          ...doubt,
          id: doubt.mask.id,
          object: editor.store.get(doubt.objectId) as ObjectRecord,
        })),
    [mediaId, doubtThreshold],
  )
  if (rows.length === 0)
    return <p className="empty-line">Nothing doubtful. Propagated masks that need a look are listed here.</p>
  return (
    <div className="queue">
      <div className="list-tools">
        <span className="grow quiet">{countOf(rows.length, 'mask')} to look at</span>
        <ActionText small id="frame.next-doubtful" text="Next" icon={ArrowRight} />
        <kbd className="keycap">{next.keys}</kbd>
      </div>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: Math.round(26 * textScale) }}>
        <GridList
          className="queue-list"
          aria-label="Doubtful frames, worst first"
          items={rows}
          disallowTypeAhead
          onAction={(id) => {
            const row = rows.find((item) => item.id === id)
            if (!row) return
            editor.showFrame(row.mask.frameIndex)
            editor.select([row.objectId])
          }}
        >
          {(row) => (
            <GridListItem
              className="queue-row"
              textValue={`${row.object.name}, frame ${row.mask.frameIndex}, ${row.reason}`}
            >
              <span className="swatch" style={{ background: row.object.color }} />
              <span className="numbers queue-frame">{countText(row.mask.frameIndex)}</span>
              <span className="cut grow" title={row.reason}>
                {row.object.name} <span className="faint">{row.reason}</span>
              </span>
            </GridListItem>
          )}
        </GridList>
      </Virtualizer>
    </div>
  )
}
