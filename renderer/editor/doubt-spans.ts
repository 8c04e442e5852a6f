/** Doubtful masks as a person goes through them: neighbouring frames of an object are one thing to look at. */
import type { MaskRecord, ObjectRecord } from '../../main/core/records.ts'
import { doubtReason } from '../../main/core/track/doubt.ts'
import type { Track } from '../../main/core/track/track.ts'

export interface DoubtSpan {
  readonly object: ObjectRecord
  readonly firstFrame: number
  readonly lastFrame: number
  /** The mask of least confidence; one without a figure counts as the least. */
  readonly worst: MaskRecord
  /** Of the worst, in words. */
  readonly reason: string
}

/** Worst first; of equals the earlier. */
export function doubtSpans(
  objects: readonly ObjectRecord[],
  trackOf: (object: ObjectRecord) => Track,
  threshold: number,
): DoubtSpan[] {
  const spans = objects.flatMap((object) => spansOf(object, trackOf(object), threshold))
  return spans.sort((a, b) => confidence(a.worst) - confidence(b.worst) || a.firstFrame - b.firstFrame)
}

function spansOf(object: ObjectRecord, track: Track, threshold: number): DoubtSpan[] {
  const spans: DoubtSpan[] = []
  for (const mask of track.masks) {
    const reason = doubtReason(track, mask, threshold)
    if (reason === null) continue
    const last = spans.at(-1)
    if (last?.lastFrame !== mask.frameIndex - 1)
      spans.push({ object, firstFrame: mask.frameIndex, lastFrame: mask.frameIndex, worst: mask, reason })
    else {
      const isWorse = confidence(mask) < confidence(last.worst)
      spans[spans.length - 1] = {
        ...last,
        lastFrame: mask.frameIndex,
        ...(isWorse ? { worst: mask, reason } : {}),
      }
    }
  }
  return spans
}

function confidence(mask: MaskRecord): number {
  return mask.confidence ?? 0
}
