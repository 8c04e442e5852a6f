import type { Bitmap } from './rle.ts'

/**
 * Exact squared Euclidean distances, after Felzenszwalb and Huttenlocher (2012) with Meijster's integer envelope.
 * Entry i is the squared distance from pixel i's centre to the nearest pixel whose value is `target`;
 * `noDistance` everywhere when there is none. Row by row like the bitmap.
 */
export function squaredDistances(bitmap: Bitmap, target: 0 | 1): Float64Array {
  const { width, height, data } = bitmap
  const result = new Float64Array(width * height)
  if (!data.includes(target)) return result.fill(noDistance)
  const far = width + height
  const vertical = new Int32Array(width * height)
  for (let i = 0; i < vertical.length; i++)
    vertical[i] = data[i] === target ? 0 : i < width ? far : Math.min(far, vertical[i - width]! + 1)
  for (let i = vertical.length - width - 1; i >= 0; i--)
    if (vertical[i + width]! + 1 < vertical[i]!) vertical[i] = vertical[i + width]! + 1
  const centers = new Int32Array(width)
  const from = new Int32Array(width)
  for (let y = 0; y < height; y++) writeRowDistances(vertical, result, y * width, width, centers, from)
  return result
}

export const noDistance = Number.POSITIVE_INFINITY

/** Lower envelope of the parabolas (x - u)^2 + g(u)^2 over one row. */
function writeRowDistances(
  vertical: Int32Array,
  result: Float64Array,
  origin: number,
  width: number,
  centers: Int32Array,
  from: Int32Array,
): void {
  let top = 0
  centers[0] = 0
  from[0] = 0
  for (let u = 1; u < width; u++) {
    const g = vertical[origin + u]!
    const lift = u * u + g * g
    while (top >= 0) {
      const center = centers[top]!
      const gc = vertical[origin + center]!
      const x = from[top]!
      if ((x - center) * (x - center) + gc * gc <= (x - u) * (x - u) + g * g) break
      top--
    }
    if (top < 0) {
      top = 0
      centers[0] = u
      from[0] = 0
      continue
    }
    const center = centers[top]!
    const gc = vertical[origin + center]!
    const start = 1 + Math.floor((lift - center * center - gc * gc) / (2 * (u - center)))
    if (start < width) {
      top++
      centers[top] = u
      from[top] = start
    }
  }
  for (let x = width - 1; x >= 0; x--) {
    const center = centers[top]!
    const g = vertical[origin + center]!
    result[origin + x] = (x - center) * (x - center) + g * g
    if (x === from[top]) top--
  }
}

/**
 * Distance in pixels from each pixel's centre to the mask's edge, positive inside: half a pixel is taken off the
 * distance between centres, so the sign alone says what is set and neighbours across the edge have +0.5 and -0.5.
 * Where there is no edge at all (nothing or everything set) the values are -(width + height) or +(width + height).
 */
export function signedDistances(bitmap: Bitmap): Float32Array {
  const { width, height, data } = bitmap
  const toSet = squaredDistances(bitmap, 1)
  const toUnset = squaredDistances(bitmap, 0)
  const far = width + height
  const result = new Float32Array(data.length)
  for (let i = 0; i < result.length; i++) {
    result[i] = data[i]
      ? Math.min(far, Math.sqrt(toUnset[i]!) - 0.5)
      : -Math.min(far, Math.sqrt(toSet[i]!) - 0.5)
  }
  return result
}
