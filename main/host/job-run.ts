/** One run of a job's body, from its cursor to its end, its failure or its cancelling. */
import { isUserError } from '../core/user-error.ts'
import type { JobResult, JobStep } from './job-context.ts'

/** Why a run is to end early: the user cancelled, or the project is being closed. */
export type StopReason = 'cancelled' | 'interrupted'

export type JobEnd =
  | { readonly state: 'done'; readonly result: JobResult }
  | { readonly state: 'failed'; readonly sentence: string }
  /** By what was not the job's own doing: it can go on from its cursor. */
  | { readonly state: 'interrupted'; readonly sentence: string }
  | { readonly state: StopReason }

/** Codes of errors that are no fault of the job's: what it asked was cut off, or is not to be had just now. */
const interrupting: ReadonlySet<string> = new Set(['inference-lost', 'other-engine'])

/** How long a body may take to end after it was asked to. */
const patienceMs = 2000

export class JobRun {
  readonly #abort = new AbortController()
  readonly #steps: AsyncGenerator<JobStep, JobResult | undefined, undefined>
  readonly #take: (step: JobStep) => void
  readonly ended: Promise<JobEnd>
  #reason: StopReason = 'cancelled'

  /** `start` calls the body; `take` keeps each step, and what it throws ends the job as failed. */
  constructor(
    start: (signal: AbortSignal) => AsyncGenerator<JobStep, JobResult | undefined, undefined>,
    take: (step: JobStep) => void,
  ) {
    this.#steps = start(this.#abort.signal)
    this.#take = take
    this.ended = Promise.race([this.#goThrough(), this.#abandoned()])
  }

  /** Asks the body to end; resolves when it has, or when patience is over. Steps that come later are dropped. */
  async stop(reason: StopReason): Promise<void> {
    if (!this.#abort.signal.aborted) this.#reason = reason
    this.#abort.abort()
    await this.ended
  }

  async #goThrough(): Promise<JobEnd> {
    const { signal } = this.#abort
    try {
      for (;;) {
        const next = await this.#steps.next()
        if (signal.aborted) {
          // Lets the body's own clean-up run.
          if (!next.done) await this.#steps.return(undefined)
          return { state: this.#reason }
        }
        if (next.done) return { state: 'done', result: next.value ?? {} }
        this.#take(next.value)
        // A body that never waits must not keep calls, and so the cancelling of it, from being heard.
        await new Promise((resolve) => setImmediate(resolve))
        if (!signal.aborted) continue
        await this.#steps.return(undefined)
        return { state: this.#reason }
      }
    } catch (error) {
      if (signal.aborted) return { state: this.#reason }
      if (!isUserError(error)) console.error(error)
      else await this.#steps.return(undefined).catch(() => {})
      if (isUserError(error) && interrupting.has(error.code))
        return { state: 'interrupted', sentence: error.message }
      return { state: 'failed', sentence: failureSentence(error) }
    }
  }

  #abandoned(): Promise<JobEnd> {
    return new Promise((resolve) => {
      this.#abort.signal.addEventListener(
        'abort',
        () => setTimeout(() => resolve({ state: this.#reason }), patienceMs).unref(),
        { once: true },
      )
    })
  }
}

function failureSentence(error: unknown): string {
  if (isUserError(error)) return error.message
  const message = error instanceof Error ? error.message : String(error)
  return `The job stopped because of an error in the program (${message}). What it had finished is kept; resume it, or report the error.`
}
