/** The engine's own walk over a film whose truth is known: what a network would have been shown on every step. */

import type { FrameSource } from '../../main/host/media/frame-source.ts'
import { WorkingFrames } from '../../main/host/propagation/frames/working-frames.ts'
import { type ObjectModel, trainModel } from '../../main/host/propagation/model/object-model.ts'
import { ratioMap } from '../../main/host/propagation/presence/sighting.ts'
import { binsOf } from '../../main/host/propagation/presence/template.ts'
import { wholeMethod } from '../../main/host/propagation/request.ts'
import * as native from '../../native/index.ts'
import { type Crop, cropAbout } from '../refine-mask/crop.ts'
import { keySight, stepSight } from '../refine-mask/sight.ts'

export const workingLongSide = 427

export interface Film {
  readonly name: string
  readonly source: FrameSource
  /** How much of a pixel is the object's, at working size. */
  truth(frame: number): Promise<Float32Array>
}

/** One step of the walk. Planes are of working size. */
export interface Step {
  readonly frame: number
  readonly prior: Float32Array
  readonly forest: Float32Array
  readonly crop: Crop
  /** What the network is shown. */
  readonly sight: Uint8Array
}

/** Makes the mask of a step that the walk goes on with. */
export type Refine = (step: Step) => Promise<Float32Array>

export interface Episode {
  readonly frames: WorkingFrames
  /** What the network is shown of a frame with its truth; null where the object is hardly to be seen. */
  key(frame: number): Promise<{ readonly sight: Uint8Array; readonly crop: Crop } | null>
  /** From the first frame on, until the film ends or the object is lost. */
  steps(refine: Refine): AsyncGenerator<Step & { readonly mask: Float32Array }>
}

export async function episodeOf(film: Film, threadCount: number): Promise<Episode> {
  const pool = native.createPool(threadCount)
  const signal = new AbortController().signal
  const frames = new WorkingFrames(film.source, pool, workingLongSide, signal)
  const first = { frameIndex: 0, mask: await film.truth(0), counts: null }
  const method = { ...wholeMethod, band: false }
  const model = await trainModel(frames, pool, [first], film.source.frameCount, 1, signal, method)
  return {
    frames,
    key: async (frame) => {
      const mask = await film.truth(frame)
      const crop = cropAbout(frames.size, mask)
      return crop && { sight: keySight(frames.size, await frames.picture(frame), mask, crop), crop }
    },
    steps: (refine) => walked(film, frames, pool, model, first.mask, refine),
  }
}

async function* walked(
  film: Film,
  frames: WorkingFrames,
  pool: native.Pool,
  model: ObjectModel,
  from: Float32Array,
  refine: Refine,
): AsyncGenerator<Step & { readonly mask: Float32Array }> {
  let mask = from
  for (let frame = 1; frame < film.source.frameCount; frame++) {
    const step = await stepped(frames, pool, model, mask, frame, frame - 1)
    if (!step) return
    mask = await refine(step)
    yield { ...step, mask }
  }
}

/** The forest's step from `mask` of the frame before; null where nothing is left to look at. */
async function stepped(
  frames: WorkingFrames,
  pool: native.Pool,
  model: ObjectModel,
  mask: Float32Array,
  frame: number,
  before: number,
): Promise<Step | null> {
  const prior = await frames.warped(mask, frame, before)
  const view = await frames.view(frame, before, model.colourRatio)
  const forest = new Float32Array(frames.planeLength)
  await native.refineMask(model.forest, pool, view, prior, forest)
  const crop = cropAbout(frames.size, prior, forest)
  if (!crop) return null
  const ratio = ratioMap(binsOf(frames.size, view.picture), model)
  return { frame, prior, forest, crop, sight: stepSight({ ...view, prior, forest, ratio }, crop) }
}

/** IoU of two soft masks at one half; 1 where both are empty. */
export function overlap(a: Float32Array, b: Float32Array): number {
  let [both, either] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    const [inA, inB] = [a[i]! > 0.5, b[i]! > 0.5]
    if (inA && inB) both++
    if (inA || inB) either++
  }
  return either === 0 ? 1 : both / either
}
