import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { createHost, type Host } from './host.ts'
import { writeSceneVideo } from './scene-video.ts'
import { ended, heard, refusal } from './test-hosts.ts'
import { type TestFolder, testFolder } from './test-projects.ts'

describe('a served host', () => {
  let folder: TestFolder
  let served: Host
  beforeEach(async () => {
    folder = testFolder()
    mkdirSync(join(folder.path, 'root', 'films'), { recursive: true })
    await writeSceneVideo(
      { ...sceneClip('short-test'), frameCount: 3 },
      join(folder.path, 'root', 'films', 'film.mp4'),
    )
    writeFileSync(join(folder.path, 'secret.txt'), 'secret')
    symlinkSync(join(folder.path, 'secret.txt'), join(folder.path, 'root', 'films', 'link.txt'))
    served = await createHost({
      mode: 'served',
      settingsFolder: join(folder.path, 'settings'),
      root: join(folder.path, 'root'),
    })
  })
  afterEach(async () => {
    await served.close()
    folder.remove()
  })

  it('lets a page pick below its root by opaque references only', async () => {
    const top = await served.browse(null)
    expect(top.parent).toBeNull()
    expect(top.entries.map(({ name }) => name)).toEqual(['films'])
    const films = await served.browse(top.entries[0]!.ref)
    // The link leads out of the root, so it is not there.
    expect(films.entries.map(({ name, folder }) => [name, folder])).toEqual([['film.mp4', false]])
    expect(films.parent).toBe(top.ref)
    expect(JSON.stringify([top, films])).not.toContain(folder.path)
    await served.createProject(films.ref, 'Dogs')
    const events = served.events()
    const job = await served.startJob({ type: 'import-media', paths: [films.entries[0]!.ref] })
    expect((await heard(events, ended(job))).job.state).toBe('done')
    expect(await served.recentProjects()).toMatchObject([
      { name: 'Dogs', folder: expect.not.stringContaining('/') },
    ])
  })

  it('refuses every path that a page makes up', async () => {
    for (const path of [join(folder.path, 'secret.txt'), join(folder.path, 'root'), '..', '/', 'films', ''])
      expect((await refusal(() => served.browse(path))).code, path).toBe('no-such-path')
    expect((await refusal(() => served.createProject('/tmp', 'Dogs'))).code).toBe('no-such-path')
    expect((await refusal(() => served.openProject(folder.path, { readOnly: true }))).code).toBe(
      'no-such-path',
    )
  })

  it('looks again where a reference leads when it is used', async () => {
    const films = await served.browse((await served.browse(null)).entries[0]!.ref)
    unlinkSync(join(folder.path, 'root', 'films', 'film.mp4'))
    symlinkSync(join(folder.path, 'secret.txt'), join(folder.path, 'root', 'films', 'film.mp4'))
    await served.createProject(films.ref, 'Dogs')
    expect((await refusal(() => served.importClasses(films.entries[0]!.ref))).code).toBe('no-such-path')
  })
})
