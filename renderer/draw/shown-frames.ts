/** Keeps the frames of the media on screen open: another media, source or table closes what was and opens what is. */
import type { Editor } from '../editor/editor.ts'
import type { FrameSource } from './frame-source.ts'
import type { FrameProvider } from './frames/frame-provider.ts'
import { openFrameProvider } from './frames/open-frame-provider.ts'

export class ShownFrames {
  readonly #editor: Editor
  readonly #wake: () => void
  readonly #stop: () => void
  #provider: FrameProvider | null = null
  #timesUs: Float64Array | null = null
  #cacheMegabytes = 0
  #saidProblem: string | null = null
  /** What the provider was opened for. */
  #key = ''

  /** `wake` is called when a picture that was missing has come. */
  constructor(editor: Editor, wake: () => void) {
    this.#editor = editor
    this.#wake = wake
    this.#stop = editor.state.subscribe(() => this.#follow())
    this.#follow()
  }

  /** Null where there is nothing to show frames of: no media, no table yet, a file that is gone. */
  get source(): FrameSource | null {
    return this.#provider
  }

  get cacheByteLength(): number {
    return this.#provider?.cacheByteLength ?? 0
  }

  dispose(): void {
    this.#stop()
    this.#close()
  }

  #follow(): void {
    const { now, media } = this.#editor
    const status = media ? now.mediaStatus[media.id] : undefined
    const { frameTimesUs: timesUs, hostInfo, settings } = now
    if (!media || !status || status.state === 'missing' || !timesUs || !hostInfo || !settings) {
      this.#close()
      return
    }
    const key = `${media.id} ${status.shows} ${status.url} ${hostInfo.frameUrl}`
    if (key !== this.#key) {
      this.#close()
      const { frameUrl } = hostInfo
      const { cacheMegabytes } = settings
      this.#provider = openFrameProvider({ media, status, timesUs, frameUrl, cacheMegabytes })
      this.#provider.onFrame((frameIndex) => this.#take(frameIndex))
      this.#key = key
      this.#timesUs = timesUs
      this.#cacheMegabytes = cacheMegabytes
      this.#wake()
      return
    }
    if (timesUs !== this.#timesUs) {
      this.#timesUs = timesUs
      this.#provider?.takeTimes(timesUs)
    }
    if (settings.cacheMegabytes !== this.#cacheMegabytes && this.#provider) {
      this.#cacheMegabytes = settings.cacheMegabytes
      this.#provider.cacheMegabytes = settings.cacheMegabytes
    }
  }

  /** With -1 pictures come from elsewhere now: why is said once. */
  #take(frameIndex: number): void {
    const problem = this.#provider?.status.problem ?? null
    if (frameIndex < 0 && problem && problem !== this.#saidProblem) {
      this.#saidProblem = problem
      this.#editor.say(problem, 'failed')
    }
    this.#wake()
  }

  #close(): void {
    if (!this.#provider) return
    this.#provider.close()
    this.#provider = null
    this.#key = ''
    this.#timesUs = null
    this.#saidProblem = null
    this.#wake()
  }
}
