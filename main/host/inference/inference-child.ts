import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { NamedTensors } from '../../../models/tensor.ts'
import { UserError } from '../../core/user-error.ts'
import type { Answer, ProcessSettings, Question } from './inference-messages.ts'
import { TensorLink } from './tensor-link.ts'

export interface Answered {
  readonly answer: Answer
  readonly tensors: NamedTensors
}

/** How long a process may take to end by itself once its link is closed. */
const patienceMs = 2000
const keptErrorCharacters = 4000

/** One inference process, from its start to its end. One question at a time. */
export class InferenceChild {
  readonly settings: ProcessSettings
  readonly #process: ChildProcess
  readonly #stream: Duplex
  readonly #link: TensorLink<Question, Answer>
  #pending: PromiseWithResolvers<Answered> | null = null
  #errors = ''
  /** Resolves to why it ended: 'it was killed (SIGKILL) ...'. */
  readonly ended: Promise<string>
  #reason: string | null = null

  constructor(settings: ProcessSettings, env: Readonly<Record<string, string>> = {}) {
    this.settings = settings
    // In Electron the executable is Electron's own; this variable makes it a plain Node.
    const entry = fileURLToPath(new URL('./inference-process.ts', import.meta.url))
    this.#process = spawn(process.execPath, [entry, JSON.stringify(settings)], {
      env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'overlapped'],
      windowsHide: true,
    })
    this.#stream = this.#process.stdio[3] as Duplex
    this.#link = new TensorLink(this.#stream, (answer, tensors) => {
      const pending = this.#pending
      this.#pending = null
      pending?.resolve({ answer, tensors })
    })
    this.ended = this.#watch()
  }

  get processId(): number | null {
    return this.#reason === null ? (this.#process.pid ?? null) : null
  }

  /** Rejects with UserError 'inference-lost', whose sentence is only why the process ended. */
  ask(question: Question, tensors: NamedTensors = {}): Promise<Answered> {
    if (this.#reason !== null) return Promise.reject(new UserError('inference-lost', this.#reason))
    if (this.#pending)
      throw new Error('The inference process was asked a second question before it answered.')
    const pending = Promise.withResolvers<Answered>()
    this.#pending = pending
    this.#link.send(question, tensors)
    return pending.promise
  }

  /** At once where `kill`, else when it has answered. */
  async stop({ kill = false } = {}): Promise<void> {
    if (this.#reason !== null) return
    if (kill) this.#process.kill('SIGKILL')
    else this.#stream.destroy()
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patienceMs)
    await this.ended
    clearTimeout(timer)
  }

  #watch(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    // Errors of the link are followed by the end of the process, which says more.
    this.#stream.on('error', () => this.#process.kill('SIGKILL'))
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-keptErrorCharacters)
    })
    const end = (what: string) => {
      if (this.#reason !== null) return
      this.#reason = what + this.#lastWords()
      this.#pending?.reject(new UserError('inference-lost', this.#reason))
      this.#pending = null
      resolve(this.#reason)
    }
    this.#process.on('error', (error) => end(`it could not be started (${error.message})`))
    // 'close' and not 'exit': by then everything it said has been read.
    this.#process.on('close', (code, signal) => end(endingOf(code, signal)))
    return promise
  }

  #lastWords(): string {
    const lines = this.#errors.split('\n').map((line) => stripColour(line).trim())
    const last = lines.findLast((line) => line !== '')
    return last === undefined ? '' : `; its last words: “${last.slice(0, 300)}”`
  }
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'it was killed (SIGKILL): by hand, or by the system for want of memory'
  if (signal !== null) return `it crashed (${signal})`
  return `it ended with code ${code}`
}

function stripColour(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' colours begin with one.
  return line.replace(/\u001b\[[0-9;]*m/g, '')
}
