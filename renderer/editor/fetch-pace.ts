import type { PackProgress } from '../../main/core/models.ts'

/** Shorter than this says little of a connection's speed. */
const leastSeconds = 3

/** How long a fetch will still take, by what came since it was first seen: bytes that were here before do not count. */
export class FetchPace {
  #first: { readonly time: number; readonly done: number } | null = null

  /** Seconds; null while nobody can know. `nowMs`: of a clock that only goes forward. */
  secondsLeft({ stage, done, total }: PackProgress, nowMs: number): number | null {
    if (stage !== 'fetch' || total === null) return null
    this.#first ??= { time: nowMs, done }
    const seconds = (nowMs - this.#first.time) / 1000
    const come = done - this.#first.done
    if (seconds < leastSeconds || come <= 0 || done >= total) return null
    return ((total - done) * seconds) / come
  }
}
