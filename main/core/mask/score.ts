/**
 * How alike two masks are, by the definitions of the official evaluators: DAVIS 2017 (region J, boundary F) and
 * VIPOSeg (mask and boundary IoU). Every function takes two bitmaps of one size and returns a number in [0, 1].
 */
import { boxWithMargin } from '../geometry/box.ts'
import { bitmapBounds, croppedBitmap } from './bitmap.ts'
import { squaredDistances } from './distance.ts'
import type { Bitmap } from './rle.ts'

/** DAVIS J: intersection over union without the pixels set in `ignored`; 1 when the union is empty. */
export function jaccard(result: Bitmap, truth: Bitmap, ignored?: Bitmap): number {
  checkSameSize(result, truth)
  const a = result.data
  const b = truth.data
  const skip = ignored?.data
  let shared = 0
  let union = 0
  for (let i = 0; i < a.length; i++) {
    if (skip?.[i]) continue
    shared += a[i]! & b[i]!
    union += a[i]! | b[i]!
  }
  return union === 0 ? 1 : shared / union
}

/**
 * DAVIS F: harmonic mean of boundary precision and recall. Boundaries are one pixel wide (`davisBoundary`); a boundary
 * pixel is matched when the other boundary has one at most ceil(tolerance x diagonal) pixels away (a disc). Both
 * boundaries empty: 1; one empty: 0.
 */
export function boundaryF(result: Bitmap, truth: Bitmap, ignored?: Bitmap, tolerance = 0.008): number {
  checkSameSize(result, truth)
  const radius = tolerance >= 1 ? tolerance : Math.ceil(tolerance * Math.hypot(result.width, result.height))
  const resultBoundary = davisBoundary(without(result, ignored))
  const truthBoundary = davisBoundary(without(truth, ignored))
  const resultCount = count(resultBoundary.data)
  const truthCount = count(truthBoundary.data)
  if (resultCount === 0 && truthCount === 0) return 1
  if (resultCount === 0 || truthCount === 0) return 0
  const precision = countNear(resultBoundary, truthBoundary, radius) / resultCount
  const recall = countNear(truthBoundary, resultBoundary, radius) / truthCount
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

/**
 * A pixel is boundary when it differs from its right, lower or lower right neighbour (seg2bmap of the DAVIS
 * evaluation). In the last row only the right one is looked at, in the last column only the lower one.
 */
export function davisBoundary(mask: Bitmap): Bitmap {
  const { width, height, data } = mask
  const boundary = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const here = data[i]!
      const right = x + 1 < width
      const below = y + 1 < height
      let differs = 0
      if (right) differs |= here ^ data[i + 1]!
      if (below) differs |= here ^ data[i + width]!
      if (right && below) differs |= here ^ data[i + width + 1]!
      boundary[i] = differs
    }
  }
  return { width, height, data: boundary }
}

/** VIPOSeg's mask IoU: 1 when both are empty, 0 when one is. */
export function maskIou(result: Bitmap, truth: Bitmap): number {
  return jaccard(result, truth)
}

/**
 * VIPOSeg's boundary IoU (Cheng et al. 2021): the IoU of the inner bands of both masks, round(ratio x diagonal) pixels
 * wide and at least 1, where beyond the image counts as unset. Both masks empty: 1, one empty: 0.
 */
export function boundaryIou(result: Bitmap, truth: Bitmap, ratio = 0.02): number {
  return jaccard(innerBand(result, ratio), innerBand(truth, ratio))
}

/** The mask without its erosion by a (2d + 1)-square, which is what d erosions by a 3x3 square are. */
export function innerBand(mask: Bitmap, ratio: number): Bitmap {
  const { width, height, data } = mask
  const depth = Math.max(1, roundedHalfToEven(ratio * Math.sqrt(height * height + width * width)))
  const rows = erodedRows(data, width, height, depth)
  const band = erodedColumns(rows, width, height, depth)
  for (let i = 0; i < band.length; i++) band[i] = data[i]! & (band[i]! ^ 1)
  return { width, height, data: band }
}

/** Set where the pixel and its `depth` neighbours to the left and right all are set and inside. */
function erodedRows(data: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const result = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    let run = 0
    for (let x = 0; x < width; x++) {
      run = data[row + x] ? run + 1 : 0
      if (run > 2 * depth) result[row + x - depth] = 1
    }
  }
  return result
}

/** The same up and down, row by row so that memory is read in order. */
function erodedColumns(data: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const result = new Uint8Array(data.length)
  const runs = new Int32Array(width)
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) {
      const run = data[row + x] ? runs[x]! + 1 : 0
      runs[x] = run
      if (run > 2 * depth) result[row - depth * width + x] = 1
    }
  }
  return result
}

/** Python's round, which the evaluator uses: a half goes to the even neighbour. */
function roundedHalfToEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

function without(mask: Bitmap, ignored: Bitmap | undefined): Bitmap {
  if (!ignored) return mask
  const data = mask.data.slice()
  for (let i = 0; i < data.length; i++) if (ignored.data[i]) data[i] = 0
  return { ...mask, data }
}

function count(data: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < data.length; i++) sum += data[i]!
  return sum
}

/** How many pixels of `boundary` have one of `other` at most `radius` away; only looks where that can be. */
function countNear(boundary: Bitmap, other: Bitmap, radius: number): number {
  const bounds = bitmapBounds(other)
  if (!bounds) return 0
  const box = boxWithMargin(bounds, Math.ceil(radius), other.width, other.height)
  const distances = squaredDistances(croppedBitmap(other, box), 1)
  const part = croppedBitmap(boundary, box).data
  let near = 0
  for (let i = 0; i < distances.length; i++) if (part[i] && distances[i]! <= radius * radius) near++
  return near
}

function checkSameSize(a: Bitmap, b: Bitmap): void {
  if (a.width === b.width && a.height === b.height) return
  throw new RangeError(`Masks of ${a.width}x${a.height} and ${b.width}x${b.height} cannot be compared`)
}
