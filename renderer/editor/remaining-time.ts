import type { JobInfo } from '../../main/core/api.ts'

/** What is left of a running job by its speed so far; null before it has any. */
export function remainingSeconds(job: JobInfo): number | null {
  if (job.state !== 'running' || job.msPerFrame === null || job.done === 0 || job.total <= job.done)
    return null
  return ((job.total - job.done) * job.msPerFrame) / 1000
}
