import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyBitmap, fillBox, strokeBrush } from './bitmap.ts'
import { interpolatedBox, interpolatedMask } from './interpolate.ts'
import { connectedComponents } from './regions.ts'
import {
  decodeRle,
  emptyRle,
  encodeRle,
  type Rle,
  rleArea,
  rleBounds,
  rleCentroid,
  rleIou,
  sameRle,
  translateRle,
} from './rle.ts'

function disc(x: number, y: number, radius: number, width = 120, height = 80): Rle {
  const bitmap = emptyBitmap(width, height)
  const tip = { x, y, radius }
  strokeBrush(bitmap, tip, tip, 1)
  return encodeRle(bitmap)
}

const anyMask = fc
  .array(
    fc.record({
      x: fc.integer({ min: 4, max: 44 }),
      y: fc.integer({ min: 4, max: 34 }),
      radius: fc.integer({ min: 2, max: 9 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((tips) => {
    const bitmap = emptyBitmap(48, 38)
    for (const tip of tips) strokeBrush(bitmap, tip, tip, 1)
    return encodeRle(bitmap)
  })
const anyFraction = fc.double({ min: 0, max: 1, noNaN: true })

describe('between two masks', () => {
  test('the ends are the key masks themselves, and two equal ones stay what they are', () => {
    fc.assert(
      fc.property(anyMask, anyMask, anyFraction, (first, second, t) => {
        expect(interpolatedMask(first, second, 0)).toBe(first)
        expect(interpolatedMask(first, second, 1)).toBe(second)
        expect(sameRle(interpolatedMask(first, first, t), first)).toBe(true)
      }),
    )
  })

  test('forward and backward give the same mask', () => {
    fc.assert(
      fc.property(anyMask, anyMask, (first, second) => {
        expect(
          rleIou(interpolatedMask(first, second, 0.25), interpolatedMask(second, first, 0.75)),
        ).toBeGreaterThan(0.97)
      }),
    )
  })

  test('an object that moves far moves on the way and does not vanish', () => {
    const first = disc(20, 20, 8)
    const second = disc(100, 60, 8)
    for (const t of [0.25, 0.5, 0.8]) {
      const between = interpolatedMask(first, second, t)
      expect(Math.abs(rleArea(between) - rleArea(first))).toBeLessThan(10)
      expect(rleCentroid(between)!.x).toBeCloseTo(20 + 80 * t, 0)
      expect(rleCentroid(between)!.y).toBeCloseTo(20 + 40 * t, 0)
    }
  })

  test('a shift by whole pixels at the middle is that shift exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 }), (dx, dy) => {
        const first = disc(60, 40, 9.3)
        const between = interpolatedMask(first, translateRle(first, 2 * dx, 2 * dy), 0.5)
        expect(sameRle(between, translateRle(first, dx, dy))).toBe(true)
      }),
    )
  })

  test('size changes evenly', () => {
    const between = interpolatedMask(disc(60, 40, 6), disc(60, 40, 20), 0.5)
    const [, , width, height] = rleBounds(between)!
    expect(Math.abs(width - 26)).toBeLessThanOrEqual(1)
    expect(Math.abs(height - 26)).toBeLessThanOrEqual(1)
  })

  test('one part may become two', () => {
    const bar = emptyBitmap(120, 80)
    fillBox(bar, [30, 35, 60, 10], 1)
    const two = emptyBitmap(120, 80)
    fillBox(two, [20, 33, 25, 14], 1)
    fillBox(two, [75, 33, 25, 14], 1)
    const parts = (t: number) =>
      connectedComponents(decodeRle(interpolatedMask(encodeRle(bar), encodeRle(two), t)), 8).list.length
    expect(parts(0.1)).toBe(1)
    expect(parts(0.9)).toBe(2)
  })

  test('where one side is empty the first holds until the second', () => {
    const none = emptyRle(120, 80)
    const some = disc(60, 40, 9)
    expect(interpolatedMask(some, none, 0.9)).toBe(some)
    expect(interpolatedMask(none, some, 0.9)).toBe(none)
    expect(interpolatedMask(none, some, 1)).toBe(some)
  })

  test('an object at the edge of the picture keeps touching it', () => {
    const box = (x: number, y: number, width: number, height: number) => {
      const bitmap = emptyBitmap(120, 80)
      fillBox(bitmap, [x, y, width, height], 1)
      return encodeRle(bitmap)
    }
    const between = interpolatedMask(box(0, 20, 10, 20), box(0, 30, 20, 20), 0.5)
    expect(rleBounds(between)![0]).toBe(0)
    const low = interpolatedMask(box(30, 60, 10, 20), box(50, 50, 14, 30), 0.5)
    expect(rleBounds(low)![1] + rleBounds(low)![3]).toBe(80)
  })

  test('of different sizes are refused', () => {
    expect(() => interpolatedMask(emptyRle(2, 3), emptyRle(3, 2), 0.5)).toThrow(RangeError)
  })
})

test('boxes between two boxes are linear', () => {
  expect(interpolatedBox([0, 10, 20, 30], [10, 30, 40, 30], 0.25)).toEqual([2.5, 15, 25, 30])
})
