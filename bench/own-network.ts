/** The network of ours as the app runs it: in the inference process, on the CPU, from a pack's folder. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Inference } from '../main/host/inference/inference.ts'
import { openInference } from '../main/host/inference/open-inference.ts'
import { parseManifest } from '../models/check-manifest.ts'
import { RefineMask } from '../models/refine-mask/refine-mask.ts'
import type { NamedTensors } from '../models/tensor.ts'

export interface OwnNetwork {
  readonly network: RefineMask
  readonly inference: Inference
  close(): Promise<void>
}

export const shippedNetwork = join(import.meta.dirname, '..', 'models', 'refine-mask')

export function openOwnNetwork(folder = shippedNetwork, threadCount = 2): OwnNetwork {
  const file = join(folder, 'manifest.json')
  if (!existsSync(file)) throw new Error(`There is no ${file}: models/training/pack.ts makes it.`)
  const manifest = parseManifest(readFileSync(file, 'utf8'), file)
  const memoryLimit = 2 * 2 ** 30
  const inference = openInference({ settings: () => ({ provider: 'cpu', threadCount, memoryLimit }) })
  const run = (part: string, inputs: NamedTensors) => {
    const graph = join(folder, manifest.graphs[part]!.file)
    return inference.run({ graph, name: `${manifest.name}, ${part}`, inputs, urgency: 'batch' })
  }
  return { inference, network: new RefineMask({ manifest, graphs: { run } }), close: () => inference.close() }
}
