/**
 * A zip archive, its directory read and judged before anything is taken out: a name that could land outside the pack's
 * folder, or twice on the same file, condemns the whole archive. yauzl reads the directory; bytes are read here, so that
 * no place that an archive claims is ever asked of a file without a check.
 */
import { pipeline, type Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl'
import { packPathProblem, pathKey } from '../../../models/pack-path.ts'
import { isUserError, UserError } from '../../core/user-error.ts'

/** Where an archive's bytes lie: a file, or a server that gives parts. */
export interface ArchiveBytes {
  readonly byteLength: number
  /** Just these bytes, which are inside. */
  read(start: number, length: number): Promise<Buffer>
  /** Bytes from `start` to before `end`, which are inside. */
  stream(start: number, end: number): Readable
  close(): Promise<void>
}

export interface ZipArchive {
  /** Files by path, without the folder that all of them may stand in. */
  readonly entries: ReadonlyMap<string, ZipEntry>
  close(): Promise<void>
}
export interface ZipEntry {
  readonly byteLength: number
  open(): Promise<Readable>
}

const entriesAllowed = 20_000
const fileTypeBits = 0o170000
const [folderType, fileType, linkType] = [0o040000, 0o100000, 0o120000]

/** `name` is the archive's, in sentences. Throws UserError 'bad-archive'. */
export async function openZip(bytes: ArchiveBytes, name: string): Promise<ZipArchive> {
  try {
    const reader = new CheckedReader(bytes)
    const zip = await fromRandomAccessReaderPromise(reader, bytes.byteLength, {
      autoClose: false,
      decodeStrings: false,
    })
    const found = await checkedEntries(zip, name)
    const prefix = commonFolder([...found.keys()])
    const entries = [...found].map(
      ([path, entry]) => [path.slice(prefix.length), entryOf(zip, entry, path, bytes, name)] as const,
    )
    return { entries: new Map(entries), close: () => bytes.close() }
  } catch (error) {
    await bytes.close()
    throw damaged(name, error)
  }
}

/** By path. Folders are left out, after their names were looked at too. */
async function checkedEntries(zip: ZipFile, name: string): Promise<Map<string, Entry>> {
  if (zip.entryCount > entriesAllowed)
    throw new UserError(
      'bad-archive',
      `${name} says that it holds ${zip.entryCount.toLocaleString('en-US')} files, which no pack does. Take another archive.`,
    )
  const found = new Map<string, Entry>()
  const seen = new Map<string, string>()
  for await (const entry of zip.eachEntry()) {
    // Backslashes are kept, and refused with the rest: nobody knows what they mean.
    const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
    const isFolder = path.endsWith('/')
    const problem = entryProblem(entry, path, isFolder)
    if (problem !== null) throw escapes(name, path, problem)
    if (isFolder) continue
    const twin = seen.get(pathKey(path))
    if (twin !== undefined)
      throw escapes(
        name,
        path,
        twin === path ? 'is there twice' : `is the same file as “${twin}” where case does not count`,
      )
    seen.set(pathKey(path), path)
    found.set(path, entry)
  }
  return found
}

/** Why an entry condemns its archive, as the end of a sentence. */
function entryProblem(entry: Entry, path: string, isFolder: boolean): string | null {
  const type = (entry.externalFileAttributes >>> 16) & fileTypeBits
  if (type === linkType) return 'is a link to another place'
  if (type !== 0 && type !== fileType && type !== folderType) return 'is neither a file nor a folder'
  return packPathProblem(isFolder ? path.slice(0, -1) : path)
}

/** 'pack/' where the manifest stands in a folder and not at the top; '' else. */
function commonFolder(paths: readonly string[]): string {
  if (paths.includes('manifest.json')) return ''
  const [first, ...others] = paths.filter((path) => /^[^/]+\/manifest\.json$/.test(path))
  return first !== undefined && others.length === 0 ? first.slice(0, -'manifest.json'.length) : ''
}

function entryOf(zip: ZipFile, entry: Entry, path: string, bytes: ArchiveBytes, name: string): ZipEntry {
  const { compressedSize, uncompressedSize } = entry
  return {
    byteLength: uncompressedSize,
    async open() {
      if (entry.isEncrypted())
        throw new UserError(
          'bad-archive',
          `${name}: “${path}” is encrypted. Unpack the archive yourself, and add the folder.`,
        )
      if (!entry.canDecodeFileData())
        throw new UserError(
          'bad-archive',
          `${name}: “${path}” is packed by a method that is not read here (${entry.compressionMethod}). Unpack the archive yourself, and add the folder.`,
        )
      const { fileDataStart } = await zip
        .readLocalFileHeaderPromise(entry, { minimal: true })
        .catch((error: unknown) => {
          throw damaged(name, error)
        })
      const packed = bytes.stream(fileDataStart, fileDataStart + compressedSize)
      // What fails on the way is told to who reads at its end.
      return entry.isCompressed() ? pipeline(packed, createInflateRaw(), () => {}) : packed
    },
  }
}

/** What yauzl asks for may lie anywhere: a number out of a broken archive would throw where nobody catches it. */
class CheckedReader extends RandomAccessReader {
  readonly #bytes: ArchiveBytes

  constructor(bytes: ArchiveBytes) {
    super()
    this.#bytes = bytes
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, byteCount?: number) => void,
  ): void {
    if (!Number.isSafeInteger(position) || position < 0 || position + length > this.#bytes.byteLength) {
      setImmediate(callback, new Error('it points outside itself'))
      return
    }
    const read = length === 0 ? Promise.resolve(Buffer.alloc(0)) : this.#bytes.read(position, length)
    read.then(
      (found) => {
        found.copy(buffer, offset)
        setImmediate(callback, null, found.length)
      },
      (error: unknown) => setImmediate(callback, error as Error),
    )
  }

  // Its owner closes the bytes; entries are read after the directory is.
  override close(callback: (error: Error | null) => void): void {
    setImmediate(callback, null)
  }
}

function escapes(name: string, path: string, problem: string): UserError {
  return new UserError(
    'bad-archive',
    `${name} is not unpacked: in it “${shown(path)}” ${problem}. Take the archive from its maker again, or unpack it yourself, look at it, and add the folder.`,
  )
}

export function damaged(name: string, cause: unknown): UserError {
  if (isUserError(cause)) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new UserError(
    'bad-archive',
    `${name} is no whole zip archive (${why.replace(/\.$/, '')}). Fetch it again.`,
    { cause },
  )
}

export function isInflateError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}

/** Without what would move the cursor of a terminal. */
function shown(path: string): string {
  return JSON.stringify(path.slice(0, 120)).slice(1, -1)
}
