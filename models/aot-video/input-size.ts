/** Pure: the size at which AOT's networks look at a picture. */
import type { Size } from '../placement.ts'

/** Pixels a step of the coarsest features. Corners are aligned: a side is a multiple of it and one more. */
const stride = 16

/** Never larger than the picture but for rounding; the long side at most `longEdge`. */
export function aotInputSize({ width, height }: Size, longEdge: number): Size {
  const scale = Math.min(1, longEdge / Math.max(width, height))
  return { width: rounded(width * scale), height: rounded(height * scale) }
}

function rounded(length: number): number {
  return Math.max(1, Math.round((length - 1) / stride)) * stride + 1
}
