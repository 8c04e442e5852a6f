/**
 * `npm run bench -- models`: what networks cost on this machine: start of the process and of a session, a frame by provider
 * and threads, the way there and back, memory. The graph is MobileNetV2 in shape, with weights by chance: times do not
 * depend on what a network has learnt. Then our own network, a step of one object, and whole runs with forest, network and
 * both by turns. `-- models --scores` measures J and F with forest, network and both instead (model-scores.ts says in which parts); each keeps what the other has measured.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Inference } from '../main/host/inference/inference.ts'
import { openInference } from '../main/host/inference/open-inference.ts'
import { onnxModel } from '../models/onnx-writer.ts'
import { cropLength } from '../models/refine-mask/crop.ts'
import { keyPlanes, stepPlanes } from '../models/refine-mask/sight.ts'
import type { Tensor } from '../models/tensor.ts'
import { rowsOf, scoresIn } from './ablation-table.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { scored } from './davis.ts'
import { davisTrainFolder, loadSequence } from './davis-sequence.ts'
import { mobileNet, passingGraph } from './model-graphs.ts'
import { earlierModels, engines, filmScores, isScore } from './model-scores.ts'
import { openOwnNetwork, shippedNetwork } from './own-network.ts'

const [width, height] = [864, 480]
const runCount = 25
const memoryLimit = 4 * 2 ** 30
const timedFilm = 'motorbike'

const picture: Tensor = {
  type: 'float32',
  dims: [1, 3, height, width],
  data: new Float32Array(3 * height * width).fill(0.5),
}

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const earlier = earlierModels()
  const input = `MobileNetV2 in shape with weights by chance, ${width}x${height}, and our own network, ${runCount} runs, median; the process as the app starts it. Scores: 30 sequences of DAVIS-2016 train`
  if (args.includes('--scores')) {
    const scores = await filmScores(args, scoresIn(earlier))
    return { rows: [...earlier.filter((each) => !isScore(each.case)), ...rowsOf(scores)], input }
  }
  return { rows: [...(await timeRows()), ...earlier.filter((each) => isScore(each.case))], input }
}

async function timeRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'inbetween-bench-models-'))
  try {
    const network = join(folder, 'network.onnx')
    const passing = join(folder, 'passing.onnx')
    writeFileSync(network, onnxModel(mobileNet(height, width)))
    writeFileSync(passing, onnxModel(passingGraph(1024)))
    return [
      ...(await startRows(network)),
      ...(await wayRows(passing)),
      ...(await frameRows(network)),
      ...(await ownRows()),
      ...(await runRows()),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** From nothing to the first answer, and what of it is the session. */
async function startRows(graph: string): Promise<BenchRow[]> {
  const wholes: number[] = []
  const sessions: number[] = []
  const bare: number[] = []
  for (let start = 0; start < 5; start++) {
    const inference = openWith('cpu', 2)
    const began = performance.now()
    const { openMs } = await inference.open(graph, 'network')
    await runOnce(inference, graph)
    wholes.push(performance.now() - began)
    sessions.push(openMs)
    bare.push(inference.status().memory)
    await inference.close()
  }
  return [
    row('start', 'process to first answer', median(wholes), 'ms'),
    row('start', 'session of it', median(sessions), 'ms'),
    row('memory', 'after the first frame', median(bare) / 2 ** 20, 'MB'),
  ]
}

/** Twelve megabytes there and back, with nothing done to them. */
async function wayRows(graph: string): Promise<BenchRow[]> {
  const inference = openWith('cpu', 1)
  const data = new Float32Array(3 * 1024 * 1024)
  const x: Tensor = { type: 'float32', dims: [1, 3, 1024, 1024], data }
  const ms = await times(() => inference.run({ graph, name: 'passing', inputs: { x }, urgency: 'batch' }))
  await inference.close()
  return [row('way', '12 MB there and back', ms, 'ms')]
}

async function frameRows(graph: string): Promise<BenchRow[]> {
  const probing = openWith('auto', 2)
  const { providers } = await probing.probe()
  await probing.close()
  const rows: BenchRow[] = []
  for (const { provider, state } of providers) {
    if (state !== 'right') continue
    for (const threadCount of provider === 'cpu' ? [1, 2, 4] : [1]) {
      const inference = openWith(provider, threadCount)
      const name = provider === 'cpu' ? `${provider}, threads: ${threadCount}` : provider
      rows.push(row(name, 'a frame', await times(() => runOnce(inference, graph)), 'ms'))
      rows.push(row(name, `memory, ${runCount} frames`, inference.status().memory / 2 ** 20, 'MB'))
      await inference.close()
    }
  }
  return rows
}

/** A step of one object as the propagation asks for it, and what the process holds with nothing but this network. */
async function ownRows(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const threadCount of [1, 2]) {
    const { network, inference, close } = openOwnNetwork(shippedNetwork, threadCount)
    const key = new Uint8Array(keyPlanes * cropLength).fill(128)
    const step = new Uint8Array(stepPlanes * cropLength).fill(128)
    const memory = await network.memorise(key)
    const name = `our own, threads: ${threadCount}`
    rows.push(row(name, 'a key mask', await times(() => network.memorise(key)), 'ms'))
    rows.push(row(name, 'a step', await times(() => network.refine(step, [memory])), 'ms'))
    rows.push(row(name, 'memory', inference.status().memory / 2 ** 20, 'MB'))
    await close()
  }
  return rows
}

/**
 * Whole runs on a film of 854x480, one object, two threads, from the first mask on: milliseconds a frame with each engine,
 * by turns, and with both over the forest alone.
 */
async function runRows(): Promise<BenchRow[]> {
  if (!existsSync(join(davisTrainFolder, timedFilm))) return []
  const sequence = await loadSequence(davisTrainFolder, timedFilm)
  const own = openOwnNetwork()
  try {
    const ms = new Map<string, number[]>()
    for (let turn = 0; turn < 3; turn++)
      for (const [engine, how] of Object.entries(engines)) {
        const { msPerFrame } = await scored(sequence, [0], how(own.network))
        ms.set(engine, [...(ms.get(engine) ?? []), msPerFrame])
      }
    const rows = [...ms].map(([engine, all]) => row(`run, ${timedFilm}`, engine, median(all), 'ms a frame'))
    const more = median(ms.get('both')!) - median(ms.get('forest')!)
    return [...rows, row(`run, ${timedFilm}`, 'the network of both', more, 'ms a frame')]
  } finally {
    await own.close()
  }
}

function openWith(
  provider: 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml',
  threadCount: number,
): Inference {
  return openInference({ settings: () => ({ provider, threadCount, memoryLimit }) })
}

function runOnce(inference: Inference, graph: string) {
  return inference.run({ graph, name: 'network', inputs: { picture }, urgency: 'batch' })
}

/** Median of the runs after two that warm up; of three at least where they take longer than ten seconds together. */
async function times(work: () => Promise<unknown>): Promise<number> {
  const all: number[] = []
  const started = performance.now()
  for (let turn = -2; turn < runCount; turn++) {
    const began = performance.now()
    await work()
    if (turn >= 0) all.push(performance.now() - began)
    if (all.length >= 3 && performance.now() - started > 10_000) break
  }
  return median(all)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

function row(name: string, metric: string, value: number, unit: string): BenchRow {
  return { case: name, metric, value: Number(value.toPrecision(3)), unit }
}
