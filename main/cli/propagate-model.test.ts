/** Which network a run of the command line uses: for that run only. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../models/check-manifest.ts'
import type { JobInfo } from '../core/api.ts'
import { networkProject, writeNetworkPack } from '../host/jobs/test-network.ts'
import { Project } from '../host/project.ts'
import { openSettings } from '../host/settings.ts'
import { testOptions } from '../host/test-projects.ts'
import { inbetween } from '../test-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-propagate-model-'))
const shipped = new URL('../../models/refine-mask/manifest.json', import.meta.url)
const secondLook = parseManifest(readFileSync(shipped, 'utf8'), 'manifest.json')
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
    'There is no network “nobody” here that follows objects or corrects masks. Write one of own, forest, second-look, follower; "inbetween models add" adds more.',
  )
})

describe('a run that was stopped', () => {
  /** As it stands in the project after a crash: begun with the second look, nothing made yet. */
  function stopRun(): void {
    const open = Project.open(project, testOptions)
    const pass = { firstFrame: 0, lastFrame: 5, spans: { dog: [{ firstFrame: 0, lastFrame: 5 }] } }
    const { id, version, name } = secondLook
    const cursor = {
      passes: [pass],
      passIndex: 0,
      network: { id, version, name, corrects: true },
      done: 0,
      total: 5,
      maskCount: 0,
    }
    const job = open.database.jobs().at(-1)!.info
    open.writeJobs([{ info: { ...job, id: 'job-stopped', state: 'interrupted' }, cursor }])
    open.close()
  }

  it('with the second look says which --model goes on with it, and that one does', async () => {
    expect(await job('--model', 'second-look')).toMatchObject({ state: 'done', network: secondLook.name })
    stopRun()
    const resume = (...args: string[]) =>
      inbetween(folder, ['propagate', project, '--provider', 'cpu', '--resume', ...args])
    const refused = await resume('--model', 'own')
    expect(refused.code).not.toBe(0)
    const [, word] = /or with --model ([\w-]+), and resume/.exec(refused.err) ?? []
    expect(word).toBe('second-look')
    expect(await resume('--model', word!)).toMatchObject({ code: 0 })
  }, 120_000)
})
