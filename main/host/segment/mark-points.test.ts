import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mark } from '../../core/api.ts'
import { pointsOfMarks } from './mark-points.ts'

const mark = (points: readonly number[], inside = true, radius = 2): Mark => ({ inside, points, radius })

test('a click is its point', () => {
  expect(pointsOfMarks([mark([3, 4]), mark([5, 6], false)], null)).toEqual([
    { x: 3, y: 4, inside: true },
    { x: 5, y: 6, inside: false },
  ])
})

test('a stroke is points evenly along it, its ends among them, however it was drawn', () => {
  const evenly = [0, 10, 20, 30, 40].map((x) => ({ x, y: 7, inside: true }))
  expect(pointsOfMarks([mark([0, 7, 40, 7])], null)).toEqual(evenly)
  expect(pointsOfMarks([mark([0, 7, 1, 7, 2, 7, 3, 7, 40, 7])], null)).toEqual(evenly)
})

test('a stroke hardly longer than its tip is one point in its middle, and one round a corner goes round it', () => {
  expect(pointsOfMarks([mark([10, 10, 12, 10, 14, 10])], null)).toEqual([{ x: 12, y: 10, inside: true }])
  expect(pointsOfMarks([mark([0, 0, 8, 0, 8, 8])], null)).toContainEqual({ x: 8, y: 0, inside: true })
})

test('with little room strokes give fewer points, and of too many marks the last speak', () => {
  const stroke = mark([0, 0, 100, 0])
  expect(pointsOfMarks([stroke, mark([5, 5], false)], 4).map(({ x }) => x)).toEqual([0, 50, 100, 5])
  expect(pointsOfMarks([mark([1, 1]), mark([2, 2]), mark([3, 3])], 2).map(({ x }) => x)).toEqual([2, 3])
})

test('there are never more than there is room for, never fewer than marks where there is room, and all lie on them', () => {
  const coordinate = fc.integer({ min: 0, max: 500 })
  const drawn = fc
    .array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 12 })
    .map((points) => mark(points.flat(), true, 4))
  fc.assert(
    fc.property(
      fc.array(drawn, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 12 }),
      (marks, most) => {
        const points = pointsOfMarks(marks, most)
        expect(points.length).toBeLessThanOrEqual(most)
        expect(points.length).toBeGreaterThanOrEqual(Math.min(most, marks.length))
        for (const { x, y } of points) {
          expect(x).toBeGreaterThanOrEqual(0)
          expect(y).toBeLessThanOrEqual(500)
        }
      },
    ),
  )
})
