/** What an earlier run proposed beyond a shot cut, and a later one does not find any more. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { JobSpec, PropagateSpec } from '../../core/api.ts'
import { emptyDiff } from '../../core/diff.ts'
import { encodeRle, type Rle, rleArea } from '../../core/mask/rle.ts'
import { type MaskRecord, type MediaId, maskId, type ObjectId } from '../../core/records.ts'
import { sceneClip } from '../../core/scene/scene-clips.ts'
import { testObject } from '../../core/test-records.ts'
import { createHost, type Host } from '../host.ts'
import { makeSceneProject, truthMask } from '../scene-project.ts'
import { ranJob } from '../test-hosts.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-old-proposals-'))
process.env.INBETWEEN_CACHE = join(folder, 'cache')
let count = 0
let host: Host
let mediaId: MediaId
let objectId: ObjectId
let name = ''

beforeEach(async () => {
  host = await createHost({ mode: 'cli', settingsFolder: join(folder, 'settings') })
  return () => host.close()
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const run = (spec: JobSpec) => ranJob(host, spec)

const propagate = (more: Partial<PropagateSpec> = {}) =>
  run({
    type: 'propagate',
    mediaId,
    objectIds: [objectId],
    direction: 'forward',
    range: null,
    reach: 'all',
    playheadFrame: 0,
    ...more,
  })

async function masks(): Promise<MaskRecord[]> {
  const found = (await host.snapshot())!.records.filter((record) => record.kind === 'mask')
  return found.filter((mask) => mask.objectId === objectId).sort((a, b) => a.frameIndex - b.frameIndex)
}

const proposedFrames = async () =>
  (await masks()).filter(({ state }) => state === 'proposed').map(({ frameIndex }) => frameIndex)

/** As a run from another keyframe left them; the mask itself says nothing here. */
async function proposeOn(frames: readonly number[]): Promise<void> {
  const key = (await masks()).find(({ state }) => state === 'keyframe')!
  const added = frames.map((frameIndex): MaskRecord => {
    const made = { state: 'proposed', method: 'propagation', confidence: 0.6 } as const
    return { ...key, ...made, id: maskId(objectId, frameIndex), frameIndex }
  })
  await host.commit({
    id: `proposed-${++count}`,
    label: 'Propagate',
    diff: { ...emptyDiff, added: Object.fromEntries(added.map((mask) => [mask.id, mask])) },
    shapes: [],
  })
}

/** One object is in the first shot only; the next ones begin on frames 24 and 32. */
async function openShots(): Promise<void> {
  const project = `shots ${++count}`
  const made = await makeSceneProject(folder, project, sceneClip('absent-test'), {
    now: Date.now,
    newId: (word) => `${word}-${++count}`,
    keyFrames: () => [20],
  })
  mediaId = made.mediaId
  const [absent, id] = [...made.objectIds].find(([entity]) => rleArea(made.truth(entity, 40)) === 0)!
  name = absent.name
  objectId = id
  made.project.close()
  await host.openProject(join(folder, project), { readOnly: false })
  // Nobody has said that it is gone: the run looks for it.
  const outside = (await masks()).filter((mask) => mask.outside)
  const removed = Object.fromEntries(outside.map((mask) => [mask.id, mask]))
  await host.commit({ id: `look-${++count}`, label: 'Delete', diff: { ...emptyDiff, removed }, shapes: [] })
}

describe('a run that finds nothing where an earlier one had proposed', () => {
  it('takes the proposals back, says so, and undo brings them back with the rest', async () => {
    await openShots()
    await proposeOn([36, 37, 38, 40])
    const before = await masks()
    const job = await propagate({ playheadFrame: 20 })
    expect(await proposedFrames()).toEqual([])
    expect(job).toMatchObject({ state: 'done', sentence: null })
    expect(job.notes).toContain(
      `${name}: what was proposed on 4 frames is taken back, because it is not found there any more.`,
    )
    expect((await masks()).some(({ state }) => state === 'propagated')).toBe(true)
    await host.undo()
    expect(await masks()).toEqual(before)
    await host.redo()
    expect(await proposedFrames()).toEqual([])
  })

  it('leaves those outside its range, behind its direction, and what a person has answered', async () => {
    await openShots()
    await proposeOn([4, 36, 37, 38, 40])
    const accepted = (await masks()).find(({ frameIndex }) => frameIndex === 37)!
    const confirmed: MaskRecord = { ...accepted, state: 'confirmed', confidence: null }
    await host.commit({
      id: `accept-${++count}`,
      label: 'Accept',
      diff: { ...emptyDiff, updated: { [accepted.id]: [accepted, confirmed] } },
      shapes: [],
    })
    await propagate({ range: [0, 36], playheadFrame: 20 })
    expect(await proposedFrames()).toEqual([4, 38, 40])
    expect((await masks()).find(({ frameIndex }) => frameIndex === 37)).toEqual(confirmed)
  })
})

const davis = join(import.meta.dirname, '../../../../shared/data/davis2016-train')

describe('on real pictures', () => {
  it.skipIf(!existsSync(davis))(
    'takes back what was proposed in a shot without the bear (skipped where the sequences are not there)',
    async () => {
      const pictures = join(folder, 'bear, then a hiker')
      mkdirSync(pictures)
      for (const [shot, name] of ['bear', 'hike'].entries())
        for (const file of readdirSync(join(davis, name, 'frames'))
          .sort()
          .slice(0, 8))
          copyFileSync(join(davis, name, 'frames', file), join(pictures, `${shot}-${file}`))
      await host.createProject(folder, `bear ${++count}`)
      await run({ type: 'import-media', paths: [pictures] })
      const media = (await host.snapshot())!.records.find((record) => record.kind === 'media')!
      mediaId = media.id
      const bear = testObject('bear', mediaId)
      objectId = bear.id
      const { record, shape } = truthMask(objectId, 0, await bearOnFirstFrame())
      await host.commit({
        id: `bear-${++count}`,
        label: 'Draw the bear',
        diff: { ...emptyDiff, added: { [bear.id]: bear, [record.id]: record } },
        shapes: [shape],
      })
      await proposeOn([10, 11, 12])
      const job = await propagate()
      expect(job.cuts).toEqual([8])
      expect((await masks()).map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      await host.undo()
      expect(await proposedFrames()).toEqual([10, 11, 12])
    },
  )
})

async function bearOnFirstFrame(): Promise<Rle> {
  const [first] = readdirSync(join(davis, 'bear', 'masks')).sort()
  const image = await loadImage(join(davis, 'bear', 'masks', first!))
  const { width, height } = image
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  return encodeRle({
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => (data[i * 4]! > 0 ? 1 : 0)),
  })
}
