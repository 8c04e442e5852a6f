/**
 * A host in a process of its own that tests may kill. It waits for a line on stdin, opens the project, resumes its job or
 * starts one, draws beside it, and writes a line for each thing that a window would now show as done.
 *
 *   node test-host-process.ts SETTINGS_FOLDER PROJECT_FOLDER [hold | propagate]
 */
import { writeSync } from 'node:fs'
import type { HostApi, JobState, PropagateSpec } from '../core/api.ts'
import { emptyDiff } from '../core/diff.ts'
import type { MaskRecord, MediaId } from '../core/records.ts'
import { createHost } from './host.ts'
import type { JobBodies, JobBody } from './job-context.ts'
import { jobBodies } from './jobs/job-bodies.ts'
import { drawnMask } from './test-projects.ts'

/** What a line on stdout says. */
export type Announcement =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly resumed: boolean }
  | { readonly type: 'done'; readonly masks: readonly MaskRecord[] }
  | { readonly type: 'ended'; readonly state: JobState; readonly sentence: string | null }

export const jobFrameCount = 1_000_000
/** Frames of `o1` are the job's, those of `o2` the user's. */
export const [jobObject, userObject] = ['o1', 'o2']

/** A frame a yield, as propagation does it, from pixels that anyone can make again. */
export const countingJob: JobBody<PropagateSpec> = async function* (_context, _spec, cursor, signal) {
  for (
    let frameIndex = (cursor as number | null) ?? 0;
    frameIndex < jobFrameCount && !signal.aborted;
    frameIndex++
  ) {
    const { record, shape } = drawnMask(jobObject, frameIndex, frameIndex, {
      state: 'propagated',
      confidence: 0.5,
    })
    yield {
      done: frameIndex + 1,
      total: jobFrameCount,
      cursor: frameIndex + 1,
      change: {
        label: `Propagate ${frameIndex + 1} frames`,
        diff: { ...emptyDiff, added: { [record.id]: record } },
        shapes: [shape],
      },
    }
  }
  return undefined
}

export const countingBodies: JobBodies = { ...jobBodies, propagate: countingJob }

async function draw(host: HostApi, frameIndex: number): Promise<void> {
  const { record, shape } = drawnMask(userObject, frameIndex, frameIndex)
  const id = `drawn-${frameIndex}`
  await host.commit({
    id,
    label: 'Draw',
    diff: { ...emptyDiff, added: { [record.id]: record } },
    shapes: [shape],
  })
  announce({ type: 'done', masks: [record] })
}

/** Opens at the word and goes on with the job, or starts it on the project's first media; returns the drawn masks. */
async function goOn(
  settingsFolder: string,
  folder: string,
  bodies: JobBodies,
): Promise<{ host: HostApi; drawnCount: number }> {
  const host = await createHost({ mode: 'cli', settingsFolder, bodies })
  announce({ type: 'ready' })
  await new Promise((resolve) => process.stdin.once('data', resolve))
  await host.openProject(folder, { readOnly: false })
  const { jobs = [], records = [] } = (await host.snapshot()) ?? {}
  const interrupted = jobs.find((job) => job.state === 'interrupted')
  announce({ type: 'open', resumed: interrupted !== undefined })
  void follow(host)
  const mediaId = records.find((record) => record.kind === 'media')?.id as MediaId
  const span = { objectIds: null, direction: 'both', range: null, reach: 'all', playheadFrame: 0 } as const
  if (interrupted) await host.resumeJob(interrupted.id)
  else if (jobs.length === 0) await host.startJob({ type: 'propagate', mediaId, ...span })
  // On a fast machine the run may have ended before the kill came.
  else announce({ type: 'ended', state: jobs[0]!.state, sentence: jobs[0]!.sentence })
  const drawnCount = records.filter(
    (record) => record.kind === 'mask' && record.objectId === userObject,
  ).length
  return { host, drawnCount }
}

async function work(settingsFolder: string, folder: string): Promise<void> {
  const { host, drawnCount } = await goOn(settingsFolder, folder, countingBodies)
  for (let frameIndex = drawnCount; ; frameIndex++) {
    await draw(host, frameIndex)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

async function follow(host: HostApi): Promise<void> {
  for await (const event of host.events()) {
    if (event.type === 'job' && !['queued', 'running'].includes(event.job.state))
      announce({ type: 'ended', state: event.job.state, sentence: event.job.sentence })
    if (event.type !== 'changed' || event.change.source !== 'job') continue
    const { added, updated } = event.change.diff
    const written = [...Object.values(added), ...Object.values(updated).map(([, to]) => to)]
    announce({ type: 'done', masks: written.filter((record) => record.kind === 'mask') })
  }
}

async function hold(settingsFolder: string, folder: string): Promise<void> {
  const host = await createHost({ mode: 'cli', settingsFolder })
  await host.openProject(folder, { readOnly: false })
  announce({ type: 'open', resumed: false })
  setInterval(() => {}, 1000)
}

function announce(announcement: Announcement): void {
  // Synchronous, so that what was announced is with the test even when the next instant is the last.
  writeSync(1, `${JSON.stringify(announcement)}\n`)
}

if (import.meta.main) {
  const [settingsFolder = '', folder = '', mode] = process.argv.slice(2)
  if (mode === 'hold') await hold(settingsFolder, folder)
  else if (mode === 'propagate') await goOn(settingsFolder, folder, jobBodies)
  else await work(settingsFolder, folder)
}
