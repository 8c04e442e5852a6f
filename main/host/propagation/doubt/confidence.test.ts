import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judged, onCurve } from './confidence.ts'
import type { MaskEvidence, SideEvidence } from './mask-evidence.ts'
import { trailStart } from './trail.ts'

const report = {
  priorArea: 900,
  area: 900,
  margin: 0.92,
  residual: 6,
  priorOverlap: 0.97,
  centroidX: 5,
  centroidY: 5,
  borderPart: 0,
}
const trail = { ...trailStart, steps: 2, drift: 0.06, unsure: 0.16, leastMargin: 0.91, pace: 1 }

type Change = Partial<Omit<SideEvidence, 'report'> & typeof report>

function side(more: Change = {}): SideEvidence {
  const { distance = 2, keyArea = 900, arrivalIou = null, trail: way = trail, ...rest } = more
  return { report: { ...report, ...rest }, trail: way, distance, keyArea, arrivalIou }
}

function evidence(more: Partial<MaskEvidence> = {}): MaskEvidence {
  return {
    left: side(),
    right: null,
    agreement: null,
    softIou: 0.93,
    area: 900,
    alike: 0.95,
    contest: null,
    scale: 2,
    ...more,
  }
}

const alone = (more: Change, whole: Partial<MaskEvidence> = {}) =>
  judged(evidence({ left: side(more), ...whole }))

describe('confidence', () => {
  test('a steady mask near its key mask is not doubted', () => {
    const { confidence, doubt } = judged(evidence())
    expect(confidence).toBeGreaterThan(0.85)
    expect(doubt).toBeNull()
  })

  test('falls as everything gets worse at once', () => {
    const far = { distance: 60, trail: { ...trail, steps: 60, drift: 9, unsure: 20, leastMargin: 0.5 } }
    const worse = alone(
      { ...far, margin: 0.6, priorOverlap: 0.7, residual: 20 },
      { softIou: 0.6, alike: 0.6, area: 400 },
    )
    expect(worse.confidence).toBeLessThan(judged(evidence()).confidence - 0.2)
    const joined = (agreement: number, arrivalIou: number) =>
      judged(evidence({ left: side({ arrivalIou }), right: side({ distance: 9, arrivalIou }), agreement }))
        .confidence
    expect(joined(0.4, 0.3)).toBeLessThan(joined(0.95, 0.95))
  })

  test('is a number from 0 to 1 whatever the evidence, and nothing is known without any', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true })
    const area = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(
        area,
        area,
        unit,
        unit,
        unit,
        fc.nat(20_000),
        (priorArea, keyArea, margin, priorOverlap, agreement, distance) => {
          const one = side({ priorArea, keyArea, margin, priorOverlap, distance, arrivalIou: agreement })
          const { confidence } = judged(
            evidence({
              left: one,
              right: one,
              agreement,
              area: keyArea / 2,
              softIou: margin,
              alike: agreement,
            }),
          )
          expect(confidence).toBeGreaterThanOrEqual(0)
          expect(confidence).toBeLessThanOrEqual(1)
        },
      ),
    )
    expect(judged(evidence({ left: null }))).toMatchObject({ confidence: 0 })
  })

  test('reads a curve between its points and beyond its ends', () => {
    const curve = [
      [0.2, 0.1],
      [0.6, 0.9],
    ] as const
    expect([0, 0.2, 0.6, 1].map((x) => onCurve(curve, x))).toEqual([0.1, 0.1, 0.9, 0.9])
    expect(onCurve(curve, 0.4)).toBeCloseTo(0.5)
  })
})

describe('doubt in words', () => {
  test.each([
    [{}, { area: 1 }, /lost/],
    [{}, { contest: { part: 0.4, name: 'Fox 2' } }, 'Claims the same place as Fox 2.'],
    [{}, { right: side(), agreement: 0.38 }, /different masks: 38 % in common/],
    [{ borderPart: 2 }, { area: 2500 }, /spread along the border/],
    [{}, { area: 4500 }, /5 times as large/],
    [{ trail: { ...trail, jump: 23 } }, {}, 'It jumped 46 px from the frame before.'],
    [{ trail: { ...trail, growth: 0.5 } }, {}, 'It shrank to 50 % of its size from the frame before.'],
    [{ trail: { ...trail, growth: 1.8 } }, {}, 'It grew to 180 % of its size from the frame before.'],
    [{}, { alike: 0.3 }, /colours are unlike those on its keyframes/],
  ] satisfies [Change, Partial<MaskEvidence>, RegExp | string][])(
    'whatever the expectation: %o %o',
    (more, whole, sentence) => {
      expect(alone(more, whole).doubt).toMatch(sentence)
    },
  )

  test.each([
    [{ keyArea: 4000 }, {}, /Only 23 % of its size on the keyframe is left/],
    [{ trail: { ...trail, pace: 12 } }, {}, /moves fast, 24 px a frame/],
    [{ residual: 40 }, {}, /different from the frame before/],
    [{ margin: 0.3 }, {}, /outline/],
    [{ distance: 400, margin: 0.72 }, {}, /400 frames away/],
    [{ margin: 0.75, keyArea: 100, priorArea: 100, area: 100 }, { area: 100 }, /very small/],
  ] satisfies [Change, Partial<MaskEvidence>, RegExp][])(
    'of a low expectation: %o %o',
    (more, whole, sentence) => {
      const way = { steps: 9, drift: 8, unsure: 6, leastMargin: 0.2, jump: 0, growth: 1, pace: 0 }
      const low: Change = { priorOverlap: 0.3, trail: way, ...more }
      const { confidence, doubt } = alone(low, { softIou: 0.2, alike: 0.55, ...whole })
      expect(confidence).toBeLessThan(0.75)
      expect(doubt).toMatch(sentence)
    },
  )
})
