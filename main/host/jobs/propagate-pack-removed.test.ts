/** In the whole host: a pack is chosen, removed while its run is stopped, added again. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JobInfo, PropagateSpec } from '../../core/api.ts'
import type { MediaId } from '../../core/records.ts'
import { createHost, type Host } from '../host.ts'
import { ended, heard } from '../test-hosts.ts'
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
