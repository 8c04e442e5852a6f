/**
 * Reads a Chromium trace: how long each frame of a page took, and what its main thread did for it. Where the browser
 * draws in software, the main thread stands still until the graphics have drawn: that wait is told apart from what the
 * interface itself asks for.
 */

const kinds = ['script', 'style', 'layout', 'paint', 'input', 'garbage', 'other'] as const
/** What the main thread does. `paint`: it lists what to draw; drawing is done elsewhere. */
export type WorkKind = (typeof kinds)[number]

export interface Frame {
  /** Milliseconds from this frame's start to the next one's. */
  readonly ms: number
  /** Clock time of the main thread's tasks in it, and the part of that spent waiting for the graphics. */
  readonly mainMs: number
  readonly graphicsMs: number
  /** Processor time of the same tasks: without waiting for a core or for the graphics. */
  readonly processorMs: number
  /** Of the processor time. */
  readonly work: Readonly<Record<WorkKind, number>>
}

export interface Task {
  readonly ms: number
  readonly graphicsMs: number
  readonly processorMs: number
  readonly work: Readonly<Record<WorkKind, number>>
  /** What set most of it off: 'pointermove', 'message', 'timer', 'animation frame', ... */
  readonly cause: string
}

export interface FrameWork {
  readonly frames: readonly Frame[]
  readonly tasks: readonly Task[]
  /** Processor time of the page's raster threads, in all. */
  readonly rasterMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  /** Of the processor. */
  readonly tdur?: number
  readonly args?: { readonly data?: { readonly type?: string } }
}

/** What Chromium calls the work inside a task; what is not named counts to what surrounds it. */
const kindOf: Readonly<Record<string, WorkKind>> = {
  FunctionCall: 'script',
  EvaluateScript: 'script',
  FireAnimationFrame: 'script',
  RunMicrotasks: 'script',
  TimerFire: 'script',
  UpdateLayoutTree: 'style',
  Layout: 'layout',
  PrePaint: 'paint',
  Paint: 'paint',
  Layerize: 'paint',
  Commit: 'paint',
  HitTest: 'input',
  EventDispatch: 'input',
  MinorGC: 'garbage',
  MajorGC: 'garbage',
}

/** The main thread asks the graphics for pixels and waits until they are there. */
const graphicsWait = 'GLES2::ReadPixels'

/** Throws when the trace shows no frame: then there was nothing to measure. */
export function frameWork(trace: Buffer): FrameWork {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: readonly TraceEvent[] }
  const page = pageThread(traceEvents.filter(({ name }) => name === 'FireAnimationFrame'))
  if (!page) throw new Error('The trace shows no frame.')
  const own = traceEvents
    .filter(({ pid, tid, ph }) => pid === page.pid && tid === page.tid && ph === 'X')
    // What surrounds comes first.
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
  const tasks = tasksOf(own)
  const raster = traceEvents.filter(({ name, pid }) => name === 'RasterTask' && pid === page.pid)
  return {
    frames: framesOf(frameStarts(own), tasks),
    tasks,
    rasterMs: raster.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0),
  }
}

/** Two callbacks of one frame fire together. */
function frameStarts(own: readonly TraceEvent[]): number[] {
  const fired = own.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts)
  return fired.filter((ts, i) => i === 0 || ts - fired[i - 1]! > 1000)
}

interface TimedTask extends Task {
  readonly ts: number
}

/** The tasks of one thread, with what is inside each told by its innermost name. */
function tasksOf(own: readonly TraceEvent[]): TimedTask[] {
  const tasks: TimedTask[] = []
  let from = 0
  while (from < own.length) {
    const outer = own[from]!
    const end = outer.ts + (outer.dur ?? 0)
    let to = from + 1
    while (to < own.length && own[to]!.ts < end) to++
    if (outer.name === 'RunTask') tasks.push(taskOf(outer, own.slice(from + 1, to)))
    from = to
  }
  return tasks
}

function taskOf(outer: TraceEvent, inner: readonly TraceEvent[]): TimedTask {
  const work = noWork()
  work.other = (outer.tdur ?? 0) / 1000
  const open: { readonly end: number; readonly kind: WorkKind }[] = []
  let graphicsMs = 0
  for (const { name, ts, dur = 0, tdur = 0 } of inner) {
    if (name === graphicsWait) graphicsMs += dur / 1000
    const kind = kindOf[name]
    if (!kind) continue
    while (open.length > 0 && open.at(-1)!.end <= ts) open.pop()
    work[open.at(-1)?.kind ?? 'other'] -= tdur / 1000
    work[kind] += tdur / 1000
    open.push({ end: ts + dur, kind })
  }
  const [ms, processorMs] = [(outer.dur ?? 0) / 1000, (outer.tdur ?? 0) / 1000]
  return { ts: outer.ts, ms, graphicsMs, processorMs, work, cause: causeOf(inner) }
}

function causeOf(inner: readonly TraceEvent[]): string {
  const causes = inner.flatMap(({ name, args, tdur = 0 }) => {
    if (name === 'EventDispatch') return [{ words: args?.data?.type ?? 'input', tdur }]
    if (name === 'FireAnimationFrame') return [{ words: 'animation frame', tdur }]
    if (name === 'TimerFire') return [{ words: 'timer', tdur }]
    if (name === 'Commit') return [{ words: 'handing over to the compositor', tdur }]
    return name === 'WebSocketReceive' || name === 'RunMicrotasks' ? [{ words: 'message', tdur }] : []
  })
  return causes.sort((a, b) => b.tdur - a.tdur)[0]?.words ?? 'other'
}

function framesOf(starts: readonly number[], tasks: readonly TimedTask[]): Frame[] {
  const frames: Frame[] = []
  let next = tasks.findIndex(({ ts, ms }) => ts + ms * 1000 > (starts[0] ?? 0))
  for (let i = 1; i < starts.length; i++) {
    const sum = { mainMs: 0, graphicsMs: 0, processorMs: 0 }
    const work = noWork()
    // A frame's task begins a little before its first callback: it counts where it began.
    for (
      ;
      next >= 0 && next < tasks.length && tasks[next]!.ts + 1000 * tasks[next]!.ms <= starts[i]!;
      next++
    ) {
      const task = tasks[next]!
      sum.mainMs += task.ms
      sum.graphicsMs += task.graphicsMs
      sum.processorMs += task.processorMs
      for (const kind of kinds) work[kind] += task.work[kind]
    }
    frames.push({ ms: (starts[i]! - starts[i - 1]!) / 1000, ...sum, work })
  }
  return frames
}

function noWork(): Record<WorkKind, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<WorkKind, number>
}

/** The thread with most animation frames. */
function pageThread(fired: readonly TraceEvent[]): { readonly pid: number; readonly tid: number } | null {
  const counts = new Map<string, { pid: number; tid: number; count: number }>()
  for (const { pid, tid } of fired) {
    const known = counts.get(`${pid}/${tid}`) ?? { pid, tid, count: 0 }
    counts.set(`${pid}/${tid}`, { ...known, count: known.count + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0] ?? null
}
