import { isUserError, UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'

const full = ['ENOSPC', 'EDQUOT']
const forbidden = ['EROFS', 'EACCES', 'EPERM']
const troubles = [...full, ...forbidden, 'EIO', 'EFBIG', 'EMFILE', 'ENFILE', 'ENOENT', 'ENOTDIR', 'EISDIR']

/** Whether a file is to blame, where a server or an archive might be. */
export function isDiskTrouble(error: unknown): boolean {
  const { code, syscall } = codesOf(error)
  return troubles.includes(code) && syscall !== 'connect'
}

/** What went wrong while a pack was written to `place`, or read from it, as a sentence with a remedy. */
export function packDiskError(error: unknown, place: string): unknown {
  if (isUserError(error) || !(error instanceof Error)) return error
  const { code, syscall } = codesOf(error)
  if (full.includes(code)) return diskFull(place, error)
  if (forbidden.includes(code))
    return new UserError(
      'not-writable',
      `${place} may not be read or written to. Give yourself permission there, and try again.`,
      { cause: error },
    )
  const told = diskError(error, place)
  if (isUserError(told) || syscall === '') return told
  return new UserError(
    'disk-trouble',
    `The disk did not read or write ${place} (${code}). Check the disk, and try again.`,
    { cause: error },
  )
}

export function diskFull(place: string, cause?: Error): UserError {
  return new UserError(
    'disk-full',
    `The disk that holds ${place} is full, so the pack was not added. Free some space and add it again: what was fetched is kept.`,
    { cause },
  )
}

function codesOf(error: unknown): { readonly code: string; readonly syscall: string } {
  const { code = '', syscall = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  return { code, syscall }
}
