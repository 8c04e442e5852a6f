import { expect, it } from 'vitest'
import { uncoveredPart } from './coverage.ts'
import { emptyRle, encodeRle, type Rle } from './rle.ts'

const size = { width: 7, height: 5 }

function masksFrom(seed: number): Rle[] {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const density = next()
  return Array.from({ length: 1 + Math.floor(4 * next()) }, () =>
    encodeRle({ ...size, data: Uint8Array.from({ length: 35 }, () => Number(next() < density)) }),
  )
}

it('counts every pixel once, however many masks have it', () => {
  const left = encodeRle({ ...size, data: Uint8Array.from({ length: 35 }, (_, i) => Number(i % 7 < 4)) })
  expect(uncoveredPart([left, left, emptyRle(7, 5)])).toBeCloseTo(3 / 7)
})

it('is null where nothing is labelled', () => {
  expect(uncoveredPart([])).toBeNull()
  expect(uncoveredPart([emptyRle(7, 5)])).toBeNull()
})

it('never grows with another mask, and does not ask for an order', () => {
  for (let seed = 1; seed < 200; seed++) {
    const masks = masksFrom(seed)
    const part = uncoveredPart(masks)
    expect(uncoveredPart(masks.toReversed())).toBe(part)
    expect(part ?? 1).toBeLessThanOrEqual(uncoveredPart(masks.slice(1)) ?? 1)
  }
})
