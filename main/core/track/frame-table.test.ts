import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ascendingTimes,
  formatTime,
  frameAtTime,
  frameDurationUs,
  frameWithTime,
  proxyTimesUs,
  shownTimeUs,
  tableDurationUs,
} from './frame-table.ts'

const uneven = Float64Array.from([-40_000, 0, 20_000, 53_000, 100_000])
const tables = fc
  .array(fc.integer({ min: -1e9, max: 1e12 }), { minLength: 1, maxLength: 60 })
  .map(ascendingTimes)

describe('a table of presentation times', () => {
  it('shows at any time the frame that began last', () => {
    expect(
      [-50_000, -40_000, -1, 0, 52_999, 53_000, 9e9].map((timeUs) => frameAtTime(uneven, timeUs)),
    ).toEqual([0, 0, 0, 1, 2, 3, 4])
    expect(frameAtTime(new Float64Array(0), 0)).toBe(-1)
  })

  it('finds every frame by its own time, a microsecond off at most', () => {
    fc.assert(
      fc.property(tables, fc.nat(), (timesUs, at) => {
        const index = at % timesUs.length
        expect(frameAtTime(timesUs, timesUs[index] as number)).toBe(index)
        expect(frameWithTime(timesUs, timesUs[index] as number)).toBeGreaterThanOrEqual(index)
      }),
    )
    expect(frameWithTime(uneven, 19_999)).toBe(2)
    expect(frameWithTime(uneven, 20_001)).toBe(2)
    expect(frameWithTime(uneven, 19_990)).toBe(-1)
  })

  it('is ascending without repeats, whatever it is made of', () => {
    fc.assert(
      fc.property(tables, (timesUs) => {
        expect(timesUs.every((timeUs, index) => index === 0 || timeUs > (timesUs[index - 1] as number))).toBe(
          true,
        )
      }),
    )
    expect([...ascendingTimes([3, 1, 2, 1])]).toEqual([1, 2, 3])
  })

  it('knows durations, the last one from the others', () => {
    expect(uneven.map((_, index) => frameDurationUs(uneven, index))).toEqual(
      Float64Array.from([40_000, 20_000, 33_000, 47_000, 40_000]),
    )
    expect(tableDurationUs(uneven)).toBe(180_000)
    expect(shownTimeUs(uneven, 1)).toBe(40_000)
  })

  it('numbers the frames of a proxy 40 ms apart', () => {
    expect([...proxyTimesUs(3)]).toEqual([0, 40_000, 80_000])
  })

  it('writes times as m:ss.mmm', () => {
    expect([0, 4_004_000, 61_999_999, 3_600_000_000].map(formatTime)).toEqual([
      '0:00.000',
      '0:04.004',
      '1:01.999',
      '1:00:00.000',
    ])
  })
})
