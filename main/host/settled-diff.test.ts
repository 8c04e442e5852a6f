import { describe, expect, it } from 'vitest'
import { emptyDiff } from '../core/diff.ts'
import { Store } from '../core/store.ts'
import { addedDiff, testMask, testMedia, testObject } from '../core/test-records.ts'
import { settledJobDiff, settledReversal, settledUserDiff } from './settled-diff.ts'

const scene = [testMedia('m1'), testObject('o1', 'm1'), testMask('o1', 0), testMask('o1', 1)]

describe('taking a step back', () => {
  it('leaves an object that has masks since, and media that have objects since', () => {
    const store = new Store(scene)
    const madeObject = { ...emptyDiff, removed: { o1: testObject('o1', 'm1') } }
    expect(settledReversal(store, madeObject)).toEqual({ diff: emptyDiff, skippedCount: 1 })
    const madeMedia = { ...emptyDiff, removed: { m1: testMedia('m1') } }
    expect(settledReversal(store, madeMedia)).toEqual({ diff: emptyDiff, skippedCount: 1 })
  })

  it('takes an object with all its masks', () => {
    const store = new Store(scene)
    const removed = { o1: testObject('o1', 'm1'), 'o1@0': testMask('o1', 0), 'o1@1': testMask('o1', 1) }
    expect(settledReversal(store, { ...emptyDiff, removed }).diff.removed).toEqual(removed)
  })

  it('brings back no mask whose object is gone', () => {
    const back = addedDiff(testMask('o1', 2), testMask('o7', 0))
    const { diff, skippedCount } = settledReversal(new Store(scene), back)
    expect([Object.keys(diff.added), skippedCount]).toEqual([['o1@2'], 1])
  })
})

describe('a user’s change', () => {
  it('starts from what is there, whatever the view had seen', () => {
    const seen = testMask('o1', 0, { area: 9, state: 'propagated' })
    const drawn = testMask('o1', 0, { area: 5 })
    const { updated } = settledUserDiff(new Store(scene), {
      ...emptyDiff,
      updated: { 'o1@0': [seen, drawn] },
    })
    expect(updated).toEqual({ 'o1@0': [testMask('o1', 0), drawn] })
  })

  it('is nothing where everything is so already', () => {
    expect(settledUserDiff(new Store(scene), addedDiff(testMask('o1', 0)))).toEqual(emptyDiff)
    expect(
      settledUserDiff(new Store(scene), { ...emptyDiff, removed: { 'o1@9': testMask('o1', 9) } }),
    ).toEqual(emptyDiff)
  })

  it('takes masks along that a job made after the view looked', () => {
    const { removed } = settledUserDiff(new Store(scene), {
      ...emptyDiff,
      removed: { o1: testObject('o1', 'm1') },
    })
    expect(Object.keys(removed).sort()).toEqual(['o1', 'o1@0', 'o1@1'])
  })
})

describe('a job’s change', () => {
  it('brings its own objects and their masks, but not masks of objects that it may not make', () => {
    const diff = addedDiff(
      testObject('o2', 'm1'),
      testMask('o2', 0),
      testObject('o3', 'm9'),
      testMask('o3', 0),
    )
    const settled = settledJobDiff(new Store(scene), diff)
    expect(Object.keys(settled.diff.added)).toEqual(['o2', 'o2@0'])
    expect(settled.skippedCount).toBe(2)
  })

  it('does not remove a key mask either', () => {
    const propagated = testMask('o1', 2, { state: 'propagated' })
    const store = new Store([...scene, propagated])
    const settled = settledJobDiff(store, {
      ...emptyDiff,
      removed: { 'o1@0': testMask('o1', 0), 'o1@2': propagated },
    })
    expect(Object.keys(settled.diff.removed)).toEqual(['o1@2'])
  })

  it('does not bring back media that were deleted meanwhile', () => {
    const media = testMedia('m5')
    const diff = { ...emptyDiff, updated: { m5: [media, { ...media, frameCount: 7 }] as const } }
    expect(settledJobDiff(new Store(scene), diff)).toEqual({ diff: emptyDiff, skippedCount: 1 })
  })
})
