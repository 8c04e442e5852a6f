import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { InferenceStatus } from '../../core/models.ts'
import type { UserError } from '../../core/user-error.ts'
import type { Inference } from './inference.ts'
import { addingGraph, floats, slowGraph } from './test-graphs.ts'
import { add, failure, slow, testInference } from './test-inference.ts'

const own = testInference()

describe('a run', () => {
  test('has a process of its own, made when it is first needed, and ended with the host', async () => {
    const inference = own.start()
    expect(inference.status()).toMatchObject({ state: 'asleep', processId: null })
    const graph = own.graphs.write('add', addingGraph(10))
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
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(10))
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
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
    await add(inference, graph)
    const before = inference.status().processId
    own.settings = { ...own.settings, threadCount: 2 }
    await add(inference, graph)
    expect(inference.status().processId).not.toBe(before)
    expect(inference.status().threadCount).toBe(2)
  })

  test('that is interactive passes before the batch runs that have not begun', async () => {
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
    const slowFile = own.graphs.write('slow', slowGraph(4))
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
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
    const slowFile = own.graphs.write('slow', slowGraph(4))
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
    const file = own.graphs.write('graph', graph)
    return failure(own.start().run({ graph: file, name: 'EdgeTAM, encoder', inputs, urgency: 'batch' }))
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
    const inference = own.start()
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
      const graph = own.graphs.write(type, {
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
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
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
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
    const missing = await failure(add(inference, '/nowhere/encoder.onnx'))
    expect(missing.message).toBe('“Adder” cannot be opened: there is no file /nowhere/encoder.onnx.')
    const unknown = own.graphs.write('unknown', {
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

describe('the status', () => {
  test('is told on every change, at most ten times a second, and the last one always', async () => {
    const inference = own.start()
    const told: InferenceStatus[] = []
    const began = performance.now()
    const stop = inference.onStatus((status) => told.push(status))
    const graph = own.graphs.write('add', addingGraph(1))
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
