/** The square about an object that the network looks at, and what it sees there: bytes, 192 x 192, plane by plane. */

/** Pixels a side of what the network sees. */
export const cropSide = 192
export const cropLength = cropSide * cropSide

/** A square of the picture at working size, in pixels; it may reach beyond the picture. */
export interface Crop {
  readonly left: number
  readonly top: number
  readonly side: number
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Room about the object's box: a part of its longer side, and some pixels. */
const roomShare = 0.25
const roomPixels = 10
const leastSide = 64
/** Of the mask's pixels so many are left out at either end of each axis: specks far off must not blow the box up. */
const outlierShare = 0.01

/** About the pixels that are above one half in `mask` or in `other`; null where there are fewer than 12 of them. */
export function cropAbout({ width, height }: Size, mask: Float32Array, other = mask): Crop | null {
  const columns = new Uint32Array(width)
  const rows = new Uint32Array(height)
  let area = 0
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      if (mask[i]! > 0.5 || other[i]! > 0.5) {
        columns[x]!++
        rows[y]!++
        area++
      }
  if (area < 12) return null
  const [left, right] = extent(columns, area)
  const [top, bottom] = extent(rows, area)
  const long = Math.max(right - left, bottom - top)
  const side = Math.max(leastSide, long * (1 + 2 * roomShare) + 2 * roomPixels)
  return { left: (left + right - side) / 2, top: (top + bottom - side) / 2, side }
}

function extent(counts: Uint32Array, total: number): readonly [number, number] {
  const spare = total * outlierShare
  let first = 0
  for (let sum = counts[0]!; sum <= spare; ) sum += counts[++first]!
  let last = counts.length - 1
  for (let sum = counts[last]!; sum <= spare; ) sum += counts[--last]!
  return [first, last + 1]
}

/** The picture's pixels in the crop and its rim; `right` and `bottom` are past the last. */
export function pixelsUnder({ width, height }: Size, { left, top, side }: Crop) {
  const within = (at: number, most: number) => Math.min(most, Math.max(0, at))
  return {
    left: within(Math.floor(left), width),
    right: within(Math.ceil(left + side) + 1, width),
    top: within(Math.floor(top), height),
    bottom: within(Math.ceil(top + side) + 1, height),
  }
}

/** Where the samples of one axis lie: sample k is (1 - part[k]) x plane[low[k]] + part[k] x plane[high[k]]. */
interface Axis {
  readonly low: Int32Array
  readonly high: Int32Array
  readonly part: Float32Array
}

function axis(start: number, side: number, length: number): Axis {
  const low = new Int32Array(cropSide)
  const high = new Int32Array(cropSide)
  const part = new Float32Array(cropSide)
  for (let k = 0; k < cropSide; k++) {
    const at = Math.min(length - 1, Math.max(0, start + ((k + 0.5) * side) / cropSide - 0.5))
    low[k] = Math.floor(at)
    high[k] = Math.min(length - 1, low[k]! + 1)
    part[k] = at - low[k]!
  }
  return { low, high, part }
}

/** Reads planes of one size through a crop; outside the picture its border goes on. */
export class CropReader {
  private readonly width: number
  private readonly x: Axis
  private readonly y: Axis

  constructor({ width, height }: Size, { left, top, side }: Crop) {
    this.width = width
    this.x = axis(left, side, width)
    this.y = axis(top, side, height)
  }

  /** Writes bytes (offset + scale x sample, clamped) of `plane`, which begins at `from`, to `to` of `out`. */
  read(plane: Float32Array, from: number, scale: number, offset: number, out: Uint8Array, to: number): void {
    const { low, high, part } = this.x
    for (let row = 0, o = to; row < cropSide; row++) {
      const above = from + this.y.low[row]! * this.width
      const below = from + this.y.high[row]! * this.width
      const down = this.y.part[row]!
      for (let k = 0; k < cropSide; k++, o++) {
        const a = low[k]!
        const b = high[k]!
        const t = part[k]!
        const upperLeft = plane[above + a]!
        const lowerLeft = plane[below + a]!
        const upper = upperLeft + t * (plane[above + b]! - upperLeft)
        const lower = lowerLeft + t * (plane[below + b]! - lowerLeft)
        const value = offset + scale * (upper + down * (lower - upper))
        out[o] = value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0
      }
    }
  }
}
