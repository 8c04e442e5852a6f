/**
 * What a wished-for diff comes to against the present records. Whoever made it may have seen an older state: the host
 * orders changes, so every diff is settled before it is written, and what is written always starts from what is there.
 */
import { type Diff, diffResult, mergedRecord, sameRecord } from '../core/diff.ts'
import {
  type AnyRecord,
  isKey,
  type MaskRecord,
  maskId,
  type ObjectRecord,
  type RecordId,
  recordKinds,
} from '../core/records.ts'
import { UserError } from '../core/user-error.ts'
import type { ReadableStore } from './job-context.ts'

type Wanted = Map<string, AnyRecord | undefined>

/**
 * A user's diff: the user's word stands. Removing media takes its objects along, removing an object its masks, and
 * objects of a removed class have none. Throws UserError 'object-gone' for masks of an object that is not there, and
 * 'broken-change' for what is no record.
 */
export function settledUserDiff(store: ReadableStore, diff: Diff): Diff {
  const wanted = wantedRecords(store, diff)
  for (const [id, record] of wanted) {
    if (record) checkRecord(id, record)
  }
  cascade(store, wanted)
  for (const [id, record] of wanted) {
    const missing = record && missingOwner(store, wanted, record)
    if (missing)
      throw new UserError(
        'object-gone',
        `${missing} was deleted meanwhile, so the change to ${id} was not kept.`,
      )
  }
  return presentDiff(store, wanted)
}

/**
 * A job's diff: it never writes over a key mask, touches no locked object and nothing that was deleted meanwhile. What
 * is left out is counted in `skippedCount`.
 */
export function settledJobDiff(
  store: ReadableStore,
  diff: Diff,
): { readonly diff: Diff; readonly skippedCount: number } {
  const wanted = wantedRecords(store, diff)
  let skippedCount = 0
  for (const [id, record] of wanted) {
    if (record) checkRecord(id, record)
    const deletedMeanwhile = diff.updated[id] !== undefined && !store.has(id as RecordId)
    if (deletedMeanwhile || isProtected(store, id, record)) {
      wanted.delete(id)
      skippedCount++
    }
  }
  cascade(store, wanted)
  for (let again = true; again; ) {
    again = false
    for (const [id, record] of wanted) {
      if (!record || !missingOwner(store, wanted, record)) continue
      wanted.delete(id)
      skippedCount++
      again = true
    }
  }
  return { diff: presentDiff(store, wanted), skippedCount }
}

/**
 * An undo's or redo's diff, already free of conflicts: what would leave masks without their object, or objects without
 * their media, because something else has begun to use them, is left alone.
 */
export function settledReversal(
  store: ReadableStore,
  diff: Diff,
): { readonly diff: Diff; readonly skippedCount: number } {
  const wanted: Wanted = new Map()
  for (const id of Object.keys(diff.removed)) wanted.set(id, undefined)
  for (const [id, [, to]] of Object.entries(diff.updated)) wanted.set(id, to)
  for (const [id, record] of Object.entries(diff.added)) wanted.set(id, record)
  let skippedCount = 0
  for (let again = true; again; ) {
    again = false
    for (const [id, record] of wanted) {
      if (record ? missingOwner(store, wanted, record) === null : !isInUse(store, wanted, id)) continue
      wanted.delete(id)
      skippedCount++
      again = true
    }
  }
  return { diff: presentDiff(store, wanted), skippedCount }
}

/** What the diff wants under each id; fields that it did not mean to change keep their present value. */
function wantedRecords(store: ReadableStore, diff: Diff): Wanted {
  const wanted: Wanted = new Map()
  for (const id of Object.keys(diff.removed)) wanted.set(id, undefined)
  for (const [id, [from, to]] of Object.entries(diff.updated)) {
    const present = store.get(id as RecordId)
    wanted.set(id, present && !sameRecord(present, from) ? mergedRecord(from, to, present) : to)
  }
  for (const [id, record] of Object.entries(diff.added)) wanted.set(id, record)
  return wanted
}

function cascade(store: ReadableStore, wanted: Wanted): void {
  const gone = (id: string) => wanted.has(id) && wanted.get(id) === undefined && store.has(id as RecordId)
  const removes = (kind: AnyRecord['kind']) =>
    [...wanted].some(([id, record]) => !record && store.get(id as RecordId)?.kind === kind)
  if (removes('media'))
    for (const object of store.ofKind('object')) if (gone(object.mediaId)) wanted.set(object.id, undefined)
  if (removes('class')) {
    for (const object of store.ofKind('object')) {
      const present = wanted.has(object.id) ? wanted.get(object.id) : object
      if (present?.kind === 'object' && present.classId !== null && gone(present.classId))
        wanted.set(object.id, { ...present, classId: null })
    }
  }
  for (const [id, record] of [...wanted]) {
    if (record || store.get(id as RecordId)?.kind !== 'object') continue
    for (const mask of store.track(id as ObjectRecord['id']).values()) wanted.set(mask.id, undefined)
  }
}

/** The name of what the record belongs to and that will not be there; null when all is well. */
function missingOwner(store: ReadableStore, wanted: Wanted, record: AnyRecord): string | null {
  const has = (id: RecordId) => (wanted.has(id) ? wanted.get(id) !== undefined : store.has(id))
  if (record.kind === 'mask' && !has(record.objectId)) return `The object ${record.objectId}`
  if (record.kind === 'object' && !has(record.mediaId)) return `The media ${record.mediaId}`
  return null
}

function isInUse(store: ReadableStore, wanted: Wanted, id: string): boolean {
  const present = store.get(id as RecordId)
  const stays = (other: RecordId) => !wanted.has(other) || wanted.get(other) !== undefined
  if (present?.kind === 'object') {
    for (const mask of store.track(present.id).values()) if (stays(mask.id)) return true
  }
  if (present?.kind === 'media' || present?.kind === 'class') {
    for (const object of store.ofKind('object')) {
      const after = wanted.has(object.id) ? wanted.get(object.id) : object
      if (after?.kind === 'object' && (after.mediaId === id || after.classId === id)) return true
    }
  }
  return false
}

function isProtected(store: ReadableStore, id: string, record: AnyRecord | undefined): boolean {
  const present = store.get(id as RecordId)
  if (present?.kind === 'object' && present.locked) return true
  const mask = (
    record?.kind === 'mask' ? record : present?.kind === 'mask' ? present : null
  ) as MaskRecord | null
  if (!mask) return false
  if (present?.kind === 'mask' && isKey(present)) return true
  return store.get(mask.objectId)?.locked === true
}

function checkRecord(id: string, record: AnyRecord): void {
  const broken = (why: string) =>
    new UserError(
      'broken-change',
      `The change was not kept, because ${why}. This is an error in the program; please report it.`,
    )
  // Diffs are plain objects keyed by id: a name that every object inherits would read as present in all of them.
  if (id in {}) throw broken(`${id} cannot be an id`)
  if (typeof record !== 'object' || record.id !== id) throw broken(`the record under ${id} has another id`)
  if (!recordKinds.includes(record.kind)) throw broken(`${id} is of an unknown kind`)
  if (record.kind !== 'mask') return
  if (!Number.isSafeInteger(record.frameIndex) || record.frameIndex < 0)
    throw broken(`${id} has no frame number`)
  if (record.id !== maskId(record.objectId, record.frameIndex))
    throw broken(`${id} does not name its object and frame`)
}

/** The diff from the present records to the wanted ones, without what is the same already. */
function presentDiff(store: ReadableStore, wanted: Wanted): Diff {
  const added: Record<string, AnyRecord> = {}
  const updated: Record<string, readonly [AnyRecord, AnyRecord]> = {}
  const removed: Record<string, AnyRecord> = {}
  for (const [id, to] of wanted) {
    const from = store.get(id as RecordId)
    if (sameRecord(from, to)) continue
    if (!from && to) added[id] = to
    else if (from && to) updated[id] = [from, to]
    else if (from) removed[id] = from
  }
  return { added, updated, removed }
}

/** The records that a diff writes. */
export function* writtenRecords(diff: Diff): Generator<AnyRecord> {
  for (const id of [...Object.keys(diff.added), ...Object.keys(diff.updated)]) {
    const record = diffResult(diff, id)
    if (record) yield record
  }
}
