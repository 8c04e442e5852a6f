import { boxUnion } from '../geometry/box.ts'
import type { Box } from '../records.ts'
import { signedDistances } from './distance.ts'
import {
  type Bitmap,
  decodeRle,
  emptyRle,
  encodeRle,
  isEmptyRle,
  type Rle,
  rleBounds,
  rleCentroid,
} from './rle.ts'

/**
 * The mask between two key masks of one size at fraction t (0 gives the first, 1 the second), without looking at
 * pixels: signed distances to both edges are blended linearly and what is above zero is set. Unlike polygons this
 * cannot twist and lets parts split and join.
 *
 * Distances of two masks that do not overlap blend to nothing, so a moving object would vanish half way. Therefore the
 * translation between the centroids is taken out first: both distance maps are shifted so that their centroids lie
 * where the centroid is at t, and only the rest (form and size) is blended.
 *
 * Where one mask is empty no shape is invented: the first holds until the second's frame.
 */
export function interpolatedMask(first: Rle, second: Rle, t: number): Rle {
  if (first.width !== second.width || first.height !== second.height)
    throw new RangeError(
      `Masks of ${first.width}x${first.height} and ${second.width}x${second.height} cannot be blended`,
    )
  if (t <= 0) return first
  if (t >= 1) return second
  if (isEmptyRle(first) || isEmptyRle(second)) return first
  const centerFirst = rleCentroid(first)!
  const centerSecond = rleCentroid(second)!
  const dx = centerSecond.x - centerFirst.x
  const dy = centerSecond.y - centerFirst.y
  const a = distancePatch(first, dx * t, dy * t)
  const b = distancePatch(second, -dx * (1 - t), -dy * (1 - t))
  const box = boxUnion(a.box, b.box)!
  const patch = blendedPatch(a, b, t, box)
  if (!patch.data.includes(1)) return emptyRle(first.width, first.height)
  return encodeRle(patch, { x: box[0], y: box[1], width: first.width, height: first.height })
}

/** Boxes between two boxes: each number linearly. Not rounded. */
export function interpolatedBox(
  first: readonly [number, number, number, number],
  second: readonly [number, number, number, number],
  t: number,
): [x: number, y: number, width: number, height: number] {
  const at = (i: 0 | 1 | 2 | 3) => first[i] * (1 - t) + second[i] * t
  return [at(0), at(1), at(2), at(3)]
}

/** Signed distances around a mask, and how far they are to be shifted. */
interface DistancePatch {
  readonly source: Box
  readonly distances: Float32Array
  readonly shiftX: number
  readonly shiftY: number
  /** Where the shifted mask may be set. */
  readonly box: Box
}

function distancePatch(rle: Rle, shiftX: number, shiftY: number): DistancePatch {
  const bounds = rleBounds(rle)!
  // One pixel of margin holds the edge itself; beyond, the distance goes on from the patch's border.
  const source: Box = [bounds[0] - 1, bounds[1] - 1, bounds[2] + 2, bounds[3] + 2]
  const box: Box = [
    Math.floor(source[0] + shiftX),
    Math.floor(source[1] + shiftY),
    source[2] + 1,
    source[3] + 1,
  ]
  return { source, distances: signedDistances(withEdgesOpen(rle, source)), shiftX, shiftY, box }
}

/**
 * The mask in its patch. Where it touches the picture's edge the object may go on outside, so the margin there repeats
 * the edge: else a blend would draw back from the edge.
 */
function withEdgesOpen(rle: Rle, source: Box): Bitmap {
  const patch = decodeRle(rle, source)
  const { width, height, data } = patch
  if (source[0] < 0) for (let y = 0; y < height; y++) data[y * width] = data[y * width + 1]!
  if (source[0] + width > rle.width)
    for (let y = 1; y <= height; y++) data[y * width - 1] = data[y * width - 2]!
  if (source[1] < 0) data.copyWithin(0, width, 2 * width)
  if (source[1] + height > rle.height)
    data.copyWithin((height - 1) * width, (height - 2) * width, (height - 1) * width)
  return patch
}

function blendedPatch(a: DistancePatch, b: DistancePatch, t: number, box: Box): Bitmap {
  const [left, top, width, height] = box
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const blend =
        (1 - t) * shiftedDistance(a, left + x, top + y) + t * shiftedDistance(b, left + x, top + y)
      if (blend > 0) data[y * width + x] = 1
    }
  }
  return { width, height, data }
}

/** Bilinear between pixel centres; outside of the patch its border's value less the way to it. */
function shiftedDistance(patch: DistancePatch, x: number, y: number): number {
  const [left, top, width, height] = patch.source
  const px = x - patch.shiftX - left
  const py = y - patch.shiftY - top
  const cx = Math.min(Math.max(px, 0), width - 1)
  const cy = Math.min(Math.max(py, 0), height - 1)
  const x0 = Math.min(Math.floor(cx), width - 2)
  const y0 = Math.min(Math.floor(cy), height - 2)
  const fx = cx - x0
  const fy = cy - y0
  const at = y0 * width + x0
  const { distances } = patch
  const upper = distances[at]! * (1 - fx) + distances[at + 1]! * fx
  const lower = distances[at + width]! * (1 - fx) + distances[at + width + 1]! * fx
  const value = upper * (1 - fy) + lower * fy
  return cx === px && cy === py ? value : value - Math.hypot(px - cx, py - cy)
}
