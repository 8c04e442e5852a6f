import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { diskError } from './disk-error.ts'

/** What the file says, or null where there is none or it is no JSON. */
export function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch {
    return null
  }
}

/** Writes beside the file and renames, so that a reader, or a kill in the middle, sees the old file or the new one. */
export function writeJsonFile(path: string, value: unknown): void {
  const half = `${path}.${process.pid}.new`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(half, `${JSON.stringify(value, null, 2)}\n`)
    renameSync(half, path)
  } catch (error) {
    throw diskError(error, path)
  }
}
