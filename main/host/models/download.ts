/** One file from the web into one file on disk. Broken off, it goes on where it was, if the server still has the same file. */
import { open, stat, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { readJsonFile, writeJsonFile } from '../json-file.ts'
import { isDiskTrouble, packDiskError } from './pack-disk-error.ts'
import { type Web, type WebAnswer, webError } from './web.ts'

export interface Download {
  readonly web: Web
  readonly url: string
  /** The file; what it is a part of stands beside it, in `${to}.json`. */
  readonly to: string
  /** What it is for, in sentences: 'encoder.onnx'. */
  readonly what: string
  /** Of the whole, where that is known before. */
  readonly byteLength: number | null
  /** More is not taken. */
  readonly most: number
}

export interface DownloadProgress {
  readonly done: number
  readonly total: number | null
}

/** What the server said of a file of which a part is here. */
interface Mark {
  readonly url: string
  readonly etag: string | null
  readonly modified: string | null
  readonly total: number | null
}

/** Ends when the whole file is there; whether it is the right one, its hash says. */
export async function* download(task: Download, signal?: AbortSignal): AsyncGenerator<DownloadProgress> {
  const held = await heldBytes(task.to)
  if (held > 0 && held === task.byteLength) return
  const mark = held > 0 ? readMark(task.to) : null
  const resumes =
    mark !== null && mark.url === task.url && held < (task.byteLength ?? Number.POSITIVE_INFINITY)
  const answer = resumes ? await continued(task, mark, held, signal) : null
  if (answer) yield* written(task, answer.answer, answer.from, signal)
  else yield* written(task, await task.web.get(task.url, {}, signal), 0, signal)
}

/** Whether the file is here to its end, and `answer` speaks of just that file. */
export async function isWhole({ url, to }: Download, { headers }: WebAnswer): Promise<boolean> {
  const mark = readMark(to)
  if (mark?.url !== url || mark.total === null || mark.total !== (await heldBytes(to))) return false
  if (headers['content-length'] !== String(mark.total)) return false
  if (mark.etag !== null) return strongTag({ headers }) === mark.etag
  return mark.modified !== null && headers['last-modified'] === mark.modified
}

/** Bytes of the file that are here; 0 where there is none. */
export async function heldBytes(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0
}

/** Null where it has to begin anew: the file is another one now, or its server gives no parts. */
async function continued(
  { web, url }: Download,
  mark: Mark,
  held: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly answer: WebAnswer; readonly from: number } | null> {
  // Of a file that is all here the last byte is asked for once more: the answer says whether it is still the same.
  const from = mark.total === held ? held - 1 : held
  const same = mark.etag ?? mark.modified
  const headers = { range: `bytes=${from}-`, ...(same !== null && { 'if-range': same }) }
  const answer = await web.get(url, headers, signal)
  const range = contentRange(answer)
  const goesOn =
    answer.status === 206 &&
    range?.from === from &&
    (mark.total === null || range.total === null || range.total === mark.total) &&
    (mark.etag === null || strongTag(answer) === null || strongTag(answer) === mark.etag)
  if (goesOn) return { answer, from }
  if (answer.status === 200) return { answer, from: 0 }
  answer.body.destroy()
  return null
}

async function* written(
  task: Download,
  answer: WebAnswer,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<DownloadProgress> {
  const { host } = new URL(task.url)
  const length = answer.headers['content-length']
  const total = length === undefined ? null : from + Number(length)
  try {
    if (total !== null) checkLength(task, total)
    await begun(task, answer, from, total)
    const file = await open(task.to, 'r+')
    let done = from
    try {
      yield { done, total: task.byteLength ?? total }
      for await (const part of answer.body) {
        signal?.throwIfAborted()
        const bytes = part as Buffer
        if (done + bytes.length > (task.byteLength ?? task.most)) throw tooLong(task)
        await file.write(bytes, 0, bytes.length, done)
        done += bytes.length
        yield { done, total: task.byteLength ?? total }
      }
      await file.datasync()
    } finally {
      await file.close()
    }
    if (done < (task.byteLength ?? total ?? 0)) throw brokenOff(host, done)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw isDiskTrouble(error) ? packDiskError(error, dirname(task.to)) : webError(error, host)
  } finally {
    answer.body.destroy()
  }
}

/** The file cut to what is kept of it, and beside it what it is a part of: written first, so that a kill leaves no part unknown. */
async function begun(task: Download, answer: WebAnswer, from: number, total: number | null): Promise<void> {
  if (from > 0) return truncate(task.to, from)
  const file = await open(task.to, 'w')
  await file.close()
  const mark: Mark = {
    url: task.url,
    etag: strongTag(answer),
    modified: answer.headers['last-modified'] ?? null,
    total: task.byteLength ?? total,
  }
  writeJsonFile(`${task.to}.json`, mark)
}

function checkLength(task: Download, total: number): void {
  if (task.byteLength !== null && total !== task.byteLength)
    throw new UserError(
      'wrong-size',
      `${task.what} has ${shown(total)} bytes at ${task.url}, but the manifest says ${shown(task.byteLength)}. The file there is another one now: look for a newer manifest.`,
    )
  if (total > task.most) throw tooLong(task)
}

function tooLong({ what, url, byteLength, most }: Download): UserError {
  return new UserError(
    byteLength === null ? 'too-long' : 'wrong-size',
    byteLength === null
      ? `${what} at ${url} is longer than ${shown(most)} bytes, which no pack is. Check the address.`
      : `${what} at ${url} is longer than the ${shown(byteLength)} bytes that the manifest says. The file there is another one now: look for a newer manifest.`,
  )
}

function brokenOff(host: string, done: number): UserError {
  return new UserError(
    'broken-off',
    `The connection to ${host} broke off after ${shown(done)} bytes. Try again: what was fetched is kept.`,
  )
}

function contentRange({ headers }: WebAnswer): { from: number; total: number | null } | null {
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '')
  return found ? { from: Number(found[1]), total: found[2] === '*' ? null : Number(found[2]) } : null
}

/** A weak one says only that the file means the same, not that it is the same. */
function strongTag({ headers: { etag } }: Pick<WebAnswer, 'headers'>): string | null {
  return etag?.startsWith('"') ? etag : null
}

function readMark(path: string): Mark | null {
  const {
    url,
    etag = null,
    modified = null,
    total = null,
  } = (readJsonFile(`${path}.json`) ?? {}) as Partial<Mark>
  return typeof url === 'string' ? { url, etag, modified, total } : null
}

function shown(count: number): string {
  return count.toLocaleString('en-US')
}
