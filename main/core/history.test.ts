import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEmptyDiff, squashDiffs } from './diff.ts'
import {
  type Change,
  emptyHistory,
  Gesture,
  type History,
  historyAfter,
  reversal,
  touchedIds,
  withoutIds,
} from './history.ts'
import { type MediaId, maskId, type ObjectId } from './records.ts'
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

const start = [testMedia('m1'), testObject('o1', 'm1'), testMask('o1', 0)]
const mask0 = maskId('o1' as ObjectId, 0)

type Entry = Pick<Change, 'step' | 'label' | 'source' | 'action'>
const entry = (step: string, fields: Partial<Entry> = {}): Entry => ({
  step,
  label: step,
  source: 'user',
  action: 'do',
  ...fields,
})
const steps = ({ undo, redo }: History) => ({
  undo: undo.map(({ step }) => step),
  redo: redo.map(({ step }) => step),
})
const stepsAfter = (...entries: Entry[]) => steps(entries.reduce(historyAfter, emptyHistory))

describe('history', () => {
  it('undoes the last step and redoes the last undone', () => {
    expect(stepsAfter(entry('a'), entry('b'), entry('b', { action: 'undo' }))).toEqual({
      undo: ['a'],
      redo: ['b'],
    })
    expect(stepsAfter(entry('a'), entry('a', { action: 'undo' }), entry('a', { action: 'redo' }))).toEqual({
      undo: ['a'],
      redo: [],
    })
  })

  it('forgets what was undone once the user does something else', () => {
    expect(stepsAfter(entry('a'), entry('a', { action: 'undo' }), entry('b'))).toEqual({
      undo: ['b'],
      redo: [],
    })
  })

  it('keeps a job one step, where it began, while the user works on', () => {
    const job = entry('job', { source: 'job' })
    const later = { ...job, label: 'Propagate 2 frames' }
    const history = [job, entry('a'), later].reduce(historyAfter, emptyHistory)
    expect(steps(history)).toEqual({ undo: ['job', 'a'], redo: [] })
    expect(history.undo[0]!.label).toBe('Propagate 2 frames')
    expect(stepsAfter(job, entry('a'), entry('a', { action: 'undo' }), job)).toEqual({
      undo: ['job'],
      redo: ['a'],
    })
  })

  it('offers nothing that the program did by itself', () => {
    expect(stepsAfter(entry('table', { source: 'system' }))).toEqual({ undo: [], redo: [] })
  })
})

describe('the reversal of a step', () => {
  it('restores what was there before, whatever the step did', () => {
    fc.assert(
      fc.property(wishes, (list) => {
        const store = new Store(start)
        const diffs = diffsOf(start, list)
        for (const diff of diffs) store.apply(diff)
        const { diff, skipped } = reversal(store, diffs)
        store.apply(diff)
        expect(skipped).toEqual([])
        expect(contentOf(store)).toBe(contentOf(new Store(start)))
      }),
    )
  })

  it('leaves alone what something else has changed since', () => {
    const store = new Store(start)
    const step = addedDiff(testMask('o1', 1), testMask('o1', 2))
    store.apply(step)
    store.apply(store.diffTo([[maskId('o1' as ObjectId, 2), testMask('o1', 2, { area: 7 })]]))
    const { diff, skipped } = reversal(store, [step])
    expect(skipped).toEqual(['o1@2'])
    expect(Object.keys(diff.removed)).toEqual(['o1@1'])
  })

  it('takes a rename back although the program has finished the media meanwhile', () => {
    const begun = testMedia('m2', { table: 'partial', frameCount: 10 })
    const store = new Store([begun])
    const rename = store.diffTo([['m2' as MediaId, { ...begun, name: 'dog' }]])
    store.apply(rename)
    store.apply(
      store.diffTo([['m2' as MediaId, { ...begun, name: 'dog', table: 'complete', frameCount: 90 }]]),
    )
    const { diff, skipped } = reversal(store, [rename])
    expect(skipped).toEqual([])
    expect(diff.updated.m2?.[1]).toEqual({ ...begun, table: 'complete', frameCount: 90 })
  })

  it('takes an import back although the program has finished the media meanwhile', () => {
    const begun = testMedia('m2', { table: 'partial' })
    const finished = testMedia('m2')
    const { diff, skipped } = reversal(new Store([finished]), [addedDiff(begun)])
    expect(skipped).toEqual([])
    expect(diff.removed).toEqual({ m2: finished })
  })
})

const wishes = fc.array(fc.array(fc.nat(wishCount - 1), { minLength: 1, maxLength: 4 }).map(wishOf), {
  maxLength: 30,
})

describe('a gesture', () => {
  it('is one diff at its end, or nothing after Escape', () => {
    const store = new Store(start)
    const before = contentOf(store)
    const gesture = new Gesture(store)
    gesture.put(testMask('o1', 0, { area: 1 }), testMask('o1', 5))
    gesture.put(testMask('o1', 0, { area: 2 }))
    gesture.remove(maskId('o1' as ObjectId, 5))
    expect(gesture.diff()).toEqual({
      added: {},
      removed: {},
      updated: { [mask0]: [testMask('o1', 0), testMask('o1', 0, { area: 2 })] },
    })
    gesture.bail()
    expect(contentOf(store)).toBe(before)
    expect(isEmptyDiff(gesture.diff())).toBe(true)
  })
})

describe('a diff from elsewhere', () => {
  it('passes by the records that the view is changing itself', () => {
    const diff = addedDiff(testMask('o1', 1), testMask('o1', 2))
    expect(Object.keys(withoutIds(diff, new Set(['o1@1'])).added)).toEqual(['o1@2'])
    expect(touchedIds([diff, squashDiffs([])])).toEqual(new Set(['o1@1', 'o1@2']))
  })
})
