/** The network's look at one step of one object: what it is shown, what it remembers, what comes of its answer. */
import { blended } from '../../../../models/refine-mask/blend.ts'
import { type Crop, cropAbout, pixelsUnder } from '../../../../models/refine-mask/crop.ts'
import { keySight, stepSight } from '../../../../models/refine-mask/sight.ts'
import type * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'
import { binOf } from '../presence/template.ts'
import type { RefineNetwork } from './refine-network.ts'

export interface ForestStep {
  readonly view: native.View
  readonly prior: Float32Array
  /** What the forest made of it, and its report. */
  readonly mask: Float32Array
  readonly report: native.StepReport
}

/** A key mask of working size. */
export interface KeyTruth {
  readonly frameIndex: number
  readonly mask: Float32Array
}

/** Memories of the key masks, made when first needed; null for one that hardly shows. */
export class KeyMemories {
  private readonly kept = new Map<string, Promise<Float32Array | null>>()
  private readonly network: RefineNetwork
  private readonly frames: WorkingFrames

  constructor(network: RefineNetwork, frames: WorkingFrames) {
    this.network = network
    this.frames = frames
  }

  of(objectIndex: number, key: () => Promise<KeyTruth>, frameIndex: number): Promise<Float32Array | null> {
    const name = `${objectIndex}/${frameIndex}`
    let memory = this.kept.get(name)
    if (!memory) {
      memory = key().then((truth) => this.memorised(truth))
      this.kept.set(name, memory)
      memory.catch(() => this.kept.delete(name))
    }
    return memory
  }

  private async memorised({ frameIndex, mask }: KeyTruth): Promise<Float32Array | null> {
    const { size } = this.frames
    const crop = cropAbout(size, mask)
    if (!crop) return null
    return this.network.memorise(keySight(size, await this.frames.picture(frameIndex), mask, crop))
  }
}

/** The forest's step corrected by the network; as it is where there is nothing to look at. */
export async function secondLook(
  network: RefineNetwork,
  memories: readonly Float32Array[],
  { view, prior, mask, report }: ForestStep,
): Promise<Pick<ForestStep, 'mask' | 'report'>> {
  const crop = memories.length === 0 ? null : cropAbout(view, prior, mask)
  if (!crop) return { mask, report }
  const ratio = ratioUnder(view, crop)
  const sight = stepSight({ ...view, prior, forest: mask, ratio }, crop)
  const refined = blended(view, mask, await network.refine(sight, memories), crop)
  return { mask: refined, report: { ...report, ...shapeOf(view, refined, prior) } }
}

/** Colour ratio of the pixels under the crop, and of one more on the left and above; zeros elsewhere. */
function ratioUnder(view: native.View, crop: Crop): Float32Array {
  const { width, height, picture, colourRatio } = view
  const length = width * height
  const out = new Float32Array(length)
  const { left, right, top, bottom } = pixelsUnder(view, crop)
  for (let y = Math.max(0, top - 1); y < bottom; y++)
    for (let x = Math.max(0, left - 1), i = y * width + x; x < right; x++, i++)
      out[i] = colourRatio[binOf(picture[length + i]!, picture[2 * length + i]!, picture[3 * length + i]!)]!
  return out
}

/** What a report says of a mask's shape; how sure and how different it is stays the forest's word. */
function shapeOf({ width, height }: native.Size, mask: Float32Array, prior: Float32Array) {
  let [area, sumX, sumY, inside, border, both, either] = [0, 0, 0, 0, 0, 0, 0]
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const p = mask[i]!
      if (p > 0) {
        area += p
        sumX += p * x
        sumY += p * y
      }
      const [now, before] = [p > 0.5, prior[i]! > 0.5]
      if (now || before) either++
      if (now && before) both++
      if (!now) continue
      inside++
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) border++
    }
  return {
    area,
    priorOverlap: either > 0 ? both / either : 1,
    centroidX: area > 0 ? sumX / area : 0,
    centroidY: area > 0 ? sumY / area : 0,
    borderPart: inside > 0 ? border / Math.sqrt(inside) : 0,
  }
}
