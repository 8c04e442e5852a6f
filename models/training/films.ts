/** Films with their truth: generated clips, and folders as DAVIS has them. */

import { loadSequence } from '../../bench/davis-sequence.ts'
import { type Bitmap, encodeRle } from '../../main/core/mask/rle.ts'
import { workingSize } from '../../main/host/propagation/frames/working-frames.ts'
import * as native from '../../native/index.ts'
import { type Clip, clipSize } from './clips.ts'
import { type Film, workingLongSide } from './episode.ts'

export function filmOfClip(name: string, { frames, truths }: Clip): Film {
  const source = {
    ...clipSize,
    frameCount: frames.length,
    read: async (frame: number) => frames[frame]!,
    close: async () => {},
  }
  return { name, source, truth: async (frame) => truths[frame]! }
}

export async function filmOfFolder(folder: string, name: string): Promise<Film> {
  const { source, truths } = await loadSequence(folder, name)
  const size = workingSize(source, workingLongSide)
  const shrunk = async (truth: Bitmap) => {
    const mask = new Float32Array(size.width * size.height)
    await native.shrinkMask(encodeRle(truth).counts, truth, size, mask)
    return mask
  }
  return { name, source, truth: (frame) => shrunk(truths[frame]!) }
}
