import { readFile, stat } from 'node:fs/promises'
import { UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'

/** A string in V8 holds at most half a gigabyte of characters. */
const largestByteLength = 500 * 1024 * 1024

/** A text file whole. Throws UserError when it cannot be read or is larger than a string can be. */
export async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > largestByteLength)
      throw new UserError(
        'file-too-large',
        `${path} has ${Math.round(size / 1e6)} MB, too much to read at once. Split it by video.`,
      )
    return await readFile(path, 'utf8')
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Null where there is no such file. */
export async function readTextIfThere(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch(() => null)
}
