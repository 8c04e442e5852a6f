/** An inference process for each test, with settings that the test may change, and graphs in a folder of its own. */
import { afterEach, beforeEach } from 'vitest'
import type { UserError } from '../../core/user-error.ts'
import type { Inference } from './inference.ts'
import { type InferenceOptions, openInference } from './open-inference.ts'
import { floats, type GraphFolder, graphFolder, slowInputs } from './test-graphs.ts'

export interface TestInference {
  readonly graphs: GraphFolder
  settings: ReturnType<InferenceOptions['settings']>
  /** Closed after the test. */
  start(env?: InferenceOptions['env']): Inference
}

/** Called once a file; what it returns is of the test that runs. */
export function testInference(): TestInference {
  let graphs: GraphFolder | null = null
  const opened: Inference[] = []
  const inTest: TestInference = {
    get graphs() {
      if (!graphs) throw new Error('Graphs are written inside a test.')
      return graphs
    },
    settings: { provider: 'cpu', threadCount: 1, memoryLimit: 4e9 },
    start(env = {}) {
      const inference = openInference({ settings: () => inTest.settings, env })
      opened.push(inference)
      return inference
    },
  }
  beforeEach(() => {
    graphs = graphFolder()
    inTest.settings = { provider: 'cpu', threadCount: 1, memoryLimit: 4e9 }
  })
  afterEach(async () => {
    for (const inference of opened.splice(0)) await inference.close()
    graphs?.remove()
  })
  return inTest
}

/** What a promise is rejected with. */
export function failure(promise: Promise<unknown>): Promise<UserError> {
  return promise.then(
    () => Promise.reject(new Error('It went well.')),
    (error: UserError) => error,
  )
}

/** Runs `addingGraph` on [1, 2]. */
export function add(inference: Inference, graph: string, name = 'Adder', signal?: AbortSignal) {
  return inference.run({ graph, name, inputs: { x: floats([1, 2], [1, 2]) }, urgency: 'batch' }, signal)
}

/** Runs `slowGraph`. */
export function slow(inference: Inference, graph: string, signal?: AbortSignal) {
  return inference.run({ graph, name: 'Pack, slow', inputs: slowInputs, urgency: 'batch' }, signal)
}
