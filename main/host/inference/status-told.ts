import type { InferenceStatus } from '../../core/models.ts'

const tellEveryMs = 100

/** Tells listeners of changes, the last one always, at most ten times a second. */
export class StatusTold {
  readonly #read: () => InferenceStatus
  readonly #listeners = new Set<(status: InferenceStatus) => void>()
  #toldAt = 0
  #timer: NodeJS.Timeout | null = null

  constructor(read: () => InferenceStatus) {
    this.#read = read
  }

  /** Returns how to stop listening. */
  listen(listener: (status: InferenceStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    if (this.#timer || this.#listeners.size === 0) return
    const waitMs = Math.max(0, this.#toldAt + tellEveryMs - performance.now())
    this.#timer = setTimeout(() => this.#tell(), waitMs)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#listeners.clear()
  }

  #tell(): void {
    this.#timer = null
    this.#toldAt = performance.now()
    const status = this.#read()
    for (const listener of this.#listeners) listener(status)
  }
}
