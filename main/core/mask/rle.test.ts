import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUserError } from '../user-error.ts'
import { croppedBitmap } from './bitmap.ts'
import {
  type Bitmap,
  decodeRle,
  decodeShape,
  emptyRle,
  encodeRle,
  encodeShape,
  fullRle,
  intersectRle,
  isEmptyRle,
  rleArea,
  rleBounds,
  rleCentroid,
  rleContains,
  rleFromCounts,
  rleFromString,
  rleIou,
  rleString,
  sameRle,
  subtractRle,
  translateRle,
  unionRle,
} from './rle.ts'

/** Noise, and rectangles so that long runs come up too. */
const bitmapOf = (width: number, height: number): fc.Arbitrary<Bitmap> =>
  fc.oneof(
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
      .map((data) => ({ width, height, data })),
    fc.tuple(fc.nat(width), fc.nat(height), fc.nat(width), fc.nat(height)).map(([x, y, w, h]) => {
      const data = new Uint8Array(width * height)
      for (let row = y; row < Math.min(height, y + h); row++)
        for (let column = x; column < Math.min(width, x + w); column++) data[row * width + column] = 1
      return { width, height, data }
    }),
  )

const anyBitmap = (maxSide = 24): fc.Arbitrary<Bitmap> =>
  fc
    .tuple(fc.integer({ min: 1, max: maxSide }), fc.integer({ min: 1, max: maxSide }))
    .chain(([width, height]) => bitmapOf(width, height))

const anyPair = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .chain(([width, height]) => fc.tuple(bitmapOf(width, height), bitmapOf(width, height)))

/** The definition, pixel by pixel. */
function countsByDefinition({ width, height, data }: Bitmap): number[] {
  const counts = [0]
  let value = 0
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      if (data[y * width + x] !== value) {
        counts.push(0)
        value = 1 - value
      }
      counts[counts.length - 1]!++
    }
  return counts
}

function bitmapFromRows(...rows: string[]): Bitmap {
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0))
  return { width: rows[0]!.length, height: rows.length, data }
}

describe('runs of a bitmap', () => {
  test('the check vector of the COCO reference code', () => {
    const rle = encodeRle(bitmapFromRows('.......', '..###..', '..###..', '.......', '.......'))
    expect([...rle.counts]).toEqual([11, 2, 3, 2, 3, 2, 12])
    expect(rleString(rle)).toBe(';230009')
    expect(rleArea(rle)).toBe(6)
    expect(rleBounds(rle)).toEqual([2, 1, 3, 2])
    expect(sameRle(rleFromString(';230009', 7, 5), rle)).toBe(true)
  })

  test('are those of the definition, whatever the bitmap', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        expect([...encodeRle(bitmap).counts]).toEqual(countsByDefinition(bitmap))
      }),
    )
  })

  test('give the bitmap back, whole and in part', () => {
    fc.assert(
      fc.property(
        anyBitmap(),
        fc.integer({ min: -9, max: 30 }),
        fc.integer({ min: -9, max: 30 }),
        (bitmap, x, y) => {
          const rle = encodeRle(bitmap)
          expect(decodeRle(rle)).toEqual(bitmap)
          expect(decodeRle(rle, [x, y, 11, 9])).toEqual(croppedBitmap(bitmap, [x, y, 11, 9]))
        },
      ),
    )
  })

  test('of a patch are those of the picture it lies in', () => {
    fc.assert(
      fc.property(
        anyBitmap(),
        fc.integer({ min: -9, max: 30 }),
        fc.integer({ min: -9, max: 30 }),
        (patch, x, y) => {
          const rle = encodeRle(patch, { x, y, width: 25, height: 19 })
          expect(decodeRle(rle)).toEqual(croppedBitmap(patch, [-x, -y, 25, 19]))
        },
      ),
    )
  })

  test('empty and full pictures', () => {
    expect(isEmptyRle(emptyRle(3, 4))).toBe(true)
    expect(rleArea(fullRle(3, 4))).toBe(12)
    expect([...fullRle(3, 4).counts]).toEqual([0, 12])
    expect(rleBounds(emptyRle(3, 4))).toBeNull()
    expect(rleCentroid(emptyRle(3, 4))).toBeNull()
  })
})

describe('a stored shape', () => {
  test('comes back with the same runs, and equal pixels are equal bytes', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        const rle = encodeRle(bitmap)
        const bytes = encodeShape(rle)
        expect(bytes.every((byte) => byte >= 48 && byte < 112)).toBe(true)
        expect(sameRle(decodeShape(bytes, bitmap.width, bitmap.height), rle)).toBe(true)
        const loose = [0, 0, ...rle.counts, 0, 0]
        expect(encodeShape(rleFromCounts(loose, bitmap.width, bitmap.height))).toEqual(bytes)
      }),
    )
  })

  test('of a large picture keeps its long runs', () => {
    const rle = rleFromCounts([40_000_000, 1, 20_000_000, 6_900_000, 8_099_999], 10_000, 7_500)
    expect(sameRle(decodeShape(encodeShape(rle), 10_000, 7_500), rle)).toBe(true)
  })

  test('that is damaged is refused with a sentence and never hangs', () => {
    expect(() => decodeShape(new TextEncoder().encode(';2300'), 7, 5)).toThrow(
      /cover \d+ pixels instead of 35/,
    )
    expect(() => rleFromString('oooooooooooo', 7, 5)).toThrow(/damaged at character/)
    expect(() => rleFromString('é', 7, 5)).toThrow(/damaged/)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(40), fc.nat(40), (bytes, width, height) => {
        try {
          const rle = decodeShape(bytes, width, height)
          expect(rle.counts.reduce((sum, run) => sum + run, 0)).toBe(width * height)
        } catch (error) {
          expect(isUserError(error)).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('with wrong uncompressed runs is refused', () => {
    for (const counts of [[36], [30], [-1, 36], [1.5, 33.5], [Number.NaN, 35], [10, 40, -15]])
      expect(() => rleFromCounts(counts, 7, 5)).toThrow(/7x5 mask/)
    expect(() => rleFromCounts([0], 0, 5)).toThrow(/cannot have the size 0x5/)
  })
})

describe('sets of pixels', () => {
  test('union, intersection, difference and IoU are those of the pixels', () => {
    fc.assert(
      fc.property(anyPair, ([a, b]) => {
        const [ra, rb] = [encodeRle(a), encodeRle(b)]
        const pixels = (f: (x: number, y: number) => number) => ({
          ...a,
          data: a.data.map((value, i) => f(value, b.data[i]!)),
        })
        expect(unionRle(ra, rb)).toEqual(encodeRle(pixels((x, y) => x | y)))
        expect(intersectRle(ra, rb)).toEqual(encodeRle(pixels((x, y) => x & y)))
        expect(subtractRle(ra, rb)).toEqual(encodeRle(pixels((x, y) => x & (1 - y))))
        const union = rleArea(unionRle(ra, rb))
        expect(rleIou(ra, rb)).toBe(union === 0 ? 1 : rleArea(intersectRle(ra, rb)) / union)
      }),
    )
  })

  test('contains, bounds, area and centroid agree with the pixels', () => {
    fc.assert(
      fc.property(anyBitmap(12), (bitmap) => {
        const rle = encodeRle(bitmap)
        const set: [number, number][] = []
        for (let y = -1; y <= bitmap.height; y++)
          for (let x = -1; x <= bitmap.width; x++) {
            const inside = x >= 0 && y >= 0 && x < bitmap.width && y < bitmap.height
            const value = inside && bitmap.data[y * bitmap.width + x] === 1
            expect(rleContains(rle, x + 0.7, y + 0.2)).toBe(value)
            if (value) set.push([x, y])
          }
        expect(rleArea(rle)).toBe(set.length)
        if (set.length === 0) return
        const xs = set.map(([x]) => x)
        const ys = set.map(([, y]) => y)
        const [x, y, width, height] = rleBounds(rle)!
        expect([x, y, x + width - 1, y + height - 1]).toEqual([
          Math.min(...xs),
          Math.min(...ys),
          Math.max(...xs),
          Math.max(...ys),
        ])
        const mean = (values: number[]) => values.reduce((sum, value) => sum + value + 0.5, 0) / values.length
        expect(rleCentroid(rle)!.x).toBeCloseTo(mean(xs), 9)
        expect(rleCentroid(rle)!.y).toBeCloseTo(mean(ys), 9)
      }),
    )
  })

  test('translated is shifted and cut off at the edges', () => {
    fc.assert(
      fc.property(
        anyBitmap(),
        fc.integer({ min: -30, max: 30 }),
        fc.integer({ min: -30, max: 30 }),
        (bitmap, dx, dy) => {
          const moved = translateRle(encodeRle(bitmap), dx, dy)
          expect(decodeRle(moved)).toEqual(croppedBitmap(bitmap, [-dx, -dy, bitmap.width, bitmap.height]))
          expect(sameRle(moved, encodeRle(decodeRle(moved)))).toBe(true)
        },
      ),
    )
  })

  test('of different sizes are not combined', () => {
    expect(() => unionRle(emptyRle(2, 3), emptyRle(3, 2))).toThrow(RangeError)
  })
})
