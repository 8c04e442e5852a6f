import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { firstWords, testProcess } from '../test-process.ts'
import type { Inference } from './inference.ts'
import { addingGraph, slowGraph } from './test-graphs.ts'
import { add, failure, slow, testInference } from './test-inference.ts'

const own = testInference()

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

/** Kills the process as soon as a run is in the middle. */
async function killInRun(inference: Inference, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  while (inference.status().state !== 'running') await sleep(5)
  // A process that was there is at work by then; one that was not is loading: both are in the middle.
  await sleep(200)
  process.kill(inference.status().processId ?? 0, signal)
}

describe('a process that dies', () => {
  test('is told with its reason to all who wait, and the next run starts another', async () => {
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
    const slowFile = own.graphs.write('slow', slowGraph(40))
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
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
    await add(inference, graph)
    process.kill(inference.status().processId ?? 0, 'SIGSEGV')
    while (inference.status().state !== 'lost') await sleep(5)
    expect(inference.status().sentence).toBe('The process that runs networks ended: it crashed (SIGSEGV).')
    expect((await add(inference, graph)).y?.data[0]).toBe(2)
  })

  test('three times in a row in the same graph is not started for it again until asked', async () => {
    const inference = own.start()
    const graph = own.graphs.write('add', addingGraph(1))
    const slowFile = own.graphs.write('slow', slowGraph(40))
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

  test('ends with a host that was killed, and does not hear the Ctrl+C that is meant for the host', async () => {
    const graph = own.graphs.write('add', addingGraph(1))
    const script = `
      import { openInference } from '${new URL('./open-inference.ts', import.meta.url)}'
      const settings = () => ({ provider: 'cpu', threadCount: 1, memoryLimit: 4e9 })
      const inference = openInference({ settings })
      await inference.open('${pathToFileURL(graph).pathname}', 'Adder')
      console.log(inference.status().processId)
      setInterval(() => inference, 1000)`
    const host = testProcess(['--input-type=module-typescript', '-e', script])
    const processId = Number(await firstWords(host))
    process.kill(processId, 'SIGINT')
    await sleep(200)
    process.kill(processId, 0)
    host.kill('SIGKILL')
    await expect.poll(() => isAlive(processId), { timeout: 5000 }).toBe(false)
  })
})
