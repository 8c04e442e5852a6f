/**
 * The frames of one media for the canvas: at once where they are at hand, else as soon as the worker has them. The frame on
 * screen comes first and interrupts what is decoded ahead; while the user scrubs, the latest frame asked for wins, but a decode
 * that is nearly through is let through now and then, so that something moves. When nothing is asked for, frames are decoded
 * ahead in the direction the user goes.
 */
import type { DecodeJob, FromWorker, OpenStills, OpenVideo, ToWorker } from './decode-messages.ts'
import { FrameCache, type Tier } from './frame-cache.ts'

export interface FramePicture {
  readonly frameIndex: number
  /** Stays valid until the next call of `frame`. */
  readonly image: ImageBitmap
  /** Clockwise turn that `image` still needs. Its sides may also differ from the media's by the pixel aspect: stretch it. */
  readonly rotation: 0 | 90 | 180 | 270
}

export interface DecodeWorker {
  postMessage(message: ToWorker): void
  onmessage: ((event: MessageEvent<FromWorker>) => unknown) | null
  terminate(): void
}

export interface FrameProviderOptions {
  /** Tried in order: where one cannot be opened or loses frames, the next takes over. The last is the host's exact stills. */
  readonly sources: readonly {
    readonly open: OpenVideo | OpenStills
    readonly rotation: 0 | 90 | 180 | 270
  }[]
  readonly frameCount: number
  readonly cacheMegabytes: number
  readonly startWorker: () => DecodeWorker
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Frames decoded ahead while nothing else is to do. */
const aheadCount = 12
/** While scrubbing, a picture at least this often. */
const showEveryMs = 150

const tierRank: Record<Tier, number> = { visible: 0, prefetch: 1, recent: 2 }

interface Running extends DecodeJob {
  readonly tier: Tier
}

export class FrameProvider {
  readonly #options: FrameProviderOptions
  readonly #cache: FrameCache
  readonly #listeners = new Set<(frameIndex: number) => void>()
  readonly #lost = new Set<number>()
  /** Latest request of each tier that has not begun. */
  readonly #waiting = new Map<Tier, DecodeJob>()
  #worker: DecodeWorker
  #sourceIndex = 0
  #frameCount: number
  #running: Running | null = null
  #nextJobId = 1
  #visible = -1
  #direction: 1 | -1 = 1
  #shownMs = Number.NEGATIVE_INFINITY
  #problem: string | null = null

  constructor(options: FrameProviderOptions) {
    this.#options = options
    this.#frameCount = options.frameCount
    this.#cache = new FrameCache(options.cacheMegabytes * 1024 * 1024)
    this.#worker = this.#start()
  }

  /** The picture of a frame, which becomes the one on screen; null while it is on its way. */
  frame(frameIndex: number): FramePicture | null {
    if (frameIndex !== this.#visible) {
      if (this.#visible >= 0) this.#direction = frameIndex > this.#visible ? 1 : -1
      this.#visible = frameIndex
      this.#cache.show(frameIndex)
    }
    const cached = this.#cache.get(frameIndex)
    if (cached) {
      this.#shownMs = this.#options.now()
      this.#next()
      return { frameIndex, image: cached.image, rotation: this.#source.rotation }
    }
    this.request(frameIndex, 'visible')
    return null
  }

  /** Asks for a frame without showing it. A request replaces the waiting one of its tier. */
  request(frameIndex: number, tier: Tier): void {
    if (
      frameIndex < 0 ||
      frameIndex >= this.#frameCount ||
      this.#cache.has(frameIndex) ||
      this.#lost.has(frameIndex)
    )
      return
    const running = this.#running
    if (running && running.first <= frameIndex && frameIndex <= running.last && running.tier === tier) return
    this.#waiting.set(tier, { jobId: 0, first: frameIndex, last: frameIndex })
    this.#next()
  }

  /** Told of each picture that has come, and with -1 when the source has changed. Returns what ends it. */
  onFrame(listener: (frameIndex: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** More of the table is known. */
  takeTimes(timesUs: Float64Array): void {
    this.#frameCount = timesUs.length
    if (this.#source.open.kind === 'video') this.#worker.postMessage({ type: 'times', timesUs })
    this.#next()
  }

  set cacheMegabytes(megabytes: number) {
    this.#cache.byteLimit = megabytes * 1024 * 1024
  }

  get cacheByteLength(): number {
    return this.#cache.byteLength
  }

  /** What shows the frames now, and why not something better. */
  get status(): { readonly shows: 'video' | 'stills'; readonly problem: string | null } {
    return { shows: this.#source.open.kind, problem: this.#problem }
  }

  close(): void {
    this.#worker.terminate()
    this.#cache.clear()
    this.#listeners.clear()
    this.#waiting.clear()
    this.#frameCount = 0
  }

  get #source() {
    return this.#options.sources[this.#sourceIndex] as FrameProviderOptions['sources'][number]
  }

  #start(): DecodeWorker {
    const worker = this.#options.startWorker()
    worker.onmessage = ({ data }) => {
      if (worker === this.#worker) this.#receive(data)
      else if (data.type === 'picture') data.image.close()
    }
    worker.postMessage({ type: 'open', source: this.#source.open })
    return worker
  }

  #receive(message: FromWorker): void {
    if (message.type === 'opened') {
      if (message.problem !== null) this.#fallBack(message.problem)
    } else if (message.type === 'picture') {
      const { frameIndex, image } = message
      const isVisible = frameIndex === this.#visible
      this.#cache.put(
        frameIndex,
        image,
        isVisible ? 'visible' : (this.#running?.tier ?? 'recent') === 'prefetch' ? 'prefetch' : 'recent',
      )
      if (isVisible) this.#shownMs = this.#options.now()
      this.#tell(frameIndex)
    } else if (message.jobId === this.#running?.jobId) {
      const { first, last, tier } = this.#running
      this.#running = null
      if (message.problem !== null) this.#lose(first, last, tier, message.problem)
      this.#next()
    }
  }

  /** A frame on screen that this source loses is asked of the next one; frames ahead may wait until they are on screen. */
  #lose(first: number, last: number, tier: Tier, problem: string): void {
    if (tier === 'visible' && this.#sourceIndex + 1 < this.#options.sources.length) {
      this.#fallBack(problem)
      return
    }
    for (let frameIndex = first; frameIndex <= last; frameIndex++) {
      if (!this.#cache.has(frameIndex)) this.#lost.add(frameIndex)
    }
    if (tier === 'visible') this.#problem = problem
    else for (let frameIndex = first; frameIndex <= last; frameIndex++) this.#lost.delete(frameIndex)
    if (tier === 'visible') this.#tell(-1)
  }

  #fallBack(problem: string): void {
    this.#problem = problem
    this.#running = null
    if (this.#sourceIndex + 1 < this.#options.sources.length) {
      this.#sourceIndex++
      this.#worker.terminate()
      this.#cache.clear()
      this.#worker = this.#start()
      if (this.#visible >= 0) this.request(this.#visible, 'visible')
    }
    this.#tell(-1)
  }

  #tell(frameIndex: number): void {
    for (const listener of this.#listeners) listener(frameIndex)
  }

  /** Begins the most urgent request, or decodes ahead. */
  #next(): void {
    for (const tier of ['visible', 'prefetch', 'recent'] as const) {
      const job = this.#waiting.get(tier)
      if (!job) continue
      if (this.#cache.has(job.first)) this.#waiting.delete(tier)
      else {
        if (!this.#mayBegin(tier)) return
        this.#waiting.delete(tier)
        this.#begin(job.first, job.last, tier)
        return
      }
    }
    if (!this.#running) this.#decodeAhead()
  }

  #mayBegin(tier: Tier): boolean {
    const running = this.#running
    if (!running) return true
    if (tierRank[tier] !== tierRank[running.tier]) return tierRank[tier] < tierRank[running.tier]
    const isStarving = this.#options.now() - this.#shownMs > showEveryMs
    return tier !== 'visible' || !isStarving
  }

  #begin(first: number, last: number, tier: Tier): void {
    const job: Running = { jobId: this.#nextJobId++, first, last, tier }
    this.#running = job
    this.#worker.postMessage({ type: 'decode', job: { jobId: job.jobId, first, last } })
  }

  #decodeAhead(): void {
    if (this.#visible < 0 || !this.#cache.has(this.#visible)) return
    const missing: number[] = []
    for (let step = 1; step <= this.#aheadLimit(); step++) {
      const frameIndex = this.#visible + step * this.#direction
      if (frameIndex < 0 || frameIndex >= this.#frameCount) break
      if (!this.#cache.has(frameIndex) && !this.#lost.has(frameIndex)) missing.push(frameIndex)
      else if (missing.length > 0) break
    }
    if (
      missing.length === 0 ||
      (this.#direction < 0 && missing.length < 3 && missing[0] !== this.#visible - 1)
    )
      return
    this.#begin(Math.min(...missing), Math.max(...missing), 'prefetch')
  }

  /** Frames ahead must fit beside what was seen: at most a third of the cache. */
  #aheadLimit(): number {
    const average = this.#cache.byteLength / Math.max(1, this.#cache.frameCount)
    const limit = this.#options.cacheMegabytes * 1024 * 1024
    return Math.max(0, Math.min(aheadCount, Math.floor(limit / 3 / Math.max(1, average))))
  }
}
