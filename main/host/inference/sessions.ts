/** The graphs that are open in the inference process: one session each, kept while memory allows. */
import { existsSync, statSync } from 'node:fs'
import { InferenceSession, listSupportedBackends, Tensor as OrtTensor } from 'onnxruntime-node'
import type { TensorFacts } from '../../../models/manifest.ts'
import { isTensorType, type NamedTensors, type Tensor, type TensorData } from '../../../models/tensor.ts'
import { UserError } from '../../core/user-error.ts'
import { checkInputs } from './check-inputs.ts'
import { GraphError } from './graph-error.ts'
import type { OpenAnswer, ProcessSettings } from './inference-messages.ts'

// ONNX Runtime 1.30 cannot read a Float16Array, and makes one of a Uint16Array wherever there are any:
// https://github.com/microsoft/onnxruntime/pull/32323
Reflect.deleteProperty(globalThis, 'Float16Array')

interface Opened {
  readonly name: string
  readonly session: InferenceSession
  readonly answer: OpenAnswer
  readonly partlyOnCpu: boolean
}

export class Sessions {
  readonly #settings: ProcessSettings
  /** In the order of their last use. */
  readonly #opened = new Map<string, Opened>()
  /** Whether this process has ever held another graph than those it holds. */
  #letGo = false

  constructor(settings: ProcessSettings) {
    this.#settings = settings
  }

  backends(): string[] {
    return listSupportedBackends().map(({ name }) => name)
  }

  state() {
    const memory = process.memoryUsage.rss()
    const opened = [...this.#opened.values()]
    return {
      memory,
      open: opened.map(({ name }) => name),
      partlyOnCpu: opened.filter((each) => each.partlyOnCpu).map(({ name }) => name),
      full: memory > this.#settings.memoryLimit,
    }
  }

  async open(graph: string, name: string): Promise<OpenAnswer> {
    return (await this.#session(graph, name)).answer
  }

  /** Throws UserError 'bad-tensor' or 'inference-memory', or GraphError. */
  async run(graph: string, name: string, inputs: NamedTensors): Promise<NamedTensors> {
    const { session, answer } = await this.#session(graph, name)
    checkInputs(name, answer.inputs, inputs)
    const feeds = Object.entries(inputs).map(([key, { type, data, dims }]) => [
      key,
      // The binding's types know each array with its own type only.
      new OrtTensor(type, data as Float32Array, dims),
    ])
    const outputs = await session.run(Object.fromEntries(feeds)).catch((error: unknown) => {
      throw new GraphError(name, `could not run on ${this.#settings.provider}`, error)
    })
    const answers = Object.entries(outputs).map(([key, value]) => [key, tensorOf(value as OrtTensor)])
    await this.#keepWithin(graph, name)
    return Object.fromEntries(answers)
  }

  async release(graph: string): Promise<void> {
    const opened = this.#opened.get(graph)
    this.#opened.delete(graph)
    if (!opened) return
    this.#letGo = true
    await opened.session.release()
  }

  async #session(graph: string, name: string): Promise<Opened> {
    const known = this.#opened.get(graph)
    if (known) {
      this.#opened.delete(graph)
      this.#opened.set(graph, known)
      return known
    }
    await this.#makeRoom(graph, name)
    const began = performance.now()
    const { session, partlyOnCpu } = await this.#create(graph, name)
    const answer = {
      inputs: factsOf(name, 'input', session.inputMetadata),
      outputs: factsOf(name, 'output', session.outputMetadata),
      openMs: performance.now() - began,
    }
    const opened: Opened = { name, session, answer, partlyOnCpu }
    this.#opened.set(graph, opened)
    await this.#keepWithin(graph, name)
    return opened
  }

  /** On the provider alone or, where some operators cannot be there, with those on the CPU: it is slower, and told. */
  async #create(graph: string, name: string) {
    const { provider, alone } = this.#settings
    try {
      const session = await this.#createWith(graph, { sharesWithCpu: provider === 'cpu' })
      return { session, partlyOnCpu: false }
    } catch (error) {
      if (alone || !isForWantOfCpu(error))
        throw new GraphError(name, `could not be opened on ${provider}`, error)
    }
    try {
      return { session: await this.#createWith(graph, { sharesWithCpu: true }), partlyOnCpu: true }
    } catch (error) {
      throw new GraphError(name, `could not be opened on ${provider}`, error)
    }
  }

  #createWith(
    graph: string,
    { sharesWithCpu }: { readonly sharesWithCpu: boolean },
  ): Promise<InferenceSession> {
    const { provider, threadCount } = this.#settings
    return InferenceSession.create(graph, {
      // Alone in the list: with others behind it, one that is not there would be passed over in silence.
      executionProviders: [provider],
      intraOpNumThreads: threadCount,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // DirectML refuses it: https://onnxruntime.ai/docs/execution-providers/DirectML-ExecutionProvider.html
      enableMemPattern: provider !== 'dml',
      graphOptimizationLevel: 'all',
      extra: {
        session: {
          // Threads that spin while they wait take the machine from whoever works meanwhile.
          intra_op: { allow_spinning: '0' },
          inter_op: { allow_spinning: '0' },
          // ONNX Runtime adds its CPU provider behind every other, and says nothing of what it gives it.
          ...(sharesWithCpu ? {} : { disable_cpu_ep_fallback: '1' }),
        },
      },
      // What it says of a refusal comes with the error; in its log it would pass for the last words of the process.
      logSeverityLevel: sharesWithCpu ? 3 : 4,
    })
  }

  /** A graph takes at least its file's size: what surely would not fit is not begun. */
  async #makeRoom(graph: string, name: string): Promise<void> {
    if (!existsSync(graph))
      throw new UserError('inference-failed', `“${name}” cannot be opened: there is no file ${graph}.`)
    const { memoryLimit } = this.#settings
    const byteLength = statSync(graph).size
    if (byteLength > memoryLimit)
      throw tooLarge(name, `its file alone has ${megabytes(byteLength)}`, memoryLimit)
    await this.#letGoOfOthers(graph, byteLength)
  }

  /** Lets go of graphs, the longest unused first, until the process is within its limit. */
  async #keepWithin(graph: string, name: string): Promise<void> {
    const { memoryLimit } = this.#settings
    await this.#letGoOfOthers(graph, 0)
    const { memory } = this.state()
    // What a graph left behind stays with the process: only a new one can tell whether this graph fits.
    if (memory <= memoryLimit || this.#letGo) return
    await this.release(graph)
    throw tooLarge(name, `with it the process holds ${megabytes(memory)}`, memoryLimit)
  }

  async #letGoOfOthers(graph: string, coming: number): Promise<void> {
    for (const other of [...this.#opened.keys()]) {
      if (process.memoryUsage.rss() + coming <= this.#settings.memoryLimit) return
      if (other !== graph) await this.release(other)
    }
  }
}

/** ONNX Runtime has no code for it: the sentence is all it gives (inference_session.cc, 1.30). */
function isForWantOfCpu(error: unknown): boolean {
  return error instanceof Error && /fallback to CPU EP has been explicitly disabled/.test(error.message)
}

function tooLarge(name: string, what: string, memoryLimit: number): UserError {
  return new UserError(
    'inference-memory',
    `“${name}” needs more memory than networks may take: ${what}, and the limit is ${megabytes(memoryLimit)}. Raise “Memory for networks” in the settings (or with inbetween models memory MB), or use a smaller pack.`,
  )
}

function megabytes(byteLength: number): string {
  return `${Math.ceil(byteLength / 2 ** 20).toLocaleString('en')} MB`
}

function factsOf(
  name: string,
  side: 'input' | 'output',
  metadata: readonly InferenceSession.ValueMetadata[],
): TensorFacts[] {
  return metadata.map((value) => {
    if (value.isTensor && isTensorType(value.type))
      return { name: value.name, type: value.type, shape: value.shape }
    const type = value.isTensor ? value.type : 'no tensor'
    throw new UserError(
      'inference-failed',
      `“${name}” cannot be used: its ${side} “${value.name}” is ${type}, which Inbetween does not exchange with networks.`,
    )
  })
}

function tensorOf({ type, dims, data }: OrtTensor): Tensor {
  if (!isTensorType(type)) throw new Error(`An output is ${type}.`)
  return { type, dims: [...dims], data: data as TensorData }
}
