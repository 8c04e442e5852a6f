/** What tests ask of a host. */
import type { HostApi, HostEvent, JobInfo, JobSpec } from '../core/api.ts'
import type { MediaRecord } from '../core/records.ts'
import { isUserError } from '../core/user-error.ts'

/** Code and sentence of the UserError that the work must end in. */
export async function refusal(work: () => Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work().then(
    () => new Error('It was not refused'),
    (error: unknown) => error,
  )
  if (!isUserError(error)) throw error
  return { code: error.code, message: error.message }
}

/** Resolves with the first event that the host sends and `wanted` knows. */
export async function heard<E extends HostEvent>(
  events: AsyncIterable<HostEvent>,
  wanted: ((event: HostEvent) => event is E) | ((event: HostEvent) => boolean),
): Promise<E> {
  for await (const event of events) if (wanted(event)) return event as E
  throw new Error('The events ended')
}

/** The event with which a job ends. */
export const ended =
  (job: JobInfo) =>
  (event: HostEvent): event is Extract<HostEvent, { type: 'job' }> =>
    event.type === 'job' &&
    event.job.id === job.id &&
    ['done', 'failed', 'cancelled', 'interrupted'].includes(event.job.state)

/** Imports one file or folder and waits until that job has ended. */
export async function imported(host: HostApi, path: string): Promise<{ media: MediaRecord; job: JobInfo }> {
  const events = host.events()
  const started = await host.startJob({ type: 'import-media', paths: [path] })
  const { job } = await heard(events, ended(started))
  const media = (await host.snapshot())?.records.find((record) => record.kind === 'media')
  if (!media) throw new Error(job.sentence ?? 'Nothing was imported')
  return { media, job }
}

/** Starts a job and resolves with how it is when it and all that followed from it have ended. */
export async function ranJob(host: HostApi, spec: JobSpec): Promise<JobInfo> {
  const { id } = await host.startJob(spec)
  for (;;) {
    const jobs = (await host.snapshot())!.jobs
    const busy = jobs.some((job) => job.state === 'queued' || job.state === 'running')
    if (!busy) return jobs.find((job) => job.id === id)!
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
