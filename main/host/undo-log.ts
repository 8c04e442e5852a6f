import type { Change, History, HistoryStep } from '../core/history.ts'

/**
 * The same as `historyAfter` (core/history.ts) over a whole log, without copying its lists at every change: a project
 * of years has hundreds of thousands of steps. What leaves the host is their end, because it goes with every change.
 */
export class UndoLog {
  readonly #undo: HistoryStep[] = []
  readonly #undoSteps = new Set<string>()
  #redo: HistoryStep[] = []

  add({ step, label, source, action }: Pick<Change, 'step' | 'label' | 'source' | 'action'>): void {
    if (source === 'system') return
    const entry = { step, label }
    if (action === 'do' && this.#undoSteps.has(step)) {
      // A job goes on while the user works: its later changes join its step where it stands.
      this.#undo[lastIndexOf(this.#undo, step)] = entry
      if (source !== 'job') this.#redo = []
      return
    }
    if (this.#undoSteps.delete(step)) this.#undo.splice(lastIndexOf(this.#undo, step), 1)
    if (action === 'undo') {
      this.#redo.push(entry)
      return
    }
    this.#undo.push(entry)
    this.#undoSteps.add(step)
    if (action === 'do') this.#redo = []
    else this.#redo = this.#redo.filter((item) => item.step !== step)
  }

  nextUndo(): HistoryStep | null {
    return this.#undo.at(-1) ?? null
  }

  nextRedo(): HistoryStep | null {
    return this.#redo.at(-1) ?? null
  }

  /** The newest steps of each list, last is next. */
  history(stepCount: number): History {
    return { undo: this.#undo.slice(-stepCount), redo: this.#redo.slice(-stepCount) }
  }

  clear(): void {
    this.#undo.length = 0
    this.#undoSteps.clear()
    this.#redo = []
  }
}

function lastIndexOf(steps: readonly HistoryStep[], step: string): number {
  return steps.findLastIndex((item) => item.step === step)
}
