import type { PackProgress } from '../../main/core/models.ts'

/** Shorter than this says little of a connection's speed. */
const leastSeconds = 3

/**
 * How long a fetch will still take, by what came while it was watched. Between one file and the next nothing is counted:
 * the step there may be a file that was here before, and the time is that of checking.
 */
export class FetchPace {
  #last: { readonly at: string; readonly time: number; readonly done: number } | null = null
  #seconds = 0
  #come = 0

  /** Seconds; null while nobody can know. `nowMs`: of a clock that only goes forward. */
  secondsLeft({ stage, at, done, total }: PackProgress, nowMs: number): number | null {
    if (stage !== 'fetch' || total === null) return null
    if (this.#last?.at === at) {
      this.#seconds += (nowMs - this.#last.time) / 1000
      this.#come += done - this.#last.done
    }
    this.#last = { at, time: nowMs, done }
    if (this.#seconds < leastSeconds || this.#come <= 0 || done >= total) return null
    return ((total - done) * this.#seconds) / this.#come
  }
}
