/** Our own engine with a network that corrects its masks: what a run says of it, and what it does where it cannot run. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenPack } from '../../../models/open-pack.ts'
import { GraphBuilder } from '../../../models/test-graphs/graph-builder.ts'
import { packHere } from '../../../models/test-graphs/run-here.ts'
import type { PropagateSpec } from '../../core/api.ts'
import type { MediaId } from '../../core/records.ts'
import { UserError } from '../../core/user-error.ts'
import type { JobBodies } from '../job-context.ts'
import { JobQueue } from '../jobs.ts'
import type { ChosenPacks } from '../models/chosen-packs.ts'
import type { Project } from '../project.ts'
import { type TestFolder, testFolder, testOptions } from '../test-projects.ts'
import { jobEnded, testContext } from '../test-queue.ts'
import { propagateJob } from './propagate.ts'
import { estimatePropagation } from './propagation-speed.ts'
import { networkProject } from './test-network.ts'

let place: TestFolder
let project: Project
let queue: JobQueue
let chosen: OpenPack | null

type Settings = ReturnType<ReturnType<typeof testContext>['settings']>

/** Adds `delta` to the logit of every pixel it is shown. */
function corrector(delta: number, version = '1.0.0') {
  const memorise = new GraphBuilder()
  const key = memorise.node('Cast', [memorise.input('key', [1, 4, 192, 192], 'uint8')], { to: 1 })
  const mean = memorise.reshape(memorise.mean(key, 1, 2, 3), 1, 1, 1)
  memorise.output('memory', memorise.expand(mean, 1, 97, 576), [1, 97, 576])
  const refine = new GraphBuilder()
  const step = refine.node('Cast', [refine.input('step', [1, 9, 192, 192], 'uint8')], { to: 1 })
  const memory = refine.reshape(refine.mean(refine.input('memory', [1, 97, 1152]), 1, 2), 1, 1, 1, 1)
  const nothing = refine.times(refine.add(refine.slice(step, 1, 0, 1), memory), refine.floats([0], [1]))
  refine.output('delta', refine.add(nothing, refine.floats([delta], [1])), [1, 1, 192, 192])
  return packHere(
    { memorise: memorise.graph(), refine: refine.graph() },
    { role: 'refine-mask', contract: 'inbetween-refine', id: 'second-look', name: 'Second look', version },
  )
}

beforeEach(async () => {
  place = testFolder()
  process.env.INBETWEEN_CACHE = place.path
  project = await networkProject(place.path, { frameCount: 24 }, { dog: [[0, 20, 40]] })
  chosen = null
  const packs: ChosenPacks = { open: async (role) => (role === 'refine-mask' ? chosen : null) }
  queue = new JobQueue({
    project,
    bodies: { propagate: propagateJob } as unknown as JobBodies,
    context: (jobId) => ({ ...testContext(project, testOptions, jobId), packs }),
    ...testOptions,
    onJob: () => {},
  })
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
const run = () => jobEnded(queue, queue.start(everything).id)
const made = () => [...project.store.ofKind('mask')].filter(({ state }) => state === 'propagated')

describe('a network that corrects our own engine', () => {
  test('has its say in every step, and everything says so', async () => {
    const pack = corrector(-12)
    const network = { provider: 'webgpu', partlyOnCpu: true } as const
    chosen = { ...pack, ranOn: () => network }
    const ranOn = { ownEngine: true, network }
    expect(await run()).toMatchObject({ state: 'done', network: 'Second look', ranOn })
    expect(pack.runs('memorise')).toHaveLength(1)
    expect(pack.runs('refine').length).toBeGreaterThan(0)
    // It takes away all it is shown.
    expect(made().every(({ shape }) => shape === null)).toBe(true)
    expect(made()[0]!.network).toBe('Inbetween’s own engine with Second look 1.0.0')
  })

  test('is not asked where the forest alone was chosen, and nothing speaks of it', async () => {
    const ranOn = { ownEngine: true, network: null }
    expect(await run()).toMatchObject({ state: 'done', network: null, ranOn })
    expect(made().length).toBeGreaterThan(0)
    expect(made().every(({ shape, network }) => shape !== null && network === undefined)).toBe(true)
  })

  test('where it cannot run, the run fails with a sentence that names the way without it', async () => {
    const pack = corrector(0)
    const refused = async () => {
      throw new UserError('inference-failed', 'ONNX Runtime is not to be had on this machine.')
    }
    chosen = { ...pack, graphs: { run: refused } }
    const job = await run()
    expect(job.state).toBe('failed')
    expect(job.sentence).toMatch(/^ONNX Runtime is not .* choose Inbetween’s own alone in the run’s menu/)
  })

  test('has an estimate of its own, by what it took', async () => {
    const msPerFrame = (models: Partial<Settings['models']>) => {
      const settings = () => ({ threadCount: 1, models }) as unknown as Settings
      return estimatePropagation({ ...testContext(project, testOptions), settings }, everything).msPerFrame
    }
    const withIt = () => msPerFrame({ 'refine-mask': 'second-look' })
    const alone = msPerFrame({})
    expect(withIt()).toBeGreaterThan(alone)
    chosen = corrector(0)
    await run()
    expect(withIt()).not.toBe(65)
    expect(msPerFrame({})).toBe(alone)
  })

  test('a run begun with it is not gone on with by another version, nor without it', async () => {
    chosen = corrector(0)
    const { id } = queue.start(everything)
    while (queue.get(id)!.done < 2) await new Promise((resolve) => setTimeout(resolve, 2))
    await queue.cancel(id)
    for (const [other, name] of [
      [null, 'Inbetween’s own engine'],
      [corrector(0, '2.0.0'), 'Inbetween’s own engine with Second look 2.0.0'],
    ] as const) {
      chosen = other
      queue.resume(id)
      const { sentence } = await jobEnded(queue, id)
      expect(sentence).toContain('This run was begun with Inbetween’s own engine with Second look 1.0.0.')
      expect(sentence).toContain(`Now ${name} would go on with it.`)
    }
    chosen = corrector(0)
    queue.resume(id)
    expect((await jobEnded(queue, id)).state).toBe('done')
  })
})
