/** How long the graphs of a pack take on this machine. */
import type { PackGraph, PackManifest, TensorFacts } from '../../../models/manifest.ts'
import { elementCount, type NamedTensors, type Tensor, tensorArrays } from '../../../models/tensor.ts'
import type { PackBench, PackProgress } from '../../core/models.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import type { Inference } from '../inference/inference.ts'
import type { CheckedPack } from './check-graphs.ts'
import { goldenInputs } from './golden-files.ts'
import { graphPath } from './graph-path.ts'

const runsWanted = 7
/** A graph that takes long is run less often, but at least twice: the first run is warming up and does not count. */
const msAGraph = 15_000

export async function* packTimes(
  inference: Inference,
  { manifest, folder }: CheckedPack,
  signal?: AbortSignal,
): AsyncGenerator<PackProgress, PackBench[]> {
  const parts = Object.entries(manifest.graphs)
  const timed: PackBench[] = []
  for (const [part, graph] of parts) {
    const name = `${manifest.name}, ${part}`
    const path = graphPath(folder, graph.file)
    const inputs = await benchInputs(folder, manifest, part, graph)
    await inference.release(path)
    const { openMs, partlyOnCpu } = await inference.open(path, name)
    const times: number[] = []
    const began = performance.now()
    for (let run = 0; run <= runsWanted; run++) {
      const done = timed.length * (runsWanted + 1) + run
      yield { type: 'progress', stage: 'check', at: part, done, total: parts.length * (runsWanted + 1) }
      signal?.throwIfAborted()
      const from = performance.now()
      await inference
        .run({ graph: path, name, inputs, urgency: 'interactive' }, signal)
        .catch((error: unknown) => {
          throw withRemedy(error, manifest, part)
        })
      if (run > 0) times.push(performance.now() - from)
      if (times.length > 0 && performance.now() - began > msAGraph) break
    }
    const { provider } = inference.status()
    timed.push({
      part,
      openMs,
      runMs: median(times),
      runCount: times.length,
      inputs: shapesOf(inputs),
      provider,
      partlyOnCpu,
    })
  }
  return timed
}

/** Those of the graph's golden sample; where it has none, made by what the manifest says, lengths that are open being 1. */
async function benchInputs(
  folder: string,
  manifest: PackManifest,
  part: string,
  graph: PackGraph,
): Promise<NamedTensors> {
  const sample = manifest.golden.find((each) => each.graph === part)
  if (sample) return goldenInputs(folder, manifest, sample)
  return Object.fromEntries(graph.inputs.map((facts) => [facts.name, madeTensor(facts)]))
}

function madeTensor({ type, shape }: TensorFacts): Tensor {
  const dims = shape.map((dim) => (typeof dim === 'number' ? dim : 1))
  const data = new tensorArrays[type](elementCount(dims))
  // Zeros would let some kernels off lightly.
  if (data instanceof Float32Array) for (let i = 0; i < data.length; i++) data[i] = Math.sin(i)
  return { type, dims, data }
}

function withRemedy(error: unknown, { golden }: PackManifest, part: string): unknown {
  if (!isUserError(error) || error.code !== 'inference-failed') return error
  if (golden.some(({ graph }) => graph === part)) return error
  return new UserError(
    error.code,
    `${error.message} The inputs were made up: with a golden sample for ${part} in its manifest, the pack is timed on that.`,
    { cause: error },
  )
}

function shapesOf(inputs: NamedTensors): string {
  return Object.entries(inputs)
    .map(([name, { dims }]) => `${name} ${dims.join('x') || 'scalar'}`)
    .join(', ')
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
