/**
 * What is learnt about one object from its key masks: its colours, and a forest that corrects masks that flow has
 * carried. The training priors are real errors of which the truth is known (propagation.md: cycles): the mask of a key
 * frame carried some frames away and back again, and carried over to the next key frame.
 */
import * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'
import { type KeyMask, type PropagationMethod, wholeMethod } from '../request.ts'
import { growBand } from './band-model.ts'

const forestOptions: native.ForestOptions = {
  treeCount: 24,
  maxDepth: 13,
  minLeaf: 8,
  tries: 24,
  gainSamples: 2000,
}
/** How many frames away and back a key mask is carried, by flow alone and with the forest's help. */
const flowCycles = [1, 3, 7, 14]
const helpedCycles = [2, 6]
const jitterCount = 2
const sampleTarget = 40_000
const leastSamplesAPrior = 400
const heaviestLesson = 8
/** Masks are carried from key to key for training only over gaps up to this. */
const longestTrainedGap = 100

export interface ObjectModel {
  readonly forest: native.Forest
  readonly colourRatio: Float32Array
  /** Decides outlines at full size; null where nothing teaches it. */
  readonly band: native.Forest | null
}

export interface ModelTruth {
  readonly frameIndex: number
  /** Soft mask of working size. */
  readonly mask: Float32Array
  /** What of it teaches: as `mask`, and below 0 on pixels that are not the user's own. Absent: all of it. */
  readonly lesson?: Float32Array
  /** Run lengths of full size; null where not every pixel of it is the user's. */
  readonly counts: Uint32Array | null
}

/** At most so many key masks teach one model; a model serves `keysAModel / 2` neighbouring gaps. */
export const keysAModel = 8

/** Which key masks (those with pixels) teach the model for the gap after key number `gapIndex` (-1: before the first). */
export function teachersOf(keys: readonly KeyMask[], gapIndex: number): readonly KeyMask[] {
  const stride = keysAModel / 2
  const block = Math.floor(Math.max(0, gapIndex) / stride)
  const first = Math.max(0, Math.min(block * stride - stride / 2, keys.length - keysAModel))
  const near = keys.slice(first, first + keysAModel)
  if (near.some((key) => !key.marked)) return near
  // A few strokes do not say what the object looks like: the nearest whole masks on both sides do.
  const before = keys.slice(0, first).findLast((key) => !key.marked)
  const after = keys.slice(first + keysAModel).find((key) => !key.marked)
  const room = keysAModel - (before ? 1 : 0) - (after ? 1 : 0)
  return [...(before ? [before] : []), ...near.slice(0, room), ...(after ? [after] : [])]
}

/** Trains on the given truths, at least one, ascending by frame. The same seed and truths give the same model. */
export async function trainModel(
  frames: WorkingFrames,
  pool: native.Pool,
  truths: readonly ModelTruth[],
  frameCount: number,
  seed: number,
  signal: AbortSignal,
  method: PropagationMethod = wholeMethod,
): Promise<ObjectModel> {
  const colourRatio = await keyColours(frames, truths)
  const samples = native.createSamples()
  const perPrior = Math.max(leastSamplesAPrior, Math.floor(sampleTarget / (truths.length * 12)))
  let taken = 0
  const learn = async (lessons: AsyncIterable<Lesson>, learnt: Lesson[] = []) => {
    for await (const lesson of lessons) {
      const { truth, neighbour, prior } = lesson
      learnt.push(lesson)
      signal.throwIfAborted()
      const view = await frames.view(truth.frameIndex, neighbour, colourRatio)
      const weight = lessonWeight(truth, perPrior)
      await native.addSamples(
        samples,
        pool,
        view,
        prior,
        truth.lesson ?? truth.mask,
        perPrior,
        weight,
        seed + taken++,
      )
    }
  }
  for (const [index, truth] of truths.entries()) {
    await learn(cycleLessons(frames, truth, flowCycles, frameCount, frames.warped.bind(frames)))
    await learn(jitterLessons(frames, truth, frameCount, seed + index))
    const next = truths[index + 1]
    if (next) await learn(crossingLessons(frames, truth, next))
  }
  const first = await native.growForest(pool, samples, forestOptions, seed)
  const helped: Move = async (mask, frameIndex, neighbour) =>
    corrected(frames, pool, first, colourRatio, {
      frameIndex,
      neighbour,
      prior: await frames.warped(mask, frameIndex, neighbour),
    })
  const helpedLessons: Lesson[] = []
  for (const truth of truths)
    await learn(cycleLessons(frames, truth, helpedCycles, frameCount, helped), helpedLessons)
  const forest = await native.growForest(pool, samples, forestOptions, seed + 1)
  if (!method.band) return { forest, colourRatio, band: null }
  const bandLessons = helpedLessons.map(({ truth, neighbour, prior }) => ({
    truth,
    mask: () =>
      corrected(frames, pool, forest, colourRatio, { frameIndex: truth.frameIndex, neighbour, prior }),
  }))
  return { forest, colourRatio, band: await growBand(frames, pool, colourRatio, bandLessons, seed, signal) }
}

/** What the forest makes of a mask that comes from a neighbour. */
async function corrected(
  frames: WorkingFrames,
  pool: native.Pool,
  forest: native.Forest,
  colourRatio: Float32Array,
  { frameIndex, neighbour, prior }: { frameIndex: number; neighbour: number; prior: Float32Array },
): Promise<Float32Array> {
  const out = new Float32Array(prior.length)
  await native.refineMask(forest, pool, await frames.view(frameIndex, neighbour, colourRatio), prior, out)
  return out
}

async function keyColours(frames: WorkingFrames, truths: readonly ModelTruth[]): Promise<Float32Array> {
  const counts = new Float32Array(2 * native.colourBins)
  for (const truth of truths)
    await native.addColours(
      frames.size,
      await frames.picture(truth.frameIndex),
      truth.lesson ?? truth.mask,
      counts,
    )
  const ratio = new Float32Array(native.colourBins)
  await native.colourRatio(counts, ratio)
  return ratio
}

/** A stroke has few pixels; each counts for several, because a person chose them where the model was wrong. */
function lessonWeight({ lesson }: ModelTruth, perPrior: number): number {
  if (!lesson) return 1
  const known = lesson.reduce((count, p) => count + (p < 0 ? 0 : 1), 0)
  return Math.min(heaviestLesson, Math.max(1, perPrior / Math.max(1, known)))
}

/** A wrong mask of a key frame, to be corrected into the truth. */
interface Lesson {
  readonly truth: ModelTruth
  readonly prior: Float32Array
  /** The frame from whose side the prior came. */
  readonly neighbour: number
}

/** Brings a neighbour's mask to a frame. */
type Move = (mask: Float32Array, frameIndex: number, neighbourFrame: number) => Promise<Float32Array>

/** The truth carried away by `move` and back: always by flow alone on its last step, as every prior is. */
async function* cycleLessons(
  frames: WorkingFrames,
  truth: ModelTruth,
  lengths: readonly number[],
  frameCount: number,
  move: Move,
): AsyncGenerator<Lesson> {
  for (const direction of [-1, 1]) {
    let away: Float32Array | null = truth.mask
    let at = truth.frameIndex
    for (const length of lengths) {
      const end = truth.frameIndex + direction * length
      if (end < 0 || end >= frameCount) break
      away = await carried(frames, away, at, end, move)
      if (!away) break
      at = end
      const neighbour = truth.frameIndex + direction
      const near = await carried(frames, away, end, neighbour, move)
      if (near) yield { truth, prior: await frames.warped(near, truth.frameIndex, neighbour), neighbour }
    }
  }
}

async function* jitterLessons(
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
async function* crossingLessons(
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
export function randomNumbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
