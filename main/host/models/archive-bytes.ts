/** The bytes of an archive: in a file on this machine, or on a server that gives parts of it. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { UserError } from '../../core/user-error.ts'
import { packDiskError } from './pack-disk-error.ts'
import type { Web, WebAnswer } from './web.ts'
import type { ArchiveBytes } from './zip-archive.ts'

export async function fileBytes(path: string): Promise<ArchiveBytes> {
  try {
    const file = await open(path)
    const { size: byteLength } = await file.stat()
    return {
      byteLength,
      async read(start, length) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start)
        return buffer.subarray(0, bytesRead)
      },
      stream: (start, end) =>
        end > start ? createReadStream(path, { start, end: end - 1 }) : new PassThrough().end(),
      close: () => file.close(),
    }
  } catch (error) {
    throw packDiskError(error, path)
  }
}

/** Fetched at a time: a directory is read in small pieces, and each would be a request. */
const blockBytes = 64 * 1024
const blocksKept = 64

/** For looking into an archive before it is fetched. */
export function webBytes(
  web: Web,
  url: string,
  byteLength: number,
  etag: string | null,
  signal?: AbortSignal,
): ArchiveBytes {
  const blocks = new Map<number, Promise<Buffer>>()
  const range = async (start: number, end: number): Promise<WebAnswer> => {
    const headers = { range: `bytes=${start}-${end - 1}`, ...(etag !== null && { 'if-match': etag }) }
    const answer = await web.get(url, headers, signal)
    if (answer.status === 206 && answer.headers['content-range']?.startsWith(`bytes ${start}-`)) return answer
    answer.body.destroy()
    throw new UserError('no-parts', `${new URL(url).host} does not give parts of ${url}.`)
  }
  const block = (index: number) => {
    const start = index * blockBytes
    const end = Math.min(start + blockBytes, byteLength)
    const known =
      blocks.get(index) ??
      range(start, end).then(({ body }) => wholeBody(body, end - start, `What comes as a part of ${url}`))
    blocks.delete(index)
    blocks.set(index, known)
    if (blocks.size > blocksKept) blocks.delete(blocks.keys().next().value!)
    return known
  }
  return {
    byteLength,
    async read(start, length) {
      const parts: Buffer[] = []
      for (let at = start; at < start + length; ) {
        const index = Math.floor(at / blockBytes)
        const from = at - index * blockBytes
        const part = (await block(index)).subarray(from, from + start + length - at)
        if (part.length === 0) break
        parts.push(part)
        at += part.length
      }
      return Buffer.concat(parts)
    },
    stream(start, end) {
      const through = new PassThrough()
      if (end <= start) return through.end()
      range(start, end).then(
        ({ body }) => pipeline(body, through, () => {}),
        (error: Error) => through.destroy(error),
      )
      return through
    },
    close: async () => {},
  }
}

/** Throws UserError 'too-long' that names `what` for more than `most` bytes. */
export async function wholeBody(body: Readable, most: number, what: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of body) {
      parts.push(part as Buffer)
      length += (part as Buffer).length
      if (length > most)
        throw new UserError(
          'too-long',
          `${what} is longer than ${most.toLocaleString('en-US')} bytes, which it should not be. Choose another one.`,
        )
    }
  } finally {
    body.destroy()
  }
  return Buffer.concat(parts)
}
