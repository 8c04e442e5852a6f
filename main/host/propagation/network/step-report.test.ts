import { describe, expect, test } from 'vitest'
import { stepReport } from './step-report.ts'

const size = { width: 60, height: 40 }
const length = size.width * size.height

/** A square of `value` with its corner at x, y. */
function square(x: number, y: number, side: number, value = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const [column, row] = [i % size.width, Math.floor(i / size.width)]
    return column >= x && column < x + side && row >= y && row < y + side ? value : 0
  })
}

const none = new Float32Array(length)

describe('what a network’s step says of its result', () => {
  test('its area, its middle, and how much it is what the mask before led to expect', () => {
    const report = stepReport({ size, prior: square(10, 10, 10), mask: square(15, 10, 10), seen: null })
    expect(report).toMatchObject({
      priorArea: 100,
      area: 100,
      centroidX: 19.5,
      centroidY: 14.5,
      borderPart: 0,
    })
    expect(report.priorOverlap).toBeCloseTo(50 / 150)
    expect(stepReport({ size, prior: none, mask: none, seen: null })).toMatchObject({
      area: 0,
      priorOverlap: 1,
    })
  })

  test('how sure its outline is: far inside counts for nothing', () => {
    const sure = stepReport({ size, prior: none, mask: square(10, 10, 10), seen: null })
    expect(sure.margin).toBe(1)
    const unsure = square(10, 10, 20, 0.6)
    expect(stepReport({ size, prior: none, mask: unsure, seen: null }).margin).toBeLessThan(0.8)
    const core = square(20, 18, 2, 0.5)
    const large = square(2, 2, 36).map((p, i) => (core[i]! > 0 ? 0.55 : p))
    expect(stepReport({ size, prior: none, mask: large, seen: null }).margin).toBe(1)
  })

  test('how much of it lies along the border of the picture', () => {
    expect(stepReport({ size, prior: none, mask: square(0, 0, 10), seen: null }).borderPart).toBeCloseTo(1.9)
  })

  test('how much the picture under it has changed, where flow leads', () => {
    const picture = new Float32Array(4 * length)
    const neighbour = new Float32Array(4 * length)
    // One step to the right in the neighbour: brighter by 6, and 4 in a.
    neighbour.set(square(11, 10, 10, 6), length)
    neighbour.set(square(11, 10, 10, 4), 2 * length)
    const flow = new Float32Array(2 * length).fill(1, 0, length)
    const step = { size, prior: none, mask: square(10, 10, 10) }
    expect(stepReport({ ...step, seen: { picture, neighbour, flow } }).residual).toBeCloseTo(10)
    expect(stepReport({ ...step, seen: { picture, neighbour: picture, flow } }).residual).toBe(0)
    expect(stepReport({ ...step, seen: null }).residual).toBe(0)
  })
})
