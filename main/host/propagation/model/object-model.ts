/**
 * What is learnt about one object from its key masks: its colours, and a forest that corrects masks that flow has
 * carried. The training priors are real errors of which the truth is known (propagation.md: cycles): the mask of a key
 * frame carried some frames away and back again, and carried over to the next key frame.
 */
import * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'
import { type KeyMask, type PropagationMethod, wholeMethod } from '../request.ts'
import { growBand } from './band-model.ts'
import { keyColours } from './key-colours.ts'
import {
  crossingLessons,
  cycleLessons,
  jitterLessons,
  type Lesson,
  type ModelTruth,
  type Move,
  reachOf,
  selfLessons,
} from './lessons.ts'
import { type SceneLesson, sceneLessons } from './scene-lessons.ts'

const forestOptions: native.ForestOptions = {
  treeCount: 24,
  maxDepth: 13,
  minLeaf: 8,
  tries: 24,
  gainSamples: 2000,
}
/** How many frames away and back a key mask is carried, by flow alone and with the forest's help. */
const flowCycles = [2, 7, 18, 40]
const helpedCycles = [2, 6]
/** What a lesson weighs that is not a person's: its own sure masks, and objects of generated scenes. */
const selfWeight = 0.5
const sceneWeight = 0.1
const sceneSamples = 400
const sampleTarget = 40_000
const leastSamplesAPrior = 400
const heaviestLesson = 8

export interface ObjectModel {
  readonly forest: native.Forest
  readonly colourRatio: Float32Array
  /** Decides outlines at full size; null where nothing teaches it. */
  readonly band: native.Forest | null
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
  const perPrior = Math.max(leastSamplesAPrior, Math.floor(sampleTarget / (truths.length * 12)))
  const samples = new TrainingSamples(frames, pool, colourRatio, perPrior, seed, signal)
  const keyFrames = truths.map(({ frameIndex }) => frameIndex)
  const taught = truths.map((truth, index) => ({
    truth,
    reach: reachOf(keyFrames, index, frameCount, method.longCycles),
  }))
  const byFlow: Move = frames.warped.bind(frames)
  for (const [index, { truth, reach }] of taught.entries()) {
    await samples.learn(cycleLessons(frames, truth, flowCycles, reach, byFlow))
    await samples.learn(jitterLessons(frames, truth, frameCount, seed + index))
    const next = truths[index + 1]
    if (next) await samples.learn(crossingLessons(frames, truth, next))
  }
  if (method.prior) await samples.learnScenes(await sceneLessons())
  const first = await samples.forest(seed)
  const helped: Move = async (mask, frameIndex, neighbour) =>
    corrected(frames, pool, first, colourRatio, {
      frameIndex,
      neighbour,
      prior: await frames.warped(mask, frameIndex, neighbour),
    })
  const helpedLessons: Lesson[] = []
  for (const { truth, reach } of taught) {
    helpedLessons.push(...(await samples.learn(cycleLessons(frames, truth, helpedCycles, reach, helped))))
    if (method.selfTraining) await samples.learn(selfLessons(frames, truth, reach, helped), selfWeight)
  }
  const forest = await samples.forest(seed + 1)
  if (!method.band) return { forest, colourRatio, band: null }
  const bandLessons = helpedLessons.map(({ truth, neighbour, prior }) => ({
    truth,
    mask: () =>
      corrected(frames, pool, forest, colourRatio, { frameIndex: truth.frameIndex, neighbour, prior }),
  }))
  return { forest, colourRatio, band: await growBand(frames, pool, colourRatio, bandLessons, seed, signal) }
}

/** The pixels that teach one object's forest. */
class TrainingSamples {
  private readonly samples = native.createSamples()
  private readonly frames: WorkingFrames
  private readonly pool: native.Pool
  private readonly colourRatio: Float32Array
  private readonly perPrior: number
  private readonly signal: AbortSignal
  private nextSeed: number

  constructor(
    frames: WorkingFrames,
    pool: native.Pool,
    colourRatio: Float32Array,
    perPrior: number,
    seed: number,
    signal: AbortSignal,
  ) {
    this.frames = frames
    this.pool = pool
    this.colourRatio = colourRatio
    this.perPrior = perPrior
    this.nextSeed = seed
    this.signal = signal
  }

  /** Adds pixels of each lesson and resolves to the lessons. */
  async learn(lessons: AsyncIterable<Lesson>, weight = 1): Promise<Lesson[]> {
    const learnt: Lesson[] = []
    for await (const lesson of lessons) {
      const { truth, neighbour, prior } = lesson
      learnt.push(lesson)
      this.signal.throwIfAborted()
      const view = await this.frames.view(truth.frameIndex, neighbour, this.colourRatio)
      await this.add(view, prior, truth.lesson ?? truth.mask, weight * lessonWeight(truth, this.perPrior))
    }
    return learnt
  }

  async learnScenes(lessons: readonly SceneLesson[]): Promise<void> {
    for (const { view, prior, truth } of lessons) {
      this.signal.throwIfAborted()
      await this.add(view, prior, truth, sceneWeight, sceneSamples)
    }
  }

  forest(seed: number): Promise<native.Forest> {
    return native.growForest(this.pool, this.samples, forestOptions, seed)
  }

  private add(
    view: native.View,
    prior: Float32Array,
    truth: Float32Array,
    weight: number,
    count = this.perPrior,
  ): Promise<void> {
    return native.addSamples(this.samples, this.pool, view, prior, truth, count, weight, this.nextSeed++)
  }
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

/** A stroke has few pixels; each counts for several, because a person chose them where the model was wrong. */
function lessonWeight({ lesson }: ModelTruth, perPrior: number): number {
  if (!lesson) return 1
  const known = lesson.reduce((count, p) => count + (p < 0 ? 0 : 1), 0)
  return Math.min(heaviestLesson, Math.max(1, perPrior / Math.max(1, known)))
}
