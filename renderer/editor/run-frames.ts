/** Which frames the running propagation has made so far, told by the changes that it writes. */
import { diffIds, diffResult } from '../../main/core/diff.ts'
import type { Change } from '../../main/core/history.ts'

export class RunFrames {
  #step: string | null = null
  #frames = new Set<number>()

  /** Takes note of a change that a job has written. Another job begins anew. */
  note(change: Change): void {
    if (change.source !== 'job' || change.action !== 'do') return
    if (change.step !== this.#step) {
      this.#step = change.step
      this.#frames = new Set()
    }
    for (const id of diffIds(change.diff)) {
      const record = diffResult(change.diff, id)
      if (record?.kind === 'mask') this.#frames.add(record.frameIndex)
    }
  }

  /** The frames of the job; none when another job wrote last. */
  of(jobId: string): ReadonlySet<number> {
    return jobId === this.#step ? this.#frames : noFrames
  }
}

const noFrames: ReadonlySet<number> = new Set()
