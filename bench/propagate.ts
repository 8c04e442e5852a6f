/**
 * Where the time of a propagation goes: `npm run bench -- propagate`. Stages one after the other; whole runs, in which
 * they overlap, for 1, 2, 5 and 10 objects at 854x480 and 1920x1080, flow computed and read from disk; our flow beside
 * OpenCV's. All on two threads, in one run. "all threads" is processor time: half of it is what two idle cores reach,
 * and it means something on a busy machine too. A whole run is timed from the frame on which nothing that training computed
 * is left to be used again.
 */
import { rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { flowOptions, WorkingFrames } from '../main/host/propagation/frames/working-frames.ts'
import { trainModel } from '../main/host/propagation/model/object-model.ts'
import { defaultWorkingLongSide } from '../main/host/propagation/propagate.ts'
import { wholeMethod } from '../main/host/propagation/request.ts'
import * as native from '../native/index.ts'
import { openCvMissing } from '../native/opencv-flow.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { benchFolder } from './bench-folder.ts'
import { compareFlow, type FlowMeasure, presetMedium } from './flow-yardstick.ts'
import { crowdFilms, davisFilm, type Film, thingCount } from './propagate-films.ts'
import { threadCount, timedRun } from './timed-run.ts'

const frameLimit = 42
const objectCounts = [1, 2, 5, thingCount]

export async function run(): Promise<BenchOutcome> {
  const load = loadavg()[0]!.toFixed(1)
  const rows: BenchRow[] = []
  const add = (name: string, metric: string, value: number, unit = 'ms') =>
    rows.push({ case: name, metric, value: Math.round(value * 1000) / 1000, unit })
  const [small, large] = crowdFilms(frameLimit)
  const motorbike = await davisFilm('motorbike', frameLimit)
  for (const film of [...(motorbike ? [motorbike] : []), small, large])
    for (const [stage, ms] of await stages(film)) add(`stage, ${film.name}`, stage, ms)
  const alone = new Map<string, Whole>()
  if (motorbike) {
    const whole = await wholeRun(motorbike, 1)
    alone.set(motorbike.name, whole)
    add(`whole, ${motorbike.name}`, '1 object', whole.msPerFrame)
    add(`whole, ${motorbike.name}`, '1 object, all threads', whole.cpuMsPerFrame)
  }
  const wholes = new Map<string, Whole>()
  for (const film of [small, large]) {
    for (const count of objectCounts) {
      const whole = await wholeRun(film, count)
      wholes.set(`${film.name}/${count}`, whole)
      add(`whole, ${film.name}`, `${count} objects`, whole.msPerFrame)
      add(`whole, ${film.name}`, `${count} objects, all threads`, whole.cpuMsPerFrame)
      add(`whole, ${film.name}`, `${count} objects, flow from disk`, whole.warmMsPerFrame)
      add(`whole, ${film.name}`, `${count} objects, training`, whole.trainMs)
    }
    const one = wholes.get(`${film.name}/1`)!
    alone.set(film.name, one)
    for (const count of objectCounts.slice(1)) {
      const { msPerFrame, cpuMsPerFrame } = wholes.get(`${film.name}/${count}`)!
      add(`each further of ${count}, ${film.name}`, 'ms', (msPerFrame - one.msPerFrame) / (count - 1))
      add(
        `each further of ${count}, ${film.name}`,
        'all threads',
        (cpuMsPerFrame - one.cpuMsPerFrame) / (count - 1),
      )
    }
  }
  for (const count of objectCounts) {
    const [at480, at1080] = [small, large].map((film) => wholes.get(`${film.name}/${count}`)!)
    add('1080p to 480p', `${count} objects`, at1080!.msPerFrame / at480!.msPerFrame, 'x')
    add('1080p to 480p', `${count} objects, all threads`, at1080!.cpuMsPerFrame / at480!.cpuMsPerFrame, 'x')
  }
  const dis = await yardstick(add)
  if (dis)
    for (const [name, { msPerFrame, cpuMsPerFrame }] of alone) {
      add(`in flows of OpenCV at half size, ${name}`, '1 object', msPerFrame / dis.ms, 'x')
      add(`in flows of OpenCV at half size, ${name}`, '1 object, all threads', cpuMsPerFrame / dis.cpuMs, 'x')
    }
  const films = [motorbike, small, large].flatMap((film) => (film ? [film.name] : []))
  return {
    rows,
    input: `${films.join('; ')}; ${frameLimit} frames, forward, ${threadCount} threads; load average ${load} at the start`,
  }
}

/** OpenCV's own time for a pair at half size: machines differ by more than twice, and this says by how much. */
async function yardstick(
  add: (name: string, metric: string, value: number, unit?: string) => void,
): Promise<FlowMeasure | null> {
  const missing = openCvMissing()
  if (missing) {
    console.error(`OpenCV yardstick ${missing}`)
    return null
  }
  const pool = native.createPool(threadCount)
  const asked = [
    ['as propagation uses it', flowOptions],
    ["with OpenCV's options", { ...presetMedium, finestLevel: 0 }],
    ["with OpenCV's options at half size", { ...presetMedium, finestLevel: 1 }],
  ] as const
  let halfSize: FlowMeasure | null = null
  for (const [what, options] of asked) {
    const { ours, openCv } = await compareFlow(pool, options)
    const name = `flow, ${what}`
    add(name, 'ours', ours.ms)
    add(name, 'OpenCV', openCv.ms)
    add(name, 'ours, all threads', ours.cpuMs)
    add(name, 'OpenCV, all threads', openCv.cpuMs)
    add(name, 'all threads, ours to OpenCV', ours.cpuMs / openCv.cpuMs, 'x')
    add(name, 'end-point error, ours', ours.error, 'px')
    add(name, 'end-point error, OpenCV', openCv.error, 'px')
    halfSize = openCv
  }
  return halfSize
}

interface Whole {
  readonly msPerFrame: number
  /** Of all threads: half of it a frame is what two idle cores can reach. */
  readonly cpuMsPerFrame: number
  readonly warmMsPerFrame: number
  readonly trainMs: number
}

/** The same propagation twice: flow computed and kept, then read. Then how long the first mask takes as users have it. */
async function wholeRun(film: Film, objectCount: number): Promise<Whole> {
  const folder = benchFolder()
  try {
    const cold = await timedRun(film, objectCount, folder)
    const warm = await timedRun(film, objectCount, folder)
    const { trainMs } = await timedRun(film, objectCount, join(folder, 'anew'), { method: wholeMethod })
    return { ...cold, warmMsPerFrame: warm.msPerFrame, trainMs }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Mean time of every kernel of one step, one after the other (a run overlaps them). */
async function stages({ source, objects }: Film): Promise<Map<string, number>> {
  const pool = native.createPool(threadCount)
  const signal = new AbortController().signal
  const frames = new WorkingFrames(source, pool, defaultWorkingLongSide, signal)
  const { size, full, planeLength } = frames
  const spent = new Map<string, number>()
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    const result = await work()
    spent.set(stage, (spent.get(stage) ?? 0) + performance.now() - started)
    return result
  }
  let mask = new Float32Array(planeLength)
  await native.shrinkMask(objects[0]!.keys[0]!.rle.counts, full, size, mask)
  const truth = { frameIndex: 0, mask, counts: objects[0]!.keys[0]!.rle.counts }
  const model = await timed('training, once', () =>
    trainModel(frames, pool, [truth], source.frameCount, 1, signal),
  )
  let before = new Float32Array(planeLength * native.picturePlanes)
  await native.computePicture(pool, await source.read(0), full, size, before)
  const count = Math.min(frameLimit, source.frameCount)
  for (let frame = 1; frame < count; frame++) {
    const rgb = await source.read(frame)
    const picture = new Float32Array(planeLength * native.picturePlanes)
    const flow = new Float32Array(planeLength * 2)
    const prior = new Float32Array(planeLength)
    const out = new Float32Array(planeLength)
    await timed('picture', () => native.computePicture(pool, rgb, full, size, picture))
    await timed('flow', () => native.computeFlow(pool, size, picture, before, flowOptions, flow))
    await timed('cut score', () => native.cutScore(size, picture, before, flow))
    await timed('warp', () => native.warpMask(pool, size, mask, flow, prior))
    const view = { ...size, picture, neighbourPicture: before, flow, colourRatio: model.colourRatio }
    await timed('forest', () => native.refineMask(model.forest, pool, view, prior, out))
    const outline = { size, full, rgb, picture, colourRatio: model.colourRatio, mask: out }
    const band = await timed('outline at full size', () => native.findBand(model.band!, pool, outline))
    await timed('full size and runs', () => native.mergeMasks(pool, size, full, [out], [], 1, [band]))
    mask = out
    before = picture
  }
  for (const [stage, ms] of spent) if (!stage.endsWith('once')) spent.set(stage, ms / (count - 1))
  return spent
}
