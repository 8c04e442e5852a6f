import { describe, expect, test } from 'vitest'
import { contests, likeness, lookOf } from './look.ts'

/** A picture of one Lab colour, as lookOf reads it: planes 1 to 3. */
function picture(size: number, [l, a, b]: readonly [number, number, number]): Float32Array {
  return Float32Array.from({ length: 4 * size }, (_, i) => [0, l, a, b][Math.floor(i / size)]!)
}

describe('the look of a mask', () => {
  test('expects the IoU that its probabilities promise', () => {
    const sure = lookOf(Float32Array.of(1, 1, 0, 0), picture(4, [50, 0, 0]))
    expect(sure).toMatchObject({ area: 2, softIou: 1 })
    const unsure = lookOf(Float32Array.of(0.6, 0.6, 0.4, 0), picture(4, [50, 0, 0]))
    expect(unsure.softIou).toBeCloseTo(1.2 / 2.4)
    expect(lookOf(new Float32Array(4), picture(4, [50, 0, 0])).softIou).toBe(0)
  })

  test('finds the same colours alike and others not', () => {
    const mask = Float32Array.of(1, 1, 1, 1)
    const of = (...lab: [number, number, number]) => lookOf(mask, picture(4, lab))
    expect(likeness(of(50, 30, 10), of(52, 31, 11))).toBeGreaterThan(0.95)
    expect(likeness(of(50, 30, 10), of(50, -40, 30))).toBeLessThan(0.1)
  })
})

describe('contests', () => {
  const one = Float32Array.of(1, 1, 1, 1, 0, 0)
  const two = Float32Array.of(0, 0, 1, 1, 1, 1)
  const inside = Float32Array.of(1, 0, 0, 0, 0, 0)

  test('name the other and the part that both claim', () => {
    expect(contests([one, two, inside], () => true)).toEqual([
      { part: 0.5, other: 1 },
      { part: 0.5, other: 0 },
      { part: 1, other: 0 },
    ])
  })

  test('are only between rivals, and need more than even odds on both sides', () => {
    expect(contests([one, two], () => false)).toEqual([null, null])
    expect(contests([one, two.map((p) => p / 2)], () => true)).toEqual([null, null])
  })
})
