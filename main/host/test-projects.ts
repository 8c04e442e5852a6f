/** Real projects in temporary folders, for tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { NewChange } from '../core/api.ts'
import { type Diff, squashDiffs } from '../core/diff.ts'
import { encodeRle, encodeShape, rleArea, rleBounds } from '../core/mask/rle.ts'
import { shapeHash } from '../core/mask/shape-hash.ts'
import { type AnyRecord, type MaskRecord, maskId, type ObjectId, type RecordId } from '../core/records.ts'
import { testMask } from '../core/test-records.ts'
import type { NewShape } from './job-context.ts'
import { Project, type ProjectOptions } from './project.ts'

/** The size of the media `testMedia` makes. */
export const testWidth = 64
export const testHeight = 48

let lastId = 0

/** Ids that count up and a clock that ticks, so that every run is the same. */
export const testOptions: ProjectOptions = {
  now: () => 1_700_000_000_000 + lastId,
  newId: (word) => `${word}-${++lastId}`,
}

export interface TestFolder {
  readonly path: string
  remove(): void
}

export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'inbetween-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export function newTestProject(
  parent: string,
  records: readonly AnyRecord[],
  options: Partial<ProjectOptions> = {},
  name = 'Test',
): Project {
  const project = Project.create(parent, name, { ...testOptions, ...options })
  if (records.length > 0) project.commit(changeTo(project, records), 'system')
  return project
}

/** A change that puts these records, as a view with the present state would make it. */
export function changeTo(
  project: Project,
  records: readonly AnyRecord[],
  shapes: readonly NewShape[] = [],
): NewChange {
  return change(project.store.diffTo(records.map((record) => [record.id, record] as const)), shapes)
}

export function changeWithout(project: Project, ...ids: readonly string[]): NewChange {
  return change(project.store.diffTo(ids.map((id) => [id as RecordId, undefined] as const)))
}

export function change(diff: Diff, shapes: readonly NewShape[] = []): NewChange {
  const id = testOptions.newId('change')
  return { id, label: `Change ${id}`, diff: squashDiffs([diff]), shapes }
}

/** A rectangle of pixels as a mask, different for each seed. */
export function drawnMask(
  objectId: string,
  frameIndex: number,
  seed: number,
  fields: Partial<MaskRecord> = {},
): { readonly record: MaskRecord; readonly shape: NewShape } {
  const data = new Uint8Array(testWidth * testHeight)
  for (let i = 0; i <= seed % data.length; i++) data[i] = 1
  data[data.length - 1 - (Math.floor(seed / 7) % 1000)] = 1
  const rle = encodeRle({ width: testWidth, height: testHeight, data })
  const bytes = encodeShape(rle)
  const hash = shapeHash(bytes, testWidth, testHeight)
  const record = testMask(objectId, frameIndex, {
    shape: hash,
    box: rleBounds(rle),
    area: rleArea(rle),
    ...fields,
  })
  return { record, shape: { hash, bytes } }
}

export function idOf(objectId: string, frameIndex: number): string {
  return maskId(objectId as ObjectId, frameIndex)
}

/** The record table as it lies on disk, and every shape that a mask names: what must be the same byte for byte. */
export function bytesOnDisk(folder: string): string {
  const db = new Sqlite(join(folder, 'project.db'), { readonly: true })
  try {
    const records = db.prepare('select id, kind, json from record order by id').all()
    const shapes = db
      .prepare(
        `select hash, hex(bytes) as bytes from shape
         where hash in (select json ->> '$.shape' from record where kind = 'mask') order by hash`,
      )
      .all()
    return JSON.stringify({ records, shapes })
  } finally {
    db.close()
  }
}

/** Applies the whole log to nothing; what comes out must be the record table. */
export function replayedLog(folder: string): string {
  const db = new Sqlite(join(folder, 'project.db'), { readonly: true })
  try {
    const records = new Map<string, AnyRecord>()
    for (const json of db.prepare('select diff from change order by seq').pluck().iterate()) {
      const { added, updated, removed } = JSON.parse(json as string) as Diff
      for (const id of Object.keys(removed)) records.delete(id)
      for (const [id, [, to]] of Object.entries(updated)) records.set(id, to)
      for (const [id, record] of Object.entries(added)) records.set(id, record)
    }
    const inOrder = [...records].sort(([a], [b]) => (a < b ? -1 : 1))
    return JSON.stringify(
      inOrder.map(([id, record]) => ({ id, kind: record.kind, json: JSON.stringify(record) })),
    )
  } finally {
    db.close()
  }
}

/** The record table in the same form. */
export function recordTable(folder: string): string {
  return JSON.stringify((JSON.parse(bytesOnDisk(folder)) as { records: unknown }).records)
}
