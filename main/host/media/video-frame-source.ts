/**
 * Exact frames of a video at one size. Every picture that ffmpeg decodes comes with its presentation time and is matched
 * against the table, so a frame is never handed out by counting alone. After a seek nothing is believed before the first key
 * picture: what comes out before it was decoded without its references.
 */
import { basename } from 'node:path'
import { formatTime, frameWithTime, shownTimeUs } from '../../core/track/frame-table.ts'
import { UserError } from '../../core/user-error.ts'
import { type Ffmpeg, resolveFfmpeg } from '../ffmpeg.ts'
import { type DecodedFrame, decodeFrames, type PixelLayout, pixelByteLength } from './decode-frames.ts'
import type { FrameSource } from './frame-source.ts'
import type { VideoFile } from './video-file.ts'

export interface VideoFrameOptions {
  readonly width: number
  readonly height: number
  /** 'rgb24' unless said otherwise. */
  readonly format?: PixelLayout['format']
}

/** How far back from the wanted time a seek goes, tried in turn until it lands on a key picture early enough. */
const seekBackUs = [0, 1_000_000, 5_000_000, 20_000_000]
/** Decoding on is cheaper than a new process up to this many frames ahead. */
const skipLimit = 48
const leastBack = 6
/** Frames kept for going backward. */
const keptByteLimit = 96 * 1024 * 1024

/** Opens a video for reading by position in its table of presentation times (microseconds, ascending). */
export async function openVideoFrames(
  file: VideoFile,
  timesUs: Float64Array,
  { width, height, format = 'rgb24' }: VideoFrameOptions,
): Promise<FrameSource> {
  return new VideoFrameSource(await resolveFfmpeg(), file, timesUs, { width, height, format })
}

class VideoFrameSource implements FrameSource {
  readonly width: number
  readonly height: number
  readonly #ffmpeg: Ffmpeg
  readonly #file: VideoFile
  readonly #timesUs: Float64Array
  readonly #pixels: PixelLayout
  readonly #keptLimit: number
  readonly #kept = new Map<number, Uint8Array>()
  readonly #closing = new AbortController()
  #run: Run | null = null
  #lastIndex = -1
  /** Frames to decode at once when the next one lies before the last: more, the longer it goes backward. */
  #backCount = leastBack
  /** Where in `seekBackUs` to begin: containers without an index of key pictures need to go back further each time. */
  #seekStep = 0
  #queue: Promise<unknown> = Promise.resolve()

  constructor(ffmpeg: Ffmpeg, file: VideoFile, timesUs: Float64Array, pixels: PixelLayout) {
    this.width = pixels.width
    this.height = pixels.height
    this.#ffmpeg = ffmpeg
    this.#file = file
    this.#timesUs = timesUs
    this.#pixels = pixels
    this.#keptLimit = Math.max(2, Math.min(96, Math.floor(keptByteLimit / pixelByteLength(pixels))))
  }

  get frameCount(): number {
    return this.#timesUs.length
  }

  read(frameIndex: number, signal?: AbortSignal): Promise<Uint8Array> {
    const answer = this.#queue.then(async () => {
      signal?.throwIfAborted()
      this.#closing.signal.throwIfAborted()
      return this.#read(frameIndex, signal)
    })
    this.#queue = answer.catch(() => {})
    return answer
  }

  async close(): Promise<void> {
    this.#closing.abort(
      new UserError('frames-closed', `${basename(this.#file.path)} was closed while a frame was read.`),
    )
    await this.#queue
    await this.#stop()
    this.#kept.clear()
  }

  async #read(frameIndex: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= this.frameCount) {
      throw new UserError(
        'no-such-frame',
        `${basename(this.#file.path)} has ${this.frameCount} frames; there is no frame ${frameIndex}.`,
      )
    }
    const kept = this.#kept.get(frameIndex)
    const backward = frameIndex < this.#lastIndex && this.#lastIndex - frameIndex <= this.#keptLimit
    this.#lastIndex = frameIndex
    if (kept) return kept
    this.#backCount = backward ? Math.min(this.#keptLimit, this.#backCount * 2) : leastBack
    const ahead = this.#run === null ? -1 : frameIndex - this.#run.nextIndex
    if (ahead >= 0 && ahead <= skipLimit) {
      const bytes = await this.#readOn(frameIndex, frameIndex, signal)
      if (bytes) return bytes
    }
    const first = backward ? Math.max(0, frameIndex - this.#backCount + 1) : frameIndex
    return this.#readFrom(first, frameIndex, signal)
  }

  /** Seeks to `first` and reads to `wanted`, keeping what comes between. Goes back further until that succeeds. */
  async #readFrom(first: number, wanted: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    for (let step = this.#seekStep; step <= seekBackUs.length; step++) {
      const back = seekBackUs[step]
      const seekUs = back === undefined ? null : (this.#timesUs[first] as number) - back
      const fromStart = seekUs === null || seekUs <= (this.#timesUs[0] as number)
      await this.#stop()
      this.#kept.clear()
      this.#run = new Run(
        decodeFrames(this.#ffmpeg, this.#file, {
          seekUs: fromStart ? null : seekUs,
          pixels: this.#pixels,
          signal: this.#closing.signal,
        }),
        fromStart,
      )
      const bytes = await this.#readOn(wanted, first, signal)
      if (bytes) {
        if (!fromStart) this.#seekStep = step
        return bytes
      }
      if (fromStart) break
    }
    await this.#stop()
    const time = formatTime(shownTimeUs(this.#timesUs, wanted))
    throw new UserError(
      'frame-undecodable',
      `Frame ${wanted} (${time}) of ${basename(this.#file.path)} cannot be decoded; the file is damaged there or has changed. Use the frames around it, or relink an intact copy.`,
    )
  }

  /** Decodes on to `wanted`, keeping frames from `first` on. Null when it does not come by: it landed too late, or lost it. */
  async #readOn(wanted: number, first: number, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    const run = this.#run as Run
    for (;;) {
      signal?.throwIfAborted()
      const frame = await run.next()
      if (!frame) return null
      const index = frameWithTime(this.#timesUs, frame.timeUs)
      if (index < run.nextIndex) continue
      run.nextIndex = index + 1
      if (index > wanted) return null
      if (index >= first) this.#keep(index, frame.bytes)
      if (index === wanted) return frame.bytes
    }
  }

  #keep(frameIndex: number, bytes: Uint8Array): void {
    this.#kept.delete(frameIndex)
    this.#kept.set(frameIndex, bytes)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#keptLimit) break
      this.#kept.delete(oldest)
    }
  }

  async #stop(): Promise<void> {
    const run = this.#run
    this.#run = null
    await run?.stop()
  }
}

/** One decoding process and how far it has come. */
class Run {
  /** The frame after the last one that came out; 0 before any. */
  nextIndex = 0
  #trusted: boolean
  readonly #frames: AsyncGenerator<DecodedFrame, void, undefined>

  /** A run from the file's start is what the table was made of: all of it is trusted. */
  constructor(frames: AsyncGenerator<DecodedFrame, void, undefined>, trusted: boolean) {
    this.#frames = frames
    this.#trusted = trusted
  }

  async next(): Promise<DecodedFrame | null> {
    for (;;) {
      const { done, value } = await this.#frames.next()
      if (done) return null
      this.#trusted ||= value.isKey
      if (this.#trusted) return value
    }
  }

  async stop(): Promise<void> {
    await this.#frames.return()
  }
}
