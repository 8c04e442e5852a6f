import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InferenceStatus } from '../../core/models.ts'
import type { UserError } from '../../core/user-error.ts'
import type { Inference } from './inference.ts'
import { type InferenceOptions, openInference } from './open-inference.ts'
import {
  addingGraph,
  floats,
  type GraphFolder,
  graphFolder,
  heavyGraph,
  slowGraph,
  slowInputs,
} from './test-graphs.ts'

type Settings = ReturnType<InferenceOptions['settings']>

let graphs: GraphFolder
let settings: Settings
const opened: Inference[] = []

beforeEach(() => {
  graphs = graphFolder()
  settings = { provider: 'cpu', threadCount: 1, memoryLimit: 4e9 }
})
afterEach(async () => {
  for (const inference of opened.splice(0)) await inference.close()
  graphs.remove()
})

function start(options: Partial<InferenceOptions> = {}): Inference {
  const inference = openInference({ settings: () => settings, ...options })
  opened.push(inference)
  return inference
}

const failure = (promise: Promise<unknown>): Promise<UserError> =>
  promise.then(
    () => Promise.reject(new Error('It went well.')),
    (error: UserError) => error,
  )

const add = (inference: Inference, graph: string, name = 'Adder', signal?: AbortSignal) =>
  inference.run({ graph, name, inputs: { x: floats([1, 2], [1, 2]) }, urgency: 'batch' }, signal)

const slow = (inference: Inference, graph: string, signal?: AbortSignal) =>
  inference.run({ graph, name: 'Pack, slow', inputs: slowInputs, urgency: 'batch' }, signal)

/** Kills the process as soon as a run is in the middle. */
async function killInRun(inference: Inference, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  while (inference.status().state !== 'running') await sleep(5)
  // A process that was there is at work by then; one that was not is loading: both are in the middle.
  await sleep(200)
  process.kill(inference.status().processId ?? 0, signal)
}

describe('a run', () => {
  test('has a process of its own, made when it is first needed, and ended with the host', async () => {
    const inference = start()
    expect(inference.status()).toMatchObject({ state: 'asleep', processId: null })
    const graph = graphs.write('add', addingGraph(10))
    const { y } = await add(inference, graph)
    expect(y).toEqual(floats([1, 2], [11, 12]))
    const { processId, state, open, memory } = inference.status()
    expect(state).toBe('ready')
    expect(open).toEqual(['Adder'])
    expect(memory).toBeGreaterThan(20e6)
    expect(processId).not.toBe(process.pid)
    process.kill(processId ?? 0, 0)
    await inference.close()
    expect(() => process.kill(processId ?? 0, 0)).toThrow('ESRCH')
  })

  test('uses the session that is there, and says how long it took', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(10))
    const facts = await inference.open(graph, 'Adder')
    expect(facts.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['rows', 2] }])
    expect(facts.outputs).toEqual([{ name: 'y', type: 'float32', shape: ['rows', 2] }])
    // Another file in its place is not read again while the session lives, and is once it was let go of.
    writeFileSync(graph, 'no graph')
    expect((await add(inference, graph)).y?.data[0]).toBe(11)
    expect(inference.status().msARun.Adder).toBeGreaterThan(0)
    expect(inference.status().lastRun?.name).toBe('Adder')
    await inference.release(graph)
    expect(inference.status().open).toEqual([])
    expect((await failure(add(inference, graph))).message).toContain('“Adder” could not be opened on cpu')
  })

  test('goes on with other threads when the settings change', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    await add(inference, graph)
    const before = inference.status().processId
    settings = { ...settings, threadCount: 2 }
    await add(inference, graph)
    expect(inference.status().processId).not.toBe(before)
    expect(inference.status().threadCount).toBe(2)
  })

  test('that is interactive passes before the batch runs that have not begun', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    const slowFile = graphs.write('slow', slowGraph(4))
    const order: string[] = []
    const first = slow(inference, slowFile).then(() => order.push('first batch'))
    const second = add(inference, graph).then(() => order.push('second batch'))
    const waiting = inference.status().waiting
    expect(waiting).toEqual({ interactive: 0, batch: 1 })
    const inputs = { x: floats([1, 2], [0, 0]) }
    const click = inference
      .run({ graph, name: 'Click', inputs, urgency: 'interactive' })
      .then(() => order.push('interactive'))
    await Promise.all([first, second, click])
    expect(order).toEqual(['first batch', 'interactive', 'second batch'])
  })

  test('that is taken back while it waits never begins; one that has begun ends for nobody', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    const slowFile = graphs.write('slow', slowGraph(4))
    const running = new AbortController()
    const waiting = new AbortController()
    const begun = failure(slow(inference, slowFile, running.signal))
    const queued = failure(add(inference, graph, 'Never', waiting.signal))
    const reason = new Error('taken back') as UserError
    waiting.abort(reason)
    expect(await queued).toBe(reason)
    expect(inference.status().waiting.batch).toBe(0)
    running.abort(reason)
    expect(await begun).toBe(reason)
    await add(inference, graph, 'After')
    expect(Object.keys(inference.status().msARun)).toEqual(['Pack, slow', 'After'])
  })
})

describe('what a graph is given', () => {
  const wrong = (inputs: Parameters<Inference['run']>[0]['inputs'], graph = addingGraph(1)) => {
    const file = graphs.write('graph', graph)
    return failure(start().run({ graph: file, name: 'EdgeTAM, encoder', inputs, urgency: 'batch' }))
  }

  test.each([
    [{}, 'its input “x” was not given; its inputs are “x”.'],
    [{ x: floats([1, 2], [1, 2]), z: floats([1], [1]) }, 'it has no input “z”; its inputs are “x”.'],
    [
      { x: { type: 'int32', dims: [1, 2], data: new Int32Array(2) } },
      'its input “x” is float32, but int32 was given.',
    ],
    [{ x: floats([2], [1, 2]) }, 'its input “x” has rank 2, [rows, 2], but [2] was given, whose rank is 1.'],
    [
      { x: floats([2, 1], [1, 2]) },
      'its input “x” is [rows, 2], but [2, 1] was given: dimension 1 must be 2, not 1.',
    ],
  ] as const)('is refused by name where it does not fit: %#', async (inputs, sentence) => {
    const error = await wrong(inputs)
    expect(error.code).toBe('bad-tensor')
    expect(error.message).toBe(`“EdgeTAM, encoder” cannot run: ${sentence}`)
  })

  test('must have one length for one name', async () => {
    const shape = { name: 'x', type: 'float32', shape: ['n'] } as const
    const graph = {
      inputs: [shape, { ...shape, name: 'z' }],
      outputs: [{ ...shape, name: 'y' }],
      nodes: [{ op: 'Add', inputs: ['x', 'z'], outputs: ['y'] }],
    }
    const error = await wrong({ x: floats([2], [1, 2]), z: floats([1], [1]) }, graph)
    expect(error.message).toContain('“n” is 2 in “x” and 1 in “z”, and must be the same in both.')
  })

  test('must hold what its dims say, before anything is sent', async () => {
    const error = await wrong({ x: floats([3, 2], [1, 2]) })
    expect(error.message).toBe(
      'The tensor “EdgeTAM, encoder: x” cannot be used: its dims [3, 2] hold 6 elements, but its data have 2.',
    )
  })

  test('comes out as it went in, in every type', async () => {
    const inference = start()
    const tensors = [
      ['float32', Float32Array.of(1.5, Number.NaN)],
      ['float16', Uint16Array.of(0x3e00, 0xfbff)],
      ['uint8', Uint8Array.of(0, 255)],
      ['int8', Int8Array.of(-128, 127)],
      ['int32', Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
      ['int64', BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
      ['bool', Uint8Array.of(1, 0)],
    ] as const
    for (const [type, data] of tensors) {
      const graph = graphs.write(type, {
        inputs: [{ name: 'x', type, shape: ['n'] }],
        outputs: [{ name: 'y', type, shape: ['n', 1] }],
        initializers: { axis: { type: 'int64', dims: [1], data: BigInt64Array.of(1n) } },
        nodes: [{ op: 'Unsqueeze', inputs: ['x', 'axis'], outputs: ['y'] }],
      })
      const run = { graph, name: type, urgency: 'batch' } as const
      const { y } = await inference.run({ ...run, inputs: { x: { type, dims: [2], data } } })
      expect(y).toEqual({ type, dims: [2, 1], data })
      const empty = { type, dims: [0], data: data.slice(0, 0) }
      expect((await inference.run({ ...run, inputs: { x: empty } })).y?.dims).toEqual([0, 1])
    }
  })

  test('is read before the next is sent, so that an answer is never of another question', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        inference.run({
          graph,
          name: 'Adder',
          inputs: { x: floats([1, 2], [index, -index]) },
          urgency: 'batch',
        }),
      ),
    )
    expect(answers.map(({ y }) => y?.data[0])).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })
})

describe('a file that is no graph', () => {
  test('is refused by name, and the process goes on', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    const missing = await failure(add(inference, '/nowhere/encoder.onnx'))
    expect(missing.message).toBe('“Adder” cannot be opened: there is no file /nowhere/encoder.onnx.')
    const unknown = graphs.write('unknown', {
      ...addingGraph(1),
      nodes: [{ op: 'Levitate', inputs: ['x'], outputs: ['y'] }],
    })
    const error = await failure(add(inference, unknown))
    expect(error.code).toBe('inference-failed')
    expect(error.message).toContain('Levitate')
    expect(error.message).not.toContain('onnxruntime_src')
    expect((await add(inference, graph)).y?.data[0]).toBe(2)
  })
})

describe('a process that dies', () => {
  test('is told with its reason to all who wait, and the next run starts another', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    const slowFile = graphs.write('slow', slowGraph(40))
    await add(inference, graph)
    const all = [failure(slow(inference, slowFile)), failure(add(inference, graph))]
    await killInRun(inference)
    const [first, second] = await Promise.all(all)
    expect(first?.code).toBe('inference-lost')
    expect(first?.message).toBe(
      'The process that runs networks ended in the middle of “Pack, slow”: it was killed (SIGKILL): by hand, or by the system for want of memory. What was finished is kept; it starts anew when it is asked again.',
    )
    expect(second?.message).toBe(first?.message)
    expect(inference.status()).toMatchObject({ state: 'lost', sentence: first?.message, processId: null })
    expect((await add(inference, graph)).y?.data[0]).toBe(2)
    expect(inference.status()).toMatchObject({ state: 'ready', sentence: null })
  })

  test('between two runs keeps nobody from the next', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    await add(inference, graph)
    process.kill(inference.status().processId ?? 0, 'SIGSEGV')
    while (inference.status().state !== 'lost') await sleep(5)
    expect(inference.status().sentence).toBe('The process that runs networks ended: it crashed (SIGSEGV).')
    expect((await add(inference, graph)).y?.data[0]).toBe(2)
  })

  test('three times in a row in the same graph is not started for it again until asked', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    const slowFile = graphs.write('slow', slowGraph(40))
    for (let death = 1; death <= 3; death++) {
      const lost = failure(slow(inference, slowFile))
      await killInRun(inference)
      expect((await lost).code).toBe('inference-lost')
    }
    expect(inference.status().sentence).toContain('That was the third time in a row')
    const refused = await failure(slow(inference, slowFile))
    expect(refused.code).toBe('inference-failed')
    expect(refused.message).toContain(
      '“Pack, slow” ended the process that runs networks three times in a row',
    )
    expect(inference.status().processId).toBeNull()
    // Other graphs are not to blame, and asking anew is enough.
    await add(inference, graph)
    await inference.choose('cpu')
    const again = failure(slow(inference, slowFile))
    await killInRun(inference)
    expect((await again).code).toBe('inference-lost')
  })
})

describe('memory', () => {
  test('lets go of the graph that was not used for longest, and shows what is open', async () => {
    const inference = start()
    await add(inference, graphs.write('add', addingGraph(1)))
    const bare = inference.status().memory
    settings = { ...settings, memoryLimit: bare + 520e6 }
    const names = ['first', 'second', 'third']
    const files = names.map((name, index) => graphs.write(name, heavyGraph(120 + index)))
    const use = (index: number) =>
      inference.run({
        graph: files[index] ?? '',
        name: names[index] ?? '',
        inputs: { x: floats([1], [0]) },
        urgency: 'batch',
      })
    await use(0)
    await use(1)
    expect(inference.status().open).toEqual(['first', 'second'])
    await use(0)
    await use(2)
    expect(inference.status().open).not.toContain('second')
    expect(inference.status().open).toContain('third')
    expect(inference.status().memory).toBeLessThan(inference.status().memoryLimit)
    // What was let go of is opened again.
    expect((await use(1)).y?.data[0]).toBeCloseTo(1)
  })

  test('that one graph alone would overstep refuses the graph with both sizes', async () => {
    const inference = start()
    await add(inference, graphs.write('add', addingGraph(1)))
    settings = { ...settings, memoryLimit: inference.status().memory + 100e6 }
    const file = graphs.write('heavy', heavyGraph(300))
    const run = { graph: file, name: 'Giant', inputs: { x: floats([1], [0]) }, urgency: 'batch' } as const
    const error = await failure(inference.run(run))
    expect(error.code).toBe('inference-memory')
    expect(error.message).toMatch(
      /^“Giant” needs more memory than networks may take: with it the process holds [\d,]+ MB, and the limit is [\d,]+ MB\. Raise “Memory for networks”/,
    )
    expect((await add(inference, graphs.write('add', addingGraph(1)))).y?.data[0]).toBe(2)
  })

  test('does not grow with the number of runs', async () => {
    const inference = start()
    const graph = graphs.write('add', addingGraph(1))
    const rows = 100_000
    const x = floats([rows, 2], new Array(rows * 2).fill(1))
    const run = () => inference.run({ graph, name: 'Adder', inputs: { x }, urgency: 'batch' })
    for (let index = 0; index < 60; index++) await run()
    const before = inference.status().memory
    for (let index = 0; index < 200; index++) await run()
    // 200 runs moved 320 MB.
    expect(inference.status().memory - before).toBeLessThan(60e6)
  })
})

describe('the status', () => {
  test('is told on every change, at most ten times a second, and the last one always', async () => {
    const inference = start()
    const told: InferenceStatus[] = []
    const began = performance.now()
    const stop = inference.onStatus((status) => told.push(status))
    const graph = graphs.write('add', addingGraph(1))
    for (let index = 0; index < 100; index++) await add(inference, graph)
    await sleep(250)
    expect(told.length).toBeLessThanOrEqual((performance.now() - began) / 100 + 2)
    expect(told.at(-1)).toMatchObject({ state: 'ready', provider: 'cpu', open: ['Adder'] })
    stop()
    const count = told.length
    await add(inference, graph)
    await sleep(250)
    expect(told.length).toBe(count)
  })
})
