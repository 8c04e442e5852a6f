import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { UserError } from '../core/user-error.ts'
import type { Migration } from './migrations/migration.ts'

/** Stands in the file's header, so that no other program's database is taken for a project: 'Inbt'. */
const applicationId = 0x496e6274

export interface MigrateOptions {
  readonly readOnly: boolean
  readonly migrations: readonly Migration[]
}

/**
 * Brings an open file to the newest format, after copying it beside itself. A newer file, or another program's, is
 * refused before anything is written to it.
 */
export function migrate(db: Sqlite.Database, path: string, { readOnly, migrations }: MigrateOptions): void {
  const newest = migrations.at(-1)?.version ?? 0
  const version = db.pragma('user_version', { simple: true }) as number
  const isOurs = db.pragma('application_id', { simple: true }) === applicationId
  const isEmpty = db.prepare('select count(*) from sqlite_master').pluck().get() === 0
  const isNew = isEmpty && !isOurs && version === 0
  if (!isOurs && !isNew)
    throw new UserError(
      'no-project',
      `${path} is another program's database, not an Inbetween project. Open a folder that Inbetween made.`,
    )
  if (version > newest)
    throw new UserError(
      'newer-project',
      `${path} was made by a newer Inbetween (format ${version}; this one reads up to ${newest}). Update Inbetween to open it.`,
    )
  if (version === newest) return
  if (readOnly)
    throw new UserError(
      'older-project',
      `${path} was made by an older Inbetween (format ${version}; this one reads format ${newest}). Open it once for writing, and it is copied and brought up to date.`,
    )
  if (!isNew) db.prepare('vacuum into ?').run(copyPath(path, version))
  db.transaction(() => {
    db.pragma(`application_id = ${applicationId}`)
    for (const migration of migrations) {
      if (migration.version <= version) continue
      db.exec(migration.sql)
      db.pragma(`user_version = ${migration.version}`)
    }
  }).immediate()
}

/** A free name beside the file: `project.format-1.db`, `project.format-1.2.db`, ... */
function copyPath(path: string, version: number): string {
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? `project.format-${version}.db` : `project.format-${version}.${copy}.db`
    const candidate = join(dirname(path), name)
    if (!existsSync(candidate)) return candidate
  }
}
