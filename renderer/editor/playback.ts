/** Plays at the video's own pace: the frame shown is the one whose time has come, whether or not each could be drawn. */
import type { Editor } from './editor.ts'

export class Playback {
  readonly #editor: Editor
  readonly #now: () => number
  readonly #nextTick: (callback: (nowMs: number) => void) => () => void
  #cancelTick: (() => void) | null = null
  #startedMs = 0
  #startedUs = 0

  constructor(
    editor: Editor,
    now: () => number,
    nextTick: (callback: (nowMs: number) => void) => () => void,
  ) {
    this.#editor = editor
    this.#now = now
    this.#nextTick = nextTick
  }

  /** From the current frame, or from the first when the last is shown. */
  start(): void {
    const { frameTimesUs, frameIndex, playing } = this.#editor.now
    if (playing || !frameTimesUs || frameTimesUs.length < 2) return
    if (frameIndex >= frameTimesUs.length - 1) this.#editor.showFrame(0)
    this.#startedMs = this.#now()
    this.#startedUs = frameTimesUs[this.#editor.now.frameIndex]!
    this.#editor.set({ playing: true })
    this.#wait()
  }

  stop(): void {
    this.#cancelTick?.()
    this.#cancelTick = null
    if (this.#editor.now.playing) this.#editor.set({ playing: false })
  }

  #wait(): void {
    this.#cancelTick = this.#nextTick(() => this.#tick())
  }

  #tick(): void {
    const { frameTimesUs, playing } = this.#editor.now
    if (!playing || !frameTimesUs) return
    const timeUs = this.#startedUs + (this.#now() - this.#startedMs) * 1000
    const frameIndex = frameAtTime(frameTimesUs, timeUs)
    this.#editor.showFrame(frameIndex)
    if (frameIndex >= frameTimesUs.length - 1) this.stop()
    else this.#wait()
  }
}

/** The last frame that begins at or before the time; the first frame for any earlier time. */
function frameAtTime(timesUs: Float64Array, timeUs: number): number {
  let low = 0
  let high = timesUs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (timesUs[middle]! <= timeUs) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
