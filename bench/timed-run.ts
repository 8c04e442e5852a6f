/** A propagation by the clock: its learning, and its frames once nothing that learning computed is left. */
import { join } from 'node:path'
import { propagate as ownPropagate } from '../main/host/propagation/propagate.ts'
import { type PropagationMethod, wholeMethod } from '../main/host/propagation/request.ts'
import type { Film } from './propagate-films.ts'

export const threadCount = 2
/** Taught by errors of up to 14 frames, so that training leaves the flow of the frames after to the sweep. */
const settlingMethod: PropagationMethod = { ...wholeMethod, longCycles: false }
/** Beyond these 14 frames and the two that the sweep prepares. */
const settledFrame = 17

interface TimedHow {
  readonly method?: PropagationMethod
  /** Another checkout's. */
  readonly propagate?: typeof ownPropagate
}

/** With `wholeMethod` only until the first mask: its training has computed the flow of the frames that follow. */
export async function timedRun(
  film: Film,
  objectCount: number,
  folder: string,
  { method = settlingMethod, propagate = ownPropagate }: TimedHow = {},
) {
  const lastFrame = film.source.frameCount - 1
  const request = {
    source: film.source,
    objects: film.objects.slice(0, objectCount),
    firstFrame: 0,
    lastFrame,
    direction: 'forward',
    playheadFrame: 0,
    seed: 1,
    threadCount,
    method,
    spillFolder: join(folder, 'spill'),
    flowPlace: { folder: join(folder, 'flow'), media: film.name },
    isTaken: () => false,
  } as const
  const started = performance.now()
  let [firstAt, settledAt, lastAt] = [0, 0, 0]
  let cpu = process.cpuUsage()
  for await (const event of propagate(request, new AbortController().signal)) {
    if (event.type === 'note') continue
    lastAt = performance.now()
    if (firstAt === 0) firstAt = lastAt
    if (method === wholeMethod) break
    if (event.frameIndex !== settledFrame) continue
    settledAt = lastAt
    cpu = process.cpuUsage()
  }
  const { user, system } = process.cpuUsage(cpu)
  const frames = lastFrame - settledFrame
  return {
    msPerFrame: (lastAt - settledAt) / frames,
    cpuMsPerFrame: (user + system) / 1000 / frames,
    trainMs: firstAt - started,
  }
}
