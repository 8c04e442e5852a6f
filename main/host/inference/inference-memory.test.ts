import { describe, expect, test } from 'vitest'
import { addingGraph, floats, heavyGraph } from './test-graphs.ts'
import { add, failure, testInference } from './test-inference.ts'

const own = testInference()

describe('memory', () => {
  test('lets go of the graph that was not used for longest, and shows what is open', async () => {
    const inference = own.start()
    await add(inference, own.graphs.write('add', addingGraph(1)))
    const bare = inference.status().memory
    own.settings = { ...own.settings, memoryLimit: bare + 520e6 }
    const names = ['first', 'second', 'third']
    const files = names.map((name, index) => own.graphs.write(name, heavyGraph(120 + index)))
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
    const inference = own.start()
    await add(inference, own.graphs.write('add', addingGraph(1)))
    own.settings = { ...own.settings, memoryLimit: inference.status().memory + 100e6 }
    const file = own.graphs.write('heavy', heavyGraph(300))
    const run = { graph: file, name: 'Giant', inputs: { x: floats([1], [0]) }, urgency: 'batch' } as const
    const error = await failure(inference.run(run))
    expect(error.code).toBe('inference-memory')
    expect(error.message).toMatch(
      /^“Giant” needs more memory than networks may take: with it the process holds [\d,]+ MB, and the limit is [\d,]+ MB\. Raise “Memory for networks” in the settings \(or with inbetween models memory MB\)/,
    )
    expect((await add(inference, own.graphs.write('add', addingGraph(1)))).y?.data[0]).toBe(2)
  })

  test('does not grow with the number of runs', async () => {
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
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
