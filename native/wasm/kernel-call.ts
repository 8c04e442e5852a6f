/** Calls into the WebAssembly kernels, which live on a thread of their own because they are not to block the program. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

type Bytes = Float32Array | Uint32Array | Uint16Array | Uint8Array

/**
 * What a kernel is given: a number or pointer as it is, an array to read (`in`), an array to read and then fill
 * (`out`), or a struct of 32-bit words (`words`), whose members may be arrays again.
 */
export type KernelArgument =
  | number
  | { readonly in: Bytes }
  | { readonly out: Bytes }
  | { readonly words: readonly KernelArgument[] }

interface Answer {
  readonly id: number
  readonly status?: number
  readonly error?: string
  readonly outputs: readonly ArrayBuffer[]
}

interface Waiting {
  readonly outs: readonly Bytes[]
  resolve(status: number): void
  reject(error: Error): void
}

export class KernelThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  /** `folder` holds inbetween.wasm and kernels.worker.mjs. */
  constructor(folder: string) {
    const wasm = readFileSync(join(folder, 'inbetween.wasm'))
    this.#worker = new Worker(pathToFileURL(join(folder, 'kernels.worker.mjs')), { workerData: { wasm } })
    this.#worker.on('message', (answer: Answer) => this.#settle(answer))
    this.#worker.on('error', (error) => this.#failAll(error))
    this.#worker.unref()
  }

  /** Runs one kernel after those asked for before. Resolves to what it returns; arrays given as `out` are filled by then. */
  call(name: string, ...args: readonly KernelArgument[]): Promise<number> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { outs: outputsOf(args), resolve, reject })
      if (this.#waiting.size === 1) this.#worker.ref()
      this.#worker.postMessage({ id, name, args })
    })
  }

  /** As `call`, where anything but 0 is an error. */
  async run(name: string, ...args: readonly KernelArgument[]): Promise<void> {
    const status = await this.call(name, ...args)
    if (status !== 0) throw new Error(`A native kernel refused its arguments (${name}, code ${status}).`)
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if (!waiting) return
    this.#waiting.delete(answer.id)
    if (this.#waiting.size === 0) this.#worker.unref()
    if (answer.error !== undefined) {
      waiting.reject(new Error(answer.error))
      return
    }
    waiting.outs.forEach((out, i) => {
      new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(new Uint8Array(answer.outputs[i]!))
    })
    waiting.resolve(answer.status ?? 0)
  }

  #failAll(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}

/** In the order in which the thread lays them: depth first. */
function outputsOf(args: readonly KernelArgument[]): Bytes[] {
  return args.flatMap((argument) => {
    if (typeof argument === 'number') return []
    if ('words' in argument) return outputsOf(argument.words)
    return 'out' in argument ? [argument.out] : []
  })
}
