/** A pack as it lies in its folder: what its manifest says, and whether its files are still those that were checked. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseManifest } from '../../../models/check-manifest.ts'
import type { PackManifest } from '../../../models/manifest.ts'
import type { PackInfo, PackLicence } from '../../core/models.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import type { CheckRecord } from './check-record.ts'

export const manifestName = 'manifest.json'

export interface ReadManifest {
  readonly manifest: PackManifest
  /** SHA-256 of the file's bytes, lower-case hex. */
  readonly manifestHash: string
}

/** The folder's name is the pack's id, but for built-in packs, whose folders are named for what they do. */
export interface PackPlace {
  readonly folder: string
  readonly builtIn: boolean
  /** Said of a pack whose manifest cannot be read. */
  readonly nameOfFolder: string
}

/** Throws UserError 'broken-pack' where the folder has no manifest, else as parseManifest does. */
export function readManifest(folder: string): ReadManifest {
  const file = join(folder, manifestName)
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new UserError(
      'broken-pack',
      `${file} cannot be read, so nobody knows what the pack is. Remove the pack and add it again.`,
      { cause: error },
    )
  }
  return parsedManifest(bytes, file)
}

/** `file` names it in sentences. */
export function parsedManifest(bytes: Uint8Array, file: string): ReadManifest {
  const manifest = parseManifest(new TextDecoder().decode(bytes), file)
  return { manifest, manifestHash: createHash('sha256').update(bytes).digest('hex') }
}

export function packByteLength({ files }: PackManifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

export function packLicence({ licence }: PackManifest): PackLicence {
  const { spdx, url, commercial, note = null } = licence
  return { spdx, url, commercial, note }
}

/** What is true of a pack, from its manifest, its files' sizes and times, and the last check. Reads no file but the manifest. */
export function packInfo(place: PackPlace, checkOf: (id: string) => CheckRecord | null): PackInfo {
  const { folder, builtIn, nameOfFolder } = place
  let read: ReadManifest
  try {
    read = readManifest(folder)
  } catch (error) {
    if (!isUserError(error)) throw error
    return unreadable(place, error.message)
  }
  const { manifest } = read
  if (!builtIn && manifest.id !== nameOfFolder)
    return unreadable(
      place,
      `The folder ${folder} holds the pack “${manifest.id}”, which was not added by Inbetween. Remove it here, and add the pack.`,
    )
  return {
    id: manifest.id,
    name: manifest.name,
    version: manifest.version,
    role: manifest.role,
    contract: manifest.contract,
    licence: packLicence(manifest),
    sourceUrl: manifest.source?.url ?? null,
    folder,
    byteLength: packByteLength(manifest),
    builtIn,
    ...stateOf(folder, read, builtIn, checkOf(manifest.id)),
  }
}

function stateOf(
  folder: string,
  read: ReadManifest,
  builtIn: boolean,
  check: CheckRecord | null,
): Pick<PackInfo, 'state' | 'sentence' | 'checkedAt'> {
  const problem = sizeProblem(folder, read.manifest)
  if (problem !== null) return { state: 'broken', sentence: problem, checkedAt: null }
  if (check && check.fingerprint === packFingerprint(folder, read)) {
    const { state, sentence, checkedAt } = check
    return { state, sentence, checkedAt }
  }
  // What ships was checked before it was shipped.
  return { state: builtIn && !check ? 'ready' : 'unchecked', sentence: null, checkedAt: null }
}

/** The first file that is gone or has another size, as a sentence. */
function sizeProblem(folder: string, { name, files }: PackManifest): string | null {
  for (const { path, bytes } of files) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false })
    if (!found?.isFile()) return `${path} of “${name}” is gone. Add the pack again.`
    if (found.size !== bytes)
      return `${path} of “${name}” has ${found.size.toLocaleString('en-US')} bytes, but its manifest says ${bytes.toLocaleString('en-US')}. Add the pack again.`
  }
  return null
}

/** Differs once a file was written to, for all that size and time tell. */
export function packFingerprint(folder: string, { manifest, manifestHash }: ReadManifest): string {
  const hash = createHash('sha256').update(manifestHash)
  for (const { path } of manifest.files) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false })
    hash.update(`\n${path} ${found?.size} ${found?.mtimeMs}`)
  }
  return hash.digest('hex')
}

function unreadable({ folder, builtIn, nameOfFolder }: PackPlace, sentence: string): PackInfo {
  return {
    id: nameOfFolder,
    name: nameOfFolder,
    version: '',
    role: null,
    contract: '',
    licence: null,
    sourceUrl: null,
    folder,
    byteLength: 0,
    builtIn,
    state: 'broken',
    sentence,
    checkedAt: null,
  }
}
