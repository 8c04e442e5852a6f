import { describe, expect, test } from 'vitest'
import type { HostApi } from './api.ts'
import { hostCalls, hostStreams } from './host-calls.ts'
import { connectApi, isStreamName, type Link, serveApi } from './rpc.ts'
import { UserError } from './user-error.ts'

/** Two ends of a link in one process; bytes arrive later and in order, as on a real one, and copied. */
function linkPair(): { near: Link; far: Link; close: () => void } {
  const closers: (() => void)[] = []
  let open = true
  const end = () => {
    let listener: (message: Uint8Array) => void = () => {}
    return {
      deliver: (message: Uint8Array) => listener(message),
      link: (other: () => { deliver(message: Uint8Array): void }): Link => ({
        send: (message) => {
          const copy = message.slice()
          if (open) setImmediate(() => open && other().deliver(copy))
        },
        onMessage: (next) => {
          listener = next
        },
        onClose: (closer) => closers.push(closer),
      }),
    }
  }
  const one = end()
  const two = end()
  const close = () => {
    open = false
    for (const closer of closers) closer()
  }
  return { near: one.link(() => two), far: two.link(() => one), close }
}

interface Sketch {
  add(left: number, right: number): Promise<number>
  echo(bytes: Uint8Array, times: Float64Array): Promise<{ bytes: Uint8Array; times: Float64Array }>
  fail(kind: 'user' | 'type' | 'text'): Promise<void>
  wait(label: string, signal?: AbortSignal): Promise<string>
  events(from: number, signal?: AbortSignal): AsyncIterable<number>
  secret(): Promise<string>
}

const offered = ['add', 'echo', 'fail', 'wait', 'events'] as const

function pair() {
  const log: string[] = []
  const { near, far, close } = linkPair()
  const program: Sketch = {
    add: async (left, right) => left + right,
    echo: async (bytes, times) => ({ bytes, times }),
    fail: async (kind) => {
      if (kind === 'user')
        throw new UserError('project-locked', 'The project is open in another window. Close it there.')
      if (kind === 'type') throw new TypeError('not a mask')
      throw 'just text'
    },
    wait: (label, signal) =>
      new Promise((_resolve, reject) => {
        log.push(`${label} begins`)
        signal?.addEventListener('abort', () => {
          log.push(`${label} is told to stop`)
          reject(new Error('stopped'))
        })
      }),
    async *events(from, signal) {
      try {
        for (let number = from; !signal?.aborted; number++) {
          yield number
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      } finally {
        log.push('events ended')
      }
    },
    secret: async () => 'never offered',
  }
  serveApi<Sketch>(far, program, offered)
  return { api: connectApi<Sketch>(near), log, close }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('a call', () => {
  test('answers with its value, many at once and each to its own caller', async () => {
    const { api } = pair()
    const sums = await Promise.all(Array.from({ length: 50 }, (_, index) => api.add(index, 1000)))
    expect(sums).toEqual(Array.from({ length: 50 }, (_, index) => index + 1000))
  })

  test('carries typed arrays both ways', async () => {
    const { api } = pair()
    const back = await api.echo(new Uint8Array([1, 2, 255]), new Float64Array([0.5, Number.NaN]))
    expect(back).toEqual({ bytes: new Uint8Array([1, 2, 255]), times: new Float64Array([0.5, Number.NaN]) })
  })

  test('brings a user error across as one, with code and sentence', async () => {
    const { api } = pair()
    const error = await api.fail('user').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({
      code: 'project-locked',
      message: 'The project is open in another window. Close it there.',
    })
  })

  test('brings other errors across by name and message, without the stack of the other side', async () => {
    const { api } = pair()
    const error = (await api.fail('type').catch((caught: unknown) => caught)) as Error
    expect(error).toMatchObject({ name: 'TypeError', message: 'not a mask' })
    expect(error).not.toBeInstanceOf(UserError)
    await expect(api.fail('text')).rejects.toThrow('just text')
  })

  test('that is not offered is refused, whether or not it exists', async () => {
    const { api } = pair()
    await expect(api.secret()).rejects.toMatchObject({ code: 'no-such-call' })
    const any = api as unknown as Record<string, () => Promise<unknown>>
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'nothing'])
      await expect(any[name]?.(), name).rejects.toMatchObject({ code: 'no-such-call' })
  })

  test('can be given up: the caller at once, the program by its signal', async () => {
    const { api, log } = pair()
    const abort = new AbortController()
    const waiting = api.wait('run', abort.signal)
    await settle()
    expect(log).toEqual(['run begins'])
    abort.abort(new Error('scrubbed on'))
    await expect(waiting).rejects.toThrow('scrubbed on')
    await settle()
    expect(log).toEqual(['run begins', 'run is told to stop'])
  })

  test('given up before it began is refused to the caller', async () => {
    const { api } = pair()
    await expect(api.wait('run', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  })

  test('with a signal that is never used leaves the others alone', async () => {
    const { api, log } = pair()
    const first = new AbortController()
    const waits = [api.wait('first', first.signal), api.wait('second', new AbortController().signal)]
    for (const wait of waits) wait.catch(() => {})
    await settle()
    first.abort()
    await settle()
    expect(log).toEqual(['first begins', 'second begins', 'first is told to stop'])
  })
})

describe('a stream', () => {
  test('is told from a promise by its name, for every call of the program', () => {
    expect(hostCalls.filter(isStreamName).sort()).toEqual([...hostStreams].sort())
  })

  test('yields in order until the caller stops, and then ends in the program too', async () => {
    const { api, log } = pair()
    const seen: number[] = []
    for await (const number of api.events(7)) {
      seen.push(number)
      if (seen.length === 5) break
    }
    expect(seen).toEqual([7, 8, 9, 10, 11])
    await settle()
    expect(log).toEqual(['events ended'])
  })

  test('ends by its signal with the reason', async () => {
    const { api, log } = pair()
    const abort = new AbortController()
    const seen: number[] = []
    const reading = (async () => {
      for await (const number of api.events(0, abort.signal)) {
        seen.push(number)
        if (seen.length === 3) abort.abort(new Error('window closed'))
      }
    })()
    await expect(reading).rejects.toThrow('window closed')
    expect(seen.length).toBeGreaterThanOrEqual(3)
    await settle()
    expect(log).toEqual(['events ended'])
  })
})

describe('a lost connection', () => {
  test('rejects what waits, ends streams, and stops the program’s work', async () => {
    const { api, log, close } = pair()
    const waiting = api.wait('run', new AbortController().signal)
    const reading = (async () => {
      for await (const _number of api.events(0)) log.push('read')
    })()
    const results = Promise.allSettled([waiting, reading])
    await settle()
    close()
    for (const result of await results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'disconnected' } })
    await settle()
    expect(log).toContain('run is told to stop')
    expect(log).toContain('events ended')
  })

  test('refuses later calls at once', async () => {
    const { api, close } = pair()
    close()
    await expect(api.add(1, 2)).rejects.toMatchObject({ code: 'disconnected' })
    await expect(api.events(0)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'disconnected' })
  })
})

test('the list of host calls has no call twice and none that is a stream by accident', () => {
  expect(new Set(hostCalls).size).toBe(hostCalls.length)
  const streams: (keyof HostApi)[] = hostCalls.filter((name) => name === 'events' || name.endsWith('Stream'))
  expect(streams).toEqual(['events'])
})
