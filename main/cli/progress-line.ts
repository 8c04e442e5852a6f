import type { JobInfo } from '../core/api.ts'

/** One line on stderr that says how far a job is: rewritten in place on a terminal, else once in a while. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  #saidAt = Number.NEGATIVE_INFINITY
  #width = 0

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
  }

  show(job: JobInfo): void {
    // Nothing to tell before the job has said its first word.
    if (job.total === 0 && job.at === '') return
    this.tell(progressText(job))
  }

  tell(text: string): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r${text.padEnd(this.#width)}`)
      this.#width = text.length
      return
    }
    // A log file wants a line now and then, not ten a second.
    if (performance.now() - this.#saidAt < 5000) return
    this.#saidAt = performance.now()
    this.#stream.write(`${text}\n`)
  }

  end(): void {
    if (this.#stream.isTTY && this.#width > 0) this.#stream.write(`\r${' '.repeat(this.#width)}\r`)
  }
}

export function progressText({ label, network, done, total, at, msPerFrame }: JobInfo): string {
  const parts = [network ? `${label} with ${network}` : label]
  if (total > 0) parts.push(`${done} of ${total}`)
  if (at) parts.push(at)
  if (msPerFrame !== null) parts.push(`${Math.round(msPerFrame)} ms a frame`)
  return parts.join(', ')
}
