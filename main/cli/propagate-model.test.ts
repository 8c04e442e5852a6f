/** Which network a run of the command line uses: for that run only. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JobInfo } from '../core/api.ts'
import { networkProject, writeNetworkPack } from '../host/jobs/test-network.ts'
import { openSettings } from '../host/settings.ts'
import { inbetween } from '../test-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-propagate-model-'))
let project: string

beforeAll(async () => {
  const made = await networkProject(folder, { frameCount: 6 }, { dog: [[2, 20, 40]] })
  project = made.folders.project
  made.close()
  writeNetworkPack(join(folder, 'settings', 'models', 'follower'), { id: 'follower', name: 'Follower' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const job = async (...args: string[]) => {
  const ran = await inbetween(folder, ['propagate', project, '--provider', 'cpu', '--json', ...args])
  expect(ran.err).not.toMatch(/Error/)
  return JSON.parse(ran.out) as JobInfo
}

it('is the one that --model names, and the settings stay as they are', async () => {
  expect(await job('--model', 'follower')).toMatchObject({ state: 'done', network: 'Follower' })
  const settings = openSettings(join(folder, 'settings'))
  expect(settings.get().models['segment-video']).toBeNull()
  expect((await job()).network).not.toBe('Follower')
  settings.update({ models: { ...settings.get().models, 'segment-video': 'follower' } })
  expect((await job()).network).toBe('Follower')
  expect((await job('--model', 'own')).network).not.toBe('Follower')
}, 60_000)

it('is refused by name where it is not here, with what is', async () => {
  const ran = await inbetween(folder, ['propagate', project, '--model', 'nobody'])
  expect(ran.code).not.toBe(0)
  expect(ran.err).toContain(
    'There is no network “nobody” here that follows objects. Write one of own, forest, follower',
  )
})
