import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { emptyDiff } from '../core/diff.ts'
import { hostCalls } from '../core/host-calls.ts'
import type { ClassId, ClassRecord } from '../core/records.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { createHost, type Host } from './host.ts'
import { writeSceneVideo } from './scene-video.ts'
import { heard, imported, refusal } from './test-hosts.ts'
import { type TestFolder, testFolder } from './test-projects.ts'

let place: TestFolder
let film: string
beforeAll(async () => {
  place = testFolder()
  film = join(place.path, 'film.mp4')
  await writeSceneVideo(sceneClip('short-test'), film)
})
afterAll(() => place.remove())

let folder: TestFolder
let host: Host
beforeEach(async () => {
  folder = testFolder()
  host = await desktopHost()
})
afterEach(async () => {
  await host.close()
  folder.remove()
})

function desktopHost(): Promise<Host> {
  return createHost({ mode: 'desktop', settingsFolder: join(folder.path, 'settings') })
}

const added = (id: string, fields: Partial<ClassRecord> = {}) => {
  const record: ClassRecord = {
    kind: 'class',
    id: id as ClassId,
    name: id,
    stuff: false,
    color: '#0072b2',
    order: 0,
    exportId: null,
    ...fields,
  }
  return {
    id: `change-${id}-${record.name}`,
    label: `Add ${id}`,
    diff: { ...emptyDiff, added: { [id]: record } },
    shapes: [],
  }
}

describe('the host', () => {
  it('answers every call of the contract', () => {
    for (const call of hostCalls) expect(host[call], call).toBeTypeOf('function')
  })

  it('says what it is made of', async () => {
    const info = await host.info()
    expect(info).toMatchObject({
      mode: 'desktop',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      mediaUrl: 'media://id/',
    })
    expect(info.ffmpeg).toHaveProperty('version')
  })

  it('has nothing to show before a project is open, and says so', async () => {
    expect(await host.snapshot()).toBeNull()
    expect((await refusal(() => host.undo())).code).toBe('no-project-open')
    expect(await host.mediaFile('media-1')).toBeNull()
  })

  it('tells every listener of every change, in order, with when it was saved', async () => {
    await host.createProject(folder.path, 'Dogs')
    const [first, second] = [host.events(), host.events()]
    const { savedAt } = await host.commit(added('c1'))
    await host.commit(added('c2'))
    await host.undo()
    for (const events of [first, second]) {
      const labels: string[] = []
      for await (const event of events) {
        if (event.type !== 'changed') continue
        labels.push(`${event.change.action} ${event.change.label}`)
        if (labels.length === 1) expect(event.savedAt).toBe(savedAt)
        if (labels.length === 3) {
          expect(event.history).toMatchObject({ undo: [{ label: 'Add c1' }], redo: [{ label: 'Add c2' }] })
          break
        }
      }
      expect(labels).toEqual(['do Add c1', 'do Add c2', 'undo Add c2'])
    }
  })

  it('ends its events when the listener gives up or the host closes', async () => {
    const abort = new AbortController()
    const given = host.events(abort.signal)[Symbol.asyncIterator]()
    const closed = host.events()[Symbol.asyncIterator]()
    const [one, two] = [given.next(), closed.next()]
    abort.abort()
    expect((await one).done).toBe(true)
    await host.close()
    expect((await two).done).toBe(true)
  })

  it('keeps what is open when another project cannot be opened, and changes over when it can', async () => {
    const dogs = await host.createProject(folder.path, 'Dogs')
    expect(
      (await refusal(() => host.openProject(join(folder.path, 'nowhere'), { readOnly: false }))).code,
    ).toBe('no-project')
    expect((await host.snapshot())?.project.name).toBe('Dogs')
    await host.createProject(folder.path, 'Cats')
    expect((await host.snapshot())?.project.name).toBe('Cats')
    expect(await host.openProject(dogs.folder, { readOnly: true })).toMatchObject({
      name: 'Dogs',
      readOnly: expect.stringContaining('read-only'),
    })
    // The same project again, now to work on it.
    expect(await host.openProject(dogs.folder, { readOnly: false })).toMatchObject({
      name: 'Dogs',
      readOnly: null,
    })
    await host.closeProject()
    expect(await host.snapshot()).toBeNull()
  })

  it('shows a read-only view what the owner does', async () => {
    const { folder: path } = await host.createProject(folder.path, 'Dogs')
    const reader = await desktopHost()
    await reader.openProject(path, { readOnly: true })
    const events = reader.events()
    await host.commit(added('c1'))
    const { change } = await heard(events, (event) => event.type === 'changed')
    expect(change.label).toBe('Add c1')
    expect((await refusal(() => reader.commit(added('c2')))).code).toBe('read-only')
    await reader.close()
  })

  it('imports a video, remembers it with a picture and finds everything again after a restart', async () => {
    const { folder: path } = await host.createProject(folder.path, 'Dogs')
    const { media, job } = await imported(host, film)
    expect(job.state).toBe('done')
    expect(media).toMatchObject({ width: 192, height: 108, frameCount: 24, table: 'complete' })
    expect(await host.frameTable(media.id)).toHaveLength(24)
    const snapshot = await host.snapshot()
    expect(snapshot?.media).toMatchObject([
      { mediaId: media.id, state: 'ok', shows: 'original', proxyNeeded: false },
    ])
    expect(await host.mediaFile(media.id)).toEqual({ path: film, contentType: 'video/mp4' })
    const still = await host.stillFrame(media.id, 23)
    expect(Buffer.from(still!.bytes.subarray(0, 3)).toString('hex')).toBe('ffd8ff')
    expect(await host.stillFrame(media.id, 24)).toBeNull()
    await waitFor(async () => (await host.recentProjects())[0]?.thumbnail !== null)
    expect(await host.recentProjects()).toMatchObject([
      {
        name: 'Dogs',
        folder: path,
        missing: false,
        thumbnail: expect.stringMatching(/^data:image\/jpeg;base64,/),
      },
    ])
    await host.close()
    host = await desktopHost()
    await host.openProject(path, { readOnly: false })
    expect((await host.snapshot())?.records).toContainEqual(media)
    expect(await host.frameTable(media.id)).toHaveLength(24)
    expect(await host.undo()).toMatchObject({ label: expect.stringContaining('Import'), skippedCount: 0 })
    expect((await host.snapshot())?.records.filter((record) => record.kind === 'media')).toEqual([])
  })

  it('takes an undo of a job that runs as the wish to end it', async () => {
    const bodies = {
      propagate: async function* (_context: unknown, _spec: unknown, _cursor: unknown, signal: AbortSignal) {
        for (let done = 1; !signal.aborted; done++) {
          const { diff } = added('c1', { order: done })
          yield { done, total: 1e6, change: { label: 'Count', diff }, cursor: done }
        }
        return undefined
      },
    }
    await host.close()
    host = await createHost({
      mode: 'cli',
      settingsFolder: join(folder.path, 'settings'),
      bodies: bodies as never,
    })
    await host.createProject(folder.path, 'Dogs')
    const before = (await host.snapshot())?.records
    const events = host.events()
    const span = { objectIds: null, direction: 'both', range: null, reach: 'all', playheadFrame: 0 } as const
    const job = await host.startJob({ type: 'propagate', mediaId: 'm1' as never, ...span })
    await heard(events, (event) => event.type === 'changed')
    expect((await host.undo()).label).toBe('Count')
    expect((await host.snapshot())?.records).toEqual(before)
    expect((await host.snapshot())?.jobs).toMatchObject([{ id: job.id, state: 'cancelled' }])
  })
})

async function waitFor(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('classes', () => {
  it('come from a list, keep those that are there, and are one step', async () => {
    await host.createProject(folder.path, 'Dogs')
    await host.commit(added('c1', { name: 'dog' }))
    const list = join(folder.path, 'classes.txt')
    writeFileSync(list, 'dog\ncat\ngrass\n')
    const { classIds, sentence } = await host.importClasses(list)
    expect(classIds).toHaveLength(3)
    expect(classIds[0]).toBe('c1')
    expect(sentence).toBe('2 classes added; 1 was there already.')
    const classes = (await host.snapshot())!.records.filter((record) => record.kind === 'class')
    expect(classes.map(({ name, order }) => [name, order])).toEqual([
      ['dog', 0],
      ['cat', 1],
      ['grass', 2],
    ])
    expect(new Set(classes.map(({ color }) => color)).size).toBe(3)
    expect((await host.undo()).label).toBe('Import classes')
    expect((await refusal(() => host.importClasses(join(folder.path, 'none.txt')))).message).toContain(
      'none.txt',
    )
  })
})

describe('settings', () => {
  it('survive a restart, and odd ones fall back', async () => {
    await host.updateSettings({ theme: 'dark', cacheMegabytes: 900, keys: { undo: ['Ctrl+Y'] } })
    await host.updateSettings({ cacheMegabytes: -5, theme: 'pink' as never })
    await host.close()
    host = await desktopHost()
    expect(await host.settings()).toMatchObject({
      theme: 'system',
      cacheMegabytes: 64,
      keys: { undo: ['Ctrl+Y'] },
    })
    writeFileSync(join(folder.path, 'settings', 'settings.json'), '{ half')
    const fresh = await desktopHost()
    expect(await fresh.settings()).toMatchObject({
      theme: 'system',
      keyPreset: 'inbetween',
      cacheMegabytes: 512,
    })
    await fresh.close()
  })
})
