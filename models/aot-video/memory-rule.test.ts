import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aotInputSize } from './input-size.ts'
import { keptLongTerm, keysPassed, type LongTerm, sharedKeys } from './memory-rule.ts'

const rules = { gap: 5, most: 10, mostReferences: 4 }
const entry = (frameIndex: number, ...keyed: readonly number[]): LongTerm => ({ frameIndex, keyed })
const frames = (entries: readonly LongTerm[]) => entries.map(({ frameIndex }) => frameIndex)

/** Frames in the order of a walk, each with the objects whose key masks are there. */
const made = fc
  .array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }), { maxLength: 60 })
  .map((all) => all.map((keyed, i) => entry(3 * i, ...new Set(keyed))))

describe('what is remembered for long', () => {
  test('key masks and the newest of the frames that were found', () => {
    const found = Array.from({ length: 20 }, (_, i) => entry(5 * i + 5))
    expect(frames(keptLongTerm([entry(0, 0), ...found], rules))).toEqual([
      0, 60, 65, 70, 75, 80, 85, 90, 95, 100,
    ])
  })

  test('an object that was never labelled again keeps its key mask, however many others come after', () => {
    const others = Array.from({ length: 30 }, (_, i) => entry(5 * i + 5, 1))
    expect(frames(keptLongTerm([entry(0, 0), ...others], rules))).toEqual([0, 135, 140, 145, 150])
  })

  test('is bounded, keeps the order, and never lets go of the newest key mask of an object', () => {
    fc.assert(
      fc.property(made, (entries) => {
        const kept = keptLongTerm(entries, rules)
        const objects = new Set(entries.flatMap(({ keyed }) => keyed))
        expect(kept.length).toBeLessThanOrEqual(Math.max(rules.most, rules.mostReferences + objects.size))
        expect(kept).toEqual(entries.filter((each) => kept.includes(each)))
        for (const object of objects)
          expect(kept).toContain(entries.findLast(({ keyed }) => keyed.includes(object)))
      }),
    )
  })

  test('is the same whether it is thinned out frame by frame or at the end, as long as references have room', () => {
    fc.assert(
      fc.property(made, (entries) => {
        let kept: readonly LongTerm[] = []
        for (const each of entries) kept = keptLongTerm([...kept, each], rules)
        const references = (all: readonly LongTerm[]) => all.filter(({ keyed }) => keyed.length > 0)
        expect(references(kept)).toEqual(references(keptLongTerm(entries, rules)))
      }),
    )
  })
})

describe('key masks on the way', () => {
  test('of an object that is new the nearest behind, or ahead where that may be looked at', () => {
    expect(keysPassed([2, 8, 20], 10, 1, null, false)).toEqual([8])
    expect(keysPassed([2, 8, 20], 10, -1, null, false)).toEqual([20])
    expect(keysPassed([20, 30], 10, 1, null, false)).toEqual([])
    expect(keysPassed([20, 30], 10, 1, null, true)).toEqual([20])
    expect(keysPassed([2, 8], 10, -1, null, true)).toEqual([8])
  })

  test('of one that is known all since, in the walk’s order, and not the frame itself', () => {
    expect(keysPassed([0, 4, 7, 10, 12], 10, 1, 0, true)).toEqual([4, 7])
    expect(keysPassed([0, 4, 7, 10, 12], 4, -1, 12, true)).toEqual([10, 7])
  })

  test('frames on which all who begin have key masks tell more of them', () => {
    const keysOf = [
      [0, 3, 5, 9, 12],
      [0, 5, 9, 12, 14],
    ]
    expect(sharedKeys(keysOf, 12, 1, 3)).toEqual([0, 5, 9])
    expect(sharedKeys(keysOf, 12, 1, 2)).toEqual([5, 9])
    expect(sharedKeys(keysOf, 0, -1, 2)).toEqual([9, 5])
    expect(sharedKeys(keysOf, 12, 1, 0)).toEqual([])
  })
})

test('a side is sixteen times something and one more, about the picture’s, or as the long edge has it', () => {
  expect(aotInputSize({ width: 854, height: 480 }, 1040)).toEqual({ width: 849, height: 481 })
  expect(aotInputSize({ width: 1920, height: 1080 }, 1040)).toEqual({ width: 1041, height: 593 })
  const side = fc.integer({ min: 1, max: 4000 })
  fc.assert(
    fc.property(side, side, fc.integer({ min: 17, max: 2000 }), (width, height, longEdge) => {
      const input = aotInputSize({ width, height }, longEdge)
      const scale = Math.min(1, longEdge / Math.max(width, height))
      for (const [of, wanted] of [
        [input.width, width * scale],
        [input.height, height * scale],
      ] as const) {
        expect(of % 16).toBe(1)
        expect(of).toBeGreaterThanOrEqual(17)
        if (wanted > 17) expect(Math.abs(of - wanted)).toBeLessThanOrEqual(8)
      }
    }),
  )
})
