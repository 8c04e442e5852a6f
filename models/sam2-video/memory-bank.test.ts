import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearestConditioning, recalled } from './memory-bank.ts'

const rules = { memoryFrames: 7, mostPointers: 16, mostConditioning: 4 }
const upTo = (count: number) => new Set(Array.from({ length: count }, (_, i) => i))

describe('what a frame is seen with', () => {
  test('in the middle of a clip: the key mask with the last code, then the last six from the oldest on', () => {
    const { memories } = recalled(rules, 50, 1, [0], upTo(50))
    expect(memories).toEqual([
      { frameIndex: 0, code: 6 },
      { frameIndex: 44, code: 5 },
      { frameIndex: 45, code: 4 },
      { frameIndex: 46, code: 3 },
      { frameIndex: 47, code: 2 },
      { frameIndex: 48, code: 1 },
      { frameIndex: 49, code: 0 },
    ])
  })

  test('sixteen pointers: the key mask’s and the last fifteen, the newest first', () => {
    const { pointers } = recalled(rules, 50, 1, [0], upTo(50))
    expect(pointers.map(({ frameIndex }) => frameIndex)).toEqual([
      0,
      ...Array.from({ length: 15 }, (_, i) => 49 - i),
    ])
    expect(pointers.map(({ distance }) => distance)).toEqual([
      50,
      ...Array.from({ length: 15 }, (_, i) => 1 + i),
    ])
  })

  test('what was never seen is left out, and nothing is put in its place', () => {
    expect(recalled(rules, 3, 1, [0], new Set([1, 2])).memories).toEqual([
      { frameIndex: 0, code: 6 },
      { frameIndex: 1, code: 1 },
      { frameIndex: 2, code: 0 },
    ])
  })

  test('of many key masks the nearest, on either side, and an unchosen one is remembered like any other frame', () => {
    const keys = [0, 10, 20, 28, 31, 33, 36]
    const { memories } = recalled({ ...rules, mostConditioning: 2 }, 34, 1, keys, new Set([29, 30, 32]))
    expect(memories).toEqual([
      { frameIndex: 33, code: 6 },
      { frameIndex: 36, code: 6 },
      { frameIndex: 28, code: 5 },
      { frameIndex: 29, code: 4 },
      { frameIndex: 30, code: 3 },
      { frameIndex: 31, code: 2 },
      { frameIndex: 32, code: 1 },
    ])
  })

  test('pointers of key masks that are still to come are left out', () => {
    const { pointers } = recalled(rules, 34, 1, [33, 36], new Set())
    expect(pointers).toEqual([{ frameIndex: 33, distance: 1 }])
  })

  test('against time everything is mirrored', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 60 }),
        (frame, keyList, othersList) => {
          const keys = keyList.filter((key) => key !== frame).sort((a, b) => a - b)
          const others = othersList.filter((other) => other !== frame && !keys.includes(other))
          const mirror = (index: number) => 99 - index
          const there = recalled(rules, frame, 1, keys, new Set(others))
          const back = recalled(
            rules,
            mirror(frame),
            -1,
            keys.map(mirror).reverse(),
            new Set(others.map(mirror)),
          )
          const sorted = (items: readonly { frameIndex: number }[]) =>
            items.toSorted((a, b) => a.frameIndex - b.frameIndex)
          const mirrored = <T extends { frameIndex: number }>(items: readonly T[]) =>
            items.map((item) => ({ ...item, frameIndex: mirror(item.frameIndex) }))
          expect(sorted(mirrored(back.memories))).toEqual(sorted(there.memories))
          expect(sorted(mirrored(back.pointers))).toEqual(sorted(there.pointers))
        },
      ),
    )
  })

  test('never more than there is room for, and never the same frame twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom(1 as const, -1 as const),
        fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }),
        (frame, step, keys) => {
          const all = new Set(Array.from({ length: 201 }, (_, i) => i).filter((i) => !keys.includes(i)))
          const sorted = keys.filter((key) => key !== frame).sort((a, b) => a - b)
          const { memories, pointers } = recalled(rules, frame, step, sorted, all)
          expect(memories.length).toBeLessThanOrEqual(4 + 6)
          expect(pointers.length).toBeLessThanOrEqual(16)
          for (const list of [memories, pointers])
            expect(new Set(list.map(({ frameIndex }) => frameIndex)).size).toBe(list.length)
        },
      ),
    )
  })
})

test('the nearest key mask before and the nearest after are always among the chosen', () => {
  expect(nearestConditioning(50, [1, 2, 3, 4, 5, 99], 3)).toEqual([4, 5, 99])
  expect(nearestConditioning(50, [1, 51, 52, 53], 2)).toEqual([1, 51])
  expect(nearestConditioning(50, [40, 60], 4)).toEqual([40, 60])
})
