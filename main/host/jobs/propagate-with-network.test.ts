/** Keyframes in, masks out, by a video network in the real inference process. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PackManifest } from '../../../models/manifest.ts'
import type { Urgency } from '../../../models/tensor.ts'
import type { JobInfo, PropagateSpec } from '../../core/api.ts'
import { decodeShape, rleIou } from '../../core/mask/rle.ts'
import type { MaskRecord, MediaId, ObjectId } from '../../core/records.ts'
import { staleSpans } from '../../core/track/staleness.ts'
import { trackOf } from '../../core/track/track.ts'
import type { Inference } from '../inference/inference.ts'
import { addingGraph, floats } from '../inference/test-graphs.ts'
import { testInference } from '../inference/test-inference.ts'
import type { JobBodies } from '../job-context.ts'
import { JobQueue } from '../jobs.ts'
import type { ChosenPacks } from '../models/chosen-packs.ts'
import type { Project } from '../project.ts'
import { disc, filmSize } from '../propagation/network/test-film.ts'
import { type TestFolder, testFolder, testOptions } from '../test-projects.ts'
import { jobEnded, testContext } from '../test-queue.ts'
import { propagateJob } from './propagate.ts'
import { estimatePropagation } from './propagation-speed.ts'
import { type DiscKeys, drawDisc, networkProject, openNetworkPack, writeNetworkPack } from './test-network.ts'

const networks = testInference()
let place: TestFolder
let project: Project
let queue: JobQueue
let inference: Inference
let packFolder: string
let manifest: PackManifest
/** What the person chose; null: Inbetween's own engine. */
let chosen: PackManifest | null
let asked: [role: string, urgency: Urgency][]
let told: JobInfo[]

async function begin(keys: DiscKeys, { frameCount = 12, slowness = 0 } = {}): Promise<void> {
  project = await networkProject(place.path, { frameCount }, keys)
  packFolder = join(place.path, 'pack')
  manifest = writeNetworkPack(packFolder, { name: 'Follower', slowness })
  chosen = manifest
  asked = []
  told = []
  inference = networks.start()
  const packs: ChosenPacks = {
    open: async (role, urgency) => {
      asked.push([role, urgency])
      return role === 'segment-video' && chosen
        ? openNetworkPack(packFolder, chosen, inference, urgency)
        : null
    },
  }
  queue = new JobQueue({
    project,
    bodies: { propagate: propagateJob } as unknown as JobBodies,
    context: (jobId) => ({ ...testContext(project, testOptions, jobId), inference, packs }),
    ...testOptions,
    onJob: (job) => void told.push(job),
  })
}

beforeEach(() => {
  place = testFolder()
  process.env.INBETWEEN_CACHE = join(place.path, 'cache')
})
afterEach(async () => {
  await queue.close()
  project.close()
  place.remove()
})

const everything: PropagateSpec = {
  type: 'propagate',
  mediaId: 'm1' as MediaId,
  objectIds: null,
  direction: 'both',
  range: null,
  reach: 'all',
  playheadFrame: 0,
}

const run = (spec: Partial<PropagateSpec> = {}) => jobEnded(queue, queue.start({ ...everything, ...spec }).id)
const masks = () => [...project.store.ofKind('mask')]
const made = (name: string) =>
  masks()
    .filter(({ objectId, state }) => objectId === name && state === 'propagated')
    .sort((a, b) => a.frameIndex - b.frameIndex)
const rleOf = ({ shape }: MaskRecord) =>
  decodeShape(project.readShape(shape!), filmSize.width, filmSize.height)
const content = () =>
  masks()
    .map(({ id, state, shape, left, right, confidence, doubt, sides }) =>
      JSON.stringify([id, state, shape, left, right, confidence, doubt, sides]),
    )
    .sort()

async function until(wanted: () => boolean): Promise<void> {
  while (!wanted()) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** Resolves in the middle of a run that takes long: the image encoder's. */
async function inLongRun(): Promise<void> {
  for (;;) {
    const before = inference.status()
    await new Promise((resolve) => setTimeout(resolve, 30))
    const now = inference.status()
    const isSame = JSON.stringify(now.lastRun) === JSON.stringify(before.lastRun)
    if (before.state === 'running' && now.state === 'running' && isSame) return
  }
}

describe('with a pack chosen', () => {
  test('a keyframe goes in and masks come out, and everything says who made them', async () => {
    await begin({ dog: [[4, 20, 40]] })
    const job = await run()
    expect(job).toMatchObject({ state: 'done', sentence: null, network: 'Follower' })
    expect(told.find(({ network }) => network)?.ranOn).toEqual({ ownEngine: false, network: null })
    expect(job.ranOn).toEqual({ ownEngine: false, network: { provider: 'cpu', partlyOnCpu: false } })
    expect(made('dog').map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11])
    for (const mask of made('dog')) {
      expect(rleIou(rleOf(mask), disc(20, 40))).toBeGreaterThan(0.8)
      expect(mask).toMatchObject({ method: 'propagation', network: 'Follower 1.0.0', confidence: 0.9 })
    }
    expect(project.history().undo.at(-1)!.label).toBe('Propagate 11 frames with Follower')
    expect(told.some(({ at, network }) => at === 'showing it dog' && network === 'Follower')).toBe(true)
    expect(asked).toEqual([['segment-video', 'batch']])
    expect(existsSync(join(project.folders.cache, `propagation-${job.id}`))).toBe(false)
  })

  test('another keyframe corrects what lies beyond it, a new object joins, and nothing else changes', async () => {
    await begin({ dog: [[0, 20, 20]], cat: [[0, 48, 16]] })
    await run()
    const cat = made('cat').map(({ frameIndex, shape }) => [frameIndex, shape])
    drawDisc(project, 'dog', 6, 20, 46)
    const track = () => trackOf(project.store.track('dog' as ObjectId).values())
    expect(staleSpans(track())).toHaveLength(2)
    await run({ reach: 'stale', playheadFrame: 6 })
    expect(staleSpans(track())).toEqual([])
    expect(rleIou(rleOf(made('dog').at(-1)!), disc(20, 46))).toBeGreaterThan(0.8)
    expect(rleIou(rleOf(made('dog')[0]!), disc(20, 20))).toBeGreaterThan(0.8)
    expect(made('cat').map(({ frameIndex, shape }) => [frameIndex, shape])).toEqual(cat)
  })

  test('backward it makes what lies before the keyframe only', async () => {
    await begin({ dog: [[6, 20, 40]] })
    await run({ direction: 'backward', playheadFrame: 6 })
    expect(made('dog').map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('the next estimate goes by what this pack took', async () => {
    await begin({ dog: [[4, 20, 40]] }, { frameCount: 26 })
    const settings = () =>
      ({ threadCount: 1, models: { 'segment-video': manifest.id } }) as ReturnType<
        ReturnType<typeof testContext>['settings']
      >
    const estimate = () =>
      estimatePropagation({ ...testContext(project, testOptions), settings }, everything).msPerFrame
    const before = estimate()
    await run()
    expect(before).toBe(1500)
    expect(estimate()).toBeLessThan(500)
  })

  test('own again is own: no network, no name', async () => {
    await begin({ dog: [[4, 20, 40]] })
    chosen = null
    expect((await run()).network ?? null).toBeNull()
    expect(made('dog')[0]!.network).toBeUndefined()
    expect(inference.status().state).toBe('asleep')
    expect(project.history().undo.at(-1)!.label).toBe('Propagate 11 frames')
  })
})

describe('a run that does not come to its end', () => {
  // At the border, where the stand-in's discs creep: a run that forgot what it had found would set them back.
  const keys: DiscKeys = {
    dog: [
      [0, 2, 20],
      [11, 62, 40],
    ],
    cat: [[3, 48, 62]],
  }

  async function whole(): Promise<readonly string[]> {
    await begin(keys)
    await run()
    const expected = content()
    await queue.close()
    project.close()
    place.remove()
    place = testFolder()
    return expected
  }

  test('cancelled, it keeps what it has, and resumed it makes the same bits', async () => {
    const expected = await whole()
    await begin(keys)
    const { id } = queue.start(everything)
    await until(() => queue.get(id)!.done >= 7)
    await queue.cancel(id)
    expect(queue.get(id)!.state).toBe('cancelled')
    expect(content().length).toBeLessThan(expected.length)
    queue.resume(id)
    expect((await jobEnded(queue, id)).state).toBe('done')
    expect(content()).toEqual(expected)
  })

  test('when the process of networks is killed under it, it is interrupted, says so, and goes on to the same bits', async () => {
    const expected = await whole()
    await begin(keys, { slowness: 3 })
    const { id } = queue.start(everything)
    await until(() => queue.get(id)!.done >= 5)
    await inLongRun()
    process.kill(inference.status().processId!, 'SIGKILL')
    const interrupted = await jobEnded(queue, id)
    expect(interrupted.state).toBe('interrupted')
    expect(interrupted.sentence).toMatch(/ended in the middle of “Follower, .*”: it was killed \(SIGKILL\)/)
    const kept = content().length
    expect(kept).toBeGreaterThan(5)
    queue.resume(id)
    expect(await jobEnded(queue, id)).toMatchObject({ state: 'done', sentence: null })
    expect(content()).toEqual(expected)
  })

  test('a pack that is gone meanwhile is named with the remedy, and chosen again it goes on', async () => {
    const expected = await whole()
    await begin(keys)
    const { id } = queue.start(everything)
    await until(() => queue.get(id)!.done >= 7)
    await queue.cancel(id)
    for (const [other, name] of [
      [null, 'Inbetween’s own engine'],
      [{ ...manifest, version: '2.0.0' }, 'Follower 2.0.0'],
    ] as const) {
      chosen = other
      queue.resume(id)
      const stopped = await jobEnded(queue, id)
      expect(stopped.state).toBe('interrupted')
      expect(stopped.sentence).toBe(
        `This run was begun with Follower 1.0.0. Now ${name} would go on with it. Choose Follower 1.0.0 again in the run’s menu on the timeline, or with --model stand-in, and resume; or dismiss this run and start a new one: what it has made is kept.`,
      )
    }
    chosen = manifest
    queue.resume(id)
    expect((await jobEnded(queue, id)).state).toBe('done')
    expect(content()).toEqual(expected)
  })

  test('a run of our own engine is not gone on with by a pack', async () => {
    await begin(keys)
    chosen = null
    const { id } = queue.start(everything)
    await until(() => queue.get(id)!.done >= 3)
    await queue.cancel(id)
    chosen = manifest
    queue.resume(id)
    expect((await jobEnded(queue, id)).sentence).toMatch(/^This run was begun with Inbetween’s own engine\./)
  })
})

test('what a person waits for passes before the run’s frames that wait', async () => {
  await begin({ dog: [[0, 20, 20]] }, { slowness: 2 })
  const { id } = queue.start(everything)
  await until(() => queue.get(id)!.done >= 2)
  const graph = networks.graphs.write('adder', addingGraph(1))
  const ask = (urgency: Urgency) =>
    inference.run({ graph, name: 'Adder', inputs: { x: floats([1, 2], [1, 2]) }, urgency })
  const order: string[] = []
  await until(() => inference.status().state === 'running')
  const waiting = ask('batch').then(() => order.push('batch'))
  await Promise.all([ask('interactive').then(() => order.push('interactive')), waiting])
  expect(order).toEqual(['interactive', 'batch'])
  expect(queue.get(id)!.state).toBe('running')
  expect((await jobEnded(queue, id)).state).toBe('done')
})
