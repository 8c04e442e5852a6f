import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  boxArea,
  boxBetween,
  boxContains,
  boxIntersection,
  boxIou,
  boxUnion,
  boxWithMargin,
  type FloatBox,
  pixelBox,
} from './box.ts'

const anyBox: fc.Arbitrary<FloatBox> = fc.tuple(
  fc.nat(20),
  fc.nat(20),
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 20 }),
)

test('intersection and union are those of the points', () => {
  fc.assert(
    fc.property(anyBox, anyBox, fc.nat(40), fc.nat(40), (a, b, x, y) => {
      const point = { x: x + 0.5, y: y + 0.5 }
      const both = boxIntersection(a, b)
      expect(both !== null && boxContains(both, point)).toBe(boxContains(a, point) && boxContains(b, point))
      const union = boxUnion(a, b)!
      if (boxContains(a, point) || boxContains(b, point)) expect(boxContains(union, point)).toBe(true)
      expect(boxIou(a, b)).toBeCloseTo(
        (both ? boxArea(both) : 0) / (boxArea(a) + boxArea(b) - (both ? boxArea(both) : 0)),
        12,
      )
    }),
  )
})

test('a box drawn in any direction, in whole pixels, inside the picture', () => {
  expect(boxBetween({ x: 9, y: 2 }, { x: 4, y: 7 })).toEqual([4, 2, 5, 5])
  expect(pixelBox([-3.5, 1.2, 10, 2.9], 100, 4)).toEqual([0, 1, 7, 3])
  expect(pixelBox([-30, 1, 10, 2], 100, 4)).toBeNull()
  expect(boxWithMargin([2, 2, 3, 3], 4, 8, 20)).toEqual([0, 0, 8, 9])
  expect(boxUnion(null, [1, 2, 3, 4])).toEqual([1, 2, 3, 4])
})
