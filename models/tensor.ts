/** Tensors as they cross to and from the inference process, and what a model's code may ask of its graphs. */
import { UserError } from '../main/core/user-error.ts'

export type TensorType = 'float32' | 'float16' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool'

/** Row-major. `float16` are bit patterns in a Uint16Array; `bool` are bytes 0 and 1. */
export type TensorData = Float32Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array

export interface Tensor {
  readonly type: TensorType
  readonly dims: readonly number[]
  /** As many elements as `dims` say. */
  readonly data: TensorData
}

export type NamedTensors = Readonly<Record<string, Tensor>>

/** Somebody waits for an interactive run: it goes before every batch run that has not begun. */
export type Urgency = 'interactive' | 'batch'

/** The graphs of one pack, by their part in it ('encoder', 'decoder', ...). Model code sees nothing else. */
export interface Graphs {
  /**
   * Resolves to every output of the graph. Throws UserError: 'inference-lost' when the process died (the run may be
   * asked again), 'inference-failed' when the graph refused, naming the pack and the graph; what `signal` aborts with.
   */
  run(part: string, inputs: NamedTensors, signal?: AbortSignal): Promise<NamedTensors>
}

/** The array that holds a type's elements. */
export const tensorArrays = {
  float32: Float32Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const satisfies Record<TensorType, unknown>

export function isTensorType(type: string): type is TensorType {
  return Object.hasOwn(tensorArrays, type)
}

/** 1 for a scalar, whose dims are empty. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((count, dim) => count * dim, 1)
}

/** Throws UserError 'bad-tensor' that names the tensor, where its data are not what its type and dims say. */
export function checkTensor(name: string, { type, dims, data }: Tensor): void {
  if (!isTensorType(type)) throw badTensor(name, `its type is “${String(type)}”, which no tensor here has`)
  const odd = dims.find((dim) => !Number.isSafeInteger(dim) || dim < 0)
  if (odd !== undefined)
    throw badTensor(
      name,
      `its dims are [${dims.join(', ')}], and ${odd} is no length: use whole numbers from 0`,
    )
  const wanted = tensorArrays[type]
  if (!(data instanceof wanted))
    throw badTensor(name, `it is ${type}, whose data stand in a ${wanted.name}, not in ${arrayName(data)}`)
  const count = elementCount(dims)
  if (data.length !== count)
    throw badTensor(
      name,
      `its dims [${dims.join(', ')}] hold ${count} elements, but its data have ${data.length}`,
    )
}

function badTensor(name: string, what: string): UserError {
  return new UserError('bad-tensor', `The tensor “${name}” cannot be used: ${what}.`)
}

function arrayName(data: unknown): string {
  return typeof data === 'object' && data !== null ? `a ${data.constructor.name}` : `“${String(data)}”`
}
