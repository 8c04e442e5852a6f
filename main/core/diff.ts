/** Diffs are the currency: undo, autosave, crash log and wire format are all this one shape. After tldraw's store. */
import type { AnyRecord, RecordId } from './records.ts'

/** What changed between two states of the store. Every list is keyed by record id; an id stands in one list only. */
export interface Diff {
  readonly added: Readonly<Record<string, AnyRecord>>
  readonly updated: Readonly<Record<string, readonly [from: AnyRecord, to: AnyRecord]>>
  readonly removed: Readonly<Record<string, AnyRecord>>
}

export const emptyDiff: Diff = { added: {}, updated: {}, removed: {} }

export function isEmptyDiff(diff: Diff): boolean {
  return !hasKeys(diff.added) && !hasKeys(diff.updated) && !hasKeys(diff.removed)
}

/** The diff that takes the later state back to the earlier one. */
export function reverseDiff(diff: Diff): Diff {
  const updated: Record<string, readonly [AnyRecord, AnyRecord]> = {}
  for (const [id, [from, to]] of Object.entries(diff.updated)) updated[id] = [to, from]
  return { added: diff.removed, updated, removed: diff.added }
}

/** One diff with the effect of all, applied in order. A record added and removed on the way does not appear. */
export function squashDiffs(diffs: Iterable<Diff>): Diff {
  const added: Record<string, AnyRecord> = {}
  const updated: Record<string, readonly [AnyRecord, AnyRecord]> = {}
  const removed: Record<string, AnyRecord> = {}
  for (const diff of diffs) {
    for (const [id, record] of Object.entries(diff.added)) {
      const original = removed[id]
      if (original) {
        delete removed[id]
        if (original !== record) updated[id] = [original, record]
      } else added[id] = record
    }
    for (const [id, [from, to]] of Object.entries(diff.updated)) {
      if (added[id]) added[id] = to
      else updated[id] = [updated[id]?.[0] ?? from, to]
    }
    for (const [id, record] of Object.entries(diff.removed)) {
      if (added[id]) delete added[id]
      else {
        removed[id] = updated[id]?.[0] ?? record
        delete updated[id]
      }
    }
  }
  return { added, updated, removed }
}

/** Every id the diff touches. */
export function* diffIds(diff: Diff): Generator<RecordId> {
  for (const list of [diff.added, diff.updated, diff.removed])
    for (const id of Object.keys(list)) yield id as RecordId
}

/** The record an id has after the diff, undefined where the diff removes it. */
export function diffResult(diff: Diff, id: string): AnyRecord | undefined {
  return diff.added[id] ?? diff.updated[id]?.[1]
}

/** Records are plain JSON values: equal when their fields are, whatever process they came through. */
export function sameRecord(a: AnyRecord | undefined, b: AnyRecord | undefined): boolean {
  return a === b || sameJson(a, b)
}

/**
 * `present` with the fields that differ between `from` and `to` as they are in `to`: a change made to an older state,
 * carried over to the present one. A mask is one thing and is not merged.
 */
export function mergedRecord(from: AnyRecord, to: AnyRecord, present: AnyRecord): AnyRecord {
  if (to.kind === 'mask' || present.kind !== to.kind) return to
  const before = from as unknown as Readonly<Record<string, unknown>>
  const changed = Object.entries(to).filter(([field, value]) => !sameJson(before[field], value))
  return { ...present, ...Object.fromEntries(changed) } as AnyRecord
}

/** Whether every field that differs between `from` and `to` is in `present` as it is in `to`. Never true of a mask that differs. */
export function holdsChange(from: AnyRecord, to: AnyRecord, present: AnyRecord): boolean {
  if (to.kind === 'mask' || present.kind !== to.kind) return false
  const before = from as unknown as Readonly<Record<string, unknown>>
  const now = present as unknown as Readonly<Record<string, unknown>>
  return Object.entries(to).every(
    ([field, value]) => sameJson(before[field], value) || sameJson(now[field], value),
  )
}

function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => key in b && sameJson(a[key as keyof typeof a], b[key as keyof typeof b]))
}

function hasKeys(list: Readonly<Record<string, unknown>>): boolean {
  for (const _ in list) return true
  return false
}
