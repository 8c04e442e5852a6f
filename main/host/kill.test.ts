/** kill -9 at 50 random moments: nothing that was shown as done is lost, and the project opens and goes on. */
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { shapeHash } from '../core/mask/shape-hash.ts'
import type { MaskRecord } from '../core/records.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { testMedia, testObject } from '../core/test-records.ts'
import { JobQueue } from './jobs.ts'
import { Project } from './project.ts'
import { makeSceneProject } from './scene-project.ts'
import { type Announcement, countingBodies, jobObject, userObject } from './test-host-process.ts'
import { type TestProcess, testProcess } from './test-process.ts'
import {
  drawnMask,
  newTestProject,
  recordTable,
  replayedLog,
  testFolder,
  testOptions,
} from './test-projects.ts'

const chainCount = 5
const killsPerChain = 10
/** From the word to open to the kill: it may fall into opening, resuming or any commit. */
const longestLifeMs = 400

const script = fileURLToPath(new URL('./test-host-process.ts', import.meta.url))
const place = testFolder()
afterAll(() => place.remove())

interface Victim {
  readonly process: TestProcess
  readonly announced: Announcement[]
  readonly ready: Promise<void>
}

function startHost(folder: string, ...mode: 'propagate'[]): Victim {
  const child = testProcess([script, join(place.path, 'settings'), folder, ...mode])
  const announced: Announcement[] = []
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      // The kill may cut a line off; a line without its end was announced to nobody.
      try {
        announced.push(JSON.parse(line) as Announcement)
      } catch {
        return
      }
      if (announced.length === 1) resolve()
    })
    child.once('exit', (code) => reject(new Error(`The host ended by itself with code ${code}`)))
  })
  ready.catch(() => {})
  return { process: child, announced, ready }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Lets the host live for some time after the word, and until the job has shown a frame where `toFirstFrame`, then kills it;
 * returns what it had announced.
 */
async function lifeOf(
  victim: Victim,
  lifeMs: number,
  toFirstFrame = false,
): Promise<{ masks: MaskRecord[]; resumed: boolean }> {
  await victim.ready
  victim.process.stdin.write('open\n')
  await sleep(lifeMs)
  const isShown = (item: Announcement) =>
    item.type === 'done' && item.masks.some(({ objectId }) => objectId === jobObject)
  while (toFirstFrame && !victim.announced.some(isShown)) await sleep(10)
  const closed = once(victim.process, 'close')
  victim.process.kill('SIGKILL')
  await closed
  const masks = victim.announced.flatMap((item) => (item.type === 'done' ? item.masks : []))
  return { masks, resumed: victim.announced.some((item) => item.type === 'open' && item.resumed) }
}

/** Opens the project as the next host would and compares it with everything that was ever announced. */
function examine(folder: string, announced: ReadonlyMap<string, MaskRecord>): number {
  const project = Project.open(folder, testOptions)
  try {
    expect(project.database.integrity()).toBe('ok')
    for (const [id, mask] of announced) {
      expect(project.store.get(id as MaskRecord['id'])).toEqual(mask)
      const { shape } = drawnMask(mask.objectId, mask.frameIndex, mask.frameIndex)
      expect(mask.shape).toBe(shape.hash)
      expect(Buffer.compare(project.readShape(shape.hash), shape.bytes)).toBe(0)
    }
    const [row] = project.database.jobs()
    const frameCount = project.store.track(jobObject as never).size
    // Frames and cursor are one transaction: the next run neither repeats a frame nor leaves one out.
    expect(row?.cursor ?? 0).toBe(frameCount)
    if (row) expect(queueOf(project).list()).toMatchObject([{ id: row.info.id, state: 'interrupted' }])
    return frameCount
  } finally {
    project.close()
  }
}

function queueOf(project: Project): JobQueue {
  const { now, newId } = testOptions
  const context = () => {
    throw new Error('No job is run here')
  }
  return new JobQueue({ project, bodies: countingBodies, context, now, newId, onJob: () => {} })
}

async function chain(number: number): Promise<void> {
  const made = newTestProject(
    place.path,
    [testMedia('m1'), testObject(jobObject, 'm1'), testObject(userObject, 'm1')],
    {},
    `Chain ${number}`,
  )
  const folder = made.folders.project
  made.close()
  const announced = new Map<string, MaskRecord>()
  let frameCount = 0
  let next = startHost(folder)
  for (let kill = 1; kill <= killsPerChain; kill++) {
    const victim = next
    if (kill < killsPerChain) next = startHost(folder)
    // A machine that is very busy may have come to no frame in any life before.
    const isLastChance = kill === killsPerChain && frameCount === 0
    const life = await lifeOf(victim, Math.random() * longestLifeMs, isLastChance)
    for (const mask of life.masks) announced.set(mask.id, mask)
    const nowCount = examine(folder, announced)
    expect(nowCount).toBeGreaterThanOrEqual(frameCount)
    if (frameCount > 0 && life.masks.length > 0) expect(life.resumed).toBe(true)
    frameCount = nowCount
    expect(replayedLog(folder)).toBe(recordTable(folder))
  }
  expect(frameCount).toBeGreaterThan(0)
  expectOneStep(folder, frameCount)
}

/** All runs of the job, killed ten times, are one step of history. */
function expectOneStep(folder: string, frameCount: number): void {
  const project = Project.open(folder, testOptions)
  try {
    const jobId = project.database.jobs()[0]!.info.id
    const drawnCount = project.store.track(userObject as never).size
    expect(project.store.track(jobObject as never).size).toBe(frameCount)
    while (project.nextUndo() !== jobId) project.undo()
    expect(project.undo().skippedCount).toBe(0)
    expect(project.store.track(jobObject as never).size).toBe(0)
    while (project.nextRedo() !== null) expect(project.redo().skippedCount).toBe(0)
    expect(project.store.track(jobObject as never).size).toBe(frameCount)
    expect(project.store.track(userObject as never).size).toBe(drawnCount)
  } finally {
    project.close()
  }
}

describe(`a host killed ${chainCount * killsPerChain} times while it propagates and the user draws`, () => {
  it('loses nothing that was shown as done, and goes on where it was', { timeout: 240_000 }, async () => {
    await Promise.all(Array.from({ length: chainCount }, (_, number) => chain(number)))
  })
})

/** From the word to the kill of a host that really propagates: into training, flow or any frame. */
const longestPropagationMs = 1500

async function whole(folder: string): Promise<Announcement[]> {
  const victim = startHost(folder, 'propagate')
  await victim.ready
  victim.process.stdin.write('open\n')
  while (!victim.announced.some((item) => item.type === 'ended'))
    await new Promise((resolve) => setTimeout(resolve, 20))
  const closed = once(victim.process, 'close')
  victim.process.kill('SIGKILL')
  await closed
  return victim.announced
}

describe('a host killed again and again while the engine propagates', () => {
  it('keeps every frame that was shown, byte for byte, and ends with all of them in one step', {
    timeout: 240_000,
  }, async () => {
    process.env.INBETWEEN_CACHE = join(place.path, 'cache')
    const { now, newId } = testOptions
    const made = await makeSceneProject(place.path, 'Film', sceneClip('short-test'), {
      now,
      newId,
      keyFrames: () => [4, 16],
    })
    const { project, objectIds } = made
    const folder = project.folders.project
    const before = recordTable(folder)
    project.close()
    const shown = new Map<string, MaskRecord>()
    for (let kill = 0; kill < 5; kill++) {
      const { masks } = await lifeOf(startHost(folder, 'propagate'), Math.random() * longestPropagationMs)
      for (const mask of masks) shown.set(mask.id, mask)
      expectShown(folder, shown)
    }
    const announced = await whole(folder)
    expect(announced.at(-1)).toEqual({ type: 'ended', state: 'done', sentence: null })
    for (const item of announced)
      if (item.type === 'done') for (const mask of item.masks) shown.set(mask.id, mask)
    expectShown(folder, shown)
    const reopened = Project.open(folder, testOptions)
    for (const objectId of objectIds.values())
      expect(reopened.store.track(objectId).size).toBe(sceneClip('short-test').frameCount)
    expect(reopened.history().undo).toHaveLength(1)
    reopened.undo()
    expect(recordTable(folder)).toBe(before)
    reopened.close()
  })
})

function expectShown(folder: string, shown: ReadonlyMap<string, MaskRecord>): void {
  const project = Project.open(folder, testOptions)
  try {
    expect(project.database.integrity()).toBe('ok')
    const { width, height } = [...project.store.ofKind('media')][0]!
    for (const [id, mask] of shown) {
      expect(project.store.get(id as MaskRecord['id'])).toEqual(mask)
      if (mask.shape) expect(shapeHash(project.readShape(mask.shape), width, height)).toBe(mask.shape)
    }
  } finally {
    project.close()
  }
  expect(replayedLog(folder)).toBe(recordTable(folder))
}
