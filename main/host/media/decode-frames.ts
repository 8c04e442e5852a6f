/**
 * One ffmpeg process that decodes a video from a place on, frame after frame, each with the presentation time it has in the
 * file. Pixels come over stdout; times come over stderr from the `showinfo` filter. Both are in output order, so the n-th
 * picture belongs to the n-th line. Nothing is duplicated or dropped between them.
 */
import type { Readable } from 'node:stream'
import { UserError } from '../../core/user-error.ts'
import { type Ffmpeg, ffmpegComplaint, startFfmpeg } from '../ffmpeg.ts'
import type { VideoFile } from './video-file.ts'

export interface DecodedFrame {
  /** Microseconds, rounded, as in the file: may be negative, may start above zero. */
  readonly timeUs: number
  /** Decoding can start here. */
  readonly isKey: boolean
  /** Empty when `pixels` was null. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface DecodeOptions {
  /** Decode from the nearest place at or before this time that the file's index offers; null: from the first packet. */
  readonly seekUs: number | null
  /** What to hand out; null: times only. */
  readonly pixels: PixelLayout | null
  readonly signal?: AbortSignal | undefined
  /** Called for what ffmpeg says beside the frames, among it its complaints about damage. */
  readonly onLine?: ((line: string) => void) | undefined
}

export interface PixelLayout {
  readonly width: number
  readonly height: number
  readonly format: 'rgb24' | 'yuv420p'
}

export function pixelByteLength({ width, height, format }: PixelLayout): number {
  return format === 'rgb24'
    ? width * height * 3
    : width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
}

/** Frames in the order a player shows them. Leaving the loop early kills the process. Damage is skipped over, as players do. */
export async function* decodeFrames(
  ffmpeg: Ffmpeg,
  file: VideoFile,
  options: DecodeOptions,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const infos = new Queue<FrameInfo>()
  const parse = showinfoParser()
  const run = startFfmpeg(ffmpeg, decodeArguments(ffmpeg, file, options), {
    signal: options.signal,
    onLine: (line) => {
      const info = parse(line)
      if (info) infos.push(info)
      else options.onLine?.(line)
    },
  })
  run.stdin.end()
  run.ended.then(
    () => infos.end(),
    () => infos.end(),
  )
  const byteLength = options.pixels ? pixelByteLength(options.pixels) : 0
  const pictures = options.pixels ? new PictureStream(run.stdout, byteLength) : null
  if (!pictures) run.stdout.resume()
  let count = 0
  try {
    for (;;) {
      const bytes = pictures ? await pictures.next() : noBytes
      if (!bytes) break
      const info = await infos.next()
      if (!info) break
      count++
      yield { ...info, bytes }
    }
    const { exitCode, lines } = await run.ended
    if (count === 0 && exitCode !== 0 && options.seekUs === null) throw cannotDecode(file, lines)
  } finally {
    run.kill()
  }
}

const noBytes = new Uint8Array(0)

function cannotDecode(file: VideoFile, lines: readonly string[]): UserError {
  // The sentence has said which file it is.
  const reason = ffmpegComplaint(lines)?.replace(`file:${file.path}: `, '')
  return new UserError(
    'media-undecodable',
    `${file.path} cannot be decoded${reason ? ` (${reason})` : ''}. Convert it to another format and import that.`,
  )
}

function decodeArguments(ffmpeg: Ffmpeg, file: VideoFile, { seekUs, pixels }: DecodeOptions): string[] {
  const seek =
    seekUs === null ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', (seekUs / 1e6).toFixed(6)]
  const output = pixels ? ['-f', 'rawvideo', '-pix_fmt', pixels.format, 'pipe:1'] : ['-f', 'null', '-']
  return [
    ...['-nostdin', '-nostats', '-v', 'info', '-copyts', '-noautorotate', ...seek],
    ...['-i', `file:${file.path}`, '-map', `0:V:${file.streamIndex}`, '-an', '-sn', '-dn'],
    ...ffmpeg.keepEveryFrame,
    ...['-filter:v', [...decodeFilters(file, pixels), 'showinfo'].join(',')],
    ...output,
  ]
}

/** showinfo sums up the pixels it sees, so it comes last, where the picture is smallest. */
function decodeFilters(file: VideoFile, pixels: PixelLayout | null): string[] {
  if (!pixels) return ['crop=min(iw\\,16):min(ih\\,16):0:0']
  const turned = file.rotation === 90 || file.rotation === 270
  const [width, height] = turned ? [pixels.height, pixels.width] : [pixels.width, pixels.height]
  const filters = [
    `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int`,
    `format=${pixels.format}`,
  ]
  if (file.rotation === 90) filters.push('transpose=clock')
  if (file.rotation === 180) filters.push('hflip', 'vflip')
  if (file.rotation === 270) filters.push('transpose=cclock')
  return filters
}

interface FrameInfo {
  readonly timeUs: number
  readonly isKey: boolean
}

/** Reads `showinfo`'s lines: first `config in time_base: 1/12800, ...`, then `n: 0 pts: 512 ... iskey:1 ...` a frame. */
export function showinfoParser(): (line: string) => FrameInfo | null {
  let [numerator, denominator] = [0, 1]
  let lastUs = Number.NaN
  return (line) => {
    if (!line.startsWith('[Parsed_showinfo')) return null
    const base = /config in time_base: (\d+)\/(\d+)/.exec(line)
    if (base) [numerator, denominator] = [Number(base[1]), Number(base[2])]
    const frame = / n: *\d+ pts: *(-?\d+|NOPTS) .*? iskey:([01])/.exec(line)
    if (!frame) return null
    const timeUs = frame[1] === 'NOPTS' ? lastUs : timeUsOf(Number(frame[1]), numerator, denominator)
    lastUs = timeUs
    return { timeUs, isKey: frame[2] === '1' }
  }
}

/** Microseconds, rounded, of a time stamp counted in units of numerator / denominator seconds. */
export function timeUsOf(stamp: number, numerator: number, denominator: number): number {
  return Math.round(((stamp * numerator) / denominator) * 1e6) + 0
}

/** Cuts a byte stream into pictures of one size. Reading is what lets ffmpeg go on, so at most a few wait in the pipe. */
class PictureStream {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #byteLength: number
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: Readable, byteLength: number) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    this.#byteLength = byteLength
  }

  /** Null at the end; an incomplete last picture is not handed out. */
  async next(): Promise<Uint8Array<ArrayBuffer> | null> {
    const picture = new Uint8Array(this.#byteLength)
    let filled = 0
    for (;;) {
      const taken = Math.min(this.#rest.length, this.#byteLength - filled)
      picture.set(this.#rest.subarray(0, taken), filled)
      this.#rest = this.#rest.subarray(taken)
      filled += taken
      if (filled === this.#byteLength) return picture
      const chunk = await this.#chunks.next().catch(() => ({ done: true as const, value: undefined }))
      if (chunk.done) return null
      this.#rest = chunk.value
    }
  }
}

/** Values pushed on one side, awaited on the other, in order; null after the end. */
class Queue<T> {
  readonly #values: T[] = []
  #ended = false
  #wake: (() => void) | null = null

  push(value: T): void {
    this.#values.push(value)
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  async next(): Promise<T | null> {
    while (this.#values.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
    return this.#values.shift() ?? null
  }
}
