/**
 * Pure: whether an object is in view, as far as one side's sweep can tell, and which side is believed where they differ.
 * The thresholds were set on the 30 training sequences of DAVIS-2016 (`npm run bench -- hidden`).
 */
import type { StepReport } from '../../../../native/index.ts'
import { binOf } from './template.ts'

/**
 * `seen`: followed from a key mask without a break. `hidden`: in view no more. `proposed`: found again after that, here
 * or on the way here. `away`: looked for after a shot cut and not found yet; such a frame gets no mask at all.
 */
export const presences = ['seen', 'hidden', 'proposed', 'away'] as const
export type Presence = (typeof presences)[number]

/** What a mask's pixels say. */
export interface Substance {
  /** Pixels of at least one half. */
  readonly area: number
  /** Their mean probability; 0 where there are none. */
  readonly sureness: number
  /** Their mean colour ratio; 0 where there are none. */
  readonly likeness: number
}

/** Planes as in native.picturePlanes, of one working size. */
export function substanceOf(mask: Float32Array, picture: Float32Array, colourRatio: Float32Array): Substance {
  const length = mask.length
  let [area, sure, like] = [0, 0, 0]
  for (let i = 0; i < length; i++) {
    if (mask[i]! < 0.5) continue
    area++
    sure += mask[i]!
    like += colourRatio[binOf(picture[length + i]!, picture[2 * length + i]!, picture[3 * length + i]!)]!
  }
  return area === 0
    ? { area, sureness: 0, likeness: 0 }
    : { area, sureness: sure / area, likeness: like / area }
}

/** A mask of less than this many pixels of working size is lost: nothing is left to follow. */
export const leastArea = 2
const leastPixels = 6
/** Of the key mask's area: what is left of an object that goes behind something. */
const leftOver = 0.3

/**
 * Whether an object that was followed to here has disappeared: hardly a pixel left; or little left of its area, of
 * which the forest is unsure or which does not have its colours; or something else in its place. A part that is seen well
 * keeps its colours and its sureness and is no reason. A proposal has to go on looking like the object.
 */
export function disappears(
  report: StepReport,
  now: Substance,
  key: Substance,
  presence: 'seen' | 'proposed',
): boolean {
  if (report.area < leastArea || now.area < Math.min(leastPixels, 0.2 * key.area)) return true
  const likeness = now.likeness / Math.max(0.5, key.likeness)
  if (presence === 'proposed' && likeness < 0.5) return true
  if (now.area < leftOver * key.area && (now.sureness < 0.65 || likeness < 0.25)) return true
  // A mask that spreads is wrong, but the object may be under it.
  const replaced = likeness < 0.2 && now.sureness < 0.82 && report.margin < 0.7
  return replaced && now.area < 1.6 * key.area
}

/** What speaks for a mask that was found by searching. */
export interface Sighting {
  /** Area and colours like those it is compared with, as ratios. */
  readonly area: number
  readonly likeness: number
  readonly sureness: number
  readonly margin: number
  /** Bhattacharyya coefficient of its colours and the object's. */
  readonly colours: number
  /** Correlation of brightness with the look it was found by. */
  readonly correlation: number
  /** IoU of the forest's last two results: 1 settled. */
  readonly settled: number
}

/** What a sighting must reach; after a cut more is asked, as anything may be in the picture there. */
const least = {
  same: { colours: 0.86, margin: 0.64, sureness: 0.84, correlation: 0.2, settled: 0.82 },
  cut: { colours: 0.9, margin: 0.7, sureness: 0.86, correlation: 0.25, settled: 0.85 },
} as const
const areaRange = { same: [0.35, 2.2], cut: [0.2, 4] } as const
const likenessRange = [0.7, 1.35] as const
/** By how much a sighting must be better than the best of what is not the object on its own key frame. */
const aboveLookAlikes = 0.06

/** One number to compare sightings by, 0 to 1. */
export function qualityOf({ colours, margin, sureness }: Sighting): number {
  return (colours + margin + sureness) / 3
}

/** Whether a sighting is good enough to propose. `lookAlike`: quality of the best of what is known not to be the object. */
export function isBelievable(found: Sighting, kind: keyof typeof least, lookAlike: number): boolean {
  const floor = least[kind]
  const within = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high
  return (
    found.colours >= floor.colours &&
    found.margin >= floor.margin &&
    found.sureness >= floor.sureness &&
    found.correlation >= floor.correlation &&
    found.settled >= floor.settled &&
    within(found.area, areaRange[kind]) &&
    within(found.likeness, likenessRange) &&
    qualityOf(found) >= lookAlike + aboveLookAlikes
  )
}

/** What a frame is, given each side's presence there (null: that side did not come here), and whose masks count. */
export interface Standing {
  readonly presence: Presence | null
  readonly left: boolean
  readonly right: boolean
}

/**
 * A side that followed the object without a break is believed before one that lost it or found something again. Where
 * only such a side and a proposal meet, the proposal counts as a second opinion (see StretchMasks).
 */
export function standingOf(left: Presence | null, right: Presence | null): Standing {
  for (const presence of ['seen', 'proposed', 'hidden'] as const) {
    if (left !== presence && right !== presence) continue
    return { presence, left: left === presence, right: right === presence }
  }
  return { presence: left ?? right, left: false, right: false }
}

/** Masks that overlap so far are of the same object. */
const sameObject = 0.6

/**
 * How two sides that both have a mask are joined: 'both' where they follow the same thing, also where a proposal agrees
 * with what the other side followed; 'one' where only that side is believed; 'surer' where two proposals differ.
 */
export function joinOf(left: Presence, right: Presence, overlap: number): 'both' | 'one' | 'surer' {
  if (left === 'seen' && right === 'seen') return 'both'
  const masks = [left, right].every((each) => each === 'seen' || each === 'proposed')
  if (masks && overlap >= sameObject) return 'both'
  return left === 'proposed' && right === 'proposed' ? 'surer' : 'one'
}
