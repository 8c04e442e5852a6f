import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type GroupLogits, leads, mergedLogits, oneHot, owners } from './merge-logits.ts'

/** One pixel: the ground's logit, then the objects'. */
function group(first: number, ground: number, ...logits: readonly number[]): GroupLogits {
  return {
    ground: Float32Array.of(ground),
    objects: new Map(logits.map((logit, i) => [first + i, Float32Array.of(logit)])),
  }
}

const probability = (merged: GroupLogits) => {
  const all = [merged.ground[0]!, ...[...merged.objects.values()].map((plane) => plane[0]!)]
  const sum = all.reduce((total, logit) => total + Math.exp(logit), 0)
  return all.map((logit) => Math.exp(logit) / sum)
}

test('one group speaks for itself', () => {
  const only = group(0, 0.5, 1, -2)
  expect(mergedLogits([only])).toBe(only)
})

test('of two groups the odds are weighed, and the ground is where both see ground', () => {
  // Probabilities 0.2, 0.8 and 0.5, 0.5.
  const merged = mergedLogits([group(0, 0, Math.log(4)), group(1, 0, 0)])
  const odds = [0.1 / 0.9, 4, 1]
  const sum = odds[0]! + odds[1]! + odds[2]!
  for (const [i, p] of probability(merged).entries()) expect(p).toBeCloseTo(odds[i]! / sum, 4)
})

test('a group in which nothing is there changes nothing about who owns a pixel', () => {
  const logit = fc.double({ min: -8, max: 8, noNaN: true })
  fc.assert(
    fc.property(logit, logit, (a, b) => {
      fc.pre(Math.abs(a - b) > 1e-3 && Math.max(a, b) > 1e-3)
      const alone = owners(group(0, 0, a, b))
      const merged = owners(mergedLogits([group(0, 0, a, b), group(2, 0, -30)]))
      expect(merged).toEqual(alone)
    }),
  )
})

test('an object leads exactly where it is the owner', () => {
  const pixel = fc.double({ min: -20, max: 20, noNaN: true })
  fc.assert(
    fc.property(pixel, fc.array(pixel, { minLength: 1, maxLength: 5 }), (ground, logits) => {
      const all = group(0, ground, ...logits)
      const [owner] = owners(all)
      for (const [object, lead] of leads(all)) {
        if (lead[0]! > 0) expect(owner).toBe(object + 1)
        if (owner === object + 1) expect(lead[0]).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('a pixel is in one plane, and other groups’ objects are ground', () => {
  const labels = Int32Array.of(0, 1, 2, 8)
  const planes = oneHot(
    labels,
    new Map([
      [0, 2],
      [1, 1],
    ]),
    3,
  )
  expect([...planes]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0])
})
