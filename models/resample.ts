/**
 * Pure: planes drawn at another size. Bilinear; where a side shrinks, the triangle is as wide as a target pixel
 * (antialiasing), so that what is thinner than that grows faint instead of vanishing. As Pillow's BILINEAR and
 * `antialias=True` of PyTorch do it, up to rounding.
 */

/** For every target pixel of one axis: its first source pixel and the weights from there on. None: nothing lies there. */
export interface AxisWeights {
  readonly firsts: Int32Array
  readonly counts: Int32Array
  /** `most` a target pixel. */
  readonly weights: Float32Array
  readonly most: number
}

/** Target = source * scale + offset. Weights of a target pixel add up to 1, or are none beyond the source. */
export function axisWeights(
  sourceLength: number,
  targetLength: number,
  scale: number,
  offset: number,
): AxisWeights {
  const reach = Math.max(1, 1 / scale)
  const most = Math.min(sourceLength, Math.ceil(2 * reach) + 2)
  const firsts = new Int32Array(targetLength)
  const counts = new Int32Array(targetLength)
  const weights = new Float32Array(targetLength * most)
  for (let i = 0; i < targetLength; i++) {
    const middle = (i + 0.5 - offset) / scale
    if (middle < 0 || middle > sourceLength) continue
    const first = Math.max(0, Math.ceil(middle - reach - 0.5))
    const last = Math.min(sourceLength - 1, Math.floor(middle + reach - 0.5))
    let sum = 0
    for (let s = first; s <= last; s++) {
      const weight = Math.max(0, 1 - Math.abs(s + 0.5 - middle) / reach)
      weights[i * most + s - first] = weight
      sum += weight
    }
    for (let s = first; s <= last; s++) weights[i * most + s - first]! /= sum
    firsts[i] = first
    counts[i] = last - first + 1
  }
  return { firsts, counts, weights, most }
}

/** `channels` samples a pixel, side by side. Beyond the source: 0. */
export function resampled(
  source: ArrayLike<number>,
  sourceWidth: number,
  channels: number,
  across: AxisWeights,
  down: AxisWeights,
): Float32Array {
  const sourceHeight = source.length / (sourceWidth * channels)
  const width = across.firsts.length
  const row = width * channels
  const wide = new Float32Array(sourceHeight * row)
  for (let y = 0; y < sourceHeight; y++)
    for (let x = 0; x < width; x++)
      for (let k = 0; k < across.counts[x]!; k++) {
        const weight = across.weights[x * across.most + k]!
        const from = (y * sourceWidth + across.firsts[x]! + k) * channels
        for (let c = 0; c < channels; c++) wide[y * row + x * channels + c]! += weight * source[from + c]!
      }
  const height = down.firsts.length
  const out = new Float32Array(height * row)
  for (let y = 0; y < height; y++)
    for (let k = 0; k < down.counts[y]!; k++) {
      const weight = down.weights[y * down.most + k]!
      const from = (down.firsts[y]! + k) * row
      for (let i = 0; i < row; i++) out[y * row + i]! += weight * wide[from + i]!
    }
  return out
}
