/**
 * Undo and redo over the log of changes. The log only grows: an undo is itself a change that reverses a step, so
 * history survives a restart by reading the log again. A step is one gesture, or everything one job did.
 */
import {
  type Diff,
  diffIds,
  holdsChange,
  isEmptyDiff,
  mergedRecord,
  reverseDiff,
  sameRecord,
  squashDiffs,
} from './diff.ts'
import type { AnyRecord, RecordId } from './records.ts'
import type { Store } from './store.ts'

export type ChangeSource = 'user' | 'job' | 'import' | 'system'

export interface Change {
  /** Given by whoever makes the change; unique. */
  readonly id: string
  /** What the step did, for the menu: 'Draw mask', 'Propagate 240 frames'. */
  readonly label: string
  readonly source: ChangeSource
  /** Milliseconds since 1970. */
  readonly time: number
  /** Changes with the same step are undone together. A gesture's step is its own id; a job's is the job's id. */
  readonly step: string
  readonly action: 'do' | 'undo' | 'redo'
  readonly diff: Diff
}

/** What the log says can be undone and redone: step ids, last is next. Only what a person may take back is a step. */
export interface History {
  readonly undo: readonly HistoryStep[]
  readonly redo: readonly HistoryStep[]
}

export interface HistoryStep {
  readonly step: string
  readonly label: string
}

export const emptyHistory: History = { undo: [], redo: [] }

/** Adds one change of the log to the history. A 'system' change (a relinked file, a finished table) is no step. */
export function historyAfter(
  history: History,
  change: Pick<Change, 'step' | 'label' | 'source' | 'action'>,
): History {
  if (change.source === 'system') return history
  const entry = { step: change.step, label: change.label }
  const undoWithout = history.undo.filter((item) => item.step !== change.step)
  if (change.action === 'undo') return { undo: undoWithout, redo: [...history.redo, entry] }
  if (change.action === 'redo')
    return { undo: [...undoWithout, entry], redo: history.redo.filter((item) => item.step !== change.step) }
  // A job goes on while the user works: its later changes join its step where it stands.
  if (undoWithout.length < history.undo.length) {
    const undo = history.undo.map((item) => (item.step === change.step ? entry : item))
    return { undo, redo: change.source === 'job' ? history.redo : [] }
  }
  return { undo: [...history.undo, entry], redo: [] }
}

export interface Reversal {
  readonly diff: Diff
  /** Records left alone because something else has changed them since. */
  readonly skipped: readonly RecordId[]
}

/**
 * The diff that takes a step back from the present state, skipping each record whose present value is not the one the
 * step left. Of a record that is no mask, only the fields that the step changed must still be as it left them: the
 * program itself completes media while the user works. `diffs` are the step's, in order; for a redo they are the undo's.
 */
export function reversal(store: Pick<Store, 'get' | 'conflicts'>, diffs: Iterable<Diff>): Reversal {
  const back = reverseDiff(squashDiffs(diffs))
  const skipped = store.conflicts(back, sameRecord)
  if (skipped.length === 0) return { diff: back, skipped }
  const updated = { ...back.updated }
  const removed = { ...back.removed }
  const stillSkipped = skipped.filter((id) => {
    const present = store.get(id) as AnyRecord | undefined
    const pair = updated[id]
    if (pair && present && holdsChange(pair[1], pair[0], present))
      updated[id] = [present, mergedRecord(pair[0], pair[1], present)]
    else if (removed[id] && present?.kind === 'media') removed[id] = present
    else return true
    return false
  })
  return {
    diff: withoutIds({ added: back.added, updated, removed }, new Set(stillSkipped)),
    skipped: stillSkipped,
  }
}

/**
 * Brings a view up to date with the host: applies a foreign diff, except where the view has changes of its own under
 * way that the host will order after it.
 */
export function withoutIds(diff: Diff, pendingIds: ReadonlySet<string>): Diff {
  if (pendingIds.size === 0) return diff
  const keep = <T>(list: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(list).filter(([id]) => !pendingIds.has(id)))
  return { added: keep(diff.added), updated: keep(diff.updated), removed: keep(diff.removed) }
}

export function touchedIds(diffs: Iterable<Diff>): Set<string> {
  const ids = new Set<string>()
  for (const diff of diffs) if (!isEmptyDiff(diff)) for (const id of diffIds(diff)) ids.add(id)
  return ids
}

/** Collects what a gesture does to a store so that it becomes one change, or nothing (Escape). */
export class Gesture {
  readonly #diffs: Diff[] = []
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  put(...records: readonly AnyRecord[]): void {
    this.#apply(records.map((record) => [record.id, record] as const))
  }

  remove(...ids: readonly RecordId[]): void {
    this.#apply(ids.map((id) => [id, undefined] as const))
  }

  /** What has changed since the mark. */
  diff(): Diff {
    return squashDiffs(this.#diffs)
  }

  /** Takes everything back: the state is the one at the mark. */
  bail(): void {
    this.#store.revert(this.diff())
    this.#diffs.length = 0
  }

  #apply(wanted: readonly (readonly [RecordId, AnyRecord | undefined])[]): void {
    const diff = this.#store.diffTo(wanted)
    if (isEmptyDiff(diff)) return
    this.#diffs.push(diff)
    this.#store.apply(diff)
  }
}
