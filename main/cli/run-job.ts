import type { HostApi, JobInfo, JobSpec } from '../core/api.ts'
import { UserError } from '../core/user-error.ts'
import { interruptedExitCode } from './interrupt-signal.ts'
import type { Output } from './output.ts'
import { ProgressLine } from './progress-line.ts'

/**
 * Starts a job (or resumes one, by its id) and stays with it to its end, telling how far it is. Ctrl+C cancels it and
 * says what is kept; a second Ctrl+C ends the program at once. Throws UserError when the job failed.
 */
export async function runJob(
  host: HostApi,
  job: JobSpec | { readonly resume: string },
  output: Output,
): Promise<JobInfo> {
  const watch = new AbortController()
  const events = host.events(watch.signal)
  const { id } = 'resume' in job ? await host.resumeJob(job.resume) : await host.startJob(job)
  const line = new ProgressLine()
  const interrupt = () => {
    output.note('Stopping. What is finished is kept.')
    void host.cancelJob(id)
  }
  process.once('SIGINT', interrupt)
  try {
    const last = await watched(host, events, id, line, output)
    line.end()
    if (last.state === 'failed') throw new UserError('job-failed', last.sentence ?? `${last.label} failed.`)
    if (last.state === 'cancelled' || last.state === 'interrupted') {
      process.exitCode = interruptedExitCode
      if (last.sentence) output.note(last.sentence)
      output.note(`${last.label} was stopped at ${last.done} of ${last.total}; what was finished is kept.`)
    }
    return last
  } finally {
    line.end()
    process.off('SIGINT', interrupt)
    watch.abort()
  }
}

async function watched(
  host: HostApi,
  events: ReturnType<HostApi['events']>,
  id: string,
  line: ProgressLine,
  output: Output,
): Promise<JobInfo> {
  const told = new Set<string>()
  const take = (job: JobInfo): boolean => {
    for (const note of job.notes) {
      if (told.has(note)) continue
      told.add(note)
      line.end()
      output.note(note)
    }
    if (job.state !== 'queued' && job.state !== 'running') return true
    line.show(job)
    return false
  }
  // A quick job may have ended before the first event was asked for.
  const already = (await host.snapshot())?.jobs.find((job) => job.id === id)
  if (already && take(already)) return already
  for await (const event of events)
    if (event.type === 'job' && event.job.id === id && take(event.job)) return event.job
  throw new UserError(
    'job-lost',
    'The job went on without telling how it ended. Look at the project with "inbetween info".',
  )
}

/** Waits until no job that another one put into the queue (a frame table, a proxy) is left. */
export async function runFollowers(host: HostApi): Promise<void> {
  const line = new ProgressLine()
  for (;;) {
    const busy = (await host.snapshot())?.jobs.find(
      (job) => job.state === 'queued' || job.state === 'running',
    )
    if (!busy) break
    line.show(busy)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  line.end()
}
