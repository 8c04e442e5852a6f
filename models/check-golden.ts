import type { Field } from './field.ts'
import { listedFile } from './listed-file.ts'
import type { Dimension, GoldenSample, GoldenTensor, PackFile, PackGraph, TensorFacts } from './manifest.ts'
import { elementCount, type TensorType, tensorArrays } from './tensor.ts'

/** Bytes of a tensor in a file. */
export function tensorByteLength(type: TensorType, dims: readonly number[]): number {
  return elementCount(dims) * tensorArrays[type].BYTES_PER_ELEMENT
}

/** A golden sample whose tensors are the graph's own, and whose files have just their size. */
export function checkGolden(
  field: Field,
  graphs: Readonly<Record<string, PackGraph>>,
  files: ReadonlyMap<string, PackFile>,
): GoldenSample {
  field.only('graph', 'inputs', 'outputs', 'tolerance')
  const part = field.get('graph')
  const graph = Object.entries(graphs).find(([name]) => name === part.value)?.[1]
  if (!graph) throw part.wrong(`is no graph of this pack: write one of ${Object.keys(graphs).join(', ')}`)
  const lengths = new Map<string, number>()
  const inputs = goldenTensors(field.get('inputs'), graph.inputs, files, lengths)
  const outputs = goldenTensors(field.get('outputs'), graph.outputs, files, lengths)
  const missing = graph.inputs.find(({ name }) => !Object.hasOwn(inputs, name))
  if (missing) throw field.get('inputs').wrong(`lacks “${missing.name}”, which the graph needs: add it`)
  return {
    graph: String(part.value),
    inputs,
    outputs,
    tolerance: field.get('tolerance').number(0, 1e9),
  }
}

function goldenTensors(
  field: Field,
  declared: readonly TensorFacts[],
  files: ReadonlyMap<string, PackFile>,
  lengths: Map<string, number>,
): Readonly<Record<string, GoldenTensor>> {
  // Outputs may be left out, but a sample without any would prove nothing.
  return field.record(
    (item, name) => {
      const facts = declared.find((tensor) => tensor.name === name)
      if (!facts)
        throw item.wrong(
          `is no tensor of that graph: write one of ${declared.map((tensor) => tensor.name).join(', ')}`,
        )
      item.only('file', 'dims')
      const file = listedFile(item.get('file'), files)
      const dims = item.get('dims').list((dim) => dim.whole(0, 2 ** 31 - 1), { most: 8 })
      const problem = dimsProblem(dims, facts.shape, lengths)
      if (problem) throw item.get('dims').wrong(problem)
      const byteLength = tensorByteLength(facts.type, dims)
      if (byteLength !== file.bytes)
        throw item
          .get('dims')
          .wrong(
            `is [${dims}] of ${facts.type}, which takes ${byteLength} bytes, but ${file.path} has ${file.bytes}: correct one of the two`,
          )
      return { file: file.path, dims }
    },
    { least: declared.length > 0 ? 1 : 0, most: 64 },
  )
}

/** Why such dims cannot have the shape, as the end of a sentence. `lengths`: of names met so far, and added to. */
function dimsProblem(
  dims: readonly number[],
  shape: readonly Dimension[],
  lengths: Map<string, number>,
): string | null {
  if (dims.length !== shape.length)
    return `has ${dims.length} dimensions, but the graph declares ${shape.length}: correct one of the two`
  for (const [i, wanted] of shape.entries()) {
    const dim = dims[i]!
    const length = typeof wanted === 'number' ? wanted : (lengths.get(wanted) ?? dim)
    if (dim !== length) return `has ${dim} at [${i}], where “${wanted}” is ${length}: correct one of the two`
    if (typeof wanted === 'string') lengths.set(wanted, dim)
  }
  return null
}
