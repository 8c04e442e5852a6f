/** Whether a pack's files are those that its manifest lists: size and SHA-256. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { PackFile } from '../../../models/manifest.ts'
import type { PackCheck } from '../../core/models.ts'
import { packDiskError } from './pack-disk-error.ts'

/** Of the file at `path`, which is `file` of a pack. */
export async function fileCheck(file: PackFile, path: string, signal?: AbortSignal): Promise<PackCheck> {
  const what = `file ${file.path}`
  const wrong = (sentence: string): PackCheck => ({ what, right: false, sentence })
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) return wrong(`${file.path} is not there. Add the pack again.`)
  if (found.size !== file.bytes)
    return wrong(
      `${file.path} has ${shown(found.size)} bytes, but the manifest says ${shown(file.bytes)}. Fetch it again, or correct the manifest.`,
    )
  const hash = await fileHash(path, signal)
  if (hash !== file.sha256)
    return wrong(
      `${file.path} is not the file that the manifest lists: its SHA-256 is ${hash.slice(0, 12)}… and should be ${file.sha256.slice(0, 12)}…. Fetch it again, or correct the manifest.`,
    )
  return { what, right: true, sentence: `${shown(file.bytes)} bytes, SHA-256 as listed.` }
}

/** SHA-256, lower-case hex. */
export async function fileHash(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      signal?.throwIfAborted()
      hash.update(part as Buffer)
    }
  } catch (error) {
    throw packDiskError(error, path)
  }
  return hash.digest('hex')
}

function shown(count: number): string {
  return count.toLocaleString('en-US')
}
