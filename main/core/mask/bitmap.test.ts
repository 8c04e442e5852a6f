import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Box, Ring } from '../records.ts'
import {
  bitmapArea,
  bitmapBounds,
  croppedBitmap,
  emptyBitmap,
  fillBox,
  fillRings,
  pastePatch,
  strokeBrush,
} from './bitmap.ts'
import { type Bitmap, encodeRle, rleBounds } from './rle.ts'

const anyBitmap: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .chain(([width, height]) =>
    fc.array(fc.nat(9), { minLength: width * height, maxLength: width * height }).map((values) => ({
      width,
      height,
      data: Uint8Array.from(values, (value) => (value < 2 ? 1 : 0)),
    })),
  )

// Quarters and eighths are exact in binary, so that the definition and the scanline agree to the last bit.
const anyCoordinate = fc.integer({ min: -40, max: 240 }).map((value) => value / 8)
const anyRing: fc.Arbitrary<Ring> = fc
  .array(anyCoordinate, { minLength: 6, maxLength: 24 })
  .map((ring) => ring.slice(0, ring.length & ~1))

/** Even-odd rule for the point, edge by edge. */
function insideByDefinition(rings: readonly Ring[], px: number, py: number): boolean {
  let inside = false
  for (const ring of rings)
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length
      const [x0, y0, x1, y1] =
        ring[i + 1]! <= ring[j + 1]!
          ? [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!]
          : [ring[j]!, ring[j + 1]!, ring[i]!, ring[i + 1]!]
      if (y0 <= py && py < y1 && x0 + (py - y0) * ((x1 - x0) / (y1 - y0)) <= px) inside = !inside
    }
  return inside
}

function touchedBox(before: Bitmap, after: Bitmap): Box | null {
  return bitmapBounds({ ...before, data: before.data.map((value, i) => value ^ after.data[i]!) })
}

function expectCovers(outer: Box | null, inner: Box | null): void {
  if (!inner) return
  expect(outer).not.toBeNull()
  expect(outer![0]).toBeLessThanOrEqual(inner[0])
  expect(outer![1]).toBeLessThanOrEqual(inner[1])
  expect(outer![0] + outer![2]).toBeGreaterThanOrEqual(inner[0] + inner[2])
  expect(outer![1] + outer![3]).toBeGreaterThanOrEqual(inner[1] + inner[3])
}

describe('bounds, area, crop and paste', () => {
  test('agree with the runs', () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        expect(bitmapBounds(bitmap)).toEqual(rleBounds(encodeRle(bitmap)))
        expect(bitmapArea(bitmap)).toBe(bitmap.data.filter((value) => value === 1).length)
      }),
    )
  })

  test('a part put back where it came from changes nothing', () => {
    fc.assert(
      fc.property(
        anyBitmap,
        fc.integer({ min: -5, max: 25 }),
        fc.integer({ min: -5, max: 25 }),
        (bitmap, x, y) => {
          const copy = { ...bitmap, data: bitmap.data.slice() }
          pastePatch(copy, croppedBitmap(bitmap, [x, y, 9, 7]), x, y)
          expect(copy).toEqual(bitmap)
        },
      ),
    )
  })
})

describe('polygons', () => {
  test('take the pixels whose centre is inside by the even-odd rule', () => {
    fc.assert(
      fc.property(fc.array(anyRing, { minLength: 1, maxLength: 3 }), (rings) => {
        const bitmap = emptyBitmap(26, 23)
        const box = fillRings(bitmap, rings, 1)
        const wanted = bitmap.data.map((_, i) =>
          insideByDefinition(rings, (i % 26) + 0.5, Math.floor(i / 26) + 0.5) ? 1 : 0,
        )
        expect(bitmap.data).toEqual(wanted)
        expect(box).toEqual(bitmapBounds(bitmap))
      }),
      { numRuns: 300 },
    )
  })

  test('a ring inside another is a hole, and value 0 takes away', () => {
    const square = (from: number, to: number): Ring => [from, from, to, from, to, to, from, to]
    const bitmap = emptyBitmap(10, 10)
    fillRings(bitmap, [square(1, 9), square(3, 6)], 1)
    expect(bitmapArea(bitmap)).toBe(64 - 9)
    fillRings(bitmap, [square(0, 3)], 0)
    expect(bitmapArea(bitmap)).toBe(64 - 9 - 4)
  })

  test('with fewer than three corners fill nothing', () => {
    for (const ring of [[], [4, 4], [1, 1, 8, 8]]) {
      const bitmap = emptyBitmap(10, 10)
      expect(fillRings(bitmap, [ring], 1)).toBeNull()
      expect(bitmapArea(bitmap)).toBe(0)
    }
  })
})

describe('boxes', () => {
  test('are what the polygon of their corners is, drawn in any direction', () => {
    fc.assert(
      fc.property(anyCoordinate, anyCoordinate, anyCoordinate, anyCoordinate, (x0, y0, x1, y1) => {
        const a = emptyBitmap(26, 23)
        const b = emptyBitmap(26, 23)
        expect(fillBox(a, [x0, y0, x1 - x0, y1 - y0], 1)).toEqual(
          fillRings(b, [[x0, y0, x1, y0, x1, y1, x0, y1]], 1),
        )
        expect(a).toEqual(b)
      }),
    )
  })
})

describe('the brush', () => {
  const anyTip = fc.record({
    x: fc.double({ min: -6, max: 36, noNaN: true }),
    y: fc.double({ min: -6, max: 36, noNaN: true }),
    radius: fc.double({ min: 0.75, max: 12, noNaN: true }),
  })

  /** How far the point lies outside of all discs on the way, sampled finely. */
  function outsideBy(
    from: { x: number; y: number; radius: number },
    to: typeof from,
    x: number,
    y: number,
  ): number {
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i <= 1000; i++) {
      const t = i / 1000
      const tip = {
        x: from.x + (to.x - from.x) * t,
        y: from.y + (to.y - from.y) * t,
        radius: from.radius + (to.radius - from.radius) * t,
      }
      least = Math.min(least, Math.hypot(x - tip.x, y - tip.y) - tip.radius)
    }
    return least
  }

  test('covers the discs between its two places and nothing else', () => {
    fc.assert(
      fc.property(anyTip, anyTip, (from, to) => {
        const bitmap = emptyBitmap(30, 30)
        const box = strokeBrush(bitmap, from, to, 1)
        const wrong: string[] = []
        for (let i = 0; i < 900; i++) {
          const x = (i % 30) + 0.5
          const y = Math.floor(i / 30) + 0.5
          const way = outsideBy(from, to, x, y)
          if (bitmap.data[i] === 0 && way < -1e-6) wrong.push(`missing ${x} ${y}`)
          // The pixel under each centre is painted whatever the radius; 0.01 is the sampling's error.
          const underTip = Math.min(Math.hypot(x - from.x, y - from.y), Math.hypot(x - to.x, y - to.y)) < 0.71
          if (bitmap.data[i] === 1 && way > 0.01 && !underTip) wrong.push(`extra ${x} ${y}`)
        }
        expect(wrong).toEqual([])
        expectCovers(box, bitmapBounds(bitmap))
      }),
      { numRuns: 20 },
    )
  })

  test('the thinnest one draws an unbroken line', () => {
    fc.assert(
      fc.property(fc.nat(280), fc.nat(280), fc.nat(280), fc.nat(280), (a, b, c, d) => {
        const bitmap = emptyBitmap(30, 30)
        strokeBrush(bitmap, { x: a / 10, y: b / 10, radius: 0.5 }, { x: c / 10, y: d / 10, radius: 0.5 }, 1)
        const columns = Math.abs(Math.floor(a / 10) - Math.floor(c / 10)) + 1
        const rows = Math.abs(Math.floor(b / 10) - Math.floor(d / 10)) + 1
        expect(bitmapArea(bitmap)).toBeGreaterThanOrEqual(Math.max(columns, rows))
        expect(bitmap.data[Math.floor(b / 10) * 30 + Math.floor(a / 10)]).toBe(1)
        expect(bitmap.data[Math.floor(d / 10) * 30 + Math.floor(c / 10)]).toBe(1)
      }),
    )
  })

  test('erases with value 0, and what it says it touched holds all that changed', () => {
    const before = emptyBitmap(40, 30)
    before.data.fill(1)
    const after = { ...before, data: before.data.slice() }
    const box = strokeBrush(after, { x: 8, y: 8, radius: 4 }, { x: 50, y: 20, radius: 2 }, 0)
    expect(bitmapArea(after)).toBeLessThan(40 * 30 - 150)
    expectCovers(box, touchedBox(before, after))
    expect(strokeBrush(after, { x: -90, y: 5, radius: 3 }, { x: -50, y: 9, radius: 3 }, 1)).toBeNull()
  })
})
