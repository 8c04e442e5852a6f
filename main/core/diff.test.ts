import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptyDiff,
  holdsChange,
  isEmptyDiff,
  mergedRecord,
  reverseDiff,
  sameRecord,
  squashDiffs,
} from './diff.ts'
import { Store } from './store.ts'
import { contentOf, diffsOf, testMask, testMedia, testObject, wishCount, wishOf } from './test-records.ts'

const wishes = fc.array(fc.array(fc.nat(wishCount - 1), { minLength: 1, maxLength: 4 }).map(wishOf), {
  maxLength: 30,
})

const start = [testMedia('m1'), testObject('o1', 'm1'), testMask('o1', 0), testMask('o1', 1)]

describe('diffs', () => {
  it('squashed have the effect of all, and reversed take it back', () => {
    fc.assert(
      fc.property(wishes, (list) => {
        const diffs = diffsOf(start, list)
        const stepByStep = new Store(start)
        for (const diff of diffs) stepByStep.apply(diff)
        const whole = squashDiffs(diffs)
        const atOnce = new Store(start)
        atOnce.apply(whole)
        expect(contentOf(atOnce)).toBe(contentOf(stepByStep))
        atOnce.apply(reverseDiff(whole))
        expect(contentOf(atOnce)).toBe(contentOf(new Store(start)))
      }),
    )
  })

  it('squashed name each record once, and none that came and went', () => {
    fc.assert(
      fc.property(wishes, (list) => {
        const { added, updated, removed } = squashDiffs(diffsOf(start, list))
        const ids = [added, updated, removed].flatMap((part) => Object.keys(part))
        expect(new Set(ids).size).toBe(ids.length)
        for (const id of Object.keys(added)) expect(start.some((record) => record.id === id)).toBe(false)
      }),
    )
    const [came, went] = diffsOf(
      [],
      [[['o9' as never, testObject('o9', 'm1')]], [['o9' as never, undefined]]],
    )
    expect(isEmptyDiff(squashDiffs([came!, went!]))).toBe(true)
    expect(isEmptyDiff(emptyDiff)).toBe(true)
  })

  it('keep 300 moves of a drag as one pair a record', () => {
    const moves = Array.from(
      { length: 300 },
      (_, area) => [[testMask('o1', 0).id, testMask('o1', 0, { area: area + 1 })]] as const,
    )
    const { updated } = squashDiffs(diffsOf(start, moves))
    expect(Object.values(updated)).toEqual([[testMask('o1', 0), testMask('o1', 0, { area: 300 })]])
  })
})

describe('records', () => {
  it('are the same when their fields are, in whatever order', () => {
    const object = testObject('o1', 'm1', { attributes: { side: 'left' } })
    expect(sameRecord(object, JSON.parse(JSON.stringify(object)))).toBe(true)
    expect(sameRecord(object, Object.fromEntries(Object.entries(object).reverse()) as never)).toBe(true)
    expect(sameRecord(object, { ...object, attributes: { side: 'right' } })).toBe(false)
    expect(sameRecord(object, { ...object, attributes: {} })).toBe(false)
    expect(sameRecord(object, undefined)).toBe(false)
  })

  it('take over a change that was made to an older state of them', () => {
    const seen = testMedia('m1', { table: 'partial', frameCount: 10 })
    const renamed = { ...seen, name: 'dog' }
    const finished = testMedia('m1', { table: 'complete', frameCount: 90 })
    expect(mergedRecord(seen, renamed, finished)).toEqual({ ...finished, name: 'dog' })
    expect(holdsChange(seen, renamed, { ...finished, name: 'dog' })).toBe(true)
    expect(holdsChange(seen, renamed, { ...finished, name: 'cat' })).toBe(false)
  })

  it('do not mix two masks into one', () => {
    const drawn = testMask('o1', 0, { area: 5 })
    expect(mergedRecord(testMask('o1', 0), drawn, testMask('o1', 0, { state: 'confirmed' }))).toEqual(drawn)
    expect(holdsChange(testMask('o1', 0), drawn, { ...drawn, occluded: true })).toBe(false)
  })
})
