/**
 * Who owns a project. The lock is an open exclusive transaction on `lock.db`: the operating system frees it when the
 * process dies, however it dies, so there is never a stale one. `owner.json` only says who; it is believed only while
 * the lock is held.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { UserError } from '../core/user-error.ts'
import { diskError } from './disk-error.ts'

export interface ProjectLock {
  release(): void
}

interface Owner {
  readonly pid: number
  readonly host: string
  /** Milliseconds since 1970. */
  readonly since: number
}

/** A database that nothing refers to is closed when garbage is collected, and its lock is gone. */
const heldLocks = new Set<Sqlite.Database>()

/** Throws UserError 'project-locked' naming who has the project, or 'not-writable' where no lock can be made. */
export function lockProject(folder: string, now: number): ProjectLock {
  const ownerPath = join(folder, 'owner.json')
  const lockPath = join(folder, 'lock.db')
  let db: Sqlite.Database | undefined
  try {
    db = new Sqlite(lockPath, { timeout: 0 })
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('begin exclusive')
    const owner: Owner = { pid: process.pid, host: hostname(), since: now }
    writeFileSync(ownerPath, JSON.stringify(owner))
  } catch (error) {
    db?.close()
    if (isBusy(error))
      throw new UserError('project-locked', lockedSentence(folder, readOwner(ownerPath)), { cause: error })
    throw diskError(error, folder)
  }
  const held = db
  heldLocks.add(held)
  return {
    release() {
      if (!held.open) return
      rmSync(ownerPath, { force: true })
      held.close()
      heldLocks.delete(held)
    },
  }
}

function lockedSentence(folder: string, owner: Owner | null): string {
  const who = owner ? ` (process ${owner.pid} on ${owner.host}, since ${shownTime(owner.since)})` : ''
  return `The project ${folder} is open in another Inbetween${who}. Close it there, or open it here read-only.`
}

function readOwner(path: string): Owner | null {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Owner>
    return typeof pid === 'number' && typeof host === 'string' && typeof since === 'number'
      ? { pid, host, since }
      : null
  } catch {
    // The owner is only just writing it.
    return null
  }
}

function shownTime(time: number): string {
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
