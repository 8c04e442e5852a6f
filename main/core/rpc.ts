/**
 * Calls over a link of two functions. Methods take JSON values and typed arrays; an AbortSignal may come last; what
 * they return is a promise, or an async iterable that streams. The caller's type is the interface itself.
 *
 *   { call, method, args, signal? } ->   request            { call, abort: true } ->  the caller gave up
 *   <- { call, value } | { call, error } the answer          <- { call, item } ... <- { call, end: true }  a stream
 */
import { isUserError, UserError } from './user-error.ts'
import { decodeMessage, encodeMessage } from './wire.ts'

/** Both ends of any transport: a MessagePort, a WebSocket, or two functions in a test. */
export interface Link {
  send(message: Uint8Array): void
  /** At most one listener; messages before it is set are kept by the transport. */
  onMessage(listener: (message: Uint8Array) => void): void
  onClose(listener: () => void): void
}

interface WireError {
  readonly message: string
  readonly code?: string
  readonly name?: string
}

interface Request {
  readonly call: number
  readonly method?: string
  readonly args?: readonly unknown[]
  readonly signal?: boolean
  readonly abort?: boolean
}

interface Answer {
  readonly call: number
  readonly value?: unknown
  readonly error?: WireError
  readonly stream?: boolean
  readonly item?: unknown
  readonly end?: boolean
}

type Methods = Record<string, (...args: unknown[]) => unknown>

/** Answers calls on the link with the methods of `api`; only the names given may be called. */
export function serveApi<Api extends object>(
  link: Link,
  api: Api,
  names: readonly (keyof Api & string)[],
): void {
  const methods = api as unknown as Methods
  const allowed = new Set<string>(names)
  const running = new Map<number, AbortController>()
  const answer = (message: Answer) => link.send(encodeMessage(message))

  async function run(request: Request): Promise<void> {
    const { call, method, args = [] } = request
    const abort = new AbortController()
    running.set(call, abort)
    try {
      if (!method || !allowed.has(method))
        throw new UserError('no-such-call', `The program has no call named ${String(method)}.`)
      const result = methods[method]?.(...args, ...(request.signal ? [abort.signal] : []))
      if (isAsyncIterable(result)) {
        for await (const item of result) {
          if (abort.signal.aborted) break
          answer({ call, item, stream: true })
        }
        answer({ call, end: true })
      } else answer({ call, value: await result })
    } catch (error) {
      answer({ call, error: toWireError(error) })
    } finally {
      running.delete(call)
    }
  }

  link.onMessage((bytes) => {
    const request = decodeMessage(bytes) as Request
    if (request.abort) running.get(request.call)?.abort()
    else void run(request)
  })
  link.onClose(() => {
    for (const abort of running.values()) abort.abort()
  })
}

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
  /** Lets go of the caller's signal, which may outlive the call by far. */
  release(): void
  stream: StreamQueue
}

/** An object with the methods of `Api` that calls the other end of the link. Streams begin when they are iterated. */
export function connectApi<Api extends object>(link: Link): Api {
  const caller = new Caller(link)
  return new Proxy({} as Api, {
    get: (_target, method) => {
      if (typeof method !== 'string' || method === 'then') return undefined
      return (...args: unknown[]) =>
        isStreamName(method) ? caller.stream(method, args) : caller.begin(method, args).answered
    },
  })
}

class Caller {
  readonly #link: Link
  readonly #pending = new Map<number, Pending>()
  #lastCall = 0
  #closed = false

  constructor(link: Link) {
    this.#link = link
    link.onMessage((bytes) => this.#take(decodeMessage(bytes) as Answer))
    link.onClose(() => this.#lose())
  }

  begin(method: string, args: readonly unknown[]) {
    const last = args.at(-1)
    const signal = isAbortSignal(last) ? last : undefined
    const call = ++this.#lastCall
    const waiting: Pending = {
      resolve: () => {},
      reject: () => {},
      release: () => {},
      stream: new StreamQueue(),
    }
    const answered = new Promise((resolve, reject) => {
      waiting.resolve = resolve
      waiting.reject = reject
    })
    if (this.#closed) fail(waiting, disconnected())
    else {
      this.#pending.set(call, waiting)
      const sent = signal ? args.slice(0, -1) : args
      this.#send({ call, method, args: sent, signal: signal !== undefined || isStreamName(method) })
      if (signal) this.#obey(signal, call, waiting)
    }
    return { call, waiting, answered }
  }

  async *stream(method: string, args: readonly unknown[]): AsyncGenerator<unknown> {
    const { call, waiting, answered } = this.begin(method, args)
    answered.catch(() => {})
    try {
      yield* waiting.stream.items()
    } finally {
      if (this.#pending.delete(call)) this.#send({ call, abort: true })
      waiting.release()
    }
  }

  #send(request: Request): void {
    if (!this.#closed) this.#link.send(encodeMessage(request))
  }

  #obey(signal: AbortSignal, call: number, waiting: Pending): void {
    const abort = () => {
      if (!this.#pending.has(call)) return
      this.#send({ call, abort: true })
      fail(waiting, signal.reason)
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    waiting.release = () => signal.removeEventListener('abort', abort)
  }

  #take(message: Answer): void {
    const waiting = this.#pending.get(message.call)
    if (!waiting) return
    if (message.stream) {
      waiting.stream.push(message.item)
      return
    }
    this.#pending.delete(message.call)
    waiting.release()
    if (message.error) fail(waiting, fromWireError(message.error))
    else {
      waiting.stream.finish()
      waiting.resolve(message.value)
    }
  }

  #lose(): void {
    this.#closed = true
    for (const waiting of this.#pending.values()) {
      waiting.release()
      fail(waiting, disconnected())
    }
    this.#pending.clear()
  }
}

function fail(waiting: Pending, error: unknown): void {
  waiting.stream.fail(error)
  waiting.reject(error)
}

const streamNames: ReadonlySet<string> = new Set(['events', 'planPack', 'addPack', 'verifyPack', 'benchPack'])

/** Streams are told from promises by name, because a proxy cannot see types. */
export function isStreamName(method: string): boolean {
  return streamNames.has(method) || method.endsWith('Stream')
}

class StreamQueue {
  readonly #items: unknown[] = []
  #wake: () => void = () => {}
  #ended = false
  #error: unknown = null

  push(item: unknown): void {
    this.#items.push(item)
    this.#wake()
  }

  finish(): void {
    this.#ended = true
    this.#wake()
  }

  fail(error: unknown): void {
    this.#error ??= error ?? new Error('aborted')
    this.finish()
  }

  async *items(): AsyncGenerator<unknown> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift()
      if (this.#error) throw this.#error
      if (this.#ended) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

function toWireError(error: unknown): WireError {
  if (isUserError(error)) return { message: error.message, code: error.code }
  if (error instanceof Error) return { message: error.message, name: error.name }
  return { message: String(error) }
}

function fromWireError(error: WireError): Error {
  if (error.code !== undefined) return new UserError(error.code, error.message)
  const copy = new Error(error.message)
  copy.name = error.name ?? 'Error'
  return copy
}

function disconnected(): UserError {
  return new UserError(
    'disconnected',
    'The connection to the program was lost. Everything that was shown as saved is on disk; reload to go on.',
  )
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function isAbortSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
}
