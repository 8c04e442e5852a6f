import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judged, type SideEvidence } from './confidence.ts'

const report = {
  priorArea: 900,
  area: 900,
  margin: 0.9,
  residual: 8,
  priorOverlap: 0.95,
  centroidX: 5,
  centroidY: 5,
  borderPart: 0,
}
const good: SideEvidence = { report, distance: 2, keyArea: 900, arrivalIou: null }

function side(more: Partial<SideEvidence & typeof report>): SideEvidence {
  const { distance = 2, keyArea = 900, arrivalIou = null, ...rest } = more
  return { report: { ...report, ...rest }, distance, keyArea, arrivalIou }
}

function alone(more: Partial<SideEvidence & typeof report>) {
  return judged({ left: side(more), right: null, agreement: null })
}

describe('confidence', () => {
  test('a steady mask near its key mask is not doubted', () => {
    const { confidence, doubt } = judged({ left: good, right: null, agreement: null })
    expect(confidence).toBeGreaterThan(0.9)
    expect(doubt).toBeNull()
  })

  test('falls with an unsure outline, a jump, distance, a change of size and disagreement', () => {
    const best = alone({}).confidence
    for (const worse of [
      { margin: 0.5 },
      { priorOverlap: 0.5 },
      { distance: 40 },
      { area: 300 },
      { area: 5000 },
    ])
      expect(alone(worse).confidence).toBeLessThan(best)
    const joined = (agreement: number, arrivalIou: number) =>
      judged({
        left: side({ arrivalIou }),
        right: side({ distance: 9, arrivalIou }),
        agreement,
      }).confidence
    expect(joined(0.4, 0.9)).toBeLessThan(joined(0.95, 0.9))
    expect(joined(0.9, 0.2)).toBeLessThan(joined(0.9, 0.95))
  })

  test('says why in words', () => {
    expect(alone({ area: 1 }).doubt).toMatch(/lost/)
    expect(alone({ area: 200, margin: 0.3 }).doubt).toMatch(/smaller/)
    expect(alone({ area: 4000, margin: 0.3 }).doubt).toMatch(/larger/)
    expect(alone({ priorArea: 1400, margin: 0.3 }).doubt).toMatch(/size changes/)
    expect(alone({ residual: 40, margin: 0.3 }).doubt).toMatch(/frame before/)
    expect(alone({ margin: 0.3 }).doubt).toMatch(/outline/)
    expect(alone({ distance: 400, margin: 0.72, priorOverlap: 0.6 }).doubt).toMatch(/400 frames away/)
    expect(judged({ left: good, right: side({ margin: 0.2 }), agreement: 0.2 }).doubt).toBeNull()
    expect(judged({ left: side({ margin: 0.3 }), right: good, agreement: 0.2 }).doubt).toMatch(
      /different masks/,
    )
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
          const evidence = side({
            priorArea,
            keyArea,
            area: keyArea / 2,
            margin,
            priorOverlap,
            distance,
            arrivalIou: agreement,
          })
          const { confidence } = judged({ left: evidence, right: evidence, agreement })
          expect(confidence).toBeGreaterThanOrEqual(0)
          expect(confidence).toBeLessThanOrEqual(1)
        },
      ),
    )
    expect(judged({ left: null, right: null, agreement: null })).toMatchObject({
      confidence: 0,
    })
  })
})
