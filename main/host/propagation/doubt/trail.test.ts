import { describe, expect, test } from 'vitest'
import { longerTrail, type Trail, trailMemory, trailStart } from './trail.ts'

const report = (x: number, more: object = {}) => ({
  priorArea: 100,
  area: 100,
  margin: 0.9,
  residual: 0,
  priorOverlap: 0.95,
  centroidX: x,
  centroidY: 10,
  borderPart: 0,
  ...more,
})

/** The trail at the end of a walk. */
function walked(reports: readonly (ReturnType<typeof report> | null)[]): Trail {
  let trail = trailStart
  for (let i = 1; i <= reports.length; i++)
    trail = longerTrail(trail, reports.slice(Math.max(0, i - trailMemory), i))
  return trail
}

describe('a trail', () => {
  test('adds up what every step changed and how unsure it was', () => {
    const trail = walked([report(0), report(2, { margin: 0.5 }), report(4)])
    expect(trail.steps).toBe(3)
    expect(trail.drift).toBeCloseTo(0.15)
    expect(trail.unsure).toBeCloseTo(0.7)
    expect(trail.leastMargin).toBe(0.5)
  })

  test('tells steady motion from a jump', () => {
    const steady = walked([0, 5, 10, 15, 20].map((x) => report(x)))
    expect(steady).toMatchObject({ jump: 0, pace: 5, growth: 1 })
    const jumped = walked([0, 5, 10, 15, 40].map((x) => report(x)))
    expect(jumped).toMatchObject({ jump: 20, pace: 5 })
  })

  test('sees a sudden change of area against the frame before, and nothing where a frame is missing', () => {
    expect(walked([report(0), report(1, { area: 40 })]).growth).toBeCloseTo(0.4)
    expect(walked([report(0), report(1), null])).toMatchObject({ jump: 0, growth: 1, steps: 2 })
  })
})
