import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JobSpec } from '../../core/api.ts'
import { decodeShape, encodeRle, rleIou } from '../../core/mask/rle.ts'
import type { MediaRecord, RecordKind, RecordOf } from '../../core/records.ts'
import type { SceneFrame } from '../../core/scene/scene.ts'
import { sceneClip } from '../../core/scene/scene-clips.ts'
import { writeMaskPng } from '../dataset/write-mask-png.ts'
import { resolveFfmpeg, startFfmpeg } from '../ffmpeg.ts'
import { createHost, type Host } from '../host.ts'
import { writeSceneVideo } from '../scene-video.ts'
import { ranJob } from '../test-hosts.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-import-'))
const clip = { ...sceneClip('short-test'), frameCount: 6 }
const video = join(folder, 'walk.mp4')
const frames: SceneFrame[] = []
let host: Host
let projectCount = 0

beforeAll(async () => {
  await writeSceneVideo(clip, video, { onFrame: (_, frame) => frames.push(frame) })
  await stills('stills', ['2.png', '10.png', '1.png'])
  await stills('loose', ['a.jpg', 'b.jpg'])
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  host = await createHost({ mode: 'cli', settingsFolder: join(folder, 'settings') })
  await host.createProject(folder, `project ${++projectCount}`)
})

afterEach(() => host.close())

async function stills(name: string, files: readonly string[]): Promise<void> {
  mkdirSync(join(folder, name))
  const ffmpeg = await resolveFfmpeg()
  for (const [i, file] of files.entries()) {
    const run = startFfmpeg(ffmpeg, [
      '-v',
      'error',
      '-i',
      video,
      '-vf',
      `select=eq(n\\,${i})`,
      '-frames:v',
      '1',
      join(folder, name, file),
    ])
    run.stdin.end()
    run.stdout.resume()
    expect((await run.ended).exitCode).toBe(0)
  }
}

const run = (spec: JobSpec) => ranJob(host, spec)

async function ofKind<K extends RecordKind>(kind: K): Promise<RecordOf<K>[]> {
  return (await host.snapshot())!.records.filter((record) => record.kind === kind) as RecordOf<K>[]
}

const importMedia = (...paths: string[]) => run({ type: 'import-media', paths })

async function theVideo(): Promise<MediaRecord> {
  await importMedia(video)
  return (await ofKind('media'))[0]!
}

describe('importing media', () => {
  it('brings in a video with its whole table of presentation times', async () => {
    const job = await importMedia(video)
    expect(job).toMatchObject({ state: 'done', sentence: null })
    const [media] = await ofKind('media')
    expect(media).toMatchObject({
      name: 'walk.mp4',
      width: 192,
      height: 108,
      frameCount: 6,
      table: 'complete',
      codec: 'h264',
      source: { path: '../walk.mp4' },
    })
    const times = await host.frameTable(media!.id)
    expect([...times].map((time) => Math.round(time - times[0]!))).toEqual([
      0, 41667, 83333, 125000, 166667, 208333,
    ])
  })

  it('is one step of undo', async () => {
    await importMedia(video, join(folder, 'stills'))
    expect(await ofKind('media')).toHaveLength(2)
    expect((await host.undo()).label).toBe('Import 2 media')
    expect(await ofKind('media')).toHaveLength(0)
    await host.redo()
    expect(await ofKind('media')).toHaveLength(2)
  })

  it('takes a folder of images in natural order, and single images of one folder as one media', async () => {
    await importMedia(join(folder, 'stills'), join(folder, 'loose', 'a.jpg'), join(folder, 'loose', 'b.jpg'))
    const media = await ofKind('media')
    expect(media.map(({ name, frameCount, width }) => [name, frameCount, width])).toEqual([
      ['stills', 3, 192],
      ['loose', 2, 192],
    ])
    expect(media[0]!.source).toMatchObject({ type: 'images', files: ['1.png', '2.png', '10.png'] })
    expect([...(await host.frameTable(media[0]!.id))]).toEqual([0, 40000, 80000])
  })

  it('imports what it can, and names what it could not', async () => {
    writeFileSync(join(folder, 'broken.mp4'), 'no video at all')
    const job = await importMedia(join(folder, 'broken.mp4'), video, video)
    expect(job.state).toBe('done')
    expect(await ofKind('media')).toHaveLength(1)
    expect(job.notes[0]).toContain('broken.mp4')
    expect(job.notes[1]).toBe('walk.mp4 is in the project already, as walk.mp4.')
    expect(job.report).toMatchObject({ written: ['walk.mp4'] })
    expect(await importMedia(join(folder, 'broken.mp4'))).toMatchObject({
      state: 'failed',
      sentence: expect.stringContaining('broken.mp4'),
    })
    expect(await importMedia(join(folder, 'nowhere.mp4'))).toMatchObject({
      state: 'failed',
      sentence: expect.stringContaining('does not exist'),
    })
  })
})

describe('what follows an import', () => {
  it('makes a copy that a browser can show of codecs that it may not know, frame for frame', async () => {
    const ffmpeg = await resolveFfmpeg()
    for (const [encoder, name] of [
      ['libx265', 'hevc.mp4'],
      ['mpeg4', 'old.avi'],
      ['libx264', 'plain.mkv'],
    ] as const) {
      const encode = startFfmpeg(ffmpeg, ['-v', 'error', '-i', video, '-c:v', encoder, join(folder, name)])
      encode.stdin.end()
      encode.stdout.resume()
      expect((await encode.ended).exitCode).toBe(0)
    }
    await importMedia(join(folder, 'hevc.mp4'), join(folder, 'old.avi'), join(folder, 'plain.mkv'))
    const status = await host.checkMedia()
    const names = new Map((await ofKind('media')).map((media) => [media.id, media.name]))
    const shows = Object.fromEntries(status.map((item) => [names.get(item.mediaId), item.shows]))
    expect(shows).toEqual({ 'hevc.mp4': 'proxy', 'old.avi': 'proxy', 'plain.mkv': 'original' })
    const jobs = (await host.snapshot())!.jobs.filter((job) => job.spec.type === 'proxy')
    expect(jobs.map(({ state, done, total }) => [state, done, total])).toEqual([
      ['done', 6, 6],
      ['done', 6, 6],
    ])
  })

  it('finishes a table that was only begun, and keeps what the user did meanwhile', async () => {
    const media = await theVideo()
    // As after an import that was interrupted early: two frames known, the record says so.
    const partial = { ...media, frameCount: 2, table: 'partial' as const, name: 'renamed' }
    await host.commit({
      id: 'change-partial',
      label: 'Rename',
      diff: { added: {}, updated: { [media.id]: [media, partial] }, removed: {} },
      shapes: [],
    })
    expect(await run({ type: 'frame-table', mediaId: media.id })).toMatchObject({ state: 'done' })
    expect((await ofKind('media'))[0]).toEqual({ ...media, name: 'renamed' })
    expect(await host.frameTable(media.id)).toHaveLength(6)
    // Reading a table is nothing that a person would take back.
    expect((await host.undo()).label).toBe('Rename')
  })
})

describe('importing annotations', () => {
  /** Writes masks of the scene's things as palette PNGs for the given frames. */
  async function labels(name: string, frameIndexes: readonly number[]): Promise<string> {
    const place = join(folder, name, 'walk')
    mkdirSync(place, { recursive: true })
    for (const frameIndex of frameIndexes) {
      const plane = frames[frameIndex]!.index.map((entity) => (entity <= clip.objectCount ? entity : 0))
      await writeMaskPng(join(place, `${String(frameIndex).padStart(5, '0')}.png`), 192, 108, plane)
    }
    return join(folder, name)
  }

  it('makes objects and keyframes with exactly the pixels of the files, as one step of undo', async () => {
    const media = await theVideo()
    const job = await run({
      type: 'import-annotations',
      mediaId: media.id,
      path: await labels('exact', [0, 3]),
    })
    expect(job).toMatchObject({ state: 'done', sentence: null })
    expect(job.report!.written).toEqual(['3 objects, 6 masks on 2 frames, all as keyframes'])
    const objects = await ofKind('object')
    const masks = await ofKind('mask')
    expect(objects).toHaveLength(3)
    for (const mask of masks) {
      expect(mask).toMatchObject({ state: 'keyframe', method: 'import' })
      const [bytes] = await host.shapes([mask.shape!])
      const entity = objects.findIndex((object) => object.id === mask.objectId) + 1
      const data = frames[mask.frameIndex]!.index.map((value) => (value === entity ? 1 : 0))
      expect(rleIou(decodeShape(bytes!, 192, 108), encodeRle({ width: 192, height: 108, data }))).toBe(1)
    }
    expect((await host.undo()).label).toBe('Import annotations of walk.mp4')
    expect(await ofKind('object')).toHaveLength(0)
    expect(await ofKind('mask')).toHaveLength(0)
  })

  it('names objects apart when imported twice, and writes over no mask', async () => {
    const media = await theVideo()
    const path = await labels('twice', [0])
    await run({ type: 'import-annotations', mediaId: media.id, path })
    await run({ type: 'import-annotations', mediaId: media.id, path })
    const names = (await ofKind('object')).map((object) => object.name)
    expect(names).toHaveLength(6)
    expect(new Set(names).size).toBe(6)
  })

  it('says what is wrong with the path and changes nothing', async () => {
    const media = await theVideo()
    const job = await run({
      type: 'import-annotations',
      mediaId: media.id,
      path: join(folder, 'no-such-labels'),
    })
    expect(job).toMatchObject({ state: 'failed', sentence: expect.stringContaining('no-such-labels') })
    expect(await ofKind('object')).toHaveLength(0)
  })

  it('comes back from an export as it went out', async () => {
    const media = await theVideo()
    await run({ type: 'import-annotations', mediaId: media.id, path: await labels('round', [0, 3, 5]) })
    const before = (await ofKind('mask')).map((mask) => `${mask.frameIndex} ${mask.shape}`).sort()
    const job = await run({
      type: 'export',
      format: 'viposeg',
      target: folder,
      folderName: 'exported',
      mediaIds: [media.id],
      frames: { type: 'all' },
      valShare: 0,
      layout: 'train',
      overwrite: false,
      includeFrames: true,
    })
    expect(job.state, job.sentence ?? '').toBe('done')
    await host.undo()
    expect(await ofKind('mask')).toHaveLength(0)
    const again = await run({ type: 'import-annotations', mediaId: media.id, path: join(folder, 'exported') })
    expect(again.state, again.sentence ?? '').toBe('done')
    expect((await ofKind('mask')).map((mask) => `${mask.frameIndex} ${mask.shape}`).sort()).toEqual(before)
  })
})
