/**
 * Video object segmentation as DAVIS-2016 scores it: `npm run bench -- davis [FOLDER] [--case first,five] [--only a,b]
 * [--seed 2] [--network shipped]`.
 * FOLDER holds SEQUENCE/frames and SEQUENCE/masks (0 is background). J and F are means over frames, then over
 * sequences; key frames, the first and the last frame are not scored. As the app comes, without a network; --network takes
 * `shipped` (our second look, see models/refine-mask) or the folder of such a pack.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Bitmap, decodeRle, encodeRle, type Rle } from '../main/core/mask/rle.ts'
import { boundaryF, jaccard } from '../main/core/mask/score.ts'
import type { ObjectId } from '../main/core/records.ts'
import { propagate } from '../main/host/propagation/propagate.ts'
import type { PropagationRequest } from '../main/host/propagation/request.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { benchFolder } from './bench-folder.ts'
import { davisTrainFolder, loadSequence, type Sequence } from './davis-sequence.ts'
import { openOwnNetwork, shippedNetwork } from './own-network.ts'

/** Key frames of each case, given the number of frames. */
export const cases: Record<string, (count: number) => number[]> = {
  first: () => [0],
  'first+last': (count) => [0, count - 1],
  five: (count) => [0, 1, 2, 3, 4].map((i) => Math.round((i * (count - 1)) / 4)),
}

/** Parts of the engine to leave out. */
export type How = Partial<Pick<PropagationRequest, 'method' | 'followOnly' | 'seed' | 'refineNetwork'>>

export interface Score {
  readonly j: number
  readonly f: number
  readonly msPerFrame: number
  readonly trainSeconds: number
}

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const option = (name: string) =>
    args.includes(name) ? args[args.indexOf(name) + 1]?.split(',') : undefined
  const folder = args[0] && !args[0].startsWith('--') ? args[0] : davisTrainFolder
  if (!existsSync(folder))
    throw new Error(`There is no folder ${folder}: give one that holds SEQUENCE/frames and SEQUENCE/masks.`)
  const wanted = option('--only')
  const names = readdirSync(folder).filter(
    (name) => existsSync(join(folder, name, 'masks')) && (wanted?.includes(name) ?? true),
  )
  const chosen = option('--case') ?? Object.keys(cases)
  const seed = Number(option('--seed')?.[0] ?? 1)
  if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number, as in --seed 2.')
  const scores = new Map<string, Map<string, Score>>(chosen.map((name) => [name, new Map()]))
  const network = networkIn(args)
  const own = network === null ? null : openOwnNetwork(network === 'shipped' ? shippedNetwork : network)
  const how: How = own ? { seed, refineNetwork: own.network } : { seed }
  for (const name of names.sort()) {
    const sequence = await loadSequence(folder, name)
    for (const each of chosen) {
      const score = await scored(sequence, cases[each]!(sequence.source.frameCount), how)
      scores.get(each)!.set(name, score)
      console.error(
        `${each} ${name}: J ${percent(score.j)} F ${percent(score.f)}, ${score.msPerFrame.toFixed(1)} ms a frame, training ${score.trainSeconds.toFixed(2)} s`,
      )
    }
  }
  await own?.close()
  const rows: BenchRow[] = []
  for (const each of chosen) {
    const all = [...scores.get(each)!.entries()]
    const mean = (pick: (score: Score) => number) =>
      all.reduce((sum, [, score]) => sum + pick(score), 0) / all.length
    rows.push(
      ...rowsOf(each, {
        j: mean((s) => s.j),
        f: mean((s) => s.f),
        msPerFrame: mean((s) => s.msPerFrame),
        trainSeconds: mean((s) => s.trainSeconds),
      }),
    )
    for (const [name, score] of all) rows.push(...rowsOf(`${each}/${name}`, score))
  }
  const input = [
    `${names.length} sequences of ${endOf(folder)}`,
    ...(seed === 1 ? [] : [`seed ${seed}`]),
    ...(network === null ? [] : [`with the network: ${endOf(network)}`]),
  ]
  return { rows, input: input.join('; ') }
}

function endOf(path: string): string {
  return path.split('/').slice(-2).join('/')
}

/** What --network says; null: none, as the app comes. */
export function networkIn(args: readonly string[]): string | null {
  if (!args.includes('--network')) return null
  const given = args[args.indexOf('--network') + 1]
  if (!given || given.startsWith('--'))
    throw new Error('--network: say which, shipped or the folder of a pack. Without it none is used.')
  return given
}

function rowsOf(name: string, score: Score): BenchRow[] {
  return [
    { case: name, metric: 'J', value: percent(score.j), unit: '%' },
    { case: name, metric: 'F', value: percent(score.f), unit: '%' },
    { case: name, metric: 'msPerFrame', value: Math.round(score.msPerFrame * 10) / 10, unit: 'ms' },
    { case: name, metric: 'trainSeconds', value: Math.round(score.trainSeconds * 1000) / 1000, unit: 's' },
  ]
}

function percent(value: number): number {
  return Math.round(value * 10000) / 100
}

/** Propagates from the truth on the key frames, in full or as `how` says, and scores the frames between. */
export async function scored(
  sequence: Sequence,
  keyFrames: readonly number[],
  how: How = {},
): Promise<Score> {
  const { source, truths } = sequence
  const results = new Map<number, Rle>()
  const spillFolder = benchFolder()
  const started = performance.now()
  let firstFrameAt = 0
  const frames = propagate(
    {
      source,
      objects: [
        {
          id: 'object' as ObjectId,
          name: 'object',
          stuff: false,
          order: 0,
          keys: [...new Set(keyFrames)].map((frameIndex) => ({
            frameIndex,
            rle: encodeRle(truths[frameIndex]!),
            outside: false,
          })),
        },
      ],
      firstFrame: 0,
      lastFrame: source.frameCount - 1,
      direction: 'both',
      playheadFrame: 0,
      seed: 1,
      threadCount: 2,
      spillFolder,
      isTaken: () => false,
      ...how,
    },
    new AbortController().signal,
  )
  for await (const event of frames) {
    if (event.type === 'note') continue
    if (firstFrameAt === 0) firstFrameAt = performance.now()
    results.set(event.frameIndex, event.masks[0]!.rle)
  }
  const ended = performance.now()
  rmSync(spillFolder, { recursive: true, force: true })
  const empty: Bitmap = {
    width: source.width,
    height: source.height,
    data: new Uint8Array(source.width * source.height),
  }
  let [j, f, count] = [0, 0, 0]
  for (let frame = 1; frame < source.frameCount - 1; frame++) {
    if (keyFrames.includes(frame)) continue
    const rle = results.get(frame)
    const result = rle ? decodeRle(rle) : empty
    j += jaccard(result, truths[frame]!)
    f += boundaryF(result, truths[frame]!)
    count++
  }
  const trainSeconds = (firstFrameAt - started) / 1000
  return { j: j / count, f: f / count, msPerFrame: (ended - firstFrameAt) / results.size, trainSeconds }
}
