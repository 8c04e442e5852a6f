import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobInfo, JobSpec } from '../core/api.ts'
import { emptyDiff } from '../core/diff.ts'
import type { MediaId } from '../core/records.ts'
import { testMedia, testObject } from '../core/test-records.ts'
import { UserError } from '../core/user-error.ts'
import type { JobBodies, JobContext, JobStep } from './job-context.ts'
import { JobQueue } from './jobs.ts'
import { Project } from './project.ts'
import {
  changeTo,
  drawnMask,
  idOf,
  newTestProject,
  recordTable,
  type TestFolder,
  testFolder,
  testOptions,
} from './test-projects.ts'

type Body = (
  cursor: unknown,
  signal: AbortSignal,
  spec: JobSpec,
) => AsyncGenerator<JobStep, { sentence?: string } | undefined, undefined>

let place: TestFolder
let project: Project
let queue: JobQueue
let body: Body
let told: JobInfo[]

const propagate: JobSpec = {
  type: 'propagate',
  mediaId: 'm1' as MediaId,
  objectIds: null,
  direction: 'both',
  range: null,
  reach: 'all',
  playheadFrame: 0,
}
const proxy: JobSpec = { type: 'proxy', mediaId: 'm1' as MediaId }
const table: JobSpec = { type: 'frame-table', mediaId: 'm1' as MediaId }

beforeEach(() => {
  place = testFolder()
  project = newTestProject(place.path, [testMedia('m1'), testObject('o1', 'm1')])
  body = countTo(5)
  queue = newQueue()
})
afterEach(async () => {
  await queue.close()
  project.close()
  place.remove()
})

function newQueue(): JobQueue {
  told = []
  const any = (_context: JobContext, spec: JobSpec, cursor: unknown, signal: AbortSignal) =>
    body(cursor, signal, spec)
  const bodies: JobBodies = {
    propagate: any,
    export: any,
    proxy: any,
    'import-media': any,
    'import-annotations': any,
    'frame-table': any,
  }
  const { now, newId } = testOptions
  const context = (jobId: string) => ({ jobId, store: project.store }) as unknown as JobContext
  return new JobQueue({ project, bodies, context, now, newId, onJob: (job) => told.push(job) })
}

function made(frameIndex: number): JobStep {
  const { record, shape } = drawnMask('o1', frameIndex, frameIndex, { state: 'propagated' })
  const change = {
    label: `Propagate ${frameIndex + 1} frames`,
    diff: { ...emptyDiff, added: { [record.id]: record } },
    shapes: [shape],
  }
  return {
    done: frameIndex + 1,
    total: 10,
    at: `dog, frame ${frameIndex}`,
    frameIndex,
    change,
    cursor: frameIndex + 1,
  }
}

/** Makes frames up to `count`, from the cursor on. */
function countTo(count: number): Body {
  return async function* (cursor) {
    for (let frameIndex = (cursor as number | null) ?? 0; frameIndex < count; frameIndex++)
      yield made(frameIndex)
    return undefined
  }
}

/** Makes three frames and then waits until it is asked to stop. */
const three: Body = async function* (cursor, signal) {
  yield* countTo(3)(cursor, signal, propagate)
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  yield made(9)
  return undefined
}

const frames = () => [...project.store.track('o1' as never).keys()].sort((a, b) => a - b)

async function until(id: string, ...states: JobInfo['state'][]): Promise<JobInfo> {
  for (;;) {
    const job = queue.get(id)!
    if (states.includes(job.state)) return job
    await wait(2)
  }
}

async function untilFrames(count: number): Promise<void> {
  while (frames().length < count) await wait(2)
}

/** As if the program had died and been started again. */
function restart(): void {
  const folder = project.folders.project
  project.close()
  project = Project.open(folder, testOptions)
  queue = newQueue()
}

describe('a job', () => {
  it('is done when its body ends, and says what it says', async () => {
    body = async function* (cursor, signal) {
      yield* countTo(2)(cursor, signal, propagate)
      yield { done: 2, total: 2, note: 'A cut at frame 2 stopped dog.', cuts: [9] }
      yield { done: 2, total: 2, note: 'A cut at frame 2 stopped dog.', cuts: [9, 2] }
      return { sentence: 'Two frames were made.' }
    }
    const job = await until(queue.start(propagate).id, 'done')
    expect(job).toMatchObject({
      label: 'Propagate all objects',
      done: 2,
      total: 2,
      sentence: 'Two frames were made.',
    })
    expect(job.notes).toEqual(['A cut at frame 2 stopped dog.'])
    expect(job.cuts).toEqual([2, 9])
    expect(frames()).toEqual([0, 1])
    expect(told.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1])).toEqual([
      'queued',
      'running',
      'done',
    ])
  })

  it('that is cancelled keeps its frames, takes none that come later, and goes on from there', async () => {
    body = three
    const { id } = queue.start(propagate)
    await untilFrames(3)
    await queue.cancel(id)
    expect(queue.get(id)!.state).toBe('cancelled')
    expect(frames()).toEqual([0, 1, 2])
    body = countTo(5)
    queue.resume(id)
    await until(id, 'done')
    expect(frames()).toEqual([0, 1, 2, 3, 4])
    expect(project.history().undo).toHaveLength(1)
    project.undo()
    expect(frames()).toEqual([])
  })

  it('that does not answer is given up after two seconds, and what it makes later is dropped', async () => {
    let free = () => {}
    body = async function* () {
      yield made(0)
      await new Promise<void>((resolve) => {
        free = resolve
      })
      yield made(1)
      return undefined
    }
    const { id } = queue.start(propagate)
    await untilFrames(1)
    await queue.cancel(id)
    expect(queue.get(id)!.state).toBe('cancelled')
    body = countTo(1)
    const next = queue.start(propagate)
    free()
    await until(next.id, 'done')
    await wait(20)
    expect(frames()).toEqual([0])
  })

  it('that is cancelled while it waits never begins', async () => {
    body = three
    const first = queue.start(propagate)
    const second = queue.start(proxy)
    expect(queue.get(second.id)!.state).toBe('queued')
    await queue.cancel(second.id)
    await queue.cancel(first.id)
    await wait(10)
    expect(queue.get(second.id)!.state).toBe('cancelled')
    expect(queue.get(second.id)!.startedAt).toBeNull()
  })

  it('that fails says its sentence, keeps what it made and may be resumed', async () => {
    body = async function* (cursor, signal) {
      yield* countTo(2)(cursor, signal, propagate)
      throw new UserError('media-missing', 'dog.mp4 does not exist. Relink it.')
    }
    const { id } = queue.start(propagate)
    expect((await until(id, 'failed')).sentence).toBe('dog.mp4 does not exist. Relink it.')
    expect(frames()).toEqual([0, 1])
    body = countTo(3)
    queue.resume(id)
    expect((await until(id, 'done')).sentence).toBeNull()
    expect(frames()).toEqual([0, 1, 2])
  })

  it('that lost the process of networks is interrupted with the reason, and goes on from its cursor', async () => {
    const sentence = 'The process that runs networks ended in the middle of “Pack, encoder”.'
    body = async function* (cursor, signal) {
      yield* countTo(3)(cursor, signal, propagate)
      throw new UserError('inference-lost', sentence)
    }
    const { id } = queue.start(propagate)
    expect(await until(id, 'interrupted', 'failed')).toMatchObject({
      state: 'interrupted',
      sentence,
      done: 3,
    })
    restart()
    expect(queue.get(id)).toMatchObject({ state: 'interrupted', sentence })
    let began: unknown
    body = async function* (cursor, signal) {
      began = cursor
      yield* countTo(5)(cursor, signal, propagate)
      return undefined
    }
    queue.resume(id)
    expect(await until(id, 'done')).toMatchObject({ sentence: null })
    expect(began).toBe(3)
    expect(frames()).toEqual([0, 1, 2, 3, 4])
  })

  it('that the program interrupted is offered again after a restart, in the same step', async () => {
    body = three
    const { id } = queue.start(propagate)
    await untilFrames(3)
    // Not closed: the row still says that it runs, as after a kill.
    const folder = project.folders.project
    const before = project
    before.close()
    project = Project.open(folder, testOptions)
    const dead = queue
    queue = newQueue()
    expect(queue.get(id)).toMatchObject({ state: 'interrupted', done: 3 })
    await wait(5)
    expect(queue.get(id)!.state).toBe('interrupted')
    body = countTo(4)
    queue.resume(id)
    await until(id, 'done')
    expect(frames()).toEqual([0, 1, 2, 3])
    expect(project.history().undo.map(({ step }) => step)).toEqual([id])
    await dead.close().catch(() => {})
  })

  it('that runs when the project is closed is interrupted', async () => {
    body = three
    const { id } = queue.start(propagate)
    await untilFrames(3)
    await queue.close()
    restart()
    expect(queue.get(id)).toMatchObject({ state: 'interrupted', done: 3 })
  })

  it('leaves the user’s masks alone, also those made after it looked', async () => {
    const drawn = drawnMask('o1', 1, 400)
    body = async function* () {
      yield made(0)
      const late = made(1)
      project.commit(changeTo(project, [drawn.record], [drawn.shape]))
      yield late
      yield made(2)
      return undefined
    }
    await until(queue.start(propagate).id, 'done')
    expect(frames()).toEqual([0, 1, 2])
    expect(project.store.get(idOf('o1', 1) as never)).toEqual(drawn.record)
  })

  it('begins anew after it was undone, and has nothing left to do after it was redone', async () => {
    body = three
    const { id } = queue.start(propagate)
    await untilFrames(3)
    const before = recordTable(project.folders.project)
    const undone = await queue.rowsForTravel(id, 'undo')
    project.undo(undone)
    queue.travelled(undone)
    expect(queue.get(id)).toMatchObject({ state: 'cancelled', done: 0, sentence: 'Undone.' })
    expect(frames()).toEqual([])
    const redone = await queue.rowsForTravel(id, 'redo')
    project.redo(redone)
    queue.travelled(redone)
    expect(recordTable(project.folders.project)).toBe(before)
    expect(() => queue.resume(id)).toThrow('is done and cannot be resumed')
    const again = await queue.rowsForTravel(id, 'undo')
    project.undo(again)
    queue.travelled(again)
    body = countTo(2)
    queue.resume(id)
    await until(id, 'done')
    expect(frames()).toEqual([0, 1])
  })
})

describe('the queue', () => {
  it('runs one heavy job at a time and light ones beside it', async () => {
    body = three
    const [first, second, light] = [queue.start(propagate), queue.start(proxy), queue.start(table)]
    await wait(5)
    expect([first, second, light].map(({ id }) => queue.get(id)!.state)).toEqual([
      'running',
      'queued',
      'running',
    ])
    await queue.cancel(first.id)
    await until(second.id, 'running')
    await queue.cancel(second.id)
    await queue.cancel(light.id)
  })

  it('starts what a job asks for, in the transaction of its change', async () => {
    body = async function* (_cursor, _signal, spec) {
      if (spec.type === 'import-media') yield { ...made(0), follow: [table] }
      else yield made(1)
      return undefined
    }
    queue.start({ type: 'import-media', paths: ['dog.mp4'] })
    while (frames().length < 2) await wait(2)
    const ids = queue.list().map((job) => job.id)
    expect(queue.list().map(({ spec }) => spec.type)).toEqual(['import-media', 'frame-table'])
    for (const id of ids) await until(id, 'done')
    // Reading a table is the program's own doing and nothing to undo.
    expect(project.history().undo.map(({ step }) => step)).toEqual([ids[0]])
  })

  it('tells of progress at most ten times a second, and always of the end', async () => {
    body = async function* () {
      const end = performance.now() + 350
      for (let done = 1; performance.now() < end; done++) yield { done, total: 1_000_000 }
      return undefined
    }
    const begun = performance.now()
    const { id } = queue.start(propagate)
    await until(id, 'done')
    const progress = told.filter((job) => job.state === 'running' && job.done > 0)
    expect(progress.length).toBeGreaterThan(0)
    expect(progress.length).toBeLessThanOrEqual((performance.now() - begun) / 100 + 1)
    expect(told.at(-1)).toMatchObject({ state: 'done', done: queue.get(id)!.done })
  })

  it('exports from a project that may only be read, and does nothing else there', async () => {
    const folder = project.folders.project
    project.close()
    project = Project.open(folder, { ...testOptions, readOnly: true })
    queue = newQueue()
    expect(() => queue.start(propagate)).toThrow('read-only')
    body = async function* () {
      yield { done: 1, total: 1, cursor: 1, note: 'One file was left out.' }
      return { sentence: 'Written.' }
    }
    const { id } = queue.start({ type: 'export' } as JobSpec)
    expect(await until(id, 'done')).toMatchObject({ sentence: 'Written.', notes: ['One file was left out.'] })
  })

  it('forgets a job that is dismissed, but not one that runs', async () => {
    body = three
    const { id } = queue.start(propagate)
    expect(() => queue.dismiss(id)).toThrow('is still running. Cancel it first.')
    await queue.cancel(id)
    queue.dismiss(id)
    expect(queue.list()).toEqual([])
    restart()
    expect(queue.list()).toEqual([])
    expect(() => queue.resume(id)).toThrow('it was taken off the list')
  })
})
