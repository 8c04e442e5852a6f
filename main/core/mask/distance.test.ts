import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitmapArea, emptyBitmap, fillBox, strokeBrush } from './bitmap.ts'
import { noDistance, signedDistances, squaredDistances } from './distance.ts'
import { grownMask } from './grow.ts'
import type { Bitmap } from './rle.ts'

const anyBitmap: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 18 }), fc.integer({ min: 1, max: 18 }), fc.integer({ min: 1, max: 19 }))
  .chain(([width, height, density]) =>
    fc.array(fc.nat(19), { minLength: width * height, maxLength: width * height }).map((values) => ({
      width,
      height,
      data: Uint8Array.from(values, (value) => (value < density ? 1 : 0)),
    })),
  )

function squaredByDefinition({ width, data }: Bitmap, target: number): number[] {
  return [...data].map((_, i) => {
    let least = noDistance
    for (let j = 0; j < data.length; j++)
      if (data[j] === target)
        least = Math.min(
          least,
          ((i % width) - (j % width)) ** 2 + (Math.floor(i / width) - Math.floor(j / width)) ** 2,
        )
    return least
  })
}

describe('distances', () => {
  test('are exact, to set and to unset pixels', () => {
    fc.assert(
      fc.property(anyBitmap, fc.constantFrom<0 | 1>(0, 1), (bitmap, target) => {
        expect([...squaredDistances(bitmap, target)]).toEqual(squaredByDefinition(bitmap, target))
      }),
      { numRuns: 300 },
    )
  })

  test('signed ones are positive inside, half a pixel at the edge', () => {
    const bitmap = emptyBitmap(7, 1)
    fillBox(bitmap, [2, 0, 3, 1], 1)
    expect([...signedDistances(bitmap)]).toEqual([-1.5, -0.5, 0.5, 1.5, 0.5, -0.5, -1.5])
    expect([...signedDistances(emptyBitmap(2, 1))]).toEqual([-3, -3])
  })
})

describe('growing and shrinking', () => {
  test('take in what is within the radius, keep what is further than it from anything unset', () => {
    fc.assert(
      fc.property(anyBitmap, fc.double({ min: -4, max: 4, noNaN: true }), (bitmap, radius) => {
        const near = squaredByDefinition(bitmap, radius > 0 ? 1 : 0)
        const wanted = bitmap.data.map((value, i) =>
          radius === 0
            ? value
            : radius > 0
              ? near[i]! <= radius * radius
                ? 1
                : 0
              : near[i]! > radius * radius
                ? 1
                : 0,
        )
        expect(grownMask(bitmap, radius).data).toEqual(wanted)
      }),
      { numRuns: 300 },
    )
  })

  test('a disc grows into a larger disc', () => {
    const disc = (radius: number) => {
      const bitmap = emptyBitmap(60, 60)
      const tip = { x: 30, y: 30, radius }
      strokeBrush(bitmap, tip, tip, 1)
      return bitmap
    }
    expect(Math.abs(bitmapArea(grownMask(disc(10), 6)) - bitmapArea(disc(16)))).toBeLessThan(30)
    expect(Math.abs(bitmapArea(grownMask(disc(16), -6)) - bitmapArea(disc(10)))).toBeLessThan(30)
  })
})
