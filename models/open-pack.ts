/** A pack ready to run, and tensors handed to its graphs by name: exports of one network differ in names and types. */
import type { NetworkPlace } from '../main/core/models.ts'
import { UserError } from '../main/core/user-error.ts'
import { halfBits, halfValue } from './half.ts'
import type { PackManifest, Preprocessing, TensorFacts } from './manifest.ts'
import {
  elementCount,
  type Graphs,
  type NamedTensors,
  type Tensor,
  type TensorType,
  tensorArrays,
} from './tensor.ts'

export interface OpenPack {
  readonly manifest: PackManifest
  readonly graphs: Graphs
  /** Where the graphs ran last; null before a run. Left out where nobody knows. */
  readonly ranOn?: () => NetworkPlace | null
}

/** Throws UserError 'bad-pack' where the manifest has no preprocessing. */
export function preprocessingOf({ manifest }: OpenPack): Preprocessing {
  if (manifest.preprocessing) return manifest.preprocessing
  throw new UserError(
    'bad-pack',
    `The pack “${manifest.name}” does not say how a picture becomes its input: add “preprocessing” to its manifest.`,
  )
}

export function stateOf({ manifest }: OpenPack, name: string, otherwise: number): number {
  return manifest.state?.[name] ?? otherwise
}

export function hasGraph({ manifest }: OpenPack, part: string): boolean {
  return Object.hasOwn(manifest.graphs, part)
}

/** What the manifest says of an input; null where the graph has none of these names. */
export function declaredInput(
  { manifest }: OpenPack,
  part: string,
  ...names: readonly string[]
): TensorFacts | null {
  return manifest.graphs[part]?.inputs.find(({ name }) => names.includes(name)) ?? null
}

/**
 * The graph's inputs out of what is on offer, by name; `a|b` offers one tensor under either name. Values are turned
 * into the type that the graph asks for. What it does not ask for is left out. Throws UserError 'bad-pack' for an input
 * that nothing on offer fits.
 */
export function boundInputs(
  { manifest }: OpenPack,
  part: string,
  offers: Readonly<Record<string, Tensor>>,
): NamedTensors {
  const byName = new Map(
    Object.entries(offers).flatMap(([names, tensor]) =>
      names.split('|').map((name) => [name, tensor] as const),
    ),
  )
  const bound: Record<string, Tensor> = {}
  for (const { name, type } of manifest.graphs[part]?.inputs ?? []) {
    const tensor = byName.get(name)
    if (!tensor)
      throw new UserError(
        'bad-pack',
        `The graph ${part} of “${manifest.name}” asks for “${name}”, which ${manifest.contract} does not have. It has: ${[...byName.keys()].join(', ')}. Take the export that the pack’s README names.`,
      )
    bound[name] = asType(tensor, type)
  }
  return bound
}

/** Runs a graph on what it asks for out of `offers`. */
export function runBound(
  pack: OpenPack,
  part: string,
  offers: Readonly<Record<string, Tensor>>,
  signal?: AbortSignal,
): Promise<NamedTensors> {
  return pack.graphs.run(part, boundInputs(pack, part, offers), signal)
}

/** The first output of these names, or null. */
export function found(outputs: NamedTensors, ...names: readonly string[]): Tensor | null {
  const name = names.find((each) => outputs[each] !== undefined)
  return name === undefined ? null : outputs[name]!
}

/** Throws UserError 'bad-pack' that names the graph and what it does not give. */
export function needed(
  pack: OpenPack,
  part: string,
  outputs: NamedTensors,
  ...names: readonly string[]
): Tensor {
  const tensor = found(outputs, ...names)
  if (tensor) return tensor
  throw new UserError(
    'bad-pack',
    `The graph ${part} of “${pack.manifest.name}” gives no “${names[0]}”, which ${pack.manifest.contract} needs. It gives: ${Object.keys(outputs).join(', ')}.`,
  )
}

/** The values as float32; the tensor's own array where it is that already. */
export function floatValues({ type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data
  if (type === 'float16') return Float32Array.from(data as Uint16Array, halfValue)
  return Float32Array.from(data as ArrayLike<number | bigint>, Number)
}

export function floatTensor(dims: readonly number[], values: ArrayLike<number>): Tensor {
  const data = values instanceof Float32Array ? values : Float32Array.from(values)
  return { type: 'float32', dims, data }
}

export function asType(tensor: Tensor, type: TensorType): Tensor {
  if (tensor.type === type) return tensor
  const { dims } = tensor
  if (type === 'int64') return { type, dims, data: BigInt64Array.from(floatValues(tensor), whole) }
  if (type === 'float16') return { type, dims, data: Uint16Array.from(floatValues(tensor), halfBits) }
  if (type === 'float32') return { type, dims, data: floatValues(tensor) }
  const data = new tensorArrays[type](elementCount(dims))
  for (const [i, value] of floatValues(tensor).entries()) data[i] = Math.round(value)
  return { type, dims, data }
}

function whole(value: number): bigint {
  return BigInt(Math.round(value))
}

/** Joined along the first axis; the tensors agree in type and in every other length. */
export function joined(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors
  if (!first) throw new Error('There is nothing to join.')
  const dims = [tensors.reduce((sum, each) => sum + each.dims[0]!, 0), ...first.dims.slice(1)]
  const data = new tensorArrays[first.type](elementCount(dims))
  let at = 0
  for (const tensor of tensors) {
    data.set(tensor.data as never, at)
    at += tensor.data.length
  }
  return { type: first.type, dims, data }
}

/** Bytes of the data. */
export function tensorBytes(tensors: Iterable<Tensor>): number {
  let sum = 0
  for (const { data } of tensors) sum += data.byteLength
  return sum
}
