/** How long propagation takes on this machine: measured in every run, kept for the next estimate. */
import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { cpus, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Estimate, PropagateSpec } from '../../core/api.ts'
import type { ProjectContext } from '../job-context.ts'
import { planStretches } from '../propagation/sweep/stretches.ts'
import { passObjects, type Undertaking, undertaking } from './propagation-request.ts'
import type { Pass } from './propagation-targets.ts'

/** Milliseconds to carry one object one frame, with two threads on an ordinary laptop, before anything was measured. */
const unmeasuredMs = 45
/** The same with our network after it. */
const unmeasuredRefineMs = 65
/** The same with a video network instead. */
const unmeasuredNetworkMs = 1500

interface Speed {
  readonly machine: string
  readonly msPerObjectFrame: number
}

/** Work of a run in steps of one object over one frame from one side, and the frames given out on the way. */
export interface WorkLoad {
  readonly objectFrameCount: number
  /** How often a frame is given out: once a side. */
  readonly yieldCount: number
  /** Different frames. */
  readonly frameCount: number
}

export function workLoad(run: Undertaking, spec: PropagateSpec): WorkLoad {
  let objectFrameCount = 0
  let yieldCount = 0
  const frames = new Set<number>()
  for (const pass of run.passes) {
    const { stretches } = planStretches({ ...passAsked(run, pass, spec), frameCount: run.frameCount })
    for (const stretch of stretches) {
      for (const side of ['leftKey', 'rightKey'] as const) {
        const walked = new Set<number>()
        for (const span of stretch.spans) {
          if (span[side] === null) continue
          objectFrameCount += span.last - span.first + 1
          const first = Math.max(span.first, stretch.firstFill)
          const last = Math.min(span.last, stretch.lastFill)
          for (let frame = first; frame <= last; frame++) walked.add(frame)
        }
        yieldCount += walked.size
        for (const frame of walked) frames.add(frame)
      }
    }
  }
  return { objectFrameCount, yieldCount, frameCount: frames.size }
}

/** The part of the engine's request that decides which frames are walked. */
export function passAsked(run: Undertaking, pass: Pass, spec: PropagateSpec) {
  return {
    objects: passObjects(run, pass),
    firstFrame: pass.firstFrame,
    lastFrame: pass.lastFrame,
    direction: spec.direction,
    playheadFrame: spec.playheadFrame,
  }
}

/** What a run would take, or why it would produce nothing. Reads key masks, decodes no picture. */
export function estimatePropagation(context: ProjectContext, spec: PropagateSpec): Estimate {
  const run = undertaking(context, spec)
  const load = workLoad(run, spec)
  const { models } = context.settings()
  const follower = models['segment-video']
  const unmeasured = follower
    ? unmeasuredNetworkMs
    : models['refine-mask']
      ? unmeasuredRefineMs
      : unmeasuredMs
  const milliseconds =
    load.objectFrameCount * rememberedMs(follower ?? models['refine-mask'] ?? null, unmeasured)
  return {
    objectCount: run.chosen.length,
    frameCount: load.frameCount,
    msPerFrame: load.frameCount === 0 ? 0 : milliseconds / load.frameCount,
    seconds: milliseconds / 1000,
    sentence: run.sentence ?? emptySentence(run, load, spec),
  }
}

function emptySentence(run: Undertaking, load: WorkLoad, spec: PropagateSpec): string | null {
  if (load.frameCount > 0) return null
  const notes = run.passes.flatMap(
    (pass) => planStretches({ ...passAsked(run, pass, spec), frameCount: run.frameCount }).notes,
  )
  return notes[0]?.sentence ?? 'Every frame asked for has a mask of yours already.'
}

function rememberedMs(packId: string | null, unmeasured: number): number {
  try {
    const speed = JSON.parse(readFileSync(speedPath(packId), 'utf8')) as Partial<Speed>
    const { machine, msPerObjectFrame } = speed
    return machine === machineName() && typeof msPerObjectFrame === 'number' && msPerObjectFrame > 0
      ? msPerObjectFrame
      : unmeasured
  } catch {
    return unmeasured
  }
}

/** Keeps what a run has measured, `packId` with that pack and null without. Losing it costs one worse estimate, so failures are not told. */
export async function rememberMs(msPerObjectFrame: number, packId: string | null = null): Promise<void> {
  if (!(msPerObjectFrame > 0) || !Number.isFinite(msPerObjectFrame)) return
  const speed: Speed = { machine: machineName(), msPerObjectFrame }
  const path = speedPath(packId)
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.${process.pid}`, JSON.stringify(speed))
    await rename(`${path}.${process.pid}`, path)
  } catch {
    return
  }
}

function machineName(): string {
  const all = cpus()
  return `${all[0]?.model ?? 'unknown'} x${all.length}`
}

function speedPath(packId: string | null): string {
  const name = packId === null ? 'propagation-speed.json' : `propagation-speed-${packId}.json`
  const cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(process.env.INBETWEEN_CACHE || join(cacheHome, 'inbetween'), name)
}
