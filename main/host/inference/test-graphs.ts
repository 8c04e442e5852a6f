/** Graphs for tests, written where the test wants them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OnnxGraph, type OnnxNode, onnxModel } from '../../../models/onnx-writer.ts'
import type { Tensor } from '../../../models/tensor.ts'

export function floats(dims: readonly number[], values: readonly number[]): Tensor {
  return { type: 'float32', dims, data: Float32Array.from(values) }
}

const float = (name: string, shape: readonly (number | string)[]) =>
  ({ name, type: 'float32', shape }) as const

/** y = x + amount, for any number of rows of two. */
export function addingGraph(amount: number): OnnxGraph {
  return {
    inputs: [float('x', ['rows', 2])],
    outputs: [float('y', ['rows', 2])],
    initializers: { amount: floats([1], [amount]) },
    nodes: [{ op: 'Add', inputs: ['x', 'amount'], outputs: ['y'] }],
  }
}

/** Multiplies a matrix by itself over and over: about `rounds` times 50 ms of one core. */
export function slowGraph(rounds: number): OnnxGraph {
  const node = (round: number): OnnxNode => ({
    op: 'MatMul',
    inputs: [round === 0 ? 'x' : `x${round}`, 'x'],
    outputs: [round === rounds - 1 ? 'y' : `x${round + 1}`],
  })
  return {
    inputs: [float('x', [1024, 1024])],
    outputs: [float('y', [1024, 1024])],
    nodes: Array.from({ length: rounds }, (_, round) => node(round)),
  }
}

export const slowInputs = { x: floats([1024, 1024], new Array(1024 * 1024).fill(0)) }

/** Holds `megabytes` once it has run, and adds 1. */
export function heavyGraph(megabytes: number): OnnxGraph {
  return {
    inputs: [float('x', [1])],
    outputs: [float('y', [1])],
    initializers: {
      count: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(megabytes * 250_000)) },
      axes: { type: 'int64', dims: [1], data: BigInt64Array.of(0n) },
    },
    nodes: [
      { op: 'Expand', inputs: ['x', 'count'], outputs: ['wide'] },
      { op: 'Exp', inputs: ['wide'], outputs: ['exp'] },
      { op: 'ReduceMean', inputs: ['exp'], outputs: ['y'], attributes: { axes: [0] } },
    ],
  }
}

export interface GraphFolder {
  /** Writes a graph and returns its path. */
  write(name: string, graph: OnnxGraph): string
  remove(): void
}

export function graphFolder(): GraphFolder {
  const folder = mkdtempSync(join(tmpdir(), 'inbetween-graphs-'))
  return {
    write(name, graph) {
      const file = join(folder, `${name}.onnx`)
      writeFileSync(file, onnxModel(graph))
      return file
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
