/** Which providers of this machine run a graph, and run it right: each is tried in a process of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onnxModel } from '../../../models/onnx-writer.ts'
import type { NamedTensors } from '../../../models/tensor.ts'
import { type ProviderName, type ProviderReport, providerLabels } from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import { InferenceChild } from './inference-child.ts'
import { probeGraph } from './probe-graph.ts'

export interface ProbeOptions {
  readonly platform: NodeJS.Platform
  readonly threadCount: number
  readonly memoryLimit: number
  /** Variables that the processes get beside this one's. */
  readonly env: Readonly<Record<string, string>>
}

const runCount = 7
/** Enough to know that a provider is slow. */
const longEnoughMs = 1000
/** A driver compiles its shaders in the first run; one that takes longer is hung. */
const patienceMs = 60_000
/** Of the largest number: providers sum in another order, and some in shorter floats (TF32: 10 bits). */
const tolerance = 0.01

const candidates: Partial<Record<NodeJS.Platform, readonly ProviderName[]>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
}

/** What may be there on such a machine, the one most worth having first. */
export function candidateProviders(platform: NodeJS.Platform): readonly ProviderName[] {
  return candidates[platform] ?? ['cpu']
}

/** In the order of `candidateProviders`. Never rejects for what a provider does. */
export async function probeProviders(options: ProbeOptions): Promise<ProviderReport[]> {
  const folder = await mkdtemp(join(tmpdir(), 'inbetween-probe-'))
  try {
    const { graph, inputs } = probeGraph()
    const file = join(folder, 'probe.onnx')
    await writeFile(file, onnxModel(graph))
    // The CPU first: its numbers are what the others are held against. One after another: they share the machine.
    const cpu = await tryProvider('cpu', file, inputs, options)
    const reports = new Map([['cpu', cpu.report]])
    for (const provider of candidateProviders(options.platform)) {
      if (provider === 'cpu') continue
      const { report, outputs } = await tryProvider(provider, file, inputs, options)
      reports.set(provider, heldAgainst(cpu.outputs, report, outputs))
    }
    return candidateProviders(options.platform).flatMap((provider) => reports.get(provider) ?? [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Trial {
  readonly report: ProviderReport
  readonly outputs: NamedTensors
}

async function tryProvider(
  provider: ProviderName,
  graph: string,
  inputs: NamedTensors,
  { threadCount, memoryLimit, env }: ProbeOptions,
): Promise<Trial> {
  const child = new InferenceChild({ provider, threadCount, memoryLimit, alone: true }, env)
  const timer = setTimeout(() => void child.stop({ kill: true }), patienceMs)
  const began = performance.now()
  let opened = false
  const fail = (what: string): Trial => {
    const state = opened ? 'wrong' : 'absent'
    return {
      report: { provider, state, sentence: `${providerLabels[provider]} ${what}`, ms: null },
      outputs: {},
    }
  }
  try {
    const backends = await answerOf(child, { type: 'backends' })
    if (backends.type === 'backends' && !backends.backends.includes(provider))
      return fail(`is not part of ONNX Runtime on ${process.platform}-${process.arch}.`)
    await answerOf(child, { type: 'open', graph, name: 'The probe' })
    opened = true
    const times: number[] = []
    let outputs: NamedTensors = {}
    for (let run = 0; run < runCount + 1; run++) {
      const start = performance.now()
      const { answer, tensors } = await child.ask({ type: 'run', graph, name: 'The probe' }, inputs)
      if (answer.type === 'refused') return fail(`failed: ${answer.sentence}`)
      outputs = tensors
      // The first run compiles and allocates.
      if (run > 0) times.push(performance.now() - start)
      if (times.reduce((sum, ms) => sum + ms, 0) > longEnoughMs) break
    }
    return { report: { provider, state: 'right', sentence: null, ms: median(times) }, outputs }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (performance.now() - began >= patienceMs) {
      opened = true
      return fail(`did not answer within ${patienceMs / 1000} s.`)
    }
    // A process that died while it opened is no sign of absence.
    opened ||= error instanceof UserError && error.code === 'inference-lost'
    return fail(opened ? `ended its process: ${reason}.` : absence(provider, reason))
  } finally {
    clearTimeout(timer)
    await child.stop()
  }
}

async function answerOf(child: InferenceChild, question: Parameters<InferenceChild['ask']>[0]) {
  const { answer } = await child.ask(question)
  if (answer.type === 'refused') throw new UserError(answer.code, answer.sentence)
  return answer
}

function absence(provider: ProviderName, reason: string): string {
  if (provider === 'webgpu' && /adapter/i.test(reason))
    return 'finds no graphics adapter: there is none, or its driver has no Vulkan, Metal or Direct3D 12.'
  if (provider === 'cuda' && /shared library|load library/i.test(reason))
    return 'is not installed: ONNX Runtime’s libraries for it, CUDA 12 or cuDNN 9 are not there. “ONNXRUNTIME_NODE_INSTALL=true npm rebuild onnxruntime-node” fetches the first, NVIDIA has the other two (docs/model-packs.md).'
  return `cannot be used here: ${reason}`
}

/** The report, or one that says which numbers are not the CPU's. */
export function heldAgainst(
  reference: NamedTensors,
  report: ProviderReport,
  outputs: NamedTensors,
): ProviderReport {
  if (report.state !== 'right') return report
  for (const [name, wanted] of Object.entries(reference)) {
    const difference = relativeDifference(outputs[name]?.data ?? [], wanted.data)
    if (difference <= tolerance) continue
    const label = providerLabels[report.provider]
    const sentence = `${label} computes other numbers than the CPU: “${name}” differs by ${(difference * 100).toPrecision(2)} %.`
    return { ...report, state: 'wrong', sentence, ms: null }
  }
  return report
}

/** The largest difference, as a part of the largest wanted number; Infinity where there is nothing to compare. */
export function relativeDifference(
  given: ArrayLike<number | bigint>,
  wanted: ArrayLike<number | bigint>,
): number {
  if (given.length !== wanted.length || wanted.length === 0) return Number.POSITIVE_INFINITY
  let largest = 0
  let difference = 0
  for (let index = 0; index < wanted.length; index++) {
    const value = Number(wanted[index])
    const apart = Math.abs(Number(given[index]) - value)
    // Written so that NaN counts as infinitely far.
    if (!(apart <= difference)) difference = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart
    largest = Math.max(largest, Math.abs(value))
  }
  return difference === 0 ? 0 : difference / largest
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
