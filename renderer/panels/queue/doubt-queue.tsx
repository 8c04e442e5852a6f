import { EyeOff, Gauge, GitFork, History, LocateFixed, type LucideIcon } from 'lucide-react'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components'
import { isKey } from '../../../main/core/records.ts'
import { type DoubtKind, doubtfulBelow } from '../../../main/core/track/doubt.ts'
import { type DoubtSpan, doubtWords } from '../../../main/core/track/doubt-spans.ts'
import type { Editor } from '../../editor/editor.ts'
import { placeHere, positionOf, reviewQueue, showPlace } from '../../editor/review.ts'
import { focusCanvas } from '../frame/focus-canvas.ts'
import { useLayout } from '../frame/use-layout.ts'
import { ValueSlider } from '../parts/fields.tsx'
import { useEditor, useEditorState, useFollowed, useSlowRecords } from '../window-context.tsx'
import { countOf, countText, percentText } from '../words.ts'
import { ReviewAnswers, ReviewSteps } from './review-answers.tsx'
import { SuggestionLine } from './suggestion-line.tsx'

interface QueueRow extends DoubtSpan {
  readonly id: string
}

/** Places worth a look, worst first, and the answers to the one in front of the user. */
export function DoubtQueue() {
  const { mediaId, doubtThreshold } = useEditorState((state) => ({
    mediaId: state.mediaId,
    doubtThreshold: state.doubtThreshold,
  }))
  const queue = useSlowRecords(queueRows, [mediaId, doubtThreshold])
  return (
    <div className="queue">
      {queue.length === 0 ? <NothingDoubtful /> : <Places queue={queue} />}
      <SuggestionLine />
      <Threshold />
    </div>
  )
}

function queueRows(editor: Editor): QueueRow[] {
  return reviewQueue(editor).map((place) => ({ ...place, id: place.at.id }))
}

function Places({ queue }: { readonly queue: readonly QueueRow[] }) {
  const editor = useEditor()
  const textScale = useEditorState((state) => state.settings?.textScale ?? 1)
  // Where the user is in the queue; -1 elsewhere.
  const here = useFollowed((editor) => positionOf(queue, placeHere(editor)), [queue])
  const rowHeight = Math.round(26 * textScale)
  const layout = useMemo(() => ({ rowSize: rowHeight }), [rowHeight])
  const list = useRef<HTMLDivElement>(null)
  useRowInView(list, here, rowHeight)
  const hereId = queue[here]?.id
  return (
    <>
      <div className="list-tools">
        <span className="grow quiet" role="status">
          {here < 0
            ? `${countOf(queue.length, 'place')} to look at`
            : `${countText(here + 1)} of ${countText(queue.length)}`}
        </span>
        <ReviewSteps />
      </div>
      <Virtualizer layout={ListLayout} layoutOptions={layout}>
        <GridList
          ref={list}
          className="queue-list"
          aria-label="Doubtful places, worst first"
          items={queue}
          dependencies={[hereId]}
          disallowTypeAhead
          keyboardNavigationBehavior="tab"
          onAction={(id) => {
            const place = queue.find(({ at }) => at.id === id)
            if (!place) return
            showPlace(editor, place)
            // The keys that answer belong to the picture.
            focusCanvas()
          }}
        >
          {(row) => <PlaceRow row={row} isHere={hereId === row.id} />}
        </GridList>
      </Virtualizer>
      {queue[here] ? <p className="queue-reason quiet">{queue[here].reason}</p> : null}
      <ReviewAnswers />
    </>
  )
}

function PlaceRow({ row, isHere }: { readonly row: QueueRow; readonly isHere: boolean }) {
  const Icon = icons[row.kind]
  const words = doubtWords[row.kind]
  const { confidence } = row.at
  const frames = framesText(row)
  return (
    <GridListItem
      className={`queue-row ${isHere ? 'is-here' : ''}`}
      textValue={`${words}: ${row.object.name}, ${frames}, ${row.reason}`}
    >
      <Icon className={`doubt-kind ${row.kind}`} aria-hidden />
      <span className="swatch" style={{ background: row.object.color }} />
      <span className="cut queue-what" title={`${words}: ${row.reason}`}>
        {row.object.name} <span className="numbers">{frames}</span>{' '}
        <span className="faint">{row.reason}</span>
      </span>
      <span className="confidence numbers">{confidence === null ? '' : percentText(confidence)}</span>
    </GridListItem>
  )
}

const icons: Readonly<Record<DoubtKind, LucideIcon>> = {
  proposal: LocateFixed,
  hidden: EyeOff,
  disagreement: GitFork,
  low: Gauge,
  stale: History,
}

function framesText({ firstFrame, lastFrame }: DoubtSpan): string {
  return firstFrame === lastFrame ? countText(firstFrame) : `${countText(firstFrame)}–${countText(lastFrame)}`
}

function useRowInView(list: RefObject<HTMLDivElement | null>, index: number, rowHeight: number): void {
  useEffect(() => {
    const element = list.current
    if (!element || index < 0) return
    const top = index * rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight
  }, [list, index, rowHeight])
}

/** Nothing to look at may mean that all is well, or that there is nothing yet. */
function NothingDoubtful() {
  const hasComputed = useSlowRecords(hasComputedMasks, [])
  return (
    <p className="empty-line">
      {hasComputed
        ? 'Nothing doubtful. Every mask is yours, accepted, or likely to be right.'
        : 'Nothing doubtful. Propagated masks that need a look will be listed here, worst first.'}
    </p>
  )
}

function hasComputedMasks(editor: Editor): boolean {
  return editor.objects.some(({ id }) => editor.tracks.track(id).masks.some((mask) => !isKey(mask)))
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
