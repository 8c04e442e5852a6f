/** Where a pack is to be had, opened: its manifest's bytes, and where each of its files lies. */
import { createReadStream } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { manifestByteLimit } from '../../../models/check-manifest.ts'
import type { PackFile } from '../../../models/manifest.ts'
import type { PackProgress, PackSource } from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import { fileBytes, webBytes, wholeBody } from './archive-bytes.ts'
import { download, isWhole } from './download.ts'
import type { FetchedFiles } from './fetched-files.ts'
import { packDiskError } from './pack-disk-error.ts'
import { manifestName } from './pack-folder.ts'
import { type Web, type WebAnswer, webError } from './web.ts'
import { damaged, isInflateError, openZip, type ZipArchive } from './zip-archive.ts'

export interface PackOrigin {
  /** The manifest's place, in sentences. */
  readonly manifestPlace: string
  readonly manifestBytes: Uint8Array
  /** Throws UserError where the file is nowhere, or has not the size that the manifest says. */
  placeOf(file: PackFile): Promise<FilePlace>
  close(): Promise<void>
}

export type FilePlace =
  /** `host`: where the archive that holds it comes from; null: this machine. */
  | { readonly type: 'here'; readonly host: string | null; open(): Promise<Readable> }
  | { readonly type: 'web'; readonly host: string; readonly url: string }

export interface OriginTools {
  readonly web: Web
  readonly fetched: FetchedFiles
  /** For adding: an archive on the web is fetched as a whole, where for a plan a look at its directory will do. */
  readonly whole: boolean
}

/** Longer archives are not taken. */
const archiveByteLimit = 64 * 2 ** 30

export function openOrigin(
  source: PackSource,
  tools: OriginTools,
  signal?: AbortSignal,
): AsyncGenerator<PackProgress, PackOrigin> {
  return source.type === 'path' ? pathOrigin(source.path, tools) : webOrigin(source.url, tools, signal)
}

/** What is on this machine is there at once. */
async function* pathOrigin(path: string, tools: OriginTools): AsyncGenerator<PackProgress, PackOrigin> {
  const found = await stat(path).catch((error: unknown) => {
    throw packDiskError(error, path)
  })
  if (found.isDirectory()) return folderOrigin(path, join(path, manifestName), tools)
  const start = found.isFile() ? await firstBytes(path) : Buffer.alloc(0)
  if (isZip(start)) return archiveOrigin(await openZip(await fileBytes(path), path), path, null, tools)
  if (/^\s*(\uFEFF)?\s*\{/.test(start.toString('utf8')) && found.size <= manifestByteLimit * 4)
    return folderOrigin(dirname(path), path, tools)
  throw new UserError(
    'no-pack-there',
    `${path} is neither a folder with a ${manifestName}, nor a zip archive, nor a manifest. Choose one of these; another archive unpack first.`,
  )
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    // No `await using`: Electron 33, which the tests run on, cannot read it.
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw packDiskError(error, path)
  }
}

function isZip(start: Buffer): boolean {
  return start[0] === 0x50 && start[1] === 0x4b
}

async function folderOrigin(folder: string, manifestPath: string, { web }: OriginTools): Promise<PackOrigin> {
  const file = await stat(manifestPath).catch(() => null)
  if (!file?.isFile())
    throw new UserError(
      'no-manifest',
      `${folder} has no ${manifestName}, so it is no pack. Choose the folder that has one, or write it.`,
    )
  const top = await realpath(folder)
  const real = await realpath(manifestPath)
  if (!isBelow(top, real)) throw escapes(basename(manifestPath), folder, real)
  const manifestBytes = await wholeBody(createReadStream(real), manifestByteLimit * 4, manifestPath).catch(
    (error: unknown) => {
      throw packDiskError(error, manifestPath)
    },
  )
  return {
    manifestPlace: manifestPath,
    manifestBytes,
    async placeOf(wanted) {
      const path = join(folder, ...wanted.path.split('/'))
      const real = await realpath(path).catch(() => null)
      if (real === null) return elsewhere(wanted, web, folder)
      if (!isBelow(top, real)) throw escapes(wanted.path, folder, real)
      const { size } = await stat(real)
      checkSize(wanted, size, path)
      return { type: 'here', host: null, open: async () => createReadStream(real) }
    },
    close: async () => {},
  }
}

async function archiveOrigin(
  zip: ZipArchive,
  name: string,
  host: string | null,
  { web }: OriginTools,
): Promise<PackOrigin> {
  try {
    const manifest = zip.entries.get(manifestName)
    if (!manifest)
      throw new UserError(
        'no-manifest',
        `${name} has no ${manifestName} at its top or in its only folder, so it is no pack. Pack the folder that has one.`,
      )
    const inside = `${manifestName} in ${name}`
    const manifestBytes = await wholeBody(await manifest.open(), manifestByteLimit * 4, inside).catch(
      (error: unknown) => {
        throw host === null || isInflateError(error) ? damaged(name, error) : webError(error, host)
      },
    )
    return {
      manifestPlace: inside,
      manifestBytes,
      async placeOf(wanted) {
        const entry = zip.entries.get(wanted.path)
        if (!entry) return elsewhere(wanted, web, name)
        checkSize(wanted, entry.byteLength, `${wanted.path} in ${name}`)
        return { type: 'here', host, open: () => entry.open() }
      },
      close: () => zip.close(),
    }
  } catch (error) {
    await zip.close()
    throw error
  }
}

async function* webOrigin(
  url: string,
  tools: OriginTools,
  signal: AbortSignal | undefined,
): AsyncGenerator<PackProgress, PackOrigin> {
  const { web } = tools
  const { host } = web.check(url)
  const at = basename(new URL(url).pathname) || host
  yield { type: 'progress', stage: 'fetch', at, done: 0, total: null }
  const answer = await web.get(url, {}, signal)
  const start = await peeked(answer, host)
  if (!start.isZip) return manifestOrigin(url, start.manifest, web)
  if (!tools.whole) {
    const looked = await lookedInto(url, answer, tools, signal)
    if (looked) return archiveOrigin(looked, url, host, tools)
  }
  tools.fetched.make()
  const to = tools.fetched.archive(url)
  const task = { web, url, to, what: at, byteLength: null, most: archiveByteLimit }
  // Where a server gives no parts, the plan has fetched it already.
  if (await isWhole(task, answer))
    return archiveOrigin(await openZip(await fileBytes(to), url), url, host, tools)
  for await (const step of download(task, signal)) yield { type: 'progress', stage: 'fetch', at, ...step }
  return archiveOrigin(await openZip(await fileBytes(to), url), url, host, tools)
}

/** What came first says what it is; of an archive no more is taken here. */
async function peeked(
  answer: WebAnswer,
  host: string,
): Promise<{ isZip: true } | { isZip: false; manifest: Buffer }> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of answer.body) {
      parts.push(part as Buffer)
      length += (part as Buffer).length
      // The first two bytes may come one by one.
      if (parts.length <= 2 && isZip(Buffer.concat(parts))) return { isZip: true }
      if (length > manifestByteLimit * 4)
        throw new UserError(
          'no-pack-there',
          `What ${host} sends is neither a manifest nor a zip archive. Check the address.`,
        )
    }
  } catch (error) {
    throw webError(error, host)
  } finally {
    answer.body.destroy()
  }
  return { isZip: false, manifest: Buffer.concat(parts) }
}

/** The archive read where it lies; null where the server gives no parts. */
async function lookedInto(
  url: string,
  { headers }: WebAnswer,
  { web }: OriginTools,
  signal: AbortSignal | undefined,
): Promise<ZipArchive | null> {
  const byteLength = Number(headers['content-length'] ?? Number.NaN)
  if (!Number.isSafeInteger(byteLength) || headers['accept-ranges'] !== 'bytes') return null
  const etag = headers.etag?.startsWith('"') ? headers.etag : null
  return openZip(webBytes(web, url, byteLength, etag, signal), url).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'no-parts') return null
    throw error
  })
}

function manifestOrigin(url: string, manifestBytes: Uint8Array, web: Web): PackOrigin {
  return {
    manifestPlace: url,
    manifestBytes,
    async placeOf({ path, url: given }) {
      const beside = new URL(path.split('/').map(encodeURIComponent).join('/'), url).href
      const { href, host } = web.check(given ?? beside)
      return { type: 'web', host, url: href }
    },
    close: async () => {},
  }
}

async function elsewhere(wanted: PackFile, web: Web, place: string): Promise<FilePlace> {
  if (wanted.url === undefined)
    throw new UserError(
      'no-file',
      `“${wanted.path}”, which the manifest lists, is not in ${place}. Put it there, or give its “url” in the manifest.`,
    )
  const { href, host } = web.check(wanted.url)
  return { type: 'web', host, url: href }
}

function checkSize({ bytes }: PackFile, found: number, place: string): void {
  if (found === bytes) return
  throw new UserError(
    'wrong-size',
    `${place} has ${found.toLocaleString('en-US')} bytes, but the manifest says ${bytes.toLocaleString('en-US')}. Take the file that the manifest was written for.`,
  )
}

function escapes(path: string, folder: string, real: string): UserError {
  return new UserError(
    'escapes',
    `“${path}” in ${folder} is a link that leads out of the folder, to ${real}. Put the file itself there.`,
  )
}

function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path)
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}
