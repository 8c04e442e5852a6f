/** Records for tests, with every field, so that a test names only what it is about. */
import { type Diff, emptyDiff, squashDiffs } from './diff.ts'
import {
  type AnyRecord,
  type ClassId,
  type ClassRecord,
  type MaskRecord,
  type MediaId,
  type MediaRecord,
  maskId,
  type ObjectId,
  type ObjectRecord,
  type RecordId,
  type ShapeHash,
} from './records.ts'
import { Store } from './store.ts'

export function testMedia(id: string, fields: Partial<MediaRecord> = {}): MediaRecord {
  return {
    kind: 'media',
    id: id as MediaId,
    name: `${id}.mp4`,
    source: { type: 'video', path: `${id}.mp4`, byteLength: 1, hash: 'none', streamIndex: 0 },
    width: 64,
    height: 48,
    rotation: 0,
    frameCount: 100,
    durationUs: 4_000_000,
    container: 'mp4',
    codec: 'h264',
    table: 'complete',
    note: null,
    ...fields,
  }
}

export function testClass(id: string, fields: Partial<ClassRecord> = {}): ClassRecord {
  return {
    kind: 'class',
    id: id as ClassId,
    name: id,
    stuff: false,
    color: '#0072b2',
    order: 0,
    exportId: null,
    ...fields,
  }
}

export function testObject(id: string, mediaId: string, fields: Partial<ObjectRecord> = {}): ObjectRecord {
  return {
    kind: 'object',
    id: id as ObjectId,
    mediaId: mediaId as MediaId,
    classId: null,
    name: id,
    color: '#e69f00',
    stuff: null,
    order: 0,
    hidden: false,
    locked: false,
    attributes: {},
    ...fields,
  }
}

export function testMask(objectId: string, frameIndex: number, fields: Partial<MaskRecord> = {}): MaskRecord {
  return {
    kind: 'mask',
    id: maskId(objectId as ObjectId, frameIndex),
    objectId: objectId as ObjectId,
    frameIndex,
    state: 'keyframe',
    method: 'drawn',
    shape: null,
    box: null,
    area: 0,
    outline: null,
    outside: false,
    occluded: false,
    confidence: null,
    doubt: null,
    left: null,
    right: null,
    ...fields,
  }
}

/** What one random gesture wants: records by id, or their removal. */
export type Wish = readonly (readonly [RecordId, AnyRecord | undefined])[]

/** How many gestures on one record `wishOf` knows. */
export const wishCount = 75

/**
 * A gesture from numbers below `wishCount`, over a handful of ids so that they meet again and again: the first 60 set or
 * remove one of 12 masks, the others one of 3 objects.
 */
export function wishOf(numbers: readonly number[]): Wish {
  const wish = new Map<RecordId, AnyRecord | undefined>()
  for (const number of numbers) {
    const objectId = `o${(number % 3) + 1}`
    const value = number < 60 ? Math.floor(number / 12) : Math.floor((number - 60) / 3)
    const frameIndex = Math.floor(number / 3) % 4
    const shape = value === 1 ? null : (`${value}` as ShapeHash)
    if (number < 60)
      wish.set(
        maskId(objectId as ObjectId, frameIndex),
        value === 0 ? undefined : testMask(objectId, frameIndex, { area: value - 1, shape }),
      )
    else
      wish.set(objectId as ObjectId, value === 0 ? undefined : testObject(objectId, 'm1', { order: value }))
  }
  return [...wish]
}

/** The diff of each wish in turn over the records. */
export function diffsOf(records: readonly AnyRecord[], list: readonly Wish[]): Diff[] {
  const store = new Store(records)
  return list.map((wish) => {
    const diff = store.diffTo(wish)
    store.apply(diff)
    return diff
  })
}

/** What the store holds, comparable and in one order. */
export function contentOf(store: Store): string {
  return JSON.stringify([...store.all()].sort((a, b) => (a.id < b.id ? -1 : 1)))
}

export function addedDiff(...records: readonly AnyRecord[]): Diff {
  return squashDiffs(records.map((record) => ({ ...emptyDiff, added: { [record.id]: record } })))
}
