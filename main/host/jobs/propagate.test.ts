import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JobInfo, PropagateSpec } from '../../core/api.ts'
import { emptyDiff } from '../../core/diff.ts'
import { decodeShape, encodeRle, type Rle, rleIou } from '../../core/mask/rle.ts'
import { type MaskRecord, type MediaId, maskId, type ObjectId } from '../../core/records.ts'
import { sceneClip } from '../../core/scene/scene-clips.ts'
import { isStale, staleSpans } from '../../core/track/staleness.ts'
import { trackOf } from '../../core/track/track.ts'
import type { JobQueue } from '../jobs.ts'
import { Project } from '../project.ts'
import { makeSceneProject, type SceneProject, truthMask } from '../scene-project.ts'
import { jobEnded, propagationQueue, testContext } from '../test-queue.ts'
import { estimatePropagation } from './propagation-speed.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-propagate-'))
let nextId = 0
const newId = (word: string) => `${word}-${++nextId}`
const now = () => 1_700_000_000_000 + nextId
let made: SceneProject
let project: Project
let queue: JobQueue
let heard: JobInfo[] = []

function openQueue(): JobQueue {
  heard = []
  return propagationQueue(project, { now, newId }, (job) => void heard.push(job))
}

beforeAll(async () => {
  process.env.INBETWEEN_CACHE = join(folder, 'cache')
  const keyFrames = () => [2, 9, 16]
  made = await makeSceneProject(folder, 'original', sceneClip('short-test'), { now, newId, keyFrames })
  made.project.close()
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Every test begins with a fresh copy of the same project. */
beforeEach(async () => {
  const { cp } = await import('node:fs/promises')
  const copy = join(folder, newId('copy'))
  await cp(join(folder, 'original'), copy, { recursive: true })
  project = Project.open(copy, { now, newId })
  queue = openQueue()
  return async () => {
    await queue.close()
    project.close()
  }
})

const everything = (): PropagateSpec => ({
  type: 'propagate',
  mediaId: mediaId(),
  objectIds: null,
  direction: 'both',
  range: null,
  reach: 'all',
  playheadFrame: 9,
})

const mediaId = (): MediaId => made.mediaId
const objectNamed = (name: string) =>
  [...project.store.ofKind('object')].find((object) => object.name === name)!
const track = (name: string) => trackOf(project.store.track(objectNamed(name).id).values())
const masks = () => [...project.store.ofKind('mask')]
const propagated = (name: string) => track(name).masks.filter((mask) => mask.state === 'propagated')

const run = (spec: Partial<PropagateSpec> = {}) =>
  jobEnded(queue, queue.start({ ...everything(), ...spec }).id)

async function cancelAfter(frameCount: number, spec: Partial<PropagateSpec> = {}): Promise<JobInfo> {
  const { id } = queue.start({ ...everything(), ...spec })
  const before = masks().length
  while (masks().length - before < frameCount && queue.get(id)!.state !== 'done')
    await new Promise((resolve) => setTimeout(resolve, 2))
  await queue.cancel(id)
  return queue.get(id)!
}

/** What a person sees of the masks: nothing of how they came about in time. */
const content = () =>
  masks()
    .map(
      ({ id, state, shape, left, right, confidence, doubt }) =>
        `${id} ${state} ${shape} ${left} ${right} ${confidence} ${doubt}`,
    )
    .sort()

function drawKeyframe(name: string, frameIndex: number, fromFrame: number): void {
  const entity = [...made.objectIds.keys()].find((candidate) => candidate.name === name)!
  draw(name, frameIndex, made.truth(entity, fromFrame))
}

function draw(name: string, frameIndex: number, rle: Rle): void {
  const { record, shape } = truthMask(objectNamed(name).id, frameIndex, rle)
  const present = project.store.get(record.id)
  const diff = present
    ? { ...emptyDiff, updated: { [record.id]: [present, record] as const } }
    : { ...emptyDiff, added: { [record.id]: record } }
  project.commit({ id: newId('change'), label: 'Draw mask', diff, shapes: [shape] })
}

describe('propagating', () => {
  it('fills every frame of every object between and beyond the keyframes, close to the truth', async () => {
    const job = await run()
    expect(job.sentence).toBeNull()
    expect(job.state).toBe('done')
    expect(job.done).toBe(job.total)
    const scores: number[] = []
    for (const [entity, objectId] of made.objectIds) {
      const filled = track(entity.name)
      expect(filled.masks.length).toBe(24)
      for (const mask of filled.masks) {
        if (mask.state !== 'propagated' || !mask.shape) continue
        expect(mask.objectId).toBe(objectId)
        const rle = decodeShape(project.readShape(mask.shape), 192, 108)
        scores.push(rleIou(rle, made.truth(entity, mask.frameIndex)))
        expect(mask.confidence).toBeGreaterThanOrEqual(0)
        expect(mask.confidence).toBeLessThanOrEqual(1)
      }
    }
    expect(scores.length).toBeGreaterThan(50)
    expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeGreaterThan(0.75)
    expect(heard.some((told) => /frame \d+/.test(told.at) && told.msPerFrame !== null)).toBe(true)
  })

  it('leaves nothing stale and no file of its own behind', async () => {
    await run()
    for (const { name } of project.store.ofKind('object')) expect(staleSpans(track(name))).toEqual([])
    // Flow alone is kept, for the next run over the same frames.
    expect(readdirSync(project.folders.cache)).toEqual(['flow'])
  })

  it('computes no flow again after a correction', async () => {
    await run()
    const flow = join(project.folders.cache, 'flow')
    // A flow that is computed again is written to a new file.
    const inodes = () =>
      Object.fromEntries(readdirSync(flow).map((name) => [name, statSync(join(flow, name)).ino]))
    const before = inodes()
    expect(Object.keys(before).length).toBeGreaterThan(20)
    await run({ reach: 'all' })
    expect(inodes()).toMatchObject(before)
  })

  it('is one step of undo, and undo restores the masks byte for byte', async () => {
    const before = content()
    const { records } = {
      records: project.database
        .records()
        .map((record) => JSON.stringify(record))
        .sort(),
    }
    await run()
    expect(project.history().undo).toHaveLength(1)
    expect(project.history().undo[0]!.label).toBe('Propagate 21 frames')
    const after = content()
    project.undo()
    expect(content()).toEqual(before)
    expect(
      project.database
        .records()
        .map((record) => JSON.stringify(record))
        .sort(),
    ).toEqual(records)
    project.redo()
    expect(content()).toEqual(after)
  })

  it('makes exactly the two spans beside a changed keyframe stale, and a stale run does only those', async () => {
    await run()
    drawKeyframe('fox', 9, 8)
    expect(staleSpans(track('fox'))).toEqual([
      { firstFrame: 3, lastFrame: 8 },
      { firstFrame: 10, lastFrame: 15 },
    ])
    for (const name of ['balloon', 'sailboat']) expect(staleSpans(track(name))).toEqual([])
    const before = new Map(masks().map((mask) => [mask.id, mask]))
    const job = await run({ reach: 'stale' })
    expect(job.sentence).toBeNull()
    const changed = masks().filter((mask) => before.get(mask.id) !== mask)
    expect(changed.map((mask) => mask.frameIndex).sort((a, b) => a - b)).toEqual([
      3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15,
    ])
    expect(new Set(changed.map((mask) => mask.objectId))).toEqual(new Set([objectNamed('fox').id]))
    expect(staleSpans(track('fox'))).toEqual([])
  })

  it('has nothing stale any more when the edit is undone, and says so', async () => {
    await run()
    drawKeyframe('fox', 9, 8)
    project.undo()
    expect(track('fox').masks.some((mask) => isStale(track('fox'), mask))).toBe(false)
    const job = await run({ reach: 'stale' })
    expect(job.sentence).toBe('Nothing is stale: every propagated mask fits its keyframes.')
  })

  it('never touches another object when one is added or deleted', async () => {
    await run({ objectIds: [objectNamed('fox').id, objectNamed('balloon').id] })
    const of = (name: string) => propagated(name).map((mask) => `${mask.frameIndex} ${mask.shape}`)
    const before = [of('fox'), of('balloon')]
    expect(of('sailboat')).toEqual([])
    await run({ objectIds: [objectNamed('sailboat').id] })
    expect([of('fox'), of('balloon')]).toEqual(before)
    expect(of('sailboat').length).toBe(21)
    const boat = objectNamed('sailboat')
    project.commit({
      id: newId('change'),
      label: 'Delete',
      diff: { ...emptyDiff, removed: { [boat.id]: boat } },
      shapes: [],
    })
    expect([of('fox'), of('balloon')]).toEqual(before)
    expect(masks().some((mask) => mask.objectId === boat.id)).toBe(false)
  })

  it('leaves confirmed frames and locked objects alone', async () => {
    await run({ objectIds: [objectNamed('fox').id] })
    const id = maskId(objectNamed('fox').id, 5)
    const present = project.store.get(id)!
    const confirmed: MaskRecord = {
      ...present,
      state: 'confirmed',
      left: null,
      right: null,
      confidence: null,
      doubt: null,
    }
    const boat = objectNamed('sailboat')
    project.commit({
      id: newId('change'),
      label: 'Confirm and lock',
      diff: {
        ...emptyDiff,
        updated: { [id]: [present, confirmed], [boat.id]: [boat, { ...boat, locked: true }] },
      },
      shapes: [],
    })
    await run()
    expect(project.store.get(id)).toEqual(confirmed)
    expect(propagated('sailboat')).toEqual([])
    expect((await run({ objectIds: [boat.id] })).sentence).toBe(
      'Every chosen object is locked. Unlock one, then propagate again.',
    )
  })

  it('leaves alone what the person draws while it runs, on frames still to be made', async () => {
    const { id } = queue.start({ ...everything(), direction: 'forward', playheadFrame: 9 })
    while (queue.get(id)!.state !== 'done' && !track('fox').masks.some((mask) => mask.frameIndex === 10))
      await new Promise((resolve) => setTimeout(resolve, 1))
    expect(track('fox').masks.some((mask) => mask.frameIndex === 14)).toBe(false)
    drawKeyframe('fox', 14, 14)
    const drawn = project.store.get(maskId(objectNamed('fox').id, 14))
    await jobEnded(queue, id)
    expect(project.store.get(maskId(objectNamed('fox').id, 14))).toEqual(drawn)
    expect(track('fox').masks.some((mask) => mask.frameIndex === 15)).toBe(true)
  })

  it('tells how much of the picture is nobody’s where the keyframes are labelled nearly all over', async () => {
    const data = Uint8Array.from({ length: 192 * 108 }, (_, i) => (i % 192 < 180 ? 1 : 0))
    for (const frame of [2, 9]) draw('fox', frame, encodeRle({ width: 192, height: 108, data }))
    const { notes } = await run({ objectIds: [objectNamed('fox').id], range: [3, 8] })
    expect(notes).toContainEqual(expect.stringMatching(/has no owner on the frames made/))
  })

  it('keeps what it has finished when cancelled, and resumed ends as if never interrupted', async () => {
    await run()
    const whole = content()
    project.undo()
    const job = await cancelAfter(9)
    expect(job.state).toBe('cancelled')
    const kept = masks().filter((mask) => mask.state === 'propagated')
    expect(kept.length).toBeGreaterThanOrEqual(9)
    expect(kept.length).toBeLessThan(whole.length)
    queue.resume(job.id)
    expect((await jobEnded(queue, job.id)).state).toBe('done')
    expect(content()).toEqual(whole)
    expect(project.history().undo).toHaveLength(1)
  })

  it('goes on after the project was closed in the middle and opened again', async () => {
    await run()
    const whole = content()
    project.undo()
    const { id } = queue.start(everything())
    while (masks().filter((mask) => mask.state === 'propagated').length < 30)
      await new Promise((resolve) => setTimeout(resolve, 2))
    await queue.close()
    const { project: path } = project.folders
    project.close()
    project = Project.open(path, { now, newId })
    queue = openQueue()
    expect(queue.get(id)!.state).toBe('interrupted')
    queue.resume(id)
    expect((await jobEnded(queue, id)).state).toBe('done')
    expect(content()).toEqual(whole)
  })

  it('a resumed stale run does both sides of what it set out to do', async () => {
    await run()
    drawKeyframe('fox', 9, 8)
    const before = masks()
    await run({ reach: 'stale' })
    const whole = content()
    project.undo()
    expect(masks().length).toBe(before.length)
    const job = await cancelAfter(0, { reach: 'stale' })
    queue.resume(job.id)
    expect((await jobEnded(queue, job.id)).state).toBe('done')
    expect(content()).toEqual(whole)
  })

  it('a second correction takes over from the run after the first, and nothing stays stale', async () => {
    await run()
    const fox = [objectNamed('fox').id]
    const stale = { reach: 'stale', objectIds: fox } as const
    drawKeyframe('fox', 5, 6)
    const first = queue.start({ ...everything(), ...stale, range: [3, 8], playheadFrame: 5 })
    const isFresh = () => propagated('fox').filter((mask) => !isStale(track('fox'), mask)).length
    const before = isFresh()
    while (isFresh() <= before) await new Promise((resolve) => setTimeout(resolve, 2))
    drawKeyframe('fox', 7, 7)
    const second = queue.start({ ...everything(), ...stale, range: [6, 8], playheadFrame: 7 })
    expect((await jobEnded(queue, first.id)).sentence).toMatch(/newer correction took over/)
    expect((await jobEnded(queue, second.id)).state).toBe('done')
    expect(queue.get(first.id)!.state).toBe('done')
    expect(staleSpans(track('fox'))).toEqual([])
    expect(propagated('sailboat').every((mask) => !isStale(track('sailboat'), mask))).toBe(true)
  })

  it('goes forward, backward, to the next keyframe and over a range', async () => {
    const frames = () => propagated('fox').map((mask) => mask.frameIndex)
    const fox = [objectNamed('fox').id]
    await run({ objectIds: fox, direction: 'forward', reach: 'next', playheadFrame: 9 })
    expect(frames()).toEqual([10, 11, 12, 13, 14, 15])
    expect(propagated('fox')[0]!.right).toBe(`16:${track('fox').keys[2]!.shape}`)
    project.undo()
    await run({ objectIds: fox, direction: 'backward', reach: 'next', playheadFrame: 9 })
    expect(frames()).toEqual([3, 4, 5, 6, 7, 8])
    project.undo()
    await run({ objectIds: fox, direction: 'forward', playheadFrame: 20 })
    expect(frames()).toEqual([17, 18, 19, 20, 21, 22, 23])
    project.undo()
    await run({ objectIds: fox, range: [12, 18] })
    expect(frames()).toEqual([12, 13, 14, 15, 17, 18])
  })

  it('says why nothing was made', async () => {
    const ids = [...project.store.ofKind('object')]
    const keyless = Object.fromEntries(masks().map((mask) => [mask.id, mask]))
    project.commit({
      id: newId('change'),
      label: 'Delete masks',
      diff: { ...emptyDiff, removed: keyless },
      shapes: [],
    })
    expect((await run()).sentence).toBe(
      'The 3 chosen objects have no keyframe to start from. Label one frame, then propagate again.',
    )
    expect((await run({ objectIds: [ids[0]!.id] })).sentence).toBe(
      'fox has no keyframe to start from. Label one frame, then propagate again.',
    )
    expect((await run({ objectIds: ['gone' as ObjectId] })).sentence).toBe(
      'The chosen objects are no longer in the project.',
    )
    const removed = Object.fromEntries(ids.map((object) => [object.id, object]))
    project.commit({
      id: newId('change'),
      label: 'Delete objects',
      diff: { ...emptyDiff, removed },
      shapes: [],
    })
    expect((await run()).sentence).toBe(
      'There is no object yet. Draw one on any frame, then propagate again.',
    )
    expect((await run()).state).toBe('done')
  })

  it('estimates the work, and better after it was done once', async () => {
    const first = estimatePropagation(testContext(project, { now, newId }), everything())
    expect(first).toMatchObject({ objectCount: 3, frameCount: 21, sentence: null })
    expect(first.seconds).toBeGreaterThan(0)
    await run()
    const second = estimatePropagation(testContext(project, { now, newId }), everything())
    expect(second.seconds).not.toBe(first.seconds)
    expect(
      estimatePropagation(testContext(project, { now, newId }), { ...everything(), reach: 'stale' }).sentence,
    ).toMatch(/Nothing is stale/)
  })
})
