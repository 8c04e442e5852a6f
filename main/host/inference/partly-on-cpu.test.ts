/** A graph of which a provider cannot run every operator: ONNX Runtime gives those to the CPU, and Inbetween says so. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OnnxGraph } from '../../../models/onnx-writer.ts'
import { testPack } from '../../../models/test-pack.ts'
import { packTimes } from '../models/bench-pack.ts'
import { graphChecks } from '../models/check-graphs.ts'
import type { Inference } from './inference.ts'
import { InferenceChild } from './inference-child.ts'
import type { ProcessSettings } from './inference-messages.ts'
import { addingGraph, floats, type GraphFolder, graphFolder } from './test-graphs.ts'
import { swiftShader } from './test-swiftshader.ts'

const shader = await swiftShader()

/** Of its two operators WebGPU lacks the second (ONNX Runtime 1.30). */
const halfKnown: OnnxGraph = {
  ...addingGraph(1),
  nodes: [
    { op: 'Add', inputs: ['x', 'amount'], outputs: ['more'] },
    { op: 'Celu', inputs: ['more'], outputs: ['y'] },
  ],
}

const cases = [
  ['half', halfKnown, [2, 3]],
  ['whole', addingGraph(1), [2, 3]],
] as const

let graphs: GraphFolder
let child: InferenceChild | null = null
beforeEach(() => {
  graphs = graphFolder()
})
afterEach(async () => {
  await child?.stop({ kill: true })
  child = null
  graphs.remove()
})

/** Without the host around it, and so without its trial of every provider. */
function start(fields: Partial<ProcessSettings>): InferenceChild {
  const settings: ProcessSettings = { provider: 'webgpu', threadCount: 1, memoryLimit: 4e9, alone: false }
  child = new InferenceChild({ ...settings, ...fields }, shader ?? {})
  return child
}

describe.skipIf(shader === null)('on WebGPU by SwiftShader (skipped where Chromium brings none)', () => {
  test('runs, right, and is told by name; a graph of which every operator is there is not', async () => {
    const running = start({})
    for (const [name, graph, sums] of cases) {
      const path = graphs.write(name, graph)
      const x = floats([1, 2], [1, 2])
      const { answer, tensors } = await running.ask({ type: 'run', graph: path, name }, { x })
      expect(answer).toMatchObject({ type: 'run', partlyOnCpu: ['half'] })
      expect(tensors.y).toEqual(floats([1, 2], sums))
    }
  })

  test('is refused in a trial of the provider', async () => {
    const graph = graphs.write('half', halfKnown)
    const { answer } = await start({ alone: true }).ask({ type: 'open', graph, name: 'The probe' })
    expect(answer).toMatchObject({ type: 'refused', blamed: true, open: [] })
  })

  test('where nobody knows an operator it is refused as before, with the reason', async () => {
    const nodes = [{ op: 'Levitate', inputs: ['x'], outputs: ['y'] }]
    const graph = graphs.write('unknown', { ...addingGraph(1), nodes })
    const { answer } = await start({}).ask({ type: 'open', graph, name: 'Adder' })
    expect(answer).toMatchObject({
      type: 'refused',
      sentence: expect.stringMatching(/^“Adder” could not be opened on webgpu: .*Levitate/),
    })
  })
})

test('on the CPU nothing is shared, whatever its operators', async () => {
  const graph = graphs.write('half', halfKnown)
  const { answer } = await start({ provider: 'cpu' }).ask({ type: 'open', graph, name: 'half' })
  expect(answer).toMatchObject({ type: 'open', open: ['half'], partlyOnCpu: [] })
})

describe('a pack whose graph runs in part on the CPU', () => {
  const { manifest } = testPack()
  const { inputs, outputs } = manifest.graphs.encoder!
  const inference = (partlyOnCpu: boolean) =>
    ({
      open: async () => ({ inputs, outputs, openMs: 5, partlyOnCpu }),
      run: async () => ({}),
      release: async () => {},
      status: () => ({ provider: 'webgpu' }),
    }) as unknown as Inference
  const pack = { manifest: { ...manifest, golden: [] }, folder: '/packs/tiny' }

  test.each([
    [true, 'opened in 5 ms on WebGPU, some operators on the CPU.'],
    [false, 'opened in 5 ms.'],
  ])('says so where it is checked: %s', async (partlyOnCpu, sentence) => {
    const checks = await ended(graphChecks(inference(partlyOnCpu), pack))
    expect(checks).toMatchObject([
      { right: true, sentence: expect.stringMatching(new RegExp(`${sentence}$`)) },
    ])
  })

  test('and where it is timed', async () => {
    expect(await ended(packTimes(inference(true), pack))).toMatchObject([
      { part: 'encoder', provider: 'webgpu', partlyOnCpu: true },
    ])
  })
})

async function ended<Result>(steps: AsyncGenerator<unknown, Result>): Promise<Result> {
  for (;;) {
    const { done, value } = await steps.next()
    if (done) return value as Result
  }
}
