import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeShape, rleArea } from '../core/mask/rle.ts'
import { trackOf } from '../core/track/track.ts'
import { Project } from './project.ts'
import { ensureSample } from './sample.ts'
import { keysOf } from './scene-project.ts'

const base = mkdtempSync(join(tmpdir(), 'inbetween-sample-'))
let nextId = 0
const options = { now: () => 1_700_000_000_000, newId: (word: string) => `${word}-${++nextId}` }
let folder = ''
let told = 0

beforeAll(async () => {
  folder = await ensureSample(base, { ...options, onProgress: (done) => (told = done) })
})

afterAll(() => {
  rmSync(base, { recursive: true, force: true })
})

describe('the sample project', () => {
  it('is a ten-second film with begun objects and one left to draw, and nothing to undo', () => {
    const project = Project.open(folder, options)
    try {
      const [media] = project.store.ofKind('media')
      expect(media).toMatchObject({
        frameCount: 240,
        width: 640,
        height: 360,
        table: 'complete',
        codec: 'h264',
      })
      expect(media!.source).toMatchObject({ type: 'video', path: 'media/sample.mp4' })
      expect(project.frameTable(media!.id)).toHaveLength(240)
      const objects = [...project.store.ofKind('object')]
      const keys = (name: string) =>
        trackOf(project.store.track(objects.find((object) => object.name === name)!.id).values()).keys
      expect(objects.map((object) => object.name)).toEqual(['fox', 'balloon', 'sailboat', 'ball', 'gull'])
      expect(keys('ball')).toEqual([])
      expect(keys('balloon').map((key) => key.frameIndex)).toEqual([0, 96, 182])
      expect(keys('fox').some((key) => key.outside)).toBe(true)
      for (const mask of project.store.ofKind('mask')) {
        if (!mask.shape) continue
        expect(rleArea(decodeShape(project.readShape(mask.shape), 640, 360))).toBe(mask.area)
      }
      expect(project.history()).toEqual({ undo: [], redo: [] })
      expect([...project.store.ofKind('class')].some((record) => record.stuff)).toBe(true)
    } finally {
      project.close()
    }
    expect(told).toBe(240)
  })

  it('is made once: later calls find it, with what the user did to it', async () => {
    writeFileSync(join(folder, 'mark'), '')
    told = 0
    expect(await ensureSample(base, options)).toBe(folder)
    expect(existsSync(join(folder, 'mark'))).toBe(true)
    expect(told).toBe(0)
    expect(readdirSync(dirname(folder))).toHaveLength(1)
  })

  it('leaves nothing behind when it is stopped', async () => {
    const elsewhere = join(base, 'stopped')
    mkdirSync(elsewhere)
    const controller = new AbortController()
    const onProgress = (done: number) => {
      if (done === 3) controller.abort(new Error('enough'))
    }
    await expect(
      ensureSample(elsewhere, { ...options, onProgress, signal: controller.signal }),
    ).rejects.toThrow()
    expect(readdirSync(join(elsewhere, 'sample-1'))).toEqual([])
  })
})

describe('keyframes of an object', () => {
  it('stand where they are wanted and the object is seen, and where it comes back', () => {
    const areas = [9, 9, 5, 0, 0, 0, 0, 1, 4, 9, 9]
    expect(keysOf(areas, [0, 4, 10])).toEqual({ keys: [0, 8, 10], outside: [3] })
  })

  it('leave out short absences and an object that is never seen', () => {
    expect(keysOf([9, 0, 0, 9], [0])).toEqual({ keys: [0], outside: [] })
    expect(keysOf([0, 0, 0], [0, 2])).toEqual({ keys: [], outside: [] })
    expect(keysOf([5, 5, 0, 0, 0], [0])).toEqual({ keys: [0], outside: [2] })
  })
})
