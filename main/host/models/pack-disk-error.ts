import { isUserError, UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'

/** What went wrong while a pack was written to `place`, or read from it, as a sentence with a remedy. */
export function packDiskError(error: unknown, place: string): unknown {
  if (isUserError(error) || !(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return diskFull(place, error)
  if (error.code === 'EROFS' || error.code === 'EACCES' || error.code === 'EPERM')
    return new UserError(
      'not-writable',
      `${place} may not be read or written to. Give yourself permission there, and try again.`,
      { cause: error },
    )
  return diskError(error, place)
}

export function diskFull(place: string, cause?: Error): UserError {
  return new UserError(
    'disk-full',
    `The disk that holds ${place} is full, so the pack was not added. Free some space and add it again: what was fetched is kept.`,
    { cause },
  )
}
