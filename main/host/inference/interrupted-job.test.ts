/** A propagation that asks a network for every frame, whose process is killed in the middle of one. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JobInfo, PropagateSpec } from '../../core/api.ts'
import { emptyDiff } from '../../core/diff.ts'
import type { MediaId } from '../../core/records.ts'
import { testMedia, testObject } from '../../core/test-records.ts'
import { createHost, type Host } from '../host.ts'
import type { JobBody } from '../job-context.ts'
import { jobBodies } from '../jobs/job-bodies.ts'
import { ended, heard } from '../test-hosts.ts'
import { drawnMask, newTestProject, type TestFolder, testFolder } from '../test-projects.ts'
import { addingGraph, floats, type GraphFolder, graphFolder, slowGraph, slowInputs } from './test-graphs.ts'

const frameCount = 8
const deadlyFrame = 4

let place: TestFolder
let graphs: GraphFolder
let host: Host
beforeEach(async () => {
  place = testFolder()
  graphs = graphFolder()
  const project = newTestProject(place.path, [testMedia('m1'), testObject('o1', 'm1')])
  const folder = project.folders.project
  project.close()
  host = await createHost({
    mode: 'cli',
    settingsFolder: join(place.path, 'settings'),
    provider: 'cpu',
    bodies: { ...jobBodies, propagate: networkJob },
  })
  await host.openProject(folder, { readOnly: false })
})
afterEach(async () => {
  await host.close()
  graphs.remove()
  place.remove()
})

/** The network says which frame comes next; at the deadly one it takes long, the first time. */
const networkJob: JobBody<PropagateSpec> = async function* ({ inference }, _spec, cursor, signal) {
  const next = graphs.write('next', addingGraph(1))
  const slow = graphs.write('slow', slowGraph(40))
  for (let frame = (cursor as number | null) ?? 0; frame < frameCount; ) {
    if (frame === deadlyFrame && cursor === null)
      await inference.run({ graph: slow, name: 'Pack, slow', inputs: slowInputs, urgency: 'batch' }, signal)
    const run = { graph: next, name: 'Pack, next', urgency: 'batch' } as const
    const { y } = await inference.run({ ...run, inputs: { x: floats([1, 2], [frame, 0]) } }, signal)
    const { record, shape } = drawnMask('o1', frame, frame, { state: 'propagated' })
    frame = Number(y?.data[0])
    const diff = { ...emptyDiff, added: { [record.id]: record } }
    const change = { label: `Propagate ${frame} frames`, diff, shapes: [shape] }
    yield { done: frame, total: frameCount, cursor: frame, change }
  }
  return undefined
}

const spec: PropagateSpec = {
  type: 'propagate',
  mediaId: 'm1' as MediaId,
  objectIds: null,
  direction: 'both',
  range: null,
  reach: 'all',
  playheadFrame: 0,
}

async function frames(): Promise<number[]> {
  const records = (await host.snapshot())?.records ?? []
  return records
    .flatMap((record) => (record.kind === 'mask' ? [record.frameIndex] : []))
    .sort((a, b) => a - b)
}

async function killInSlowRun(): Promise<void> {
  for await (const event of host.events()) if (event.type === 'job' && event.job.done === deadlyFrame) break
  // The run of the deadly frame began right after.
  await new Promise((resolve) => setTimeout(resolve, 250))
  const { processId, state } = await host.inference()
  expect(state).toBe('running')
  process.kill(processId ?? 0, 'SIGKILL')
}

test('A kill in mid-run interrupts the job with its reason; a resume makes the rest and nothing twice', async () => {
  const events = host.events()
  const killed = killInSlowRun()
  const started = await host.startJob(spec)
  const { job: interrupted }: { job: JobInfo } = await heard(events, ended(started))
  await killed
  expect(interrupted.state).toBe('interrupted')
  expect(interrupted.done).toBe(deadlyFrame)
  expect(interrupted.sentence).toContain('ended in the middle of “Pack, slow”: it was killed (SIGKILL)')
  expect(await frames()).toEqual([0, 1, 2, 3])
  expect(await host.inference()).toMatchObject({ state: 'lost', sentence: interrupted.sentence })

  const more = host.events()
  await host.resumeJob(started.id)
  const { job: done }: { job: JobInfo } = await heard(more, ended(started))
  expect(done).toMatchObject({ state: 'done', sentence: null })
  expect(await frames()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(await host.inference()).toMatchObject({ state: 'ready', sentence: null })
})

test('The host tells of networks as they change, and takes a choice of provider with the settings', async () => {
  const events = host.events()
  await host.updateSettings({ provider: 'dml' })
  const told = heard(events, (event) => event.type === 'inference' && event.status.sentence !== null)
  expect(await told).toMatchObject({
    type: 'inference',
    status: { chosen: 'dml', provider: 'dml', offersCpu: process.platform !== 'win32' },
  })
  expect((await host.settings()).provider).toBe('dml')
})
