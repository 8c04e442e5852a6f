/** Golden samples between the files of a pack and tensors. */
import { readFile } from 'node:fs/promises'
import { tensorByteLength } from '../../../models/check-golden.ts'
import { goldenDifference } from '../../../models/golden-difference.ts'
import type { GoldenSample, GoldenTensor, PackManifest } from '../../../models/manifest.ts'
import { type NamedTensors, type Tensor, type TensorType, tensorArrays } from '../../../models/tensor.ts'
import { UserError } from '../../core/user-error.ts'
import { graphPath } from './graph-path.ts'

export async function goldenInputs(
  folder: string,
  { graphs }: PackManifest,
  sample: GoldenSample,
): Promise<NamedTensors> {
  const facts = graphs[sample.graph]!.inputs
  const read = Object.entries(sample.inputs).map(async ([name, golden]) => {
    const { type } = facts.find((tensor) => tensor.name === name)!
    return [name, await goldenTensor(folder, golden, type)] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

/** The first output that is not what the sample wants, as a part of a sentence; `most`: the largest difference met. */
export async function goldenProblem(
  folder: string,
  { graphs }: PackManifest,
  sample: GoldenSample,
  outputs: NamedTensors,
): Promise<{ readonly problem: string | null; readonly most: number }> {
  let largest = 0
  for (const [name, golden] of Object.entries(sample.outputs)) {
    const { type } = graphs[sample.graph]!.outputs.find((tensor) => tensor.name === name)!
    const output = `the output “${name}” of the graph ${sample.graph}`
    const found = outputs[name]
    const wrong = (what: string) => ({ problem: `${output} ${what}`, most: largest })
    if (!found) return wrong('did not come')
    if (found.type !== type) return wrong(`is ${found.type}, where ${type} is wanted`)
    if (found.dims.join() !== golden.dims.join())
      return wrong(`is [${found.dims.join(', ')}], where [${golden.dims.join(', ')}] is wanted`)
    const difference = goldenDifference(await goldenTensor(folder, golden, type), found)
    largest = Math.max(largest, difference.most)
    if (difference.most > sample.tolerance)
      return wrong(
        `is ${difference.found} at [${difference.at.join(', ')}], where ${difference.wanted} is wanted: ${difference.most.toPrecision(3)} apart, and ${sample.tolerance} is allowed`,
      )
  }
  return { problem: null, most: largest }
}

/** Raw and little-endian, as every machine that this runs on has it in memory. */
async function goldenTensor(folder: string, { file, dims }: GoldenTensor, type: TensorType): Promise<Tensor> {
  const bytes = await readFile(graphPath(folder, file))
  if (bytes.length !== tensorByteLength(type, dims))
    throw new UserError(
      'bad-golden',
      `${file} has ${bytes.length} bytes, which is not what its dims say. Add the pack again.`,
    )
  const data = new tensorArrays[type](new Uint8Array(bytes).buffer)
  return { type, dims, data }
}
