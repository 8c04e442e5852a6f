/** Going through what is doubtful: where one is in the queue, and where the next place is. */
import type { Box, MaskRecord, ObjectRecord } from '../../main/core/records.ts'
import { doubtKind } from '../../main/core/track/doubt.ts'
import { type DoubtSpan, doubtSpanAt, doubtSpans } from '../../main/core/track/doubt-spans.ts'
import { maskAt } from '../../main/core/track/track.ts'
import type { Editor } from './editor.ts'
import { pannedView, screenPointAt } from './view-transform.ts'

interface Queue {
  readonly objects: readonly ObjectRecord[]
  readonly revision: number
  readonly threshold: number
  readonly spans: readonly DoubtSpan[]
}

const queues = new WeakMap<Editor, Queue>()

/** Every doubtful place of the shown media, worst first; the same list until records change. Looks at every mask. */
export function reviewQueue(editor: Editor): readonly DoubtSpan[] {
  const { objects, now } = editor
  const known = queues.get(editor)
  if (known?.objects === objects && known.revision === now.revision && known.threshold === now.doubtThreshold)
    return known.spans
  const spans = doubtSpans(objects, ({ id }) => editor.tracks.track(id), now.doubtThreshold)
  queues.set(editor, { objects, revision: now.revision, threshold: now.doubtThreshold, spans })
  return spans
}

/** The doubtful mask in front of the user: of a selected object on this frame, of any when none is selected. Cheap. */
export function doubtHere(
  editor: Editor,
): { readonly object: ObjectRecord; readonly mask: MaskRecord } | null {
  const { selectedObjectIds, frameIndex, doubtThreshold } = editor.now
  const objects = selectedObjectIds.length > 0 ? editor.selectedObjects : editor.objects
  for (const object of objects) {
    const track = editor.tracks.track(object.id)
    const mask = maskAt(track, frameIndex)
    if (mask && doubtKind(track, mask, doubtThreshold) !== null) return { object, mask }
  }
  return null
}

/** The whole place that the doubtful mask here belongs to. */
export function placeHere(editor: Editor): DoubtSpan | null {
  const here = doubtHere(editor)
  if (!here) return null
  const { frameIndex, doubtThreshold } = editor.now
  return doubtSpanAt(here.object, editor.tracks.track(here.object.id), frameIndex, doubtThreshold)
}

/** Where the place is in the queue; -1 when it is not there. */
export function positionOf(queue: readonly DoubtSpan[], place: DoubtSpan | null): number {
  return place ? queue.findIndex(({ at }) => at.id === place.at.id) : -1
}

/** Goes to the neighbour in the queue, round its ends; from elsewhere to the worst (or, backward, to the last). */
export function walkQueue(editor: Editor, direction: 1 | -1): void {
  const queue = reviewQueue(editor)
  if (queue.length === 0) {
    editor.say('Nothing is doubtful.')
    return
  }
  const from = positionOf(queue, placeHere(editor))
  const start = direction === 1 ? -1 : queue.length
  const to = ((from < 0 ? start : from) + direction + queue.length) % queue.length
  showPlace(editor, queue[to]!)
  editor.say(`${to + 1} of ${queue.length.toLocaleString('en-US')}: ${placeText(queue[to]!)}`)
}

/** Shows the frame to look at, selects the object and brings its mask into view, with no more movement than that takes. */
export function showPlace(editor: Editor, place: DoubtSpan): void {
  editor.playback.stop()
  editor.showFrame(place.at.frameIndex)
  editor.select([place.object.id])
  if (place.at.box) bringIntoView(editor, place.at.box)
}

/** 'fox, frames 40 to 52'. */
export function placeText({ object, firstFrame, lastFrame }: DoubtSpan): string {
  return firstFrame === lastFrame
    ? `${object.name}, frame ${firstFrame}`
    : `${object.name}, frames ${firstFrame} to ${lastFrame}`
}

function bringIntoView(editor: Editor, [x, y, width, height]: Box): void {
  const { media, now } = editor
  if (!media || now.view.width <= 0) return
  const { view } = now
  const middle = screenPointAt(view, { x: x + width / 2, y: y + height / 2 })
  const dx = middle.x < 0 || middle.x > view.width ? view.width / 2 - middle.x : 0
  const dy = middle.y < 0 || middle.y > view.height ? view.height / 2 - middle.y : 0
  if (dx !== 0 || dy !== 0) editor.set({ view: pannedView(view, media, dx, dy) })
}
