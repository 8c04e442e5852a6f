/**
 * What is learnt about one object from its key masks: its colours, and a forest that corrects masks that flow has
 * carried. The training priors are real errors of which the truth is known (propagation.md: cycles): the mask of a key
 * frame carried some frames away and back again, and carried over to the next key frame.
 */
import * as native from '../../../native/index.ts'
import type { KeyMask } from './request.ts'
import type { WorkingFrames } from './working-frames.ts'

const forestOptions: native.ForestOptions = {
  treeCount: 24,
  maxDepth: 13,
  minLeaf: 8,
  tries: 24,
  gainSamples: 2000,
}
/** How many frames away and back a key mask is carried. */
const cycleLengths = [1, 3, 7, 14]
const jitterCount = 2
const sampleTarget = 40_000
const leastSamplesAPrior = 400
/** Masks are carried from key to key for training only over gaps up to this. */
const longestTrainedGap = 100

export interface ObjectModel {
  readonly forest: native.Forest
  readonly colourRatio: Float32Array
}

export interface ModelTruth {
  readonly frameIndex: number
  /** Soft mask of working size. */
  readonly mask: Float32Array
}

/** At most so many key masks teach one model; a model serves `keysAModel / 2` neighbouring gaps. */
export const keysAModel = 8

/** Which key masks (those with pixels) teach the model for the gap after key number `gapIndex` (-1: before the first). */
export function teachersOf(keys: readonly KeyMask[], gapIndex: number): readonly KeyMask[] {
  const stride = keysAModel / 2
  const block = Math.floor(Math.max(0, gapIndex) / stride)
  const first = Math.max(0, Math.min(block * stride - stride / 2, keys.length - keysAModel))
  return keys.slice(first, first + keysAModel)
}

/** Trains on the given truths, at least one, ascending by frame. The same seed and truths give the same model. */
export async function trainModel(
  frames: WorkingFrames,
  pool: native.Pool,
  truths: readonly ModelTruth[],
  frameCount: number,
  seed: number,
  signal: AbortSignal,
): Promise<ObjectModel> {
  const { size } = frames
  const counts = new Float32Array(2 * native.colourBins)
  for (const truth of truths) {
    await native.addColours(size, await frames.picture(truth.frameIndex), truth.mask, counts)
    signal.throwIfAborted()
  }
  const colourRatio = new Float32Array(native.colourBins)
  await native.colourRatio(counts, colourRatio)
  const samples = native.createSamples()
  const perPrior = Math.max(leastSamplesAPrior, Math.floor(sampleTarget / (truths.length * 12)))
  let taken = 0
  for await (const lesson of lessons(frames, truths, frameCount, seed)) {
    signal.throwIfAborted()
    const view = await frames.view(lesson.truth.frameIndex, lesson.neighbour, colourRatio)
    await native.addSamples(samples, pool, view, lesson.prior, lesson.truth.mask, perPrior, 1, seed + taken++)
  }
  const forest = await native.growForest(pool, samples, forestOptions, seed)
  return { forest, colourRatio }
}

interface Lesson {
  readonly truth: ModelTruth
  readonly prior: Float32Array
  /** The frame from whose side the prior came. */
  readonly neighbour: number
}

async function* lessons(
  frames: WorkingFrames,
  truths: readonly ModelTruth[],
  frameCount: number,
  seed: number,
): AsyncGenerator<Lesson> {
  for (const [index, truth] of truths.entries()) {
    yield* cycleLessons(frames, truth, frameCount)
    yield* jitterLessons(frames, truth, frameCount, seed + index)
    const next = truths[index + 1]
    if (!next || next.frameIndex - truth.frameIndex > longestTrainedGap) continue
    yield {
      truth: next,
      prior: await carried(frames, truth.mask, truth.frameIndex, next.frameIndex),
      neighbour: next.frameIndex - 1,
    }
    yield {
      truth,
      prior: await carried(frames, next.mask, next.frameIndex, truth.frameIndex),
      neighbour: truth.frameIndex + 1,
    }
  }
}

async function* cycleLessons(
  frames: WorkingFrames,
  truth: ModelTruth,
  frameCount: number,
): AsyncGenerator<Lesson> {
  for (const direction of [-1, 1]) {
    let away = truth.mask
    let at = truth.frameIndex
    for (const length of cycleLengths) {
      const end = truth.frameIndex + direction * length
      if (end < 0 || end >= frameCount) break
      away = await carried(frames, away, at, end)
      at = end
      yield {
        truth,
        prior: await carried(frames, away, end, truth.frameIndex),
        neighbour: truth.frameIndex + direction,
      }
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
  const area = truth.mask.reduce((sum, p) => sum + p, 0)
  const reach = 0.08 * Math.sqrt(area)
  const random = randomNumbers(seed)
  const either = (most: number) => (2 * random() - 1) * most
  const neighbour = truth.frameIndex > 0 ? truth.frameIndex - 1 : truth.frameIndex + 1
  for (let i = 0; i < jitterCount; i++) {
    const prior = new Float32Array(truth.mask.length)
    const angle = either((8 * Math.PI) / 180)
    await native.jitterMask(
      frames.size,
      truth.mask,
      angle,
      1 + either(0.08),
      either(reach),
      either(reach),
      prior,
    )
    yield { truth, prior, neighbour }
  }
}

/** The mask of `fromFrame` moved along the flow to `toFrame`. */
async function carried(
  frames: WorkingFrames,
  mask: Float32Array,
  fromFrame: number,
  toFrame: number,
): Promise<Float32Array> {
  const step = Math.sign(toFrame - fromFrame)
  let now = mask
  for (let frame = fromFrame; frame !== toFrame; frame += step)
    now = await frames.warped(now, frame + step, frame)
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
