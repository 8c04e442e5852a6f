/** Which masks a person should look at: stale, of low confidence, or marked with a sentence. */
import { isKey, type MaskRecord, type ObjectId } from '../records.ts'
import { isStale } from './staleness.ts'
import { governingKey, maskPosition, type Track } from './track.ts'

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
  if (isKey(mask) || governingKey(track, mask.frameIndex)?.outside) return null
  if (mask.doubt) return mask.doubt
  if (isStale(track, mask)) return 'A keyframe beside it changed since'
  if (mask.confidence !== null && mask.confidence < threshold)
    return `Confidence ${Math.round(mask.confidence * 100)} %`
  return null
}

/** Every doubtful mask of the tracks, by frame and then in the order given. */
export function doubts(tracks: Iterable<readonly [ObjectId, Track]>, threshold = doubtfulBelow): Doubt[] {
  const found: Doubt[] = []
  for (const [objectId, track] of tracks)
    for (const mask of track.masks) {
      const reason = doubtReason(track, mask, threshold)
      if (reason) found.push({ objectId, mask, reason })
    }
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
  const after = firstDoubtfulFrame(tracks, frameIndex + 1, Number.POSITIVE_INFINITY, threshold)
  const found = after ?? firstDoubtfulFrame(tracks, 0, frameIndex, threshold)
  if (found === null) return null
  const objectIds = tracks
    .filter(([, track]) => {
      const mask = track.masks[maskPosition(track.masks, found)]
      return mask?.frameIndex === found && doubtReason(track, mask, threshold) !== null
    })
    .map(([objectId]) => objectId)
  return { frameIndex: found, objectIds }
}

function firstDoubtfulFrame(
  tracks: readonly (readonly [ObjectId, Track])[],
  from: number,
  to: number,
  threshold: number,
): number | null {
  let nearest = to + 1
  for (const [, track] of tracks) {
    for (let i = maskPosition(track.masks, from); i < track.masks.length; i++) {
      const mask = track.masks[i]!
      if (mask.frameIndex >= nearest) break
      if (doubtReason(track, mask, threshold) === null) continue
      nearest = mask.frameIndex
      break
    }
  }
  return nearest <= to && nearest !== Number.POSITIVE_INFINITY ? nearest : null
}
