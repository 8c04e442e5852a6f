import { emptyBitmap, fillRings } from '../mask/bitmap.ts'
import { encodeRle, type Rle, rleFromCounts, rleFromString } from '../mask/rle.ts'
import { UserError } from '../user-error.ts'

/**
 * A COCO segmentation as runs: compressed or plain RLE, or polygons (parts of one object, filled one by one). `where`
 * begins the sentence of a UserError 'bad-segmentation'. Polygons are checked against the picture's size.
 */
export function segmentationShape(value: unknown, width: number, height: number, where: string): Rle {
  if (Array.isArray(value)) return polygonShape(value, width, height, where)
  const { size, counts } = (typeof value === 'object' && value !== null ? value : {}) as {
    size?: unknown
    counts?: unknown
  }
  if (!Array.isArray(size) || size.length !== 2) throw bad(where, 'has neither runs with a size nor polygons')
  if (size[0] !== height || size[1] !== width)
    throw bad(
      where,
      `has the size [${size.map(String).join(', ')}] (height, width), but the picture is ${width}x${height}`,
    )
  try {
    if (typeof counts === 'string') return rleFromString(counts, width, height)
    if (Array.isArray(counts)) return rleFromCounts(counts as number[], width, height)
  } catch (cause) {
    throw new UserError('bad-segmentation', `${where}: ${(cause as Error).message}`, { cause })
  }
  throw bad(where, 'has runs that are neither a string nor a list of numbers')
}

function polygonShape(polygons: readonly unknown[], width: number, height: number, where: string): Rle {
  const bitmap = emptyBitmap(width, height)
  for (const polygon of polygons) {
    if (!Array.isArray(polygon) || polygon.length < 6 || polygon.length % 2 !== 0)
      throw bad(where, 'has a polygon of fewer than three corners')
    if (!polygon.every((number) => Number.isFinite(number)))
      throw bad(where, 'has a polygon with a corner that is no number')
    fillRings(bitmap, [polygon as number[]], 1)
  }
  return encodeRle(bitmap)
}

function bad(where: string, what: string): UserError {
  return new UserError('bad-segmentation', `${where} ${what}.`)
}
