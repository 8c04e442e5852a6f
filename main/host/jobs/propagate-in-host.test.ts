/** In the whole host: a run by the pack that is chosen, what a person asks meanwhile, and the pack removed and back again. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sam2ImageGraphs } from '../../../models/test-graphs/sam2-image-graphs.ts'
import type { JobInfo, PropagateSpec } from '../../core/api.ts'
import type { MediaId } from '../../core/records.ts'
import { createHost, type Host } from '../host.ts'
import { added, atPath } from '../models/test-packs.ts'
import { ended, heard, refusal } from '../test-hosts.ts'
import { type TestFolder, testFolder } from '../test-projects.ts'
import { networkProject, writeNetworkPack } from './test-network.ts'

let place: TestFolder
let packFolder: string
let host: Host
beforeEach(async () => {
  place = testFolder()
  process.env.INBETWEEN_CACHE = join(place.path, 'cache')
  const project = await networkProject(place.path, { frameCount: 12 }, { dog: [[0, 20, 20]] })
  const folder = project.folders.project
  project.close()
  packFolder = join(place.path, 'settings', 'models', 'follower')
  addPack()
  host = await createHost({ mode: 'cli', settingsFolder: join(place.path, 'settings'), provider: 'cpu' })
  await host.openProject(folder, { readOnly: false })
})
afterEach(async () => {
  await host.close()
  place.remove()
})

function addPack(): void {
  writeNetworkPack(packFolder, { id: 'follower', name: 'Follower', slowness: 2 })
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

async function maskCount(): Promise<number> {
  const records = (await host.snapshot())?.records ?? []
  return records.filter((record) => record.kind === 'mask').length
}

async function endOf(id: string, start: () => Promise<unknown>): Promise<JobInfo> {
  const events = host.events()
  await start()
  return (await heard(events, ended({ id } as JobInfo))).job
}

test('A run whose pack was removed says so with the remedy; with the pack added and chosen again it goes on', async () => {
  await host.choosePack('segment-video', 'follower')
  const events = host.events()
  const { id } = await host.startJob(spec)
  await heard(events, (event) => event.type === 'job' && event.job.done >= 3)
  expect((await endOf(id, () => host.cancelJob(id))).state).toBe('cancelled')
  await host.removePack('follower')
  expect((await host.settings()).models['segment-video']).toBeNull()
  const kept = await maskCount()
  expect(kept).toBeGreaterThan(3)
  const refused = await endOf(id, () => host.resumeJob(id))
  expect(refused.state).toBe('interrupted')
  expect(refused.sentence).toMatch(/^This run was begun with Follower 1\.0\.0\. Now Inbetween’s own engine/)
  expect(await maskCount()).toBe(kept)

  addPack()
  await host.choosePack('segment-video', 'follower')
  expect(await endOf(id, () => host.resumeJob(id))).toMatchObject({ state: 'done', network: 'Follower' })
  expect(await maskCount()).toBe(12)
})

test('A pack is neither removed nor replaced under a run that works with it, from whatever program', async () => {
  await host.choosePack('segment-video', 'follower')
  const newer = join(place.path, 'newer')
  writeNetworkPack(newer, { id: 'follower', name: 'Follower', version: '2.0.0' })
  const events = host.events()
  const { id } = await host.startJob(spec)
  await heard(events, (event) => event.type === 'job' && event.job.done >= 1)
  const program = await createHost({
    mode: 'cli',
    settingsFolder: join(place.path, 'settings'),
    provider: 'cpu',
  })
  try {
    const run =
      /while a run works with it: “Propagate all objects” of the project \S+\. Cancel that run first/
    for (const each of [host, program]) {
      const removal = await refusal(() => each.removePack('follower'))
      expect(removal).toMatchObject({ code: 'pack-in-use', message: expect.stringMatching(run) })
      expect(removal.message).toMatch(/^“follower” cannot be removed/)
    }
    const replacement = await refusal(() => added(program, atPath(newer)))
    expect(replacement.message).toMatch(/^“follower” cannot be replaced while a run works with it/)
    await endOf(id, () => host.cancelJob(id))
    expect((await program.removePack('follower')).packs.map((pack) => pack.id)).not.toContain('follower')
  } finally {
    await program.close()
  }
}, 60_000)

test('The smart mask answers while a run goes on, and waits for no more than what has begun', async () => {
  const onnx = sam2ImageGraphs()
  const facts = { id: 'clicker', name: 'Clicker', role: 'segment-image', contract: 'sam2-image' } as const
  writeNetworkPack(join(place.path, 'settings', 'models', 'clicker'), { ...facts, onnx })
  await host.choosePack('segment-video', 'follower')
  await host.choosePack('segment-image', 'clicker')
  const events = host.events()
  const { id } = await host.startJob(spec)
  await heard(events, (event) => event.type === 'job' && event.job.done >= 2)
  const job = async () => (await host.snapshot())!.jobs.find((each) => each.id === id)!
  const before = (await job()).done
  const marks = [{ inside: true, points: [30, 30], radius: 1 }]
  const nothing = { objectId: null, mask: null, box: null }
  const answer = await host.segment({ mediaId: spec.mediaId, frameIndex: 5, marks, ...nothing })
  expect(answer.answeredBy).toBe('Clicker')
  const { state, done } = await job()
  expect(state).toBe('running')
  // Two graphs of the smart mask, each behind a frame of the run at most, and the frame that was being written.
  expect(done - before).toBeLessThanOrEqual(4)
  await expect.poll(async () => (await job()).state, { timeout: 20_000 }).toBe('done')
})
