/** Pure: what the work runs on and how long it takes, as the status bar says it. */
import type { JobInfo, SegmentAnswer } from '../../main/core/api.ts'
import type { InferenceStatus, NetworkPlace, RanOn } from '../../main/core/models.ts'

export type LastAnswer = Pick<SegmentAnswer, 'ms' | 'ranOn' | 'answeredAt'>

export interface Work {
  readonly ranOn: RanOn
  /** Null: nothing has come out yet. */
  readonly ms: number | null
  /** What took so long: a frame of a run, a mask from marks, or, where there was neither, a single graph. */
  readonly unit: 'frame' | 'mask' | 'graph'
}

interface Known {
  readonly jobs: readonly JobInfo[]
  readonly lastAnswer: LastAnswer | null
  readonly inference: InferenceStatus | null
}

/** The run that goes on, or whichever worked last: the time and what it was worked on are always of the same work. */
export function lastWork({ jobs, lastAnswer, inference }: Known): Work | null {
  const runs = jobs.filter(({ spec }) => spec.type === 'propagate')
  const running = runs.find(({ state }) => state === 'running')
  if (running) return workOf(running, inference)
  const timed = runs.filter(({ msPerFrame }) => msPerFrame !== null)
  const [run] = timed.toSorted((a, b) => endOf(b) - endOf(a))
  if (lastAnswer && (!run || lastAnswer.answeredAt >= endOf(run)))
    return { ranOn: lastAnswer.ranOn, ms: lastAnswer.ms, unit: 'mask' }
  if (run) return workOf(run, inference)
  // A pack was checked or timed.
  const graph = inference?.lastRun
  return graph ? { ranOn: { ownEngine: false, network: graph }, ms: graph.ms, unit: 'graph' } : null
}

function workOf(run: JobInfo, inference: InferenceStatus | null): Work {
  const { ownEngine, network } = run.ranOn ?? { ownEngine: !run.network, network: null }
  const isBeginning = run.state === 'running' && !ownEngine && network === null
  return {
    ranOn: { ownEngine, network: isBeginning ? placeNow(inference) : network },
    ms: run.msPerFrame,
    unit: 'frame',
  }
}

/** Where the next run of a network goes; null before the trial that finds it out. */
function placeNow(inference: InferenceStatus | null): NetworkPlace | null {
  return inference?.provider ? { provider: inference.provider, partlyOnCpu: false } : null
}

function endOf({ endedAt, startedAt }: JobInfo): number {
  return endedAt ?? startedAt ?? 0
}
