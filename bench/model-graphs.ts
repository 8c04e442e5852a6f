/** Graphs that cost what real networks cost. */
import type { OnnxGraph, OnnxNode } from '../models/onnx-writer.ts'
import type { Tensor } from '../models/tensor.ts'

/** Channels out, stride and repeats of each stage, after MobileNetV2 (https://arxiv.org/abs/1801.04381, table 2). */
const stages = [
  [24, 2, 2],
  [32, 2, 3],
  [64, 2, 4],
  [96, 1, 3],
  [160, 2, 3],
] as const
const expansion = 6

/** Inverted residuals on a picture of 3 x height x width; the output is at a thirty-second of its size. */
export function mobileNet(height: number, width: number): OnnxGraph {
  const nodes: OnnxNode[] = []
  const initializers: Record<string, Tensor> = {}
  const conv = (input: string, from: number, to: number, size: number, stride: number, group = 1): string => {
    const output = `t${nodes.length}`
    initializers[`w${output}`] = weights([to, from / group, size, size], nodes.length)
    const pad = size >> 1
    const attributes = {
      kernel_shape: [size, size],
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
      group,
    }
    nodes.push({ op: 'Conv', inputs: [input, `w${output}`], outputs: [output], attributes })
    return output
  }
  const bent = (input: string): string => {
    const output = `${input}r`
    nodes.push({ op: 'Relu', inputs: [input], outputs: [output] })
    return output
  }
  let channels = 32
  let at = bent(conv('picture', 3, channels, 3, 2))
  for (const [to, firstStride, repeats] of stages)
    for (let repeat = 0; repeat < repeats; repeat++) {
      const wide = channels * expansion
      const stride = repeat === 0 ? firstStride : 1
      const middle = bent(conv(bent(conv(at, channels, wide, 1, 1)), wide, wide, 3, stride, wide))
      at = conv(middle, wide, to, 1, 1)
      channels = to
    }
  nodes.push({ op: 'Identity', inputs: [at], outputs: ['features'] })
  return {
    inputs: [{ name: 'picture', type: 'float32', shape: [1, 3, height, width] }],
    outputs: [
      {
        name: 'features',
        type: 'float32',
        shape: [1, channels, Math.ceil(height / 32), Math.ceil(width / 32)],
      },
    ],
    initializers,
    nodes,
  }
}

/** Gives back what it gets: three channels of `size` x `size`. */
export function passingGraph(size: number): OnnxGraph {
  const shape = [1, 3, size, size]
  return {
    inputs: [{ name: 'x', type: 'float32', shape }],
    outputs: [{ name: 'y', type: 'float32', shape }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  }
}

/** Small enough that values neither vanish nor explode over the layers. */
function weights(dims: readonly number[], seed: number): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1)
  const size = Math.sqrt(3 / (count / (dims[0] ?? 1)))
  const data = Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + seed) * size)
  return { type: 'float32', dims, data }
}
