/**
 * A second forest for one object: it decides the pixels around the outline at the full size of the video, where the
 * key masks are known exactly. What it learns to correct are masks of working size as the first forest makes them.
 */

import * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'
import type { ModelTruth } from './lessons.ts'

const bandOptions: native.ForestOptions = {
  treeCount: 12,
  maxDepth: 10,
  minLeaf: 10,
  tries: 24,
  gainSamples: 2000,
}
const sampleTarget = 20_000
const leastSamplesALesson = 500

export interface BandLesson {
  readonly truth: ModelTruth
  /** What the first forest made of the key frame. */
  mask(): Promise<Float32Array>
}

/** Null where no lesson has a whole key mask. The same seed and lessons give the same forest. */
export async function growBand(
  frames: WorkingFrames,
  pool: native.Pool,
  colourRatio: Float32Array,
  lessons: readonly BandLesson[],
  seed: number,
  signal: AbortSignal,
): Promise<native.Forest | null> {
  const samples = native.createSamples()
  const perLesson = Math.max(leastSamplesALesson, Math.floor(sampleTarget / Math.max(1, lessons.length)))
  for (const [index, { truth, mask }] of lessons.entries()) {
    signal.throwIfAborted()
    if (truth.counts === null) continue
    const outline = await frames.outline(truth.frameIndex, await mask(), colourRatio)
    await native.teachBand(samples, pool, outline, truth.counts, perLesson, seed + index)
  }
  return native.countSamples(samples) > 0 ? native.growForest(pool, samples, bandOptions, seed + 2) : null
}
