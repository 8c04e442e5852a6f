/** A propagated mask is stale when its neighbouring key masks are no longer those it was made from. */
import { isKey, type MaskRecord } from '../records.ts'
import { type FrameSpan, governingKey, keyNeighbours, presentRefs, refOf, type Track } from './track.ts'

/** Key masks are never stale. Derived, not stored: undoing an edit un-stales what the edit made stale. */
export function isStale(track: Track, mask: MaskRecord): boolean {
  if (isKey(mask)) return false
  const { left, right } = presentRefs(track, mask.frameIndex)
  return mask.left !== left || mask.right !== right
}

/**
 * The frames whose stale masks stand between the same two key masks, as spans from the first to the last stale one;
 * ascending. Frames shadowed by an outside key are left out: there is nothing to compute.
 */
export function staleSpans(track: Track): FrameSpan[] {
  const spans: FrameSpan[] = []
  let from = -1
  let last = -1
  let leftKey: MaskRecord | null = null
  forEachSpanMask(track, (mask, stale, left) => {
    if (from >= 0 && left !== leftKey) {
      spans.push({ firstFrame: from, lastFrame: last })
      from = -1
    }
    if (!stale || left?.outside) return
    if (from < 0) {
      from = mask.frameIndex
      leftKey = left
    }
    last = mask.frameIndex
  })
  if (from >= 0) spans.push({ firstFrame: from, lastFrame: last })
  return spans
}

/** Visits the computed masks in order with their staleness, walking masks and keys together: linear, no searching. */
export function forEachSpanMask(
  track: Track,
  visit: (mask: MaskRecord, stale: boolean, left: MaskRecord | null) => void,
): void {
  let next = 0
  let leftRef = refOf(null)
  let rightRef = refOf(track.keys[0] ?? null)
  for (const mask of track.masks) {
    if (mask === track.keys[next]) {
      next++
      leftRef = refOf(mask)
      rightRef = refOf(track.keys[next] ?? null)
    } else visit(mask, mask.left !== leftRef || mask.right !== rightRef, track.keys[next - 1] ?? null)
  }
}

/**
 * The given masks with their references set to the present neighbours in `track`, where `wasFresh` says so: for when
 * masks move to another object (merge, split, swap) without their pixels being wrong. Key masks come back as they are.
 */
export function withFreshRefs(
  track: Track,
  masks: Iterable<MaskRecord>,
  wasFresh: (mask: MaskRecord) => boolean,
): MaskRecord[] {
  const result: MaskRecord[] = []
  for (const mask of masks) {
    if (isKey(mask) || !wasFresh(mask)) result.push(mask)
    else result.push({ ...mask, ...presentRefs(track, mask.frameIndex) })
  }
  return result
}

/** Whether a job may write this frame of the object: neither a key mask stands there nor does an outside key shadow it. */
export function isOpenFrame(track: Track, frameIndex: number): boolean {
  const key = governingKey(track, frameIndex)
  if (key?.frameIndex === frameIndex || key?.outside) return false
  const { left, right } = keyNeighbours(track, frameIndex)
  return left !== null || right !== null
}
