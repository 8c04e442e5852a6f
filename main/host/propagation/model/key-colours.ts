import * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'
import type { ModelTruth } from './lessons.ts'

/** How much likelier each colour is in the object than around it, as its key masks have it. */
export async function keyColours(
  frames: WorkingFrames,
  truths: readonly ModelTruth[],
): Promise<Float32Array> {
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
