import type { HostEvent, ProjectInfo } from '../core/api.ts'

/** A subscriber that lags this far behind is told to take a new snapshot instead of what it missed. */
const longestQueue = 10_000

interface Subscriber {
  queue: HostEvent[]
  wake: () => void
}

/**
 * Events to every subscriber, each at its own pace. A queue is bounded: of a job and of networks only the newest state
 * waits, and one who does not listen at all costs no more than `longestQueue`.
 */
export class EventBroadcast {
  readonly #subscribers = new Set<Subscriber>()
  readonly #project: () => ProjectInfo | null
  #closed = false

  constructor(project: () => ProjectInfo | null) {
    this.#project = project
  }

  send(event: HostEvent): void {
    for (const subscriber of this.#subscribers) {
      const { queue } = subscriber
      const last = queue.at(-1)
      if (last && replaces(event, last)) queue[queue.length - 1] = event
      else if (queue.length < longestQueue) queue.push(event)
      else subscriber.queue = [{ type: 'project', project: this.#project() }]
      subscriber.wake()
    }
  }

  /** Events from now on, until the signal aborts or the broadcast is closed. Subscribed when called, not when first read. */
  subscribe(signal?: AbortSignal): AsyncIterable<HostEvent> & AsyncIterator<HostEvent> {
    const subscriber: Subscriber = { queue: [], wake: () => {} }
    this.#subscribers.add(subscriber)
    const end = () => {
      this.#subscribers.delete(subscriber)
      subscriber.wake()
    }
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted) end()
    const isOver = () => this.#closed || !this.#subscribers.has(subscriber)
    const iterator: AsyncIterable<HostEvent> & AsyncIterator<HostEvent> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        for (;;) {
          const value = subscriber.queue.shift()
          if (value) return { done: false, value }
          if (isOver()) return { done: true, value: undefined }
          await new Promise<void>((resolve) => {
            subscriber.wake = resolve
          })
        }
      },
      async return() {
        signal?.removeEventListener('abort', end)
        end()
        return { done: true, value: undefined }
      },
    }
    return iterator
  }

  close(): void {
    this.#closed = true
    for (const { wake } of this.#subscribers) wake()
  }
}

function replaces(event: HostEvent, last: HostEvent): boolean {
  if (event.type === 'job') return last.type === 'job' && last.job.id === event.job.id
  return event.type === 'inference' && last.type === 'inference'
}
