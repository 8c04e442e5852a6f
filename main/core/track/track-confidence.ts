/** How sure the computed masks of an object are as a whole, and where they are least sure. */
import { isKey } from '../records.ts'
import type { FrameSpan, Track } from './track.ts'

export interface TrackConfidence {
  /** Mean expected IoU of the computed masks that have a figure, 0 to 1. */
  readonly mean: number
  /** Of `stretchLength` computed masks that follow each other (of all, where there are fewer) those of the lowest mean. */
  readonly worst: FrameSpan & { readonly mean: number }
}

/** Frames of the worst stretch: one frame alone is noise, a whole gap hides its bad part. */
export const stretchLength = 9

/** Null where no computed mask has a figure. Linear in the number of masks. */
export function trackConfidence(track: Track): TrackConfidence | null {
  const frames: number[] = []
  const sums = [0]
  for (const mask of track.masks) {
    if (isKey(mask) || mask.confidence === null) continue
    frames.push(mask.frameIndex)
    sums.push(sums.at(-1)! + mask.confidence)
  }
  const count = frames.length
  if (count === 0) return null
  const length = Math.min(stretchLength, count)
  let first = 0
  for (let i = 1; i + length <= count; i++)
    if (sums[i + length]! - sums[i]! < sums[first + length]! - sums[first]! - 1e-9) first = i
  const mean = (sums[first + length]! - sums[first]!) / length
  return {
    mean: sums[count]! / count,
    worst: { firstFrame: frames[first]!, lastFrame: frames[first + length - 1]!, mean },
  }
}
