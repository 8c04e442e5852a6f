/** Clicks and strokes as pixels. */
import type { Mark } from '../../core/api.ts'
import { boxUnion, type FloatBox } from '../../core/geometry/box.ts'
import { emptyBitmap, strokeBrush } from '../../core/mask/bitmap.ts'
import { encodeRle, type Rle } from '../../core/mask/rle.ts'
import type { Box } from '../../core/records.ts'
import { UserError } from '../../core/user-error.ts'

/** What a pixel of a region is marked as, the later mark where two meet; by the mark made last, `newest` more. */
const unmarked = 0
const markedInside = 1
const markedOutside = 2
const newest = 2

/** Throws UserError 'bad-mark'. */
export function checkMarks(marks: readonly Mark[]): void {
  marks.forEach(({ points, radius }, index) => {
    const good = points.length >= 2 && points.length % 2 === 0 && points.every(Number.isFinite)
    if (good && radius > 0 && Number.isFinite(radius)) return
    throw new UserError(
      'bad-mark',
      `Mark ${index + 1} is no click or stroke: it needs pairs of numbers and a radius above 0.`,
    )
  })
}

/** Around all marks; null where there is none. */
export function marksBounds(marks: readonly Mark[]): FloatBox | null {
  let bounds: FloatBox | null = null
  for (const { points, radius } of marks)
    for (let i = 0; i + 1 < points.length; i += 2)
      bounds = boxUnion<FloatBox>(bounds, [
        points[i]! - radius,
        points[i + 1]! - radius,
        2 * radius,
        2 * radius,
      ])
  return bounds
}

/** A byte a pixel of the region. */
export function markedPixels(marks: readonly Mark[], [left, top, width, height]: Box): Uint8Array {
  const pixels = new Uint8Array(width * height)
  const painted = emptyBitmap(width, height)
  for (const [index, { points, radius, inside }] of marks.entries()) {
    const value = (inside ? markedInside : markedOutside) + (index === marks.length - 1 ? newest : 0)
    const at = (i: number) => ({ x: points[i]! - left, y: points[i + 1]! - top, radius })
    for (let i = 0; i + 1 < points.length; i += 2) {
      const box = strokeBrush(painted, at(Math.max(0, i - 2)), at(i), 1)
      if (!box) continue
      for (let y = box[1]; y < box[1] + box[3]; y++)
        for (let p = y * width + box[0]; p < y * width + box[0] + box[2]; p++)
          if (painted.data[p]) {
            pixels[p] = value
            painted.data[p] = 0
          }
    }
  }
  return pixels
}

/** Every marked pixel of the region, in a picture of that size. */
export function markedRle(
  pixels: Uint8Array,
  [x, y, width, height]: Box,
  picture: { readonly width: number; readonly height: number },
): Rle {
  const data = pixels.map((mark) => (mark === unmarked ? 0 : 1))
  return encodeRle({ width, height, data }, { x, y, ...picture })
}

/** What the marks say of pixels of the region, in a picture of that size. */
export function markedParts(
  pixels: Uint8Array,
  [x, y, width, height]: Box,
  picture: { readonly width: number; readonly height: number },
): { readonly inside: Rle; readonly outside: Rle } {
  const part = (value: number) => {
    const data = pixels.map((mark) => (mark === value || mark === value + newest ? 1 : 0))
    return encodeRle({ width, height, data }, { x, y, ...picture })
  }
  return { inside: part(markedInside), outside: part(markedOutside) }
}
