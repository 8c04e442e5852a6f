/** Tensors as they cross to and from the inference process, and what a model's code may ask of its graphs. */

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
