/** A queue that runs propagation on a real project, for tests. */
import { availableParallelism } from 'node:os'
import type { JobInfo } from '../core/api.ts'
import { openInference } from './inference/open-inference.ts'
import type { JobBodies, JobContext } from './job-context.ts'
import { propagateJob } from './jobs/propagate.ts'
import { JobQueue } from './jobs.ts'
import { noPacks } from './models/chosen-packs.ts'
import type { Project, ProjectOptions } from './project.ts'

/** Starts no process unless a test runs a network. */
const testInference = openInference({
  settings: () => ({ provider: 'cpu', threadCount: 1, memoryLimit: 2e9 }),
})

type Options = Pick<ProjectOptions, 'now' | 'newId'>

export function testContext(project: Project, { now, newId }: Options, jobId = 'none'): JobContext {
  return {
    jobId,
    store: project.store,
    folders: project.folders,
    readShape: (hash) => project.readShape(hash),
    mediaSource: (media) => project.mediaSource(media),
    frameTable: (mediaId) => project.frameTable(mediaId),
    resolvePath: (ref) => ref,
    recordPath: (path) => project.recordPath(path),
    settings: () =>
      ({ threadCount: availableParallelism(), models: {} }) as ReturnType<JobContext['settings']>,
    inference: testInference,
    packs: noPacks,
    now,
    newId,
  }
}

export function propagationQueue(
  project: Project,
  options: Options,
  onJob: (job: JobInfo) => void = () => {},
): JobQueue {
  const context = (jobId: string) => testContext(project, options, jobId)
  // The other bodies are not asked for.
  const bodies = { propagate: propagateJob } as unknown as JobBodies
  return new JobQueue({ project, bodies, context, ...options, onJob })
}

/** The job once it neither waits nor runs. */
export async function jobEnded(queue: JobQueue, id: string): Promise<JobInfo> {
  for (;;) {
    const job = queue.get(id)!
    if (!['queued', 'running'].includes(job.state)) return job
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
