import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitmapArea, emptyBitmap, fillRings } from '../mask/bitmap.ts'
import {
  hitEdge,
  hitVertex,
  isClockwise,
  polygonContains,
  ringOf,
  ringPoints,
  ringsBounds,
  signedArea,
  withoutVertex,
  withVertexAfter,
  withVertexAt,
} from './polygon.ts'
import { nearestOnSegment } from './segment.ts'
import { simplifiedRing } from './simplify.ts'

const square = [0, 0, 10, 0, 10, 10, 0, 10]
const anyCoordinate = fc.integer({ min: 0, max: 160 }).map((value) => value / 8)
const anyRing = fc
  .array(fc.tuple(anyCoordinate, anyCoordinate), { minLength: 3, maxLength: 30 })
  .map((points) => points.flat())

describe('a polygon', () => {
  test('area and winding', () => {
    expect(signedArea(square)).toBe(100)
    expect(isClockwise(square)).toBe(true)
    expect(signedArea(ringOf(ringPoints(square).reverse()))).toBe(-100)
    expect(ringsBounds([square, [20, 5, 21, 5, 21, 6]])).toEqual([0, 0, 21, 10])
    expect(ringsBounds([])).toBeNull()
  })

  test('contains the points that filling sets', () => {
    fc.assert(
      fc.property(fc.array(anyRing, { minLength: 1, maxLength: 2 }), (rings) => {
        const bitmap = emptyBitmap(20, 20)
        fillRings(bitmap, rings, 1)
        const inside = bitmap.data.map((_, i) =>
          polygonContains(rings, { x: (i % 20) + 0.5, y: Math.floor(i / 20) + 0.5 }) ? 1 : 0,
        )
        // A centre exactly on an edge may fall either way by rounding.
        const differing = inside.filter(
          (value, i) =>
            value !== bitmap.data[i] &&
            hitEdge(rings, { x: (i % 20) + 0.5, y: Math.floor(i / 20) + 0.5 }, 1e-9) === null,
        )
        expect(differing.length).toBe(0)
      }),
    )
  })

  test('corners and edges are found near the pointer, the nearest first', () => {
    expect(hitVertex([square], { x: 9, y: 1 }, 2)).toMatchObject({ ringIndex: 0, vertexIndex: 1 })
    expect(hitVertex([square], { x: 5, y: 5 }, 2)).toBeNull()
    expect(hitEdge([square], { x: 1, y: 6 }, 2)).toMatchObject({
      edgeIndex: 3,
      point: { x: 0, y: 6 },
      distance: 1,
    })
    expect(hitEdge([square, [2, 2, 4, 2, 4, 4]], { x: 3, y: 2.2 }, 2)).toMatchObject({
      ringIndex: 1,
      edgeIndex: 0,
    })
  })

  test('corners are moved, added on an edge and taken away', () => {
    expect(withVertexAt(square, 2, { x: 12, y: 13 })).toEqual([0, 0, 10, 0, 12, 13, 0, 10])
    expect(withVertexAfter(square, 3, { x: 0, y: 5 })).toEqual([...square, 0, 5])
    expect(withoutVertex(withVertexAfter(square, 0, { x: 5, y: -1 }), 1)).toEqual(square)
  })
})

describe('simplifying', () => {
  test('keeps every left out corner within the tolerance, and three corners at least', () => {
    fc.assert(
      fc.property(anyRing, fc.double({ min: 0, max: 4, noNaN: true }), (ring, tolerance) => {
        const simple = simplifiedRing(ring, tolerance)
        expect(simple.length).toBeGreaterThanOrEqual(6)
        const corners = ringPoints(simple)
        for (const point of ringPoints(ring)) {
          const away = Math.min(
            ...corners.map(
              (corner, i) => nearestOnSegment(point, corner, corners[(i + 1) % corners.length]!).distance,
            ),
          )
          expect(away).toBeLessThanOrEqual(tolerance + 1e-9)
        }
      }),
    )
  })

  test('takes away corners on straight edges and keeps the area', () => {
    const dense: number[] = []
    for (let i = 0; i < 10; i++) dense.push(i, 0)
    for (let i = 0; i < 10; i++) dense.push(10, i)
    for (let i = 10; i > 0; i--) dense.push(i, 10)
    for (let i = 10; i > 0; i--) dense.push(0, i)
    expect(simplifiedRing(dense, 0.01)).toEqual(square)
    const bitmap = emptyBitmap(12, 12)
    fillRings(bitmap, [simplifiedRing(dense, 0.01)], 1)
    expect(bitmapArea(bitmap)).toBe(100)
  })
})
