import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { byteRange } from './byte-range.ts'
import type { MediaDoor, MediaFile } from './media-door.ts'

export interface MediaAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable | Uint8Array | null
}

export interface MediaRequest {
  readonly method: string
  readonly range: string | null | undefined
}

/** Ids are made by the program out of these letters; anything else is no id and looks nothing up. */
const idPattern = /^[A-Za-z0-9_-]{1,100}$/

const notFound: MediaAnswer = { status: 404, headers: {}, body: null }

/** The bytes of a media by id, whole or the range asked for, streamed from disk. */
export async function answerMedia(
  door: MediaDoor,
  mediaId: string,
  { method, range }: MediaRequest,
): Promise<MediaAnswer> {
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, headers: { Allow: 'GET, HEAD' }, body: null }
  if (!idPattern.test(mediaId)) return notFound
  const file = await door.mediaFile(mediaId)
  const info = file && (await stat(file.path).catch(() => null))
  if (!file || !info?.isFile()) return notFound
  return answerFile(file, info, { method, range })
}

function answerFile(
  file: MediaFile,
  info: { readonly size: number; readonly mtimeMs: number },
  { method, range }: MediaRequest,
): MediaAnswer {
  const asked = byteRange(range, info.size)
  const headers: Record<string, string> = {
    'Accept-Ranges': 'bytes',
    'Content-Type': file.contentType,
    // A proxy takes the place of its original under the same id, so nothing may be kept without asking again.
    'Cache-Control': 'private, no-cache',
    ETag: `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`,
  }
  if (asked === 'none')
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${info.size}` }, body: null }
  const part = asked === 'whole' ? { first: 0, last: info.size - 1 } : asked
  headers['Content-Length'] = String(part.last - part.first + 1)
  if (asked !== 'whole') headers['Content-Range'] = `bytes ${part.first}-${part.last}/${info.size}`
  const empty = method === 'HEAD' || info.size === 0
  return {
    status: asked === 'whole' ? 200 : 206,
    headers,
    body: empty ? null : createReadStream(file.path, { start: part.first, end: part.last }),
  }
}

/** One frame as a picture. */
export async function answerFrame(
  door: MediaDoor,
  mediaId: string,
  frame: string,
  { method }: MediaRequest,
): Promise<MediaAnswer> {
  if (method !== 'GET') return { status: 405, headers: { Allow: 'GET' }, body: null }
  if (!idPattern.test(mediaId) || !/^\d{1,9}$/.test(frame)) return notFound
  const still = await door.stillFrame(mediaId, Number(frame))
  if (!still) return notFound
  return {
    status: 200,
    headers: {
      'Content-Type': still.contentType,
      'Content-Length': String(still.bytes.byteLength),
      'Cache-Control': 'private, no-cache',
    },
    body: still.bytes,
  }
}
