/** Reads a Chromium trace: how long each frame of a page took, and what its main thread did for it. */

export interface FrameWork {
  /** Milliseconds from one frame's start to the next one's. */
  readonly frameMs: readonly number[]
  /** Clock time of the main thread's tasks between the two. */
  readonly mainMs: readonly number[]
  /** Processor time of the same tasks: without the waiting for a core. */
  readonly processorMs: readonly number[]
  /** Clock time of every task. */
  readonly taskMs: readonly number[]
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
}

/** Throws when the trace shows no frame: then there was nothing to measure. */
export function frameWork(trace: Buffer): FrameWork {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: readonly TraceEvent[] }
  const fired = traceEvents.filter(({ name }) => name === 'FireAnimationFrame')
  const thread = busiestThread(fired)
  if (!thread) throw new Error('The trace shows no frame.')
  const isOwn = ({ pid, tid }: TraceEvent) => pid === thread.pid && tid === thread.tid
  // Two callbacks of one frame fire together.
  const starts = fired
    .filter(isOwn)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b)
    .filter((ts, i, all) => i === 0 || ts - all[i - 1]! > 1000)
  const tasks = traceEvents
    .filter((event) => event.name === 'RunTask' && event.ph === 'X' && isOwn(event))
    .sort((a, b) => a.ts - b.ts)
  const frameMs: number[] = []
  const mainMs: number[] = []
  const processorMs: number[] = []
  let next = 0
  for (let i = 1; i < starts.length; i++) {
    frameMs.push((starts[i]! - starts[i - 1]!) / 1000)
    let main = 0
    let processor = 0
    for (; next < tasks.length && tasks[next]!.ts < starts[i]!; next++) {
      if (tasks[next]!.ts < starts[i - 1]!) continue
      main += (tasks[next]!.dur ?? 0) / 1000
      processor += (tasks[next]!.tdur ?? 0) / 1000
    }
    mainMs.push(main)
    processorMs.push(processor)
  }
  return { frameMs, mainMs, processorMs, taskMs: tasks.map(({ dur }) => (dur ?? 0) / 1000) }
}

function busiestThread(events: readonly TraceEvent[]): { readonly pid: number; readonly tid: number } | null {
  const counts = new Map<string, { pid: number; tid: number; count: number }>()
  for (const { pid, tid } of events) {
    const known = counts.get(`${pid}/${tid}`) ?? { pid, tid, count: 0 }
    counts.set(`${pid}/${tid}`, { ...known, count: known.count + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0] ?? null
}
