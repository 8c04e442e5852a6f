/**
 * Files on their way into a pack, by their hash: what a break, a cancel or a refused manifest left is found by the next
 * try, even by a manifest that was corrected meanwhile.
 */
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PackFile } from '../../../models/manifest.ts'
import { UserError } from '../../core/user-error.ts'
import { type DownloadProgress, download, heldBytes } from './download.ts'
import { isDiskTrouble, packDiskError } from './pack-disk-error.ts'
import type { FilePlace } from './pack-origin.ts'
import type { Web } from './web.ts'

/** A month, since a part of it came last. */
const keptMs = 30 * 24 * 3600 * 1000

export class FetchedFiles {
  readonly #folder: string

  constructor(storeFolder: string) {
    this.#folder = join(storeFolder, '.fetched')
  }

  pathOf({ sha256 }: PackFile): string {
    return join(this.#folder, sha256)
  }

  /** Where an archive from the web is kept until its pack is added. */
  archive(url: string): string {
    return join(this.#folder, `${createHash('sha256').update(url).digest('hex')}.zip`)
  }

  /** Bytes of it that need not be fetched again. */
  async held(file: PackFile): Promise<number> {
    return Math.min(file.bytes, await heldBytes(this.pathOf(file)))
  }

  /** Ends when as many bytes as the manifest says are here. */
  async *fill(
    file: PackFile,
    place: FilePlace,
    web: Web,
    signal?: AbortSignal,
  ): AsyncGenerator<DownloadProgress> {
    this.make()
    const to = this.pathOf(file)
    const { bytes, path } = file
    if (place.type === 'web')
      yield* download({ web, url: place.url, to, what: path, byteLength: bytes, most: bytes }, signal)
    else if ((await heldBytes(to)) !== bytes || bytes === 0) yield* copied(file, place, to, signal)
  }

  /** Into a folder, at the file's path; what is here stays here. */
  async place(file: PackFile, folder: string): Promise<void> {
    const target = join(folder, ...file.path.split('/'))
    try {
      await mkdir(dirname(target), { recursive: true })
      // Some file systems know no second name for a file.
      await link(this.pathOf(file), target).catch(() => copyFile(this.pathOf(file), target))
    } catch (error) {
      throw packDiskError(error, target)
    }
  }

  async drop(file: PackFile): Promise<void> {
    await dropFile(this.pathOf(file))
  }

  async dropArchive(url: string): Promise<void> {
    await dropFile(this.archive(url))
  }

  /** What nobody came back for. */
  async forgetOld(now: number): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name)
      const found = await stat(path).catch(() => null)
      if (found && now - found.mtimeMs > keptMs) await rm(path, { force: true })
    }
  }

  make(): void {
    try {
      mkdirSync(this.#folder, { recursive: true })
    } catch (error) {
      throw packDiskError(error, this.#folder)
    }
  }
}

async function dropFile(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(`${path}.json`, { force: true })
}

async function* copied(
  { path, bytes }: PackFile,
  place: Extract<FilePlace, { type: 'here' }>,
  to: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<DownloadProgress> {
  const from = await place.open()
  let done = 0
  try {
    const file = await open(to, 'w')
    try {
      for await (const part of from) {
        signal?.throwIfAborted()
        const block = part as Buffer
        if (done + block.length > bytes) throw wrongSize(path, bytes, 'more')
        await file.write(block)
        done += block.length
        yield { done, total: bytes }
      }
      await file.datasync()
    } finally {
      await file.close()
    }
    if (done < bytes) throw wrongSize(path, bytes, 'fewer')
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw isDiskTrouble(error) ? packDiskError(error, dirname(to)) : unreadable(path, error)
  } finally {
    from.destroy()
  }
}

function wrongSize(path: string, bytes: number, than: 'more' | 'fewer'): UserError {
  return new UserError(
    'wrong-size',
    `“${path}” unpacks to ${than} than the ${bytes.toLocaleString('en-US')} bytes that the manifest says. Take the archive that the manifest was written for.`,
  )
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof UserError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new UserError('bad-archive', `“${path}” cannot be unpacked (${why}). Fetch the archive again.`, {
    cause: error,
  })
}
