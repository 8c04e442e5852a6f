import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyBitmap, fillRings } from './bitmap.ts'
import { contourRings } from './contour.ts'
import { connectedComponents } from './regions.ts'
import type { Bitmap } from './rle.ts'

const anyBitmap: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
      .map((data) => ({ width, height, data })),
  )

test('filling the outlines gives the mask back', () => {
  fc.assert(
    fc.property(anyBitmap, (bitmap) => {
      const copy = emptyBitmap(bitmap.width, bitmap.height)
      fillRings(copy, contourRings(bitmap), 1)
      expect(copy).toEqual(bitmap)
    }),
    { numRuns: 500 },
  )
})

test('there is one ring a region and one a hole, with corners only where it turns', () => {
  fc.assert(
    fc.property(anyBitmap, (bitmap) => {
      const rings = contourRings(bitmap)
      const padded = emptyBitmap(bitmap.width + 2, bitmap.height + 2)
      padded.data.fill(1)
      for (let y = 0; y < bitmap.height; y++)
        for (let x = 0; x < bitmap.width; x++)
          padded.data[(y + 1) * padded.width + x + 1] = 1 - bitmap.data[y * bitmap.width + x]!
      const regions = connectedComponents(bitmap, 8).list.length
      const holes = connectedComponents(padded, 4).list.length - 1
      expect(rings.length).toBe(regions + holes)
      for (const ring of rings) {
        for (let i = 0; i < ring.length; i += 2) {
          const at = (k: number) => ring[(i + k + ring.length) % ring.length]!
          const turns = (at(0) - at(-2)) * (at(3) - at(1)) !== (at(1) - at(-1)) * (at(2) - at(0))
          expect(turns).toBe(true)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('an outer ring goes clockwise on screen, a hole the other way', () => {
  const bitmap = emptyBitmap(5, 5)
  bitmap.data.fill(1)
  bitmap.data[12] = 0
  expect(contourRings(bitmap)).toEqual([
    [0, 0, 5, 0, 5, 5, 0, 5],
    [2, 3, 3, 3, 3, 2, 2, 2],
  ])
  expect(contourRings(emptyBitmap(4, 4))).toEqual([])
})
