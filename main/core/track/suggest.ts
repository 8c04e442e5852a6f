/**
 * Pure: where the next keyframe pays most, from the records alone. Of the gaps between keyframes the one with the largest
 * summed doubt; in it the frame that halves the doubt, each frame weighed by how much the object moves and changes there,
 * because that is where errors arise, and from there on they are only carried; then a little to where the object is best
 * seen. Between the only two keyframes of an object that is seen in the middle, the middle in place of that frame: both
 * sides come from so far that their doubt says little of where it began, and the middle halves the longest way. Taking the most doubtful frame instead loses: there the object is hidden or blurred, and a keyframe teaches least.
 */
import { boxIou } from '../geometry/box.ts'
import { isKey, type MaskRecord, type ObjectId, type ObjectRecord } from '../records.ts'
import { doubtfulBelow } from './doubt.ts'
import { forEachSpanMask } from './staleness.ts'
import { keyNeighbours, type Track } from './track.ts'

export interface Suggestion {
  readonly objectId: ObjectId
  readonly frameIndex: number
  /** A sentence: why here, or, where it is not worth it, why no other keyframe pays. */
  readonly reason: string
  readonly worth: boolean
  /** Expected rise of the mean IoU of the object's masks over the whole media, 0 to 1. */
  readonly gain: number
}

/** Added to every frame's doubt, so that of two certain gaps the longer one is first. */
const leastDoubt = 0.02
/** The weight of a frame on which nothing changes, when a frame of usual change weighs 1 more. */
const stillness = 0.25
/** How far the frame may move from the middle of the doubt to where the object is seen better. */
const reach = 3
/** Masks so few frames from a keyframe show how sure masks of the object can be: what doubt they have, stays. */
const besideKey = 2
const usualFloor = 0.05
const highestFloor = 0.3
/** The part of a gap's doubt that a keyframe in the middle of it takes away, as measured by `npm run bench -- suggest`. */
const takenAway = 0.2
/** A gain below this, or below one whole mask put right on long media, is not worth a keyframe. */
const leastGain = 0.005

/** Computed masks of one object between two neighbouring keyframes, ascending, none of them stale. */
interface Gap {
  readonly object: ObjectRecord
  readonly masks: MaskRecord[]
  /** Of each mask the expected part that is wrong and need not be. */
  readonly doubts: number[]
  /** Between the object's only two keyframes. */
  readonly isOnly: boolean
}

/**
 * The keyframe to add next, over all given objects; locked ones are left alone. Null: nothing is known yet, because no
 * object has masks that a run computed from its present keyframes.
 */
export function suggestKeyframe(
  tracks: Iterable<readonly [ObjectRecord, Track]>,
  frameCount: number,
): Suggestion | null {
  let best: Gap | null = null
  let most = 0
  for (const [object, track] of tracks) {
    if (object.locked) continue
    for (const gap of gapsOf(object, track)) {
      const doubt = leastDoubt * gap.masks.length + total(gap.doubts)
      if (doubt <= most) continue
      most = doubt
      best = gap
    }
  }
  if (!best) return null
  const { object, masks, doubts } = best
  const saved = takenAway * total(doubts)
  const gain = saved / Math.max(1, frameCount)
  const worth = saved >= Math.min(1, leastGain * frameCount)
  const middle = masks.length >> 1
  const position = best.isOnly && masks[middle]!.shape !== null ? middle : medianPosition(best)
  const frameIndex = bestSeen(masks, position).frameIndex
  return { objectId: object.id, frameIndex, reason: worth ? whyHere(masks) : whyNot(gain), worth, gain }
}

function gapsOf(object: ObjectRecord, track: Track): Gap[] {
  const gaps: { masks: MaskRecord[]; left: MaskRecord | null }[] = []
  forEachSpanMask(track, (mask, stale, left) => {
    if (stale || left?.outside || isKey(mask) || mask.confidence === null) return
    if (gaps.length === 0 || left !== gaps.at(-1)!.left) gaps.push({ masks: [], left })
    gaps.at(-1)!.masks.push(mask)
  })
  const floor = floorOf(
    track,
    gaps.flatMap(({ masks }) => masks),
  )
  return gaps.map(({ masks }) => ({
    object,
    masks,
    doubts: masks.map((mask) => Math.max(0, doubtOf(mask) - floor)),
    isOnly: track.keys.length === 2 && isClosed(track, masks),
  }))
}

function isClosed(track: Track, masks: readonly MaskRecord[]): boolean {
  const { left, right } = keyNeighbours(track, masks[0]!.frameIndex)
  return left !== null && right !== null
}

/** The doubt that no keyframe takes away: the mean of the masks beside keyframes. */
function floorOf(track: Track, masks: readonly MaskRecord[]): number {
  const beside = masks.filter((mask) => {
    const { left, right } = keyNeighbours(track, mask.frameIndex)
    return [left, right].some((key) => key && Math.abs(key.frameIndex - mask.frameIndex) <= besideKey)
  })
  if (beside.length === 0) return usualFloor
  return Math.min(highestFloor, total(beside.map(doubtOf)) / beside.length)
}

/** Expected part of the mask that is wrong. Out of sight it is a matter of yes or no, for the review and not a keyframe. */
function doubtOf({ confidence, shape, occluded }: MaskRecord): number {
  if (shape === null && occluded) return 0
  return Math.max(0, Math.min(1, 1 - (confidence ?? 1)))
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function medianPosition({ masks, doubts }: Gap): number {
  const changes = masks.map((_, i) => changeAt(masks, i))
  const usual = total(changes) / masks.length || 1
  const weights = doubts.map((doubt, i) => (leastDoubt + doubt) * (stillness + changes[i]! / usual))
  const half = total(weights) / 2
  let sum = 0
  return Math.max(
    0,
    weights.findIndex((weight) => {
      sum += weight
      return sum >= half
    }),
  )
}

/** How much the object moves and changes about a frame: what the boxes before and after do not have in common. */
function changeAt(masks: readonly MaskRecord[], position: number): number {
  const before = masks[Math.max(0, position - 1)]!
  const after = masks[Math.min(masks.length - 1, position + 1)]!
  if (!before.box || !after.box || before.frameIndex === after.frameIndex) return 0
  return 1 - boxIou(before.box, after.box)
}

/** The frame near a position whose area is nearest to what is usual in the gap: there it is hidden and blurred least. */
function bestSeen(masks: readonly MaskRecord[], position: number): MaskRecord {
  const areas = masks.map((mask) => mask.area).filter((area) => area > 0)
  const usual = areas.sort((a, b) => a - b)[areas.length >> 1] ?? 1
  const oddness = ({ area, occluded }: MaskRecord) =>
    area === 0 ? 10 : Math.abs(Math.log(area / usual)) + (occluded ? 1 : 0)
  const near = masks.slice(Math.max(0, position - reach), position + reach + 1)
  const middle = masks[position]!
  // Small differences say nothing; only a clearly better view is worth leaving the middle for.
  return near.reduce((best, mask) => (oddness(mask) < oddness(best) - 0.1 ? mask : best), middle)
}

function whyHere(masks: readonly MaskRecord[]): string {
  const [first, last] = [masks[0]!.frameIndex, masks.at(-1)!.frameIndex]
  const count = masks.filter((mask) => doubtOf(mask) > 1 - doubtfulBelow).length
  const where =
    first === last ? `Frame ${first} is the least certain` : `Frames ${first}–${last} are the least certain`
  if (count === 0) return `${where}, though none of them is expected below ${doubtfulBelow}.`
  const them = count === 1 ? '1 of them is' : `${count} of them are`
  return first === last
    ? `${where}: it is expected below ${doubtfulBelow}.`
    : `${where}: about ${them} expected below ${doubtfulBelow}.`
}

function whyNot(gain: number): string {
  return `Another keyframe is not worth it: it is expected to raise the mean IoU by only ${(100 * gain).toFixed(1)} points.`
}
