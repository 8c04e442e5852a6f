/**
 * A propagated mask is stale when its neighbouring key masks are no longer those it was made from. A key mask that was
 * accepted just as it was computed (a person confirmed it and drew nothing) keeps the references it was made from: what
 * the same run computed beside it still holds, so accepting makes nothing stale.
 */
import { isKey, type KeyRef, type MaskRecord } from '../records.ts'
import {
  type FrameSpan,
  governingKey,
  keyNeighbours,
  maskPosition,
  presentRefs,
  refOf,
  type Track,
} from './track.ts'

/** Key masks are never stale. Derived, not stored: undoing an edit un-stales what the edit made stale. */
export function isStale(track: Track, mask: MaskRecord): boolean {
  if (isKey(mask)) return false
  const { left, right } = keyNeighbours(track, mask.frameIndex)
  return !(isMadeFrom(left, mask.left, left?.left) && isMadeFrom(right, mask.right, right?.right))
}

/** Whether `ref` is the key itself, or what the key was made from when it was accepted as computed. */
function isMadeFrom(
  key: MaskRecord | null,
  ref: KeyRef | null,
  keyMadeFrom: KeyRef | null | undefined,
): boolean {
  if (ref === refOf(key)) return true
  return key !== null && isAcceptedAsComputed(key) && ref === keyMadeFrom
}

/** Whether the user took over a computed mask without changing a pixel. */
export function isAcceptedAsComputed(mask: MaskRecord): boolean {
  return isKey(mask) && (mask.left !== null || mask.right !== null)
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
  findSpanMask(track, 0, (mask, stale, left) => {
    visit(mask, stale, left)
    return false
  })
}

/** The first computed mask from a frame on that `wanted` holds for, looked at in order as by `forEachSpanMask`. */
export function findSpanMask(
  track: Track,
  fromFrame: number,
  wanted: (mask: MaskRecord, stale: boolean, left: MaskRecord | null) => boolean,
): MaskRecord | null {
  const { masks, keys } = track
  let next = maskPosition(keys, fromFrame)
  for (let i = maskPosition(masks, fromFrame); i < masks.length; i++) {
    const mask = masks[i]!
    if (mask === keys[next]) {
      next++
      continue
    }
    const left = keys[next - 1] ?? null
    const right = keys[next] ?? null
    const fresh = isMadeFrom(left, mask.left, left?.left) && isMadeFrom(right, mask.right, right?.right)
    if (wanted(mask, !fresh, left)) return mask
  }
  return null
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
