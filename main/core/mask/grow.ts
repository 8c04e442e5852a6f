import { boxWithMargin } from '../geometry/box.ts'
import { bitmapBounds, croppedBitmap, emptyBitmap, pastePatch } from './bitmap.ts'
import { squaredDistances } from './distance.ts'
import type { Bitmap } from './rle.ts'

/**
 * The mask grown by `radius` pixels (negative: shrunk), round, by exact Euclidean distance between pixel centres.
 * Growing takes in what lies at most the radius away; shrinking keeps what lies further than the radius from
 * anything unset. Beyond the image nothing is known, so an object cut by the image's edge does not shrink from there.
 */
export function grownMask(bitmap: Bitmap, radius: number): Bitmap {
  const bounds = bitmapBounds(bitmap)
  const result = emptyBitmap(bitmap.width, bitmap.height)
  if (!bounds) return result
  const margin = radius > 0 ? Math.ceil(radius) : 1
  const box = boxWithMargin(bounds, margin, bitmap.width, bitmap.height)
  const patch = croppedBitmap(bitmap, box)
  const limit = radius * radius
  const distances = squaredDistances(patch, radius > 0 ? 1 : 0)
  if (radius > 0) for (let i = 0; i < distances.length; i++) patch.data[i] = distances[i]! <= limit ? 1 : 0
  else if (radius < 0)
    for (let i = 0; i < distances.length; i++) patch.data[i] = distances[i]! > limit ? 1 : 0
  pastePatch(result, patch, box[0], box[1])
  return result
}
