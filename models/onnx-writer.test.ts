import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import type { TensorFacts } from './manifest.ts'
import { type OnnxGraph, type OnnxOptions, onnxModel } from './onnx-writer.ts'
import { elementCount, type NamedTensors, type Tensor, type TensorType } from './tensor.ts'

const float32 = (dims: number[], values: readonly number[]): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
})
const int64 = (values: readonly number[]): Tensor => ({
  type: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
})
const facts = (name: string, type: TensorType, shape: readonly (number | string)[]): TensorFacts => ({
  name,
  type,
  shape,
})

// ONNX Runtime 1.30 cannot read a Float16Array: https://github.com/microsoft/onnxruntime/pull/32323
Reflect.deleteProperty(globalThis, 'Float16Array')

async function outputsOf(graph: OnnxGraph, inputs: NamedTensors, options?: OnnxOptions) {
  const session = await InferenceSession.create(onnxModel(graph, options))
  const feeds = Object.entries(inputs).map(([name, { type, data, dims }]) => [
    name,
    new OrtTensor(type, data as Float32Array, dims),
  ])
  return session.run(Object.fromEntries(feeds))
}

const numbers = (tensor: OrtTensor | undefined) => [...((tensor?.data ?? []) as Float32Array)]

describe('graphs that ONNX Runtime loads and runs', () => {
  test('a convolution with weights, a bias and attributes that are ints', async () => {
    const graph: OnnxGraph = {
      inputs: [facts('image', 'float32', [1, 1, 3, 3])],
      outputs: [facts('sum', 'float32', [1, 1, 3, 3])],
      initializers: { weight: float32([1, 1, 3, 3], new Array(9).fill(1)), bias: float32([1], [0.5]) },
      nodes: [
        {
          op: 'Conv',
          inputs: ['image', 'weight', 'bias'],
          outputs: ['sum'],
          attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
        },
      ],
    }
    const { sum } = await outputsOf(graph, { image: float32([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]) })
    expect(numbers(sum)).toEqual([12.5, 21.5, 16.5, 27.5, 45.5, 33.5, 24.5, 39.5, 28.5])
  })

  test('floats, texts, a left-out input and several outputs', async () => {
    const graph: OnnxGraph = {
      inputs: [facts('x', 'float32', [4])],
      outputs: [
        facts('leaky', 'float32', [4]),
        facts('clipped', 'float32', [4]),
        facts('up', 'float32', [8]),
      ],
      initializers: { most: float32([], [2]), scales: float32([1], [2]) },
      nodes: [
        { op: 'LeakyRelu', inputs: ['x'], outputs: ['leaky'], attributes: { alpha: { float: 0.25 } } },
        { op: 'Clip', inputs: ['x', '', 'most'], outputs: ['clipped'] },
        {
          op: 'Resize',
          inputs: ['x', '', 'scales'],
          outputs: ['up'],
          attributes: {
            mode: 'nearest',
            coordinate_transformation_mode: 'asymmetric',
            nearest_mode: 'floor',
          },
        },
      ],
    }
    const { leaky, clipped, up } = await outputsOf(graph, { x: float32([4], [-4, -1, 1, 3]) })
    expect(numbers(leaky)).toEqual([-1, -0.25, 1, 3])
    expect(numbers(clipped)).toEqual([-4, -1, 1, 2])
    expect(numbers(up)).toEqual([-4, -4, -1, -1, 1, 1, 3, 3])
  })

  test('lengths that go by name: any number of rows, told by name', async () => {
    const graph: OnnxGraph = {
      inputs: [facts('a', 'float32', ['rows', 2]), facts('b', 'float32', [2, 'columns'])],
      outputs: [facts('product', 'float32', ['rows', 'columns'])],
      nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['product'] }],
    }
    const session = await InferenceSession.create(onnxModel(graph))
    const [a] = session.inputMetadata
    expect(a).toMatchObject({ name: 'a', type: 'float32', shape: ['rows', 2] })
    for (const rows of [1, 5]) {
      const { product } = await outputsOf(graph, {
        a: float32([rows, 2], new Array(rows * 2).fill(1)),
        b: float32([2, 3], [1, 2, 3, 4, 5, 6]),
      })
      expect(product?.dims).toEqual([rows, 3])
      expect(numbers(product).slice(0, 3)).toEqual([5, 7, 9])
    }
  })

  test.each([
    ['float32', Float32Array.of(1.5, -2)],
    ['float16', Uint16Array.of(0x3e00, 0xc000)],
    ['uint8', Uint8Array.of(3, 255)],
    ['int8', Int8Array.of(-3, 127)],
    ['int32', Int32Array.of(-70000, 70000)],
    ['int64', BigInt64Array.of(-(2n ** 40n), 2n ** 40n)],
    ['bool', Uint8Array.of(1, 0)],
  ] as const)('%s as input, initializer and output', async (type, data) => {
    const graph: OnnxGraph = {
      inputs: [facts('x', type, [2])],
      outputs: [facts('both', type, [4])],
      initializers: { kept: { type, dims: [2], data } },
      nodes: [{ op: 'Concat', inputs: ['kept', 'x'], outputs: ['both'], attributes: { axis: 0 } }],
    }
    const { both } = await outputsOf(graph, { x: { type, dims: [2], data } })
    const bytes = (array: ArrayBufferView) => [
      ...new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    ]
    expect(both?.type).toBe(type)
    expect(bytes(both?.data as Uint8Array)).toEqual([...bytes(data), ...bytes(data)])
  })

  test('a branch of its own for each case, negative ints, and an operator of another domain', async () => {
    const branch = (value: number): OnnxGraph => ({
      inputs: [],
      outputs: [facts('chosen', 'float32', [1])],
      nodes: [
        {
          op: 'Constant',
          inputs: [],
          outputs: ['chosen'],
          attributes: { value: { tensor: float32([1], [value]) } },
        },
      ],
    })
    const graph: OnnxGraph = {
      inputs: [facts('which', 'bool', []), facts('x', 'float32', [1, 2])],
      outputs: [facts('y', 'float32', [1]), facts('g', 'float32', [1, 2]), facts('s', 'float32', [1])],
      initializers: { axes: int64([-1]) },
      nodes: [
        {
          op: 'If',
          inputs: ['which'],
          outputs: ['y'],
          attributes: { then_branch: { graph: branch(7) }, else_branch: { graph: branch(-7) } },
        },
        { op: 'Gelu', domain: 'com.microsoft', inputs: ['x'], outputs: ['g'] },
        { op: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['s'], attributes: { keepdims: 0 } },
      ],
    }
    const x = float32([1, 2], [0, 10])
    for (const [which, wanted] of [
      [1, 7],
      [0, -7],
    ] as const) {
      const { y, g, s } = await outputsOf(graph, {
        which: { type: 'bool', dims: [], data: Uint8Array.of(which) },
        x,
      })
      expect(numbers(y)).toEqual([wanted])
      expect(numbers(g)[1]).toBeCloseTo(10, 4)
      expect(numbers(s)).toEqual([10])
    }
  })

  test('weights in a file of their own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'onnx-'))
    try {
      const weights = Float32Array.of(9, 9, 1, 2, 3)
      writeFileSync(join(folder, 'graph.onnx.data'), new Uint8Array(weights.buffer))
      const graph: OnnxGraph = {
        inputs: [facts('x', 'float32', [3])],
        outputs: [facts('y', 'float32', [3])],
        initializers: { w: { type: 'float32', dims: [3], file: 'graph.onnx.data', offset: 8 } },
        nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
      }
      writeFileSync(join(folder, 'graph.onnx'), onnxModel(graph))
      const session = await InferenceSession.create(join(folder, 'graph.onnx'))
      const { y } = await session.run({ x: new OrtTensor('float32', Float32Array.of(10, 10, 10), [3]) })
      expect(numbers(y)).toEqual([11, 12, 13])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('any tensor comes out as it went in', async () => {
    const dims = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
    const tensors = dims.chain((shape) =>
      fc
        .array(fc.float({ noNaN: true }), {
          minLength: elementCount(shape),
          maxLength: elementCount(shape),
        })
        .map((values) => float32(shape, values)),
    )
    await fc.assert(
      fc.asyncProperty(tensors, async (tensor) => {
        const graph: OnnxGraph = {
          inputs: [],
          outputs: [facts('out', 'float32', tensor.dims)],
          initializers: { tensor },
          nodes: [{ op: 'Identity', inputs: ['tensor'], outputs: ['out'] }],
        }
        const { out } = await outputsOf(graph, {})
        expect(out?.dims).toEqual(tensor.dims)
        expect(out?.data).toEqual(tensor.data)
      }),
      { numRuns: 30 },
    )
  })
})

describe('graphs that cannot be', () => {
  test('an operator that nobody knows is refused by name', async () => {
    const graph: OnnxGraph = {
      inputs: [facts('x', 'float32', [1])],
      outputs: [facts('y', 'float32', [1])],
      nodes: [{ op: 'Levitate', inputs: ['x'], outputs: ['y'] }],
    }
    await expect(InferenceSession.create(onnxModel(graph))).rejects.toThrow('Levitate')
  })

  test('data that do not fit the dims, and halves as ints, are refused before anything is written', () => {
    const graph = (tensor: Tensor, axis: number): OnnxGraph => ({
      inputs: [],
      outputs: [facts('y', 'float32', [1])],
      initializers: { weight: tensor },
      nodes: [{ op: 'Concat', inputs: ['weight'], outputs: ['y'], attributes: { axis } }],
    })
    expect(() => onnxModel(graph(float32([3], [1]), 0))).toThrow(
      'The tensor “weight” cannot be used: its dims [3] hold 3 elements, but its data have 1.',
    )
    expect(() => onnxModel(graph({ type: 'int64', dims: [1], data: Float32Array.of(1) }, 0))).toThrow(
      'The tensor “weight” cannot be used: it is int64, whose data stand in a BigInt64Array, not in a Float32Array.',
    )
    expect(() => onnxModel(graph(float32([1], [1]), 0.5))).toThrow('“axis” is 0.5')
  })

  test('the opset and the metadata are those asked for', () => {
    const empty: OnnxGraph = { inputs: [], outputs: [], nodes: [] }
    const text = (options?: OnnxOptions) => Buffer.from(onnxModel(empty, options)).toString('latin1')
    expect(text({ metadata: { licence: 'CC0-1.0' } })).toContain('CC0-1.0')
    expect(text({ opset: 21 })).not.toBe(text({ opset: 17 }))
    expect(text()).toBe(text({ opset: 17 }))
  })
})
