/**
 * The project's file: SQLite in WAL mode, one transaction a change. synchronous is FULL, so a change that was
 * answered survives a power cut and not only a killed process; what that costs is measured by `bench commit`.
 */
import Sqlite from 'better-sqlite3'
import type { JobInfo } from '../core/api.ts'
import type { Diff } from '../core/diff.ts'
import type { Change } from '../core/history.ts'
import type { AnyRecord, MediaId, ShapeHash } from '../core/records.ts'
import { diskError } from './disk-error.ts'
import type { NewFrameTable, NewShape } from './job-context.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrations/migration.ts'
import { migrations as allMigrations } from './migrations/migrations.ts'

export interface DatabaseOptions {
  readonly readOnly: boolean
  /** For tests of older and newer formats. */
  readonly migrations?: readonly Migration[]
}

export interface JobRow {
  readonly info: JobInfo
  /** Any JSON value; null: from the beginning. */
  readonly cursor: unknown
}

/** Everything one transaction writes. */
export interface Writing {
  readonly change?: Change
  readonly shapes?: readonly NewShape[]
  readonly frameTables?: readonly NewFrameTable[]
  readonly jobs?: readonly JobRow[]
}

export type LoggedChange = Omit<Change, 'diff'>

export class ProjectDatabase {
  readonly #db: Sqlite.Database
  readonly #path: string
  readonly #write: Sqlite.Transaction<(writing: Writing) => void>
  readonly #statements = new Map<string, Sqlite.Statement>()

  constructor(path: string, options: DatabaseOptions) {
    this.#path = path
    this.#db = openFile(path, options)
    this.#write = this.#db.transaction((writing: Writing) => this.#writeAll(writing))
  }

  /** All or nothing; when it returns, the disk has it. */
  write(writing: Writing): void {
    this.#guarded(() => this.#write.immediate(writing))
  }

  records(): AnyRecord[] {
    return this.#guarded(() => {
      const rows = this.#sql('select json from record').pluck().all() as string[]
      return rows.map((json) => JSON.parse(json) as AnyRecord)
    })
  }

  /** The log without its diffs, from after the given sequence number on. */
  *log(): Generator<LoggedChange> {
    const rows = this.#sql('select id, step, label, source, action, time from change order by seq').iterate()
    for (const row of rows) yield row as LoggedChange
  }

  /** Whole changes after `seq`, for a reader that follows a writer in another process. */
  changesAfter(seq: number): { readonly seq: number; readonly change: Change }[] {
    return this.#guarded(() => {
      const rows = this.#sql('select * from change where seq > ? order by seq').all(seq) as ChangeRow[]
      return rows.map(({ seq: at, diff, ...rest }) => ({
        seq: at,
        change: { ...rest, diff: JSON.parse(diff) as Diff },
      }))
    })
  }

  hasChange(id: string): boolean {
    return this.#guarded(() => this.#sql('select 1 from change where id = ?').get(id) !== undefined)
  }

  lastSeq(): number {
    return this.#guarded(() => (this.#sql('select max(seq) from change').pluck().get() as number | null) ?? 0)
  }

  /** What a step did since it was last undone, in order. */
  forwardDiffs(step: string): Diff[] {
    return this.#diffs(
      `step = ? and action <> 'undo' and seq > (select coalesce(max(seq), 0) from change where step = ? and action = 'undo')`,
      step,
      step,
    )
  }

  /** The last undo of a step, as a list of one. */
  lastUndoDiffs(step: string): Diff[] {
    return this.#diffs(`seq = (select max(seq) from change where step = ? and action = 'undo')`, step)
  }

  shape(hash: ShapeHash): Uint8Array | null {
    return this.#guarded(() => {
      const bytes = this.#sql('select bytes from shape where hash = ?').pluck().get(hash) as
        | Buffer
        | undefined
      return bytes ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : null
    })
  }

  hasShape(hash: ShapeHash): boolean {
    return this.#guarded(() => this.#sql('select 1 from shape where hash = ?').get(hash) !== undefined)
  }

  frameTable(mediaId: MediaId): Float64Array | null {
    return this.#guarded(() => {
      const bytes = this.#sql('select times_us from frame_table where media_id = ?').pluck().get(mediaId) as
        | Buffer
        | undefined
      return bytes ? new Float64Array(Uint8Array.from(bytes).buffer) : null
    })
  }

  jobs(): JobRow[] {
    return this.#guarded(() => {
      const rows = this.#sql('select info, cursor from job order by seq').all() as {
        info: string
        cursor: string
      }[]
      return rows.map((row) => ({
        info: JSON.parse(row.info) as JobInfo,
        cursor: JSON.parse(row.cursor) as unknown,
      }))
    })
  }

  deleteJob(id: string): void {
    this.#guarded(() => this.#sql('delete from job where id = ?').run(id))
  }

  meta(key: string): string | null {
    return this.#guarded(
      () =>
        (this.#sql('select value from meta where key = ?').pluck().get(key) as string | undefined) ?? null,
    )
  }

  setMeta(key: string, value: string): void {
    this.#guarded(() => this.#sql('insert or replace into meta values (?, ?)').run(key, value))
  }

  /** A number that differs after another process has written. */
  dataVersion(): number {
    return this.#guarded(() => this.#db.pragma('data_version', { simple: true }) as number)
  }

  /** SQLite's own words about the file: 'ok', or what is wrong. */
  integrity(): string {
    return this.#guarded(() => this.#db.pragma('integrity_check', { simple: true }) as string)
  }

  /**
   * Forgets the log, and with it every step that could be undone, then the shapes that only the log still named, and
   * gives the space back to the disk.
   */
  forgetHistory(): void {
    this.#guarded(() => {
      this.#db.transaction(() => {
        this.#db.exec(`
          delete from change;
          delete from shape where hash not in
            (select named.value from record, json_each(json_array(record.json ->> '$.shape', record.json ->> '$.marked',
               record.json ->> '$.sides[0]', record.json ->> '$.sides[1]')) as named
             where record.kind = 'mask' and named.value is not null)`)
      })()
      this.#db.exec('vacuum')
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
    })
  }

  close(): void {
    this.#db.close()
  }

  #writeAll({ change, shapes = [], frameTables = [], jobs = [] }: Writing): void {
    const addShape = this.#sql('insert into shape values (?, ?) on conflict do nothing')
    for (const { hash, bytes } of shapes) addShape.run(hash, bytes)
    if (change) this.#writeChange(change)
    for (const { mediaId, timesUs } of frameTables) {
      const bytes = new Uint8Array(timesUs.buffer, timesUs.byteOffset, timesUs.byteLength)
      this.#sql('insert or replace into frame_table values (?, ?)').run(mediaId, bytes)
    }
    const putJob = this.#sql(
      'insert into job (id, info, cursor) values (?, ?, ?) on conflict (id) do update set info = excluded.info, cursor = excluded.cursor',
    )
    for (const { info, cursor } of jobs)
      putJob.run(info.id, JSON.stringify(info), JSON.stringify(cursor ?? null))
  }

  #writeChange(change: Change): void {
    const put = this.#sql(
      'insert into record values (?, ?, ?) on conflict (id) do update set kind = excluded.kind, json = excluded.json',
    )
    const drop = this.#sql('delete from record where id = ?')
    const { added, updated, removed } = change.diff
    for (const id of Object.keys(removed)) drop.run(id)
    for (const [, record] of Object.values(updated)) put.run(record.id, record.kind, JSON.stringify(record))
    for (const record of Object.values(added)) put.run(record.id, record.kind, JSON.stringify(record))
    this.#sql(
      'insert into change (id, step, label, source, action, time, diff) values (?, ?, ?, ?, ?, ?, ?)',
    ).run(
      change.id,
      change.step,
      change.label,
      change.source,
      change.action,
      change.time,
      JSON.stringify(change.diff),
    )
  }

  #diffs(where: string, ...values: string[]): Diff[] {
    return this.#guarded(() => {
      const rows = this.#sql(`select diff from change where ${where} order by seq`)
        .pluck()
        .all(...values) as string[]
      return rows.map((diff) => JSON.parse(diff) as Diff)
    })
  }

  #sql(text: string): Sqlite.Statement {
    const known = this.#statements.get(text)
    if (known) return known
    const statement = this.#db.prepare(text)
    this.#statements.set(text, statement)
    return statement
  }

  #guarded<T>(action: () => T): T {
    try {
      return action()
    } catch (error) {
      throw diskError(error, this.#path)
    }
  }
}

type ChangeRow = LoggedChange & { readonly seq: number; readonly diff: string }

/** Opens the file with its pragmas; brings an older format up to date, refuses a newer one and what is no project. */
function openFile(path: string, { readOnly, migrations = allMigrations }: DatabaseOptions): Sqlite.Database {
  let db: Sqlite.Database | undefined
  try {
    db = new Sqlite(path, { readonly: readOnly, timeout: 2000 })
    if (!readOnly) db.pragma('synchronous = FULL')
    migrate(db, path, { readOnly, migrations })
    if (!readOnly) db.pragma('journal_mode = WAL')
    return db
  } catch (error) {
    db?.close()
    throw diskError(error, path)
  }
}
