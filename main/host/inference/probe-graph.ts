import type { OnnxGraph } from '../../../models/onnx-writer.ts'
import type { NamedTensors, Tensor } from '../../../models/tensor.ts'

const side = 64
const channels = 32
const tokens = side * side

/**
 * A graph with the work of the networks that it stands for, small: two convolutions (4096 places, 32 channels), then
 * attention of 256 queries over all places. About 150 million multiplications, so that a GPU's cost of being asked
 * does not decide alone.
 */
export function probeGraph(): { readonly graph: OnnxGraph; readonly inputs: NamedTensors } {
  const conv = (input: string, weight: string, output: string, stride: number) => ({
    op: 'Conv',
    inputs: [input, weight],
    outputs: [output],
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] },
  })
  const graph: OnnxGraph = {
    name: 'probe',
    inputs: [
      { name: 'picture', type: 'float32', shape: [1, 3, side * 2, side * 2] },
      { name: 'queries', type: 'float32', shape: [1, 256, channels] },
    ],
    outputs: [
      { name: 'weights', type: 'float32', shape: [1, 256, tokens] },
      { name: 'answers', type: 'float32', shape: [1, 256, channels] },
    ],
    initializers: {
      first: noise([channels, 3, 3, 3], 1, 0.4),
      second: noise([channels, channels, 3, 3], 2, 0.12),
      rows: { type: 'int64', dims: [3], data: BigInt64Array.of(1n, BigInt(channels), BigInt(tokens)) },
    },
    nodes: [
      conv('picture', 'first', 'early', 2),
      { op: 'Relu', inputs: ['early'], outputs: ['bent'] },
      conv('bent', 'second', 'late', 1),
      { op: 'Reshape', inputs: ['late', 'rows'], outputs: ['keys'] },
      { op: 'MatMul', inputs: ['queries', 'keys'], outputs: ['likeness'] },
      { op: 'Softmax', inputs: ['likeness'], outputs: ['weights'], attributes: { axis: -1 } },
      { op: 'Transpose', inputs: ['keys'], outputs: ['values'], attributes: { perm: [0, 2, 1] } },
      { op: 'MatMul', inputs: ['weights', 'values'], outputs: ['answers'] },
    ],
  }
  const inputs = {
    picture: noise([1, 3, side * 2, side * 2], 3, 1),
    queries: noise([1, 256, channels], 4, 0.5),
  }
  return { graph, inputs }
}

/** The same numbers on every machine: a linear congruential generator, from -size to size. */
function noise(dims: readonly number[], seed: number, size: number): Tensor {
  const data = new Float32Array(dims.reduce((count, dim) => count * dim, 1))
  let state = seed
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    data[index] = (state / 2 ** 31 - 1) * size
  }
  return { type: 'float32', dims, data }
}
