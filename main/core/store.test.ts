import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { emptyDiff, sameRecord } from './diff.ts'
import { type MaskRecord, maskId, type ObjectId } from './records.ts'
import { Store } from './store.ts'
import {
  addedDiff,
  contentOf,
  diffsOf,
  testMask,
  testMedia,
  testObject,
  wishCount,
  wishOf,
} from './test-records.ts'

const wishes = fc.array(fc.array(fc.nat(wishCount - 1), { minLength: 1, maxLength: 4 }).map(wishOf), {
  maxLength: 30,
})

const start = [testMedia('m1'), testObject('o1', 'm1'), testMask('o1', 0)]

describe('the store', () => {
  it('keeps its indexes true to its records through any changes', () => {
    fc.assert(
      fc.property(wishes, (list) => {
        const store = new Store(start)
        for (const diff of diffsOf(start, list)) store.apply(diff)
        const all = [...store.all()]
        expect(store.size).toBe(all.length)
        for (const kind of ['media', 'object', 'mask'] as const)
          expect(new Set(store.ofKind(kind))).toEqual(new Set(all.filter((record) => record.kind === kind)))
        for (const objectId of ['o1', 'o2', 'o3'] as ObjectId[]) {
          const masks = all.filter(
            (record): record is MaskRecord => record.kind === 'mask' && record.objectId === objectId,
          )
          expect(new Map(store.track(objectId))).toEqual(
            new Map(masks.map((mask) => [mask.frameIndex, mask])),
          )
        }
      }),
    )
  })

  it('is back where it was when every diff is reverted in turn', () => {
    fc.assert(
      fc.property(wishes, (list) => {
        const store = new Store(start)
        const diffs = diffsOf(start, list)
        for (const diff of diffs) store.apply(diff)
        for (const diff of diffs.reverse()) store.revert(diff)
        expect(contentOf(store)).toBe(contentOf(new Store(start)))
      }),
    )
  })

  it('tells its listeners once a change, and none of a change of nothing', () => {
    const store = new Store(start)
    const heard = vi.fn()
    const stop = store.listen(heard)
    const diff = addedDiff(testMask('o1', 1), testMask('o1', 2))
    store.apply(diff)
    store.apply(emptyDiff)
    expect(heard.mock.calls).toEqual([[diff]])
    stop()
    store.apply(addedDiff(testMask('o1', 3)))
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('finds what has changed since a diff was made', () => {
    const store = new Store(start)
    const diff = store.diffTo([[maskId('o1' as ObjectId, 0), testMask('o1', 0, { area: 3 })]])
    expect(store.conflicts(diff, sameRecord)).toEqual([])
    store.apply(store.diffTo([[maskId('o1' as ObjectId, 0), testMask('o1', 0, { area: 9 })]]))
    expect(store.conflicts(diff, sameRecord)).toEqual(['o1@0'])
    store.apply(store.diffTo([[maskId('o1' as ObjectId, 0), undefined]]))
    expect(store.conflicts(diff, sameRecord)).toEqual(['o1@0'])
  })
})
