import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Change, emptyHistory, historyAfter } from '../core/history.ts'
import { UndoLog } from './undo-log.ts'

const change: fc.Arbitrary<Pick<Change, 'step' | 'label' | 'source' | 'action'>> = fc.record({
  step: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  label: fc.constantFrom('x', 'y'),
  source: fc.constantFrom('user', 'job', 'import', 'system'),
  action: fc.constantFrom('do', 'do', 'undo', 'redo'),
})

it('says what core/history.ts says of any log', () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const log = new UndoLog()
      for (const item of changes) log.add(item)
      const history = changes.reduce(historyAfter, emptyHistory)
      expect(log.history(1000)).toEqual(history)
      expect(log.nextUndo()).toEqual(history.undo.at(-1) ?? null)
      expect(log.nextRedo()).toEqual(history.redo.at(-1) ?? null)
      expect(log.history(1).undo).toEqual(history.undo.slice(-1))
    }),
  )
})
