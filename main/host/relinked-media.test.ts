import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MediaRecord } from '../core/records.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { createHost, type Host } from './host.ts'
import { writeSceneVideo } from './scene-video.ts'
import { heard, imported, refusal } from './test-hosts.ts'
import { type TestFolder, testFolder } from './test-projects.ts'

let place: TestFolder
let film: string
let otherFilm: string
beforeAll(async () => {
  place = testFolder()
  film = join(place.path, 'film.mp4')
  otherFilm = join(place.path, 'other.mp4')
  await writeSceneVideo(sceneClip('short-test'), film)
  await writeSceneVideo(sceneClip('cut-test'), otherFilm)
})
afterAll(() => place.remove())

let folder: TestFolder
let host: Host
beforeEach(async () => {
  folder = testFolder()
  host = await createHost({ mode: 'desktop', settingsFolder: join(folder.path, 'settings') })
})
afterEach(async () => {
  await host.close()
  folder.remove()
})

describe('media', () => {
  async function withFilm(): Promise<{ media: MediaRecord; path: string }> {
    await host.createProject(folder.path, 'Dogs')
    const path = join(folder.path, 'film.mp4')
    copyFileSync(film, path)
    return { media: (await imported(host, path)).media, path }
  }

  it('that is gone is noticed and found again elsewhere, without a step of history', async () => {
    const { media, path } = await withFilm()
    mkdirSync(join(folder.path, 'archive'))
    const elsewhere = join(folder.path, 'archive', 'renamed.mp4')
    renameSync(path, elsewhere)
    expect(await host.checkMedia()).toMatchObject([
      { state: 'missing', problem: expect.stringContaining(path) },
    ])
    expect(await host.relink(media.id, elsewhere)).toMatchObject({ state: 'ok', problem: null })
    const snapshot = await host.snapshot()
    expect(snapshot?.records.find((record) => record.id === media.id)).toMatchObject({
      source: { path: '../archive/renamed.mp4' },
    })
    expect(snapshot?.history.undo).toHaveLength(1)
  })

  it('that has changed is noticed', async () => {
    const { path } = await withFilm()
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([0])]))
    expect(await host.checkMedia()).toMatchObject([
      { state: 'changed', problem: expect.stringContaining('has changed') },
    ])
  })

  it('is replaced by another file only when that is chosen twice; its frames are then read anew', async () => {
    const { media } = await withFilm()
    const refused = await refusal(() => host.relink(media.id, otherFilm))
    expect(refused.code).toBe('media-differs')
    expect(refused.message).toMatch(
      /is not the file that film\.mp4 was imported from: it has [\d,]+ bytes instead of [\d,]+ bytes/,
    )
    expect((await host.snapshot())?.records).toContainEqual(media)
    const events = host.events()
    await host.relink(media.id, otherFilm)
    await heard(
      events,
      (event) => event.type === 'job' && event.job.spec.type === 'frame-table' && event.job.state === 'done',
    )
    const now = (await host.snapshot())?.records.find((record) => record.id === media.id)
    expect(now).toMatchObject({ frameCount: 30, table: 'complete' })
    expect(await host.frameTable(media.id)).toHaveLength(30)
    expect(await host.checkMedia()).toMatchObject([{ state: 'ok' }])
  })

  it('is never replaced by pictures of another size', async () => {
    const { media } = await withFilm()
    const large = join(folder.path, 'large.mp4')
    await writeSceneVideo({ ...sceneClip('short-test'), width: 256, height: 144, frameCount: 3 }, large)
    for (let time = 0; time < 2; time++) {
      const refused = await refusal(() => host.relink(media.id, large))
      expect(refused).toMatchObject({
        code: 'media-size-differs',
        message: expect.stringContaining('256 x 144'),
      })
    }
    expect((await refusal(() => host.relink(media.id, folder.path))).code).toBe('media-differs-in-kind')
    expect((await refusal(() => host.relink(media.id, join(folder.path, 'no.mp4')))).code).toBe(
      'media-missing',
    )
  })
})
