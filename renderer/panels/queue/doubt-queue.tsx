import { ArrowRight } from 'lucide-react'
import { GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components'
import { doubtfulBelow } from '../../../main/core/track/doubt.ts'
import { doubtSpans } from '../../editor/doubt-spans.ts'
import { useLayout } from '../frame/use-layout.ts'
import { ActionText } from '../parts/action-button.tsx'
import { ValueSlider } from '../parts/fields.tsx'
import { useAction } from '../use-action.ts'
import { useEditor, useEditorState, useSlowRecords } from '../window-context.tsx'
import { countOf, countText, percentText } from '../words.ts'

/** Runs of frames worth a look, worst first. */
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
      doubtSpans(editor.objects, ({ id }) => editor.tracks.track(id), doubtThreshold).map((span) => ({
        ...span,
        id: span.worst.id,
        frames:
          span.firstFrame === span.lastFrame
            ? countText(span.firstFrame)
            : `${countText(span.firstFrame)}–${countText(span.lastFrame)}`,
      })),
    [mediaId, doubtThreshold],
  )
  if (rows.length === 0)
    return (
      <div className="queue">
        <Threshold />
        <p className="empty-line">Nothing doubtful. Propagated masks that need a look are listed here.</p>
      </div>
    )
  return (
    <div className="queue">
      <div className="list-tools">
        <span className="grow quiet">{countOf(rows.length, 'place')} to look at</span>
        <ActionText small id="frame.next-doubtful" text="Next" icon={ArrowRight} />
        <kbd className="keycap">{next.keys}</kbd>
      </div>
      <Threshold />
      <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: Math.round(26 * textScale) }}>
        <GridList
          className="queue-list"
          aria-label="Doubtful frames, worst first"
          items={rows}
          disallowTypeAhead
          keyboardNavigationBehavior="tab"
          onAction={(id) => {
            const row = rows.find((item) => item.id === id)
            if (!row) return
            editor.showFrame(row.worst.frameIndex)
            editor.select([row.object.id])
          }}
        >
          {(row) => (
            <GridListItem
              className="queue-row"
              textValue={`${row.object.name}, ${row.frames}, ${row.reason}`}
            >
              <span className="swatch" style={{ background: row.object.color }} />
              <span className="numbers queue-frame">{row.frames}</span>
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

/** Below which confidence a propagated mask counts as doubtful, here, on the timeline and for the key that goes on. */
function Threshold() {
  const editor = useEditor()
  const kept = useLayout<number>('doubtThreshold', doubtfulBelow)
  const { show, keep } = kept
  const set = (doubtThreshold: number) => {
    show(doubtThreshold)
    editor.set({ doubtThreshold })
  }
  return (
    <div className="threshold">
      <ValueSlider
        label="Confidence under"
        value={kept.value}
        min={0}
        max={1}
        step={0.05}
        text={percentText}
        format={{ style: 'percent' }}
        onChange={set}
        onChangeEnd={keep}
      />
    </div>
  )
}
