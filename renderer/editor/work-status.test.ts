import { describe, expect, it } from 'vitest'
import type { JobInfo } from '../../main/core/api.ts'
import type { InferenceStatus, NetworkPlace } from '../../main/core/models.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { type LastAnswer, lastWork } from './work-status.ts'

const cuda: NetworkPlace = { provider: 'cuda', partlyOnCpu: false }
const asleep = new MemoryHost([]).inference
const awake: InferenceStatus = {
  ...asleep,
  state: 'ready',
  provider: 'cuda',
  processId: 7,
  lastRun: { name: 'SAM 2, decoder', ms: 9, ...cuda },
}

function run(fields: Partial<JobInfo>): JobInfo {
  return {
    id: 'job',
    spec: { type: 'propagate' } as JobInfo['spec'],
    label: 'Propagate',
    state: 'done',
    done: 5,
    total: 5,
    at: '',
    frameIndex: 4,
    msPerFrame: 24,
    startedAt: 1000,
    endedAt: 2000,
    sentence: null,
    notes: [],
    network: null,
    ranOn: { ownEngine: true, network: null },
    report: null,
    ...fields,
  }
}
const byNetwork = (fields: Partial<JobInfo> = {}) =>
  run({ network: 'Follower', ranOn: { ownEngine: false, network: cuda }, ...fields })
const answer = (answeredAt: number, network: NetworkPlace | null = cuda): LastAnswer => ({
  ms: 300,
  ranOn: { ownEngine: network === null, network },
  answeredAt,
})
const work = (
  jobs: readonly JobInfo[],
  lastAnswer: LastAnswer | null = null,
  inference: InferenceStatus | null = awake,
) => lastWork({ jobs, lastAnswer, inference })

const own = { ownEngine: true, network: null }
const onCuda = { ownEngine: false, network: cuda }

describe('what worked last', () => {
  it('is a run of our own engine after a smart mask by a network: the network’s provider has no part in its time', () => {
    expect(work([run({})], answer(1500))).toEqual({ ranOn: own, ms: 24, unit: 'frame' })
  })

  it('is the smart mask after a run, with the time of the whole answer and not of one graph', () => {
    expect(work([run({})], answer(2500))).toEqual({ ranOn: onCuda, ms: 300, unit: 'mask' })
    expect(work([byNetwork()], answer(2500, null))).toEqual({ ranOn: own, ms: 300, unit: 'mask' })
  })

  it('is what goes on, whoever answered meanwhile', () => {
    const running = run({ id: 'other', state: 'running', startedAt: 3000, endedAt: null, msPerFrame: 30 })
    expect(work([running, byNetwork()], answer(9000))).toEqual({ ranOn: own, ms: 30, unit: 'frame' })
  })

  it('is the run that ended last, not the one that began last, and no import or export', () => {
    const exported = run({ spec: { type: 'export' } as JobInfo['spec'], endedAt: 9000, msPerFrame: 1 })
    expect(work([byNetwork({ endedAt: 5000, msPerFrame: 80 }), run({}), exported])).toMatchObject({
      ranOn: onCuda,
      ms: 80,
    })
  })

  it('stays what it was when another provider is chosen afterwards', () => {
    expect(work([byNetwork()], null, { ...awake, provider: 'cpu' })).toMatchObject({ ranOn: onCuda })
  })

  it('is both where a network corrects our own engine', () => {
    const both = { ownEngine: true, network: cuda }
    expect(work([byNetwork({ ranOn: both })])).toMatchObject({ ranOn: both })
  })
})

describe('before the first frame', () => {
  const beginning = { state: 'running', msPerFrame: null, endedAt: null, frameIndex: null } as const

  it('a network’s run is said to be where networks run now, without a time', () => {
    const ranOn = { ownEngine: false, network: null }
    expect(work([byNetwork({ ...beginning, ranOn })])).toEqual({ ranOn: onCuda, ms: null, unit: 'frame' })
    expect(work([byNetwork({ ...beginning, ranOn })], null, asleep)).toMatchObject({ ranOn })
  })

  it('our own engine’s is on the CPU, though a network answered before', () => {
    expect(work([run(beginning)], answer(900))).toEqual({ ranOn: own, ms: null, unit: 'frame' })
  })
})

describe('where nothing was worked on', () => {
  it('the last graph that was checked is told as one graph', () => {
    expect(work([])).toMatchObject({ ranOn: { ownEngine: false, network: cuda }, ms: 9, unit: 'graph' })
  })

  it('nothing is said', () => {
    expect(work([], null, asleep)).toBeNull()
    expect(work([run({ state: 'failed', msPerFrame: null })], null, null)).toBeNull()
  })

  it('a run of an earlier version tells its engine, and of a network no provider that nobody noted', () => {
    const { ranOn: _, ...old } = run({})
    expect(work([old])).toMatchObject({ ranOn: own, ms: 24 })
    expect(work([{ ...old, network: 'Follower' }])).toMatchObject({
      ranOn: { ownEngine: false, network: null },
      ms: 24,
    })
  })
})
