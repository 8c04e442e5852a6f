/** Whether a pack's graphs are what its manifest says, and compute what its golden samples want: run in the inference process. */
import { graphProblem, operatorProblem } from '../../../models/check-graph.ts'
import type { PackManifest } from '../../../models/manifest.ts'
import { type PackCheck, type PackProgress, placeLabel, providerLabels } from '../../core/models.ts'
import { isUserError } from '../../core/user-error.ts'
import type { Inference } from '../inference/inference.ts'
import { goldenInputs, goldenProblem } from './golden-files.ts'
import { graphPath } from './graph-path.ts'

export interface CheckedPack {
  readonly manifest: PackManifest
  readonly folder: string
}

/**
 * Yields how far it is, returns every check; after a graph that is wrong its golden samples are left out. Throws what is
 * not the pack's fault: a process that was lost, a provider that cannot be had, too little memory.
 */
export async function* graphChecks(
  inference: Inference,
  { manifest, folder }: CheckedPack,
  signal?: AbortSignal,
): AsyncGenerator<PackProgress, PackCheck[]> {
  const parts = Object.keys(manifest.graphs)
  const total = parts.length + manifest.golden.length
  const checks: PackCheck[] = []
  const wrong = new Set<string>()
  const step = (at: string): PackProgress => ({
    type: 'progress',
    stage: 'check',
    at,
    done: checks.length,
    total,
  })
  try {
    for (const part of parts) {
      yield step(`graph ${part}`)
      signal?.throwIfAborted()
      const check = await graphCheck(inference, { manifest, folder }, part)
      if (!check.right) wrong.add(part)
      checks.push(check)
    }
    for (const [index, { graph }] of manifest.golden.entries()) {
      if (wrong.has(graph)) continue
      yield step(`golden sample ${index + 1}`)
      signal?.throwIfAborted()
      checks.push(await goldenCheck(inference, { manifest, folder }, index, signal))
    }
  } finally {
    await releaseGraphs(inference, { manifest, folder })
  }
  return checks
}

/** So that its files may be renamed or removed, or are read anew. */
export async function releaseGraphs(inference: Inference, { manifest, folder }: CheckedPack): Promise<void> {
  for (const { file } of Object.values(manifest.graphs)) await inference.release(graphPath(folder, file))
}

async function graphCheck(
  inference: Inference,
  { manifest, folder }: CheckedPack,
  part: string,
): Promise<PackCheck> {
  const declared = manifest.graphs[part]!
  const what = `graph ${part}`
  const path = graphPath(folder, declared.file)
  try {
    // What was opened before may have been another file.
    await inference.release(path)
    const facts = await inference.open(path, `${manifest.name}, ${part}`)
    const problem = graphProblem(part, declared, facts)
    if (problem !== null) return { what, right: false, sentence: problem }
    const count = declared.inputs.length + declared.outputs.length
    const { provider } = inference.status()
    const on = provider && facts.partlyOnCpu ? ` on ${placeLabel({ provider, partlyOnCpu: true })}` : ''
    return {
      what,
      right: true,
      sentence: `${count} tensors as declared, opened in ${Math.round(facts.openMs)} ms${on}.`,
    }
  } catch (error) {
    const sentence = packsFault(inference, error)
    return { what, right: false, sentence: operatorProblem(part, declared.file, sentence) ?? sentence }
  }
}

async function goldenCheck(
  inference: Inference,
  { manifest, folder }: CheckedPack,
  index: number,
  signal: AbortSignal | undefined,
): Promise<PackCheck> {
  const sample = manifest.golden[index]!
  const { file } = manifest.graphs[sample.graph]!
  const what = `golden sample ${index + 1}`
  try {
    const inputs = await goldenInputs(folder, manifest, sample)
    const run = {
      graph: graphPath(folder, file),
      name: `${manifest.name}, ${sample.graph}`,
      inputs,
      urgency: 'interactive',
    } as const
    const outputs = await inference.run(run, signal)
    const { problem, most } = await goldenProblem(folder, manifest, sample, outputs)
    if (problem === null)
      return {
        what,
        right: true,
        sentence: `The graph ${sample.graph} differs by at most ${most.toPrecision(2)}.`,
      }
    const provider = inference.status().provider
    const where = provider === null || provider === 'cpu' ? '' : ` on ${providerLabels[provider]}`
    const remedy = `Take the export that the sample was made with${where === '' ? '' : ', or choose another provider'}.`
    return { what, right: false, sentence: `Golden sample ${index + 1} fails${where}: ${problem}. ${remedy}` }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    return { what, right: false, sentence: packsFault(inference, error) }
  }
}

/** The sentence of an error that the pack is to blame for; throws every other. */
function packsFault(inference: Inference, error: unknown): string {
  if (!isUserError(error)) throw error
  const isPacks =
    error.code === 'bad-tensor' || error.code === 'bad-golden' || error.code === 'inference-failed'
  if (!isPacks) throw error
  const unknownOperator = operatorProblem('', '', error.message) !== null
  if (error.code === 'inference-failed' && inference.status().offersCpu && !unknownOperator) throw error
  return error.message
}

/** The first check that failed says why a pack is broken. */
export function firstProblem(checks: readonly PackCheck[]): string | null {
  return checks.find(({ right }) => !right)?.sentence ?? null
}
