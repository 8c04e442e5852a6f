import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InferenceStatus, ProviderReport } from '../../core/models.ts'
import type { UserError } from '../../core/user-error.ts'
import type { Inference } from './inference.ts'
import { openInference } from './open-inference.ts'
import { candidateProviders, heldAgainst, relativeDifference } from './provider-probe.ts'
import { addingGraph, floats, type GraphFolder, graphFolder } from './test-graphs.ts'
import { swiftShader } from './test-swiftshader.ts'

const shader = await swiftShader()
/** As on a machine whose driver has no Vulkan. */
const noDriver = { VK_ICD_FILENAMES: '/nowhere/driver.json' }

let graphs: GraphFolder
let inference: Inference | null = null
beforeEach(() => {
  graphs = graphFolder()
})
afterEach(async () => {
  await inference?.close()
  inference = null
  graphs.remove()
})

function start(env: Readonly<Record<string, string>>, provider: 'auto' | 'webgpu' = 'auto'): Inference {
  const settings = () => ({ provider, threadCount: 2, memoryLimit: 4e9 })
  inference = openInference({ settings, env })
  return inference
}

const report = ({ providers }: InferenceStatus, name: string) =>
  providers.find(({ provider }) => provider === name)

async function conv(inference: Inference) {
  const graph = graphs.write('conv', {
    inputs: [{ name: 'x', type: 'float32', shape: [1, 1, 4, 4] }],
    outputs: [{ name: 'y', type: 'float32', shape: [1, 2, 4, 4] }],
    initializers: {
      w: floats(
        [2, 1, 3, 3],
        Array.from({ length: 18 }, (_, index) => Math.sin(index)),
      ),
    },
    nodes: [
      {
        op: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
      },
    ],
  })
  const x = floats(
    [1, 1, 4, 4],
    Array.from({ length: 16 }, (_, index) => Math.cos(index)),
  )
  const { y } = await inference.run({ graph, name: 'Tiny, conv', inputs: { x }, urgency: 'batch' })
  return y
}

describe('the probe', () => {
  test('tries what such a system may have, the one most worth having first', () => {
    expect(candidateProviders('linux')).toEqual(['cuda', 'webgpu', 'cpu'])
    expect(candidateProviders('win32')).toEqual(['dml', 'webgpu', 'cpu'])
    expect(candidateProviders('darwin')).toEqual(['coreml', 'webgpu', 'cpu'])
    expect(candidateProviders('freebsd')).toEqual(['cpu'])
  })

  test('finds the CPU right on every machine, and says in a sentence why another is not there', async () => {
    const status = await start(noDriver).probe()
    expect(status.providers.map(({ provider }) => provider)).toEqual(candidateProviders(process.platform))
    expect(report(status, 'cpu')).toMatchObject({ state: 'right', sentence: null })
    expect(report(status, 'cpu')?.ms).toBeGreaterThan(0)
    for (const { state, sentence } of status.providers)
      if (state !== 'right') expect(sentence).toMatch(/^(CUDA|WebGPU|DirectML|Core ML) .*\.$/)
    expect(status.processId).toBeNull()
    const cuda = report(status, 'cuda')?.sentence
    // Whoever lacks the libraries reads how to get them.
    if (cuda?.includes('is not installed')) expect(cuda).toContain('npm rebuild onnxruntime-node')
    if (process.platform !== 'linux') return
    expect(report(status, 'webgpu')).toEqual({
      provider: 'webgpu',
      state: 'absent',
      sentence:
        'WebGPU finds no graphics adapter: there is none, or its driver has no Vulkan, Metal or Direct3D 12.',
      ms: null,
    })
  })

  test('is made once, before the first run, where nobody chose', async () => {
    const told: InferenceStatus[] = []
    const runner = start(noDriver)
    runner.onStatus((status) => told.push(status))
    expect(runner.status()).toMatchObject({ provider: null, providers: [] })
    const graph = graphs.write('add', addingGraph(1))
    const add = () =>
      runner.run({ graph, name: 'Adder', inputs: { x: floats([1, 2], [1, 2]) }, urgency: 'batch' })
    await add()
    const { providers, provider } = runner.status()
    expect(provider).toBe('cpu')
    expect(told.some(({ isProbing }) => isProbing)).toBe(true)
    told.length = 0
    await add()
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(told.some(({ isProbing }) => isProbing)).toBe(false)
    expect(runner.status().providers).toBe(providers)
  })
})

describe('numbers', () => {
  const right: ProviderReport = { provider: 'webgpu', state: 'right', sentence: null, ms: 3 }

  test('that are the CPU’s, but for the order of sums, are right', () => {
    const wanted = { y: floats([3], [1, -200, 0]) }
    expect(heldAgainst(wanted, right, { y: floats([3], [1.0001, -200.01, 0.001]) })).toBe(right)
  })

  test.each([
    [
      'other numbers',
      { y: floats([2], [1, 2.2]) },
      'WebGPU computes other numbers than the CPU: “y” differs by 10 %.',
    ],
    ['no numbers', { y: floats([2], [1, Number.NaN]) }, '“y” differs by Infinity %'],
    ['fewer numbers', { y: floats([1], [1]) }, '“y” differs by Infinity %'],
    ['nothing', {}, '“y” differs by Infinity %'],
  ] as const)('that are %s are wrong, and say by how much', (_, outputs, sentence) => {
    const held = heldAgainst({ y: floats([2], [1, 2]) }, right, outputs)
    expect(held).toMatchObject({ state: 'wrong', ms: null })
    expect(held.sentence).toContain(sentence)
  })

  test('are compared as parts of the largest', () => {
    expect(relativeDifference([0, 0], [0, 0])).toBe(0)
    expect(relativeDifference([1], [0])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeDifference([10, 1], [10, 2])).toBeCloseTo(0.1)
  })
})

describe('a provider that was chosen and cannot be had', () => {
  test.skipIf(process.platform !== 'linux')(
    'is never replaced in silence: runs are refused until the person chooses',
    async () => {
      const runner = start(noDriver, 'webgpu')
      const graph = graphs.write('add', addingGraph(1))
      const add = () =>
        runner.run({ graph, name: 'Adder', inputs: { x: floats([1, 2], [1, 2]) }, urgency: 'batch' })
      for (let attempt = 0; attempt < 2; attempt++) {
        const error = await add().then(
          () => null,
          (error: UserError) => error,
        )
        expect(error?.code).toBe('inference-failed')
        expect(error?.message).toMatch(
          /^WebGPU finds no graphics adapter: .* Choose the CPU as the provider \(status bar, --provider cpu, or inbetween models provider cpu\) to run it there\.$/,
        )
      }
      expect(runner.status()).toMatchObject({
        chosen: 'webgpu',
        provider: 'webgpu',
        offersCpu: true,
        processId: null,
      })
      const chosen = await runner.choose('cpu')
      expect(chosen).toMatchObject({ chosen: 'cpu', provider: 'cpu', offersCpu: false, sentence: null })
      expect((await add()).y?.data[0]).toBe(2)
    },
  )
})

// A processor takes the place of the graphics card: slow, and the same code path as with one.
describe.skipIf(shader === null)('WebGPU on SwiftShader (skipped where Chromium brings none)', () => {
  test('computes what the CPU computes, and is only chosen by itself where it is faster', async () => {
    const runner = start(shader ?? {})
    const status = await runner.probe()
    const [webgpu, cpu] = [report(status, 'webgpu'), report(status, 'cpu')]
    expect(webgpu).toMatchObject({ state: 'right', sentence: null })
    expect(status.provider).toBe((webgpu?.ms ?? 0) < (cpu?.ms ?? 0) ? 'webgpu' : 'cpu')
    expect(await runner.choose('webgpu')).toMatchObject({ provider: 'webgpu', sentence: null })
    const onGpu = await conv(runner)
    expect(runner.status()).toMatchObject({ provider: 'webgpu', state: 'ready', partlyOnCpu: [] })
    expect(runner.ranOn('Tiny')).toEqual({ provider: 'webgpu', partlyOnCpu: false })
    const celu = graphs.write('celu', {
      ...addingGraph(1),
      nodes: [{ op: 'Celu', inputs: ['x'], outputs: ['y'] }],
    })
    expect(await runner.open(celu, 'Tiny, celu')).toMatchObject({ partlyOnCpu: true })
    const inputs = { x: floats([1, 2], [1, 2]) }
    await runner.run({ graph: celu, name: 'Tiny, celu', inputs, urgency: 'batch' })
    expect(runner.status()).toMatchObject({
      partlyOnCpu: ['Tiny, celu'],
      lastRun: { name: 'Tiny, celu', provider: 'webgpu', partlyOnCpu: true },
    })
    expect(runner.ranOn('Tiny')).toEqual({ provider: 'webgpu', partlyOnCpu: true })
    const gpuProcess = runner.status().processId
    await runner.choose('cpu')
    const onCpu = await conv(runner)
    expect(runner.status().processId).not.toBe(gpuProcess)
    expect(onGpu?.dims).toEqual([1, 2, 4, 4])
    expect(relativeDifference(onGpu?.data ?? [], onCpu?.data ?? [])).toBeLessThan(1e-5)
    expect(runner.ranOn('Tiny')).toEqual({ provider: 'cpu', partlyOnCpu: false })
  })

  test('that dies in a run offers the CPU', async () => {
    const runner = start(shader ?? {}, 'webgpu')
    await conv(runner)
    const lost = conv(runner).then(
      () => null,
      (error: UserError) => error,
    )
    process.kill(runner.status().processId ?? 0, 'SIGKILL')
    const error = await lost
    expect(error?.code).toBe('inference-lost')
    expect(error?.message).toContain('Choose the CPU as the provider')
    expect(runner.status()).toMatchObject({ state: 'lost', offersCpu: true, provider: 'webgpu' })
  })
})
