/**
 * One program at a time adds, replaces or removes packs. As with projects, the lock is an exclusive transaction kept
 * open: the system frees it however its owner dies.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { UserError } from '../../core/user-error.ts'
import { packDiskError } from './pack-disk-error.ts'

/** Returns what lets go of it. Throws UserError 'packs-busy', or 'not-writable'. */
export function lockStore(folder: string): () => void {
  let lock: Sqlite.Database | undefined
  try {
    mkdirSync(folder, { recursive: true })
    lock = new Sqlite(join(folder, '.lock.db'), { timeout: 0 })
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('begin exclusive')
  } catch (error) {
    lock?.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('SQLITE_BUSY'))
      throw new UserError(
        'packs-busy',
        'Another Inbetween is adding or removing a pack just now. Try again when it is done.',
        { cause: error },
      )
    if (/^SQLITE_(CANTOPEN|READONLY|PERM)/.test(code))
      throw new UserError(
        'not-writable',
        `${folder}, where packs are kept, may not be written to. Give yourself permission there, and try again.`,
        { cause: error },
      )
    throw packDiskError(error, folder)
  }
  const held = lock
  return () => held.close()
}
