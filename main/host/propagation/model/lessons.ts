/**
 * What a forest learns from: wrong masks of a frame of which the truth is known. The errors are real ones: a key mask
 * carried away by flow and back again, carried over to the next key frame, jittered, or carried on and believed.
 */
import * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'

export interface ModelTruth {
  readonly frameIndex: number
  /** Soft mask of working size. */
  readonly mask: Float32Array
  /** What of it teaches: as `mask`, and below 0 on pixels that are not known. Absent: all of it. */
  readonly lesson?: Float32Array
  /** Run lengths of full size; null where not every pixel of it is the user's. */
  readonly counts: Uint32Array | null
}

/** A wrong mask of a frame, to be corrected into the truth. */
export interface Lesson {
  readonly truth: ModelTruth
  readonly prior: Float32Array
  /** The frame from whose side the prior came. */
  readonly neighbour: number
}

/** Brings a neighbour's mask to a frame. */
export type Move = (mask: Float32Array, frameIndex: number, neighbourFrame: number) => Promise<Float32Array>

/** How many frames there are before and after a key frame over which masks may be carried. */
export interface Reach {
  readonly before: number
  readonly after: number
}

const jitterCount = 2
/** Masks are carried from key to key for training only over gaps up to this. */
const longestTrainedGap = 100
/** Near another key mask errors stay small, and cycles need be no longer than this. */
const denseReach = 14
/** How far from a key frame a forest's own masks teach, in frames. */
const selfSteps = [6, 12, 18]
/** Of its own masks a forest is taught what it is this sure of. */
const sureAbove = 0.95

/**
 * How far cycles from key number `index` go: within the film, and not much beyond the next key masks. Not `isLong`: no
 * farther than where key masks are dense.
 */
export function reachOf(
  keyFrames: readonly number[],
  index: number,
  frameCount: number,
  isLong = true,
): Reach {
  const at = keyFrames[index]!
  const gap = (neighbour = Number.POSITIVE_INFINITY) =>
    isLong ? Math.max(denseReach, Math.abs(neighbour - at)) : denseReach
  return {
    before: Math.min(at, gap(keyFrames[index - 1])),
    after: Math.min(frameCount - 1 - at, gap(keyFrames[index + 1])),
  }
}

/** `lengths`, ascending, none longer than `reach`. */
export function lengthsWithin(lengths: readonly number[], reach: number): readonly number[] {
  return [...new Set(lengths.map((length) => Math.min(length, reach)))].filter((length) => length > 0)
}

const directionsOf = ({ before, after }: Reach) =>
  [
    [-1, before],
    [1, after],
  ] as const

/** The truth carried away by `move` and back: always by flow alone on its last step, as every prior is. */
export async function* cycleLessons(
  frames: WorkingFrames,
  truth: ModelTruth,
  lengths: readonly number[],
  reach: Reach,
  move: Move,
): AsyncGenerator<Lesson> {
  for (const [direction, room] of directionsOf(reach)) {
    let away: Float32Array | null = truth.mask
    let at = truth.frameIndex
    for (const length of lengthsWithin(lengths, room)) {
      const end = truth.frameIndex + direction * length
      away = await carried(frames, away, at, end, move)
      if (!away) break
      at = end
      const neighbour = truth.frameIndex + direction
      const near = await carried(frames, away, end, neighbour, move)
      if (near) yield { truth, prior: await frames.warped(near, truth.frameIndex, neighbour), neighbour }
    }
  }
}

export async function* jitterLessons(
  frames: WorkingFrames,
  truth: ModelTruth,
  frameCount: number,
  seed: number,
): AsyncGenerator<Lesson> {
  if (frameCount < 2) return
  const { size } = frames
  const reach = 0.08 * Math.sqrt(truth.mask.reduce((sum, p) => sum + p, 0))
  const random = randomNumbers(seed)
  const either = (most: number) => (2 * random() - 1) * most
  const neighbour = truth.frameIndex > 0 ? truth.frameIndex - 1 : truth.frameIndex + 1
  for (let i = 0; i < jitterCount; i++) {
    const prior = new Float32Array(truth.mask.length)
    const angle = either((8 * Math.PI) / 180)
    const scale = 1 + either(0.08)
    await native.jitterMask(size, truth.mask, angle, scale, either(reach), either(reach), prior)
    yield { truth, prior, neighbour }
  }
}

/** Each of two neighbouring key masks carried over to the other. */
export async function* crossingLessons(
  frames: WorkingFrames,
  left: ModelTruth,
  right: ModelTruth,
): AsyncGenerator<Lesson> {
  if (right.frameIndex - left.frameIndex > longestTrainedGap) return
  const move = frames.warped.bind(frames)
  const [first, last] = [left.frameIndex, right.frameIndex]
  const fromLeft = await carried(frames, left.mask, first, last, move)
  if (fromLeft) yield { truth: right, prior: fromLeft, neighbour: last - 1 }
  const fromRight = await carried(frames, right.mask, last, first, move)
  if (fromRight) yield { truth: left, prior: fromRight, neighbour: first + 1 }
}

/**
 * Self-training: what a forest (`helped`) makes of the frames around a key frame, taken for the truth where it is sure.
 * All of it depends on the key mask and the forest alone, so a resumed run learns the same.
 */
export async function* selfLessons(
  frames: WorkingFrames,
  truth: ModelTruth,
  reach: Reach,
  helped: Move,
): AsyncGenerator<Lesson> {
  for (const [direction, room] of directionsOf(reach)) {
    let mask: Float32Array | null = truth.mask
    let at = truth.frameIndex
    for (const length of selfSteps.filter((step) => step <= room)) {
      const end = truth.frameIndex + direction * length
      const neighbour = end - direction
      mask = await carried(frames, mask, at, neighbour, helped)
      if (!mask || (await frames.isCut(end, neighbour))) break
      const prior = await frames.warped(mask, end, neighbour)
      mask = await helped(mask, end, neighbour)
      at = end
      const lesson = mask.map((p) => (p >= sureAbove ? 1 : p <= 1 - sureAbove ? 0 : -1))
      yield { truth: { frameIndex: end, mask, lesson, counts: null }, prior, neighbour }
    }
  }
}

/** The mask of `fromFrame` brought to `toFrame` step by step; null where a shot ends between them. */
async function carried(
  frames: WorkingFrames,
  mask: Float32Array,
  fromFrame: number,
  toFrame: number,
  move: Move,
): Promise<Float32Array | null> {
  const step = Math.sign(toFrame - fromFrame)
  let now = mask
  for (let frame = fromFrame; frame !== toFrame; frame += step) {
    if (await frames.isCut(frame + step, frame)) return null
    now = await move(now, frame + step, frame)
  }
  return now
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
