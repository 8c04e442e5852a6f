/** What the last check of a pack found, kept beside the packs: one file each, believed while the pack's files stay as they were. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonFile, writeJsonFile } from '../json-file.ts'

export interface CheckRecord {
  /** Of the pack as it was checked: `packFingerprint`. */
  readonly fingerprint: string
  readonly state: 'ready' | 'broken'
  readonly sentence: string | null
  /** Milliseconds since 1970. */
  readonly checkedAt: number
}

/** Null where there was no check, or its record cannot be read. */
export function readCheck(storeFolder: string, id: string): CheckRecord | null {
  const { fingerprint, state, sentence, checkedAt } = (readJsonFile(recordPath(storeFolder, id)) ??
    {}) as Partial<CheckRecord>
  if (typeof fingerprint !== 'string' || typeof checkedAt !== 'number') return null
  if (state === 'ready') return { fingerprint, state, sentence: null, checkedAt }
  if (state === 'broken' && typeof sentence === 'string') return { fingerprint, state, sentence, checkedAt }
  return null
}

export function writeCheck(storeFolder: string, id: string, record: CheckRecord): void {
  writeJsonFile(recordPath(storeFolder, id), record)
}

export function forgetCheck(storeFolder: string, id: string): void {
  rmSync(recordPath(storeFolder, id), { force: true })
}

/** No id begins with a point, so no pack can be in the way. */
function recordPath(storeFolder: string, id: string): string {
  return join(storeFolder, '.checks', `${id}.json`)
}
