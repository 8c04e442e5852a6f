/**
 * Where the time goes when one object is carried one way: milliseconds a frame by stage, 2 threads.
 * `npm run bench -- propagate [SEQUENCE FOLDER]`: a folder with frames/ and masks/; without one a made-up film of 854x480.
 */
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { encodeRle } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import { trainModel } from '../main/host/propagation/object-model.ts'
import { defaultWorkingLongSide, propagate } from '../main/host/propagation/propagate.ts'
import { flowOptions, WorkingFrames } from '../main/host/propagation/working-frames.ts'
import * as native from '../native/index.ts'
import { NoiseScene } from '../native/noise-scene.ts'
import { openCvFlow, openCvMissing } from '../native/opencv-flow.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder, loadSequence, type Sequence } from './davis-sequence.ts'

const threadCount = 2
const frameLimit = 40

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const folder = args[0] ?? join(davisTrainFolder, 'motorbike')
  const sequence = existsSync(folder) ? await loadSequence(dirname(folder), basename(folder)) : madeUp()
  const { source, truths } = sequence
  const count = Math.min(frameLimit, source.frameCount)
  const rows: BenchRow[] = []
  const add = (name: string, metric: string, ms: number) =>
    rows.push({ case: name, metric, value: Math.round(ms * 100) / 100, unit: 'ms' })
  for (const [stage, ms] of await stages(sequence, count)) add('stage', stage, ms)
  let [started, firstAt, frames] = [performance.now(), 0, 0]
  const key = { frameIndex: 0, rle: encodeRle(truths[0]!), outside: false }
  const objects = [{ id: 'object' as ObjectId, name: 'object', stuff: false, order: 0, keys: [key] }]
  const range = { firstFrame: 0, lastFrame: count - 1, direction: 'forward', playheadFrame: 0 } as const
  const spillFolder = join(process.env.TMPDIR ?? '/tmp', `inbetween-bench-${process.pid}`)
  const request = { source, objects, ...range, seed: 1, threadCount, spillFolder, isTaken: () => false }
  for await (const event of propagate(request, new AbortController().signal)) {
    if (event.type === 'note') continue
    if (frames++ === 0) firstAt = performance.now()
  }
  add('whole', 'msPerFrame', (performance.now() - firstAt) / (frames - 1))
  add('whole', 'trainMs', firstAt - started)
  const missing = openCvMissing()
  if (missing) console.error(`OpenCV yardstick ${missing}`)
  else {
    started = performance.now()
    const [from, to] = [await greyBytes(sequence, 0), await greyBytes(sequence, 1)]
    for (const finest of [0, 1])
      add(
        'opencv',
        `flow, finest level ${finest}`,
        openCvFlow(from.plane, to.plane, from.size, finest, 20).ms,
      )
  }
  return {
    rows,
    input: `${sequence.name}, ${source.width}x${source.height}, ${count} frames, one object, forward, ${threadCount} threads`,
  }
}

/** Mean time of every kernel of one step, one after the other (a run overlaps them). */
async function stages({ source, truths }: Sequence, count: number): Promise<Map<string, number>> {
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
  await native.shrinkMask(encodeRle(truths[0]!).counts, full, size, mask)
  const model = await timed('training, once', () =>
    trainModel(frames, pool, [{ frameIndex: 0, mask }], source.frameCount, 1, signal),
  )
  let before = new Float32Array(planeLength * native.picturePlanes)
  await native.computePicture(pool, await source.read(0), full, size, before)
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
    await timed('full size and runs', () => native.mergeMasks(pool, size, full, [out], []))
    mask = out
    before = picture
  }
  for (const [stage, ms] of spent) if (!stage.endsWith('once')) spent.set(stage, ms / (count - 1))
  return spent
}

async function greyBytes({ source }: Sequence, frame: number) {
  const frames = new WorkingFrames(
    source,
    native.createPool(1),
    defaultWorkingLongSide,
    new AbortController().signal,
  )
  const picture = await frames.picture(frame)
  return { plane: picture.subarray(0, frames.planeLength), size: frames.size }
}

function madeUp(): Sequence {
  const disc = {
    radius: 70,
    at: (t: number) => [250 + 6 * t, 240 + 60 * Math.sin(t / 6)] as const,
    rgb: [190, 80, 70] as const,
  }
  const film = new NoiseScene({ width: 854, height: 480, frameCount: frameLimit, pan: [2, 0], discs: [disc] })
  return { name: 'made-up film', source: film, truths: [film.truth(0, 0)] }
}
