import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { onCurve } from '../main/host/propagation/doubt/confidence.ts'
import { fitModel, holding, monotone, predicted } from './confidence-fit.ts'

const unit = fc.double({ min: 0, max: 1, noNaN: true })

describe('fitting the confidence', () => {
  test('learns which number tells, and never lets one count the wrong way', () => {
    const examples = Array.from({ length: 400 }, (_, i) => {
      const good = (i % 20) / 19
      return { kind: 'seen', numbers: [good, -good], target: 0.2 + 0.7 * good }
    })
    const free = fitModel(examples, [1, 1])
    expect(free.weights[0]).toBeGreaterThan(0)
    expect(free.weights[1]).toBe(0)
    const at = (good: number) => predicted(free, { kind: 'seen', numbers: [good, -good] })
    expect(at(1)).toBeCloseTo(0.9, 1)
    expect(at(0)).toBeCloseTo(0.2, 1)
  })

  test('expects of masks without numbers what was seen of their kind', () => {
    const blank = (kind: string, target: number) => ({ kind, numbers: null, target })
    const examples = [
      { kind: 'seen', numbers: [0], target: 0.5 },
      ...Array.from({ length: 500 }, () => blank('lost', 0)),
      ...Array.from({ length: 500 }, () => blank('hidden', 1)),
    ]
    const model = fitModel(examples, [0])
    expect(predicted(model, blank('lost', 0))).toBeLessThan(0.05)
    expect(predicted(model, blank('hidden', 0))).toBeGreaterThan(0.95)
    expect(() => fitModel([blank('lost', 0)], [])).toThrow(/nothing to fit/)
  })

  test('an example that counts for three is worth three', () => {
    const one = { kind: 'seen', numbers: [0.2], target: 0.3 }
    const other = { kind: 'seen', numbers: [0.9], target: 0.8 }
    const lost = { kind: 'lost', numbers: null, target: 0.9 }
    const thrice = fitModel([{ ...one, weight: 3 }, other, { ...lost, weight: 3 }], [1])
    const listed = fitModel([one, one, one, other, lost, lost, lost], [1])
    expect(thrice.weights[0]).toBeCloseTo(listed.weights[0]!, 6)
    expect(thrice.bias).toBeCloseTo(listed.bias, 6)
    expect(thrice.blanks.get('lost')).toBeCloseTo(listed.blanks.get('lost')!, 6)
    const held = holding([0.5, 0.9], [0.3, 0.9], [3, 1])
    expect(held.calibrationError).toBeCloseTo(0.15, 6)
    expect(held.meanAbsoluteError).toBeCloseTo(0.15, 6)
  })

  test('the curve rises whatever the data', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(unit, unit), { minLength: 1, maxLength: 60 }), (pairs) => {
        const curve = monotone(
          pairs.map(([x]) => x),
          pairs.map(([, y]) => y),
        )
        const values = Array.from({ length: 21 }, (_, i) => onCurve(curve, i / 20))
        for (let i = 1; i < values.length; i++)
          expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]! - 1e-9)
      }),
    )
  })

  test('a forecast that comes true holds, one that is too high does not', () => {
    const actual = Array.from({ length: 100 }, (_, i) => i / 100)
    expect(holding(actual, actual)).toMatchObject({ calibrationError: 0, meanAbsoluteError: 0 })
    expect(holding(actual, actual).rankCorrelation).toBeCloseTo(1)
    const high = holding(
      actual.map((p) => Math.min(1, p + 0.2)),
      actual.map((p) => p),
    )
    expect(high.calibrationError).toBeGreaterThan(0.15)
    expect(holding(actual, actual.toReversed()).rankCorrelation).toBeCloseTo(-1)
  })
})
