import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyBitmap, fillBox } from './bitmap.ts'
import type { Bitmap } from './rle.ts'
import { boundaryF, boundaryIou, davisBoundary, innerBand, jaccard, maskIou } from './score.ts'

const anyPair: fc.Arbitrary<[Bitmap, Bitmap, Bitmap]> = fc
  .tuple(fc.integer({ min: 2, max: 22 }), fc.integer({ min: 2, max: 22 }))
  .chain(([width, height]) => {
    const one = fc
      .array(fc.tuple(fc.nat(width), fc.nat(height), fc.nat(width), fc.nat(height)), { maxLength: 3 })
      .map((boxes) => {
        const bitmap = emptyBitmap(width, height)
        for (const box of boxes) fillBox(bitmap, box, 1)
        return bitmap
      })
    return fc.tuple(one, one, one)
  })

const at = ({ width, height, data }: Bitmap, x: number, y: number) =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]!

/** The evaluators' own words: arrays shifted and compared, dilations by a disc, erosions by a 3x3 square. */
function boundaryByDefinition(mask: Bitmap): Bitmap {
  const { width, height } = mask
  const data = mask.data.map((here, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    const [e, s, se] = [at(mask, x + 1, y), at(mask, x, y + 1), at(mask, x + 1, y + 1)]
    if (x === width - 1 && y === height - 1) return 0
    if (x === width - 1) return here ^ s
    if (y === height - 1) return here ^ e
    return (here ^ e) | (here ^ s) | (here ^ se)
  })
  return { width, height, data }
}

function dilatedByDisc(mask: Bitmap, radius: number): Bitmap {
  const data = mask.data.map((_, i) => {
    const [x, y] = [i % mask.width, Math.floor(i / mask.width)]
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++)
        if (dx * dx + dy * dy <= radius * radius && at(mask, x + dx, y + dy)) return 1
    return 0
  })
  return { ...mask, data }
}

function fByDefinition(result: Bitmap, truth: Bitmap, tolerance: number): number {
  const radius = Math.ceil(tolerance * Math.hypot(result.width, result.height))
  const [a, b] = [boundaryByDefinition(result), boundaryByDefinition(truth)]
  const sum = (data: Uint8Array) => data.reduce((total, value) => total + value, 0)
  const [countA, countB] = [sum(a.data), sum(b.data)]
  const [wideA, wideB] = [dilatedByDisc(a, radius), dilatedByDisc(b, radius)]
  let precision = sum(a.data.map((value, i) => value & wideB.data[i]!)) / countA
  let recall = sum(b.data.map((value, i) => value & wideA.data[i]!)) / countB
  if (countA === 0 && countB > 0) [precision, recall] = [1, 0]
  if (countA > 0 && countB === 0) [precision, recall] = [0, 1]
  if (countA === 0 && countB === 0) [precision, recall] = [1, 1]
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

function eroded(mask: Bitmap, times: number): Bitmap {
  let data = mask.data
  for (let n = 0; n < times; n++)
    data = data.map((_, i) => {
      const [x, y] = [i % mask.width, Math.floor(i / mask.width)]
      let all = 1
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) all &= at({ ...mask, data }, x + dx, y + dy)
      return all
    })
  return { ...mask, data }
}

describe('DAVIS', () => {
  test('J is intersection over union, 1 for two empty masks', () => {
    const a = emptyBitmap(10, 10)
    const b = emptyBitmap(10, 10)
    expect(jaccard(a, b)).toBe(1)
    fillBox(a, [0, 0, 4, 10], 1)
    expect(jaccard(a, b)).toBe(0)
    fillBox(b, [2, 0, 4, 10], 1)
    expect(jaccard(a, b)).toBeCloseTo(20 / 60, 12)
    const ignored = emptyBitmap(10, 10)
    fillBox(ignored, [4, 0, 2, 10], 1)
    expect(jaccard(a, b, ignored)).toBeCloseTo(20 / 40, 12)
  })

  test('boundaries are those of seg2bmap', () => {
    fc.assert(
      fc.property(anyPair, ([mask]) => {
        expect(davisBoundary(mask)).toEqual(boundaryByDefinition(mask))
      }),
    )
  })

  test('F is precision and recall of boundaries widened by a disc', () => {
    fc.assert(
      fc.property(anyPair, fc.constantFrom(0.008, 0.05, 0.12), ([result, truth], tolerance) => {
        expect(boundaryF(result, truth, undefined, tolerance)).toBeCloseTo(
          fByDefinition(result, truth, tolerance),
          12,
        )
      }),
    )
  })

  test('F leaves ignored pixels out of both masks', () => {
    fc.assert(
      fc.property(anyPair, ([result, truth, ignored]) => {
        const cleared = (mask: Bitmap) => ({
          ...mask,
          data: mask.data.map((value, i) => (ignored.data[i] ? 0 : value)),
        })
        expect(boundaryF(result, truth, ignored)).toBe(boundaryF(cleared(result), cleared(truth)))
      }),
    )
  })

  test('the tolerance at 854x480 is 8 pixels', () => {
    const shifted = (x: number) => {
      const bitmap = emptyBitmap(854, 480)
      fillBox(bitmap, [x, 100, 200, 200], 1)
      return bitmap
    }
    expect(boundaryF(shifted(108), shifted(100))).toBe(1)
    expect(boundaryF(shifted(109), shifted(100))).toBeLessThan(1)
  })
})

describe('VIPOSeg', () => {
  test('mask IoU: both empty 1, one empty 0', () => {
    const empty = emptyBitmap(4, 4)
    const full = emptyBitmap(4, 4)
    full.data.fill(1)
    expect([maskIou(empty, empty), maskIou(full, empty), maskIou(full, full)]).toEqual([1, 0, 1])
    expect([boundaryIou(empty, empty), boundaryIou(full, empty), boundaryIou(full, full)]).toEqual([1, 0, 1])
  })

  test('the inner band is the mask without its erosions by a 3x3 square; the image edge is a boundary', () => {
    fc.assert(
      fc.property(anyPair, fc.constantFrom(0.02, 0.1, 0.2), ([mask], ratio) => {
        const depth = Math.max(1, Math.round(ratio * Math.hypot(mask.width, mask.height)))
        const core = eroded(mask, depth)
        expect(innerBand(mask, ratio).data).toEqual(mask.data.map((value, i) => value & (1 - core.data[i]!)))
      }),
    )
  })

  test('boundary IoU is the IoU of the bands', () => {
    fc.assert(
      fc.property(anyPair, ([result, truth]) => {
        expect(boundaryIou(result, truth, 0.1)).toBe(jaccard(innerBand(result, 0.1), innerBand(truth, 0.1)))
        expect(boundaryIou(truth, truth)).toBe(1)
      }),
    )
  })

  test('masks of different sizes are not compared', () => {
    expect(() => boundaryF(emptyBitmap(3, 4), emptyBitmap(4, 3))).toThrow(RangeError)
    expect(() => boundaryIou(emptyBitmap(3, 4), emptyBitmap(4, 3))).toThrow(RangeError)
  })
})
