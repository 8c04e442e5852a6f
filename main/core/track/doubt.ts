/** Which masks a person should look at: proposed, hidden, stale, of low confidence, or marked with a sentence. */
import { isKey, type MaskRecord, type ObjectId } from '../records.ts'
import { findSpanMask, forEachSpanMask, isStale } from './staleness.ts'
import { governingKey, maskAt, type Track } from './track.ts'

/** Below this expected IoU a propagated mask is worth a look. */
export const doubtfulBelow = 0.75

/**
 * What a person is asked. `proposal`: it was found again, is this it? `hidden`: it was lost here, is it out of sight?
 * `stale`: a key mask beside it changed since. `disagreement`: the key masks on its two sides lead to different masks.
 * `low`: anything else that speaks against it.
 */
export type DoubtKind = 'proposal' | 'hidden' | 'stale' | 'disagreement' | 'low'

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

/** What is asked about the mask, or null where nothing is. */
export function doubtKind(track: Track, mask: MaskRecord, threshold = doubtfulBelow): DoubtKind | null {
  if (isKey(mask)) return null
  const stale = isStale(track, mask)
  const asked = reasonOf(mask, stale, governingKey(track, mask.frameIndex), threshold) !== null
  return asked ? kindOf(mask, stale) : null
}

/** Whether the object was lost here: empty, though it has neither left the view nor been erased by a person. */
export function isHiddenMask(mask: MaskRecord): boolean {
  return mask.occluded && mask.shape === null && !mask.outside
}

export function kindOf(mask: MaskRecord, stale: boolean): DoubtKind {
  if (mask.state === 'proposed') return 'proposal'
  if (stale) return 'stale'
  if (isHiddenMask(mask)) return 'hidden'
  return mask.sides ? 'disagreement' : 'low'
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

/** A computed mask with neither a figure nor a sentence is vouched for by a person: only its keys can make it doubtful. */
export function reasonOf(
  mask: MaskRecord,
  stale: boolean,
  left: MaskRecord | null,
  threshold: number,
): string | null {
  if (left?.outside) return null
  if (mask.doubt) return mask.doubt
  if (mask.state === 'proposed') return 'Found again here: is this it?'
  if (stale) return 'A keyframe beside it changed since'
  if (isHiddenMask(mask)) return mask.confidence === null ? null : 'Lost here: is it out of sight?'
  if (mask.confidence !== null && mask.confidence < threshold)
    return `Confidence ${Math.round(mask.confidence * 100)} %`
  return null
}
