/** Doubtful masks as a person goes through them: neighbouring frames of an object with one question are one place. */
import type { MaskRecord, ObjectRecord } from '../records.ts'
import { type DoubtKind, kindOf, reasonOf } from './doubt.ts'
import { forEachSpanMask } from './staleness.ts'
import type { FrameSpan, Track } from './track.ts'

export interface DoubtSpan extends FrameSpan {
  readonly object: ObjectRecord
  readonly kind: DoubtKind
  /** The mask to look at: where it was found or lost, else the one of least confidence. */
  readonly at: MaskRecord
  /** Of that mask, in words. */
  readonly reason: string
}

/**
 * Worst first: what was found again and what was lost come before all, then what is expected to lose most overlap (one
 * minus its confidence), and stale masks last, because a run answers them. Of equals the earlier.
 */
export function doubtSpans(
  objects: readonly ObjectRecord[],
  trackOf: (object: ObjectRecord) => Track,
  threshold: number,
): DoubtSpan[] {
  const spans = objects.flatMap((object) => spansOf(object, trackOf(object), threshold))
  return spans.sort(
    (a, b) =>
      turns[a.kind] - turns[b.kind] || expectedLoss(b.at) - expectedLoss(a.at) || a.firstFrame - b.firstFrame,
  )
}

/** What is asked, in a word or two. */
export const doubtWords: Readonly<Record<DoubtKind, string>> = {
  proposal: 'Proposed',
  hidden: 'Hidden',
  disagreement: 'Sides disagree',
  low: 'Doubtful',
  stale: 'Stale',
}

const turns: Readonly<Record<DoubtKind, number>> = {
  proposal: 0,
  hidden: 0,
  disagreement: 1,
  low: 1,
  stale: 2,
}

/** Expected loss of overlap with the truth; all of it where there is no figure. */
export function expectedLoss(mask: MaskRecord): number {
  return 1 - (mask.confidence ?? 0)
}

/** The place on this frame of the object; null where nothing is doubtful. */
export function doubtSpanAt(
  object: ObjectRecord,
  track: Track,
  frameIndex: number,
  threshold: number,
): DoubtSpan | null {
  return (
    spansOf(object, track, threshold).find(
      ({ firstFrame, lastFrame }) => firstFrame <= frameIndex && frameIndex <= lastFrame,
    ) ?? null
  )
}

function spansOf(object: ObjectRecord, track: Track, threshold: number): DoubtSpan[] {
  const spans: DoubtSpan[] = []
  forEachSpanMask(track, (mask, stale, left) => {
    const reason = reasonOf(mask, stale, left, threshold)
    if (reason === null) return
    const { frameIndex } = mask
    const kind = kindOf(mask, stale)
    const last = spans.at(-1)
    if (last?.lastFrame !== frameIndex - 1 || !isOneQuestion(last.kind, kind))
      spans.push({ object, kind, firstFrame: frameIndex, lastFrame: frameIndex, at: mask, reason })
    else {
      const isWorse = turns[kind] > 0 && expectedLoss(mask) > expectedLoss(last.at)
      spans[spans.length - 1] = {
        ...last,
        lastFrame: frameIndex,
        ...(isWorse ? { kind, at: mask, reason } : {}),
      }
    }
  })
  return spans
}

/** Sides that disagree and low confidence run into each other, and one look settles both; the other kinds stand alone. */
function isOneQuestion(a: DoubtKind, b: DoubtKind): boolean {
  return a === b || (turns[a] === 1 && turns[b] === 1)
}
