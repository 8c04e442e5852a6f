/** Which masks a person should look at: stale, of low confidence, or marked with a sentence. */
import { isKey, type MaskRecord, type ObjectId } from '../records.ts'
import { findSpanMask, forEachSpanMask, isStale } from './staleness.ts'
import { governingKey, maskAt, type Track } from './track.ts'

/** Below this expected IoU a propagated mask is worth a look. */
export const doubtfulBelow = 0.75

export interface Doubt {
  readonly objectId: ObjectId
  readonly mask: MaskRecord
  /** In words, for the queue. */
  readonly reason: string
}

/** Why the mask is doubtful, or null. Key masks never are: a person set them. */
export function doubtReason(track: Track, mask: MaskRecord, threshold = doubtfulBelow): string | null {
  if (isKey(mask)) return null
  return reasonOf(mask, isStale(track, mask), governingKey(track, mask.frameIndex), threshold)
}

/** Every doubtful mask of the tracks, by frame and then in the order given. */
export function doubts(tracks: Iterable<readonly [ObjectId, Track]>, threshold = doubtfulBelow): Doubt[] {
  const found: Doubt[] = []
  for (const [objectId, track] of tracks)
    forEachSpanMask(track, (mask, stale, left) => {
      const reason = reasonOf(mask, stale, left, threshold)
      if (reason) found.push({ objectId, mask, reason })
    })
  return found.sort((a, b) => a.mask.frameIndex - b.mask.frameIndex)
}

/**
 * The nearest frame after `frameIndex` with a doubtful mask, going round to the beginning after the last; the frame
 * itself only when it is the only one. Null: nothing is doubtful.
 */
export function nextDoubtfulFrame(
  tracks: readonly (readonly [ObjectId, Track])[],
  frameIndex: number,
  threshold = doubtfulBelow,
): { readonly frameIndex: number; readonly objectIds: readonly ObjectId[] } | null {
  const found =
    firstDoubtfulFrame(tracks, frameIndex + 1, threshold) ?? firstDoubtfulFrame(tracks, 0, threshold)
  if (found === null) return null
  const objectIds = tracks
    .filter(([, track]) => {
      const mask = maskAt(track, found)
      return mask !== null && doubtReason(track, mask, threshold) !== null
    })
    .map(([objectId]) => objectId)
  return { frameIndex: found, objectIds }
}

function firstDoubtfulFrame(
  tracks: readonly (readonly [ObjectId, Track])[],
  from: number,
  threshold: number,
): number | null {
  let nearest: number | null = null
  for (const [, track] of tracks) {
    // Beyond what another track has shown to be doubtful nobody needs to look.
    const found = findSpanMask(
      track,
      from,
      (mask, stale, left) =>
        (nearest !== null && mask.frameIndex >= nearest) || reasonOf(mask, stale, left, threshold) !== null,
    )
    if (found && (nearest === null || found.frameIndex < nearest)) nearest = found.frameIndex
  }
  return nearest
}

function reasonOf(
  mask: MaskRecord,
  stale: boolean,
  left: MaskRecord | null,
  threshold: number,
): string | null {
  if (left?.outside) return null
  if (mask.doubt) return mask.doubt
  if (stale) return 'A keyframe beside it changed since'
  if (mask.confidence !== null && mask.confidence < threshold)
    return `Confidence ${Math.round(mask.confidence * 100)} %`
  return null
}
