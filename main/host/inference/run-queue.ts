import type { Urgency } from '../../../models/tensor.ts'

interface Waiting {
  readonly urgency: Urgency
  readonly begin: () => Promise<void>
  readonly refuse: (error: unknown) => void
}

/** One thing at a time: interactive before batch, else in the order asked. What has begun is never set aside. */
export class RunQueue {
  #waiting: Waiting[] = []
  #isBusy = false
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get waiting(): { readonly interactive: number; readonly batch: number } {
    const interactive = this.#waiting.filter(({ urgency }) => urgency === 'interactive').length
    return { interactive, batch: this.#waiting.length - interactive }
  }

  /**
   * Resolves to what `work` does. When `signal` aborts it rejects with the signal's reason at once: what waits is taken
   * out, what has begun goes on for nobody.
   */
  add<T>(urgency: Urgency, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const waiting: Waiting = { urgency, begin: () => work().then(resolve, reject), refuse: reject }
    const abort = () => {
      this.#waiting = this.#waiting.filter((each) => each !== waiting)
      reject(signal?.reason)
      this.#onChange()
    }
    signal?.addEventListener('abort', abort, { once: true })
    const settled = () => signal?.removeEventListener('abort', abort)
    promise.then(settled, settled)
    this.#waiting.push(waiting)
    void this.#pump()
    return promise
  }

  /** Rejects everything that waits. */
  refuseAll(error: unknown): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { refuse } of waiting) refuse(error)
    this.#onChange()
  }

  async #pump(): Promise<void> {
    this.#onChange()
    if (this.#isBusy) return
    this.#isBusy = true
    for (;;) {
      const next = this.#waiting.find(({ urgency }) => urgency === 'interactive') ?? this.#waiting[0]
      if (!next) break
      this.#waiting = this.#waiting.filter((each) => each !== next)
      this.#onChange()
      await next.begin()
    }
    this.#isBusy = false
    this.#onChange()
  }
}
