/**
 * Which runs work with a pack just now, in whatever program: a pack is not taken from under them. A mark is a lock like
 * the store's, so the system frees it however its owner dies; a file beside it has the run in words.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { UserError } from '../../core/user-error.ts'

/** A run that works with a pack until `ended` aborts. */
export interface PackRun {
  /** '“Propagate dog” of the project street' */
  readonly name: string
  readonly ended: AbortSignal
}

let markCount = 0

/** Where no mark can be written the run goes on without one. */
export function markUse(folder: string, id: string, { name, ended }: PackRun): void {
  if (ended.aborted) return
  const marks = marksOf(folder, id)
  const mark = join(marks, `${process.pid}-${++markCount}`)
  let lock: Sqlite.Database | undefined
  try {
    mkdirSync(marks, { recursive: true })
    writeFileSync(`${mark}.txt`, name)
    lock = new Sqlite(`${mark}.db`, { timeout: 0 })
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('begin exclusive')
  } catch {
    lock?.close()
    return
  }
  const held = lock
  ended.addEventListener(
    'abort',
    () => {
      held.close()
      forget(mark)
    },
    { once: true },
  )
}

/** Throws UserError 'pack-in-use' that names the run. `what`: is to be done with the pack. */
export function checkUnused(folder: string, id: string, what: 'removed' | 'replaced'): void {
  for (const file of filesIn(marksOf(folder, id))) {
    if (!file.endsWith('.db')) continue
    const mark = join(marksOf(folder, id), file.slice(0, -'.db'.length))
    if (isHeld(mark))
      throw new UserError(
        'pack-in-use',
        `“${id}” cannot be ${what} while a run works with it: ${nameIn(mark)}. Cancel that run first: what it has made is kept.`,
      )
    forget(mark)
  }
}

function marksOf(folder: string, id: string): string {
  return join(folder, '.used', id)
}

function isHeld(mark: string): boolean {
  let lock: Sqlite.Database | undefined
  try {
    lock = new Sqlite(`${mark}.db`, { timeout: 0, fileMustExist: true })
    lock.exec('begin exclusive')
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
  } finally {
    lock?.close()
  }
}

function nameIn(mark: string): string {
  try {
    return readFileSync(`${mark}.txt`, 'utf8')
  } catch {
    return 'a propagation'
  }
}

function forget(mark: string): void {
  for (const end of ['.db', '.txt']) rmSync(mark + end, { force: true })
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
