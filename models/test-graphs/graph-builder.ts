/** Small ONNX graphs written as expressions: every step is named by itself. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackGraph, TensorFacts } from '../manifest.ts'
import { type OnnxAttribute, type OnnxGraph, type OnnxNode, onnxModel } from '../onnx-writer.ts'
import type { Tensor, TensorType } from '../tensor.ts'

export class GraphBuilder {
  readonly #inputs: TensorFacts[] = []
  readonly #outputs: TensorFacts[] = []
  readonly #constants: Record<string, Tensor> = {}
  readonly #nodes: OnnxNode[] = []

  input(name: string, shape: readonly (number | string)[], type: TensorType = 'float32'): string {
    this.#inputs.push({ name, type, shape })
    return name
  }

  floats(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#constant({ type: 'float32', dims, data: Float32Array.from(values) })
  }

  wholes(...values: readonly number[]): string {
    return this.#constant({ type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) })
  }

  /** The name of the node's only output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    const output = `${op}_${this.#nodes.length}`
    this.#nodes.push({ op, inputs, outputs: [output], attributes })
    return output
  }

  slice(tensor: string, axis: number, from: number, to: number): string {
    return this.node('Slice', [tensor, this.wholes(from), this.wholes(to), this.wholes(axis)])
  }

  reshape(tensor: string, ...dims: readonly number[]): string {
    return this.node('Reshape', [tensor, this.wholes(...dims)])
  }

  /** Repeats what has length 1. */
  expand(tensor: string, ...dims: readonly number[]): string {
    return this.node('Expand', [tensor, this.wholes(...dims)])
  }

  mean(tensor: string, ...axes: readonly number[]): string {
    return this.node('ReduceMean', [tensor], { axes: [...axes], keepdims: 0 })
  }

  sum(tensor: string, ...axes: readonly number[]): string {
    return this.node('ReduceSum', [tensor, this.wholes(...axes)], { keepdims: 0 })
  }

  add(a: string, b: string): string {
    return this.node('Add', [a, b])
  }

  minus(a: string, b: string): string {
    return this.node('Sub', [a, b])
  }

  times(a: string, b: string): string {
    return this.node('Mul', [a, b])
  }

  over(a: string, b: string): string {
    return this.node('Div', [a, b])
  }

  concat(axis: number, ...tensors: readonly string[]): string {
    return this.node('Concat', tensors, { axis })
  }

  output(
    name: string,
    tensor: string,
    shape: readonly (number | string)[],
    type: TensorType = 'float32',
  ): void {
    this.#nodes.push({ op: 'Identity', inputs: [tensor], outputs: [name] })
    this.#outputs.push({ name, type, shape })
  }

  graph(): OnnxGraph {
    return {
      inputs: this.#inputs,
      outputs: this.#outputs,
      initializers: this.#constants,
      nodes: this.#nodes,
    }
  }

  #constant(tensor: Tensor): string {
    const name = `constant_${Object.keys(this.#constants).length}`
    this.#constants[name] = tensor
    return name
  }
}

/** What a manifest says of such graphs. */
export function packGraphs(graphs: Readonly<Record<string, OnnxGraph>>): Record<string, PackGraph> {
  return Object.fromEntries(
    Object.entries(graphs).map(([part, { inputs, outputs }]) => [
      part,
      { file: `${part}.onnx`, inputs, outputs },
    ]),
  )
}

export function graphBytes(graphs: Readonly<Record<string, OnnxGraph>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(graphs).map(([part, graph]) => [`${part}.onnx`, onnxModel(graph)]))
}

export function writeGraphs(folder: string, graphs: Readonly<Record<string, OnnxGraph>>): void {
  for (const [file, bytes] of Object.entries(graphBytes(graphs))) writeFileSync(join(folder, file), bytes)
}
