import { describe, expect, test } from 'vitest'
import { graphProblem, operatorProblem } from './check-graph.ts'
import { goldenDifference } from './golden-difference.ts'
import type { PackGraph, TensorFacts } from './manifest.ts'

const tensor = (name: string, shape: readonly (number | string)[], type = 'float32'): TensorFacts =>
  ({ name, type, shape }) as TensorFacts
const declared: PackGraph = {
  file: 'encoder.onnx',
  inputs: [tensor('image', [1, 3, 1024, 1024])],
  outputs: [tensor('embedding', [1, 256, 'side', 'side'])],
}
const problem = (inputs: readonly TensorFacts[], outputs: readonly TensorFacts[] = declared.outputs) =>
  graphProblem('encoder', declared, { inputs, outputs })

describe('a graph and what the manifest says of it', () => {
  test('fit when they are the same, or when the manifest fixes what the graph leaves open', () => {
    expect(problem(declared.inputs)).toBeNull()
    expect(problem([tensor('image', ['batch', 3, -1, ''])])).toBeNull()
    expect(problem(declared.inputs, [...declared.outputs, tensor('more', [1])])).toBeNull()
  })

  test.each([
    [
      'has no input “image”, which the manifest declares. It has: “pixels”.',
      [tensor('pixels', [1, 3, 1024, 1024])],
    ],
    [
      'input “image”, is uint8, but the manifest says float32',
      [tensor('image', [1, 3, 1024, 1024], 'uint8')],
    ],
    [
      'input “image”, has 3 dimensions [3, 1024, 1024], but the manifest says 4',
      [tensor('image', [3, 1024, 1024])],
    ],
    [
      'input “image”, has the shape [1, 3, 512, 512], but the manifest says [1, 3, 1024, 1024]: [2] is 512, not 1024',
      [tensor('image', [1, 3, 512, 512])],
    ],
    [
      'needs the input “size” (int64 [2]), which the manifest does not declare',
      [...declared.inputs, tensor('size', [2], 'int64')],
    ],
  ] as const)('%s', (sentence, inputs) => {
    expect(problem(inputs)).toContain(`The graph encoder (encoder.onnx)`)
    expect(problem(inputs)).toContain(sentence)
  })

  test('a manifest may not leave open what the graph fixes', () => {
    expect(problem(declared.inputs, [tensor('embedding', [1, 256, 64, 64])])).toContain(
      'output “embedding”, has the shape [1, 256, 64, 64], but the manifest says [1, 256, side, side]',
    )
    expect(problem(declared.inputs, [])).toContain(
      'has no output “embedding”, which the manifest declares. It has: none.',
    )
  })

  test.each([
    [
      'Load model failed: Fatal error: com.example:Levitate(-1) is not a registered function/op',
      'com.example.Levitate',
    ],
    [
      '[ONNXRuntimeError] : 1 : FAIL : Fatal error: :Levitate(-1) is not a registered function/op',
      'Levitate',
    ],
    ['No Op registered for Levitate with domain_version of 17', 'Levitate'],
    ['Could not find an implementation for Levitate(13) node with name', 'Levitate'],
  ])('%s', (error, name) => {
    expect(operatorProblem('encoder', 'encoder.onnx', error)).toContain(
      `The graph encoder (encoder.onnx) uses the operator ${name}, which ONNX Runtime does not have`,
    )
  })

  test('other errors are no matter of operators', () => {
    expect(operatorProblem('encoder', 'e.onnx', 'Protobuf parsing failed.')).toBeNull()
  })
})

describe('what came out against what must come out', () => {
  test('the largest difference, and where', () => {
    const dims = [2, 3]
    const wanted = { type: 'float32', dims, data: Float32Array.of(0, 1, 2, 3, 4, 5) } as const
    const found = { ...wanted, data: Float32Array.of(0, 1, 2.5, 3, 4, 7) }
    expect(goldenDifference(wanted, found)).toEqual({ most: 2, at: [1, 2], wanted: 5, found: 7 })
    expect(goldenDifference(wanted, wanted).most).toBe(0)
  })

  test('what is no number is infinitely wrong, unless it must be none', () => {
    const nan = { type: 'float32', dims: [1], data: Float32Array.of(Number.NaN) } as const
    const one = { ...nan, data: Float32Array.of(1) }
    expect(goldenDifference(one, nan).most).toBe(Number.POSITIVE_INFINITY)
    expect(goldenDifference(nan, nan).most).toBe(0)
  })

  test('halves and long whole numbers are compared by value', () => {
    const half = (bits: number) => ({ type: 'float16', dims: [], data: Uint16Array.of(bits) }) as const
    expect(goldenDifference(half(0x3c00), half(0x4000))).toMatchObject({ most: 1, wanted: 1, found: 2 })
    expect(goldenDifference(half(0x0001), half(0)).most).toBe(2 ** -24)
    expect(goldenDifference(half(0x7c00), half(0xfc00)).most).toBe(Number.POSITIVE_INFINITY)
    const long = (value: bigint) => ({ type: 'int64', dims: [], data: BigInt64Array.of(value) }) as const
    expect(goldenDifference(long(5n), long(-2n)).most).toBe(7)
  })
})
