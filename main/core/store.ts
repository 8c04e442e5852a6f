import { type Diff, diffIds, isEmptyDiff, reverseDiff } from './diff.ts'
import type { AnyRecord, MaskRecord, ObjectId, RecordId, RecordKind, RecordOf } from './records.ts'
import { recordKinds } from './records.ts'

export type StoreListener = (diff: Diff) => void

/**
 * Records by id, with the two indexes everything needs: by kind, and the masks of an object by frame. It applies
 * diffs and tells listeners; it knows nothing of history, disk or screen. Records are never mutated.
 */
export class Store {
  readonly #records = new Map<string, AnyRecord>()
  readonly #byKind = new Map<RecordKind, Map<string, AnyRecord>>(recordKinds.map((kind) => [kind, new Map()]))
  readonly #tracks = new Map<ObjectId, Map<number, MaskRecord>>()
  readonly #listeners = new Set<StoreListener>()

  constructor(records: Iterable<AnyRecord> = []) {
    for (const record of records) this.#put(record)
  }

  get size(): number {
    return this.#records.size
  }

  get<Id extends RecordId>(id: Id): Extract<AnyRecord, { id: Id }> | undefined {
    return this.#records.get(id) as Extract<AnyRecord, { id: Id }> | undefined
  }

  has(id: RecordId): boolean {
    return this.#records.has(id)
  }

  all(): IterableIterator<AnyRecord> {
    return this.#records.values()
  }

  ofKind<K extends RecordKind>(kind: K): IterableIterator<RecordOf<K>> {
    return this.#byKind.get(kind)?.values() as IterableIterator<RecordOf<K>>
  }

  /** The masks of one object by frame index, in no particular order. */
  track(objectId: ObjectId): ReadonlyMap<number, MaskRecord> {
    return this.#tracks.get(objectId) ?? noTrack
  }

  /** Applies the diff and tells the listeners once. What the diff calls `from` is not checked: see `fits`. */
  apply(diff: Diff): void {
    if (isEmptyDiff(diff)) return
    for (const id of Object.keys(diff.removed)) this.#drop(id)
    for (const [, to] of Object.values(diff.updated)) this.#put(to)
    for (const record of Object.values(diff.added)) this.#put(record)
    for (const listener of [...this.#listeners]) listener(diff)
  }

  /** Applies the opposite of the diff. */
  revert(diff: Diff): void {
    this.apply(reverseDiff(diff))
  }

  /** The diff that puts the given records (undefined: nothing) under the given ids; empty where nothing differs. */
  diffTo(wanted: Iterable<readonly [RecordId, AnyRecord | undefined]>): Diff {
    const added: Record<string, AnyRecord> = {}
    const updated: Record<string, readonly [AnyRecord, AnyRecord]> = {}
    const removed: Record<string, AnyRecord> = {}
    for (const [id, to] of wanted) {
      const from = this.#records.get(id)
      if (from === to) continue
      if (!from && to) added[id] = to
      else if (from && to) updated[id] = [from, to]
      else if (from) removed[id] = from
    }
    return { added, updated, removed }
  }

  /** The ids whose present record is not the one the diff starts from: another change has come between. */
  conflicts(diff: Diff, same: (a: AnyRecord | undefined, b: AnyRecord | undefined) => boolean): RecordId[] {
    const found: RecordId[] = []
    for (const id of diffIds(diff)) {
      const expected = diff.updated[id]?.[0] ?? diff.removed[id]
      if (!same(this.#records.get(id), expected)) found.push(id)
    }
    return found
  }

  listen(listener: StoreListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #put(record: AnyRecord): void {
    this.#records.set(record.id, record)
    this.#byKind.get(record.kind)?.set(record.id, record)
    if (record.kind !== 'mask') return
    const track = this.#tracks.get(record.objectId)
    if (track) track.set(record.frameIndex, record)
    else this.#tracks.set(record.objectId, new Map([[record.frameIndex, record]]))
  }

  #drop(id: string): void {
    const record = this.#records.get(id)
    if (!record) return
    this.#records.delete(id)
    this.#byKind.get(record.kind)?.delete(id)
    if (record.kind === 'mask') this.#tracks.get(record.objectId)?.delete(record.frameIndex)
  }
}

const noTrack: ReadonlyMap<number, MaskRecord> = new Map()
