import { isUserError, UserError } from '../core/user-error.ts'

/**
 * What went wrong while writing or reading `what` (a path), as a sentence with a remedy. Errors that are no disk's
 * fault are returned as they are.
 */
export function diskError(error: unknown, what: string): unknown {
  if (isUserError(error) || !(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  const says = (id: string, sentence: string) => new UserError(id, sentence, { cause: error })
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return says(
      'disk-full',
      `The disk that holds ${what} is full, so the last change was not kept. Free some space and do it again.`,
    )
  if (
    code.startsWith('SQLITE_READONLY') ||
    code === 'EROFS' ||
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'SQLITE_PERM'
  )
    return says(
      'not-writable',
      `${what} cannot be written to. Give yourself write permission there, or copy the project to a folder of yours.`,
    )
  if (code === 'SQLITE_CORRUPT' || code.startsWith('SQLITE_CORRUPT_') || code === 'SQLITE_NOTADB')
    return says(
      'damaged',
      `${what} is damaged or is no project file. Restore it from a backup; nothing was written to it.`,
    )
  if (code === 'SQLITE_BUSY' || code.startsWith('SQLITE_BUSY_') || code === 'SQLITE_LOCKED')
    return says('busy', `Another program is using ${what}. Close it there and try again.`)
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO')
    return says(
      'disk-trouble',
      `The disk did not read or write ${what} (${code}). Check the disk or the network drive, then open the project again.`,
    )
  if (
    code === 'SQLITE_CANTOPEN' ||
    code.startsWith('SQLITE_CANTOPEN_') ||
    code === 'ENOENT' ||
    code === 'ENOTDIR'
  )
    return says('not-found', `${what} cannot be opened: it is not there or may not be read. Check the path.`)
  return error
}
