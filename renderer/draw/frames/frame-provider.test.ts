import { describe, expect, it } from 'vitest'
import type { DecodeJob, FromWorker, ToWorker } from './decode-messages.ts'
import { FrameCache } from './frame-cache.ts'
import { type DecodeWorker, FrameProvider } from './frame-provider.ts'

class Picture {
  closed = false
  width = 512
  height = 512
  close() {
    this.closed = true
  }
}

const picture = () => new Picture() as unknown as ImageBitmap
const isClosed = (image: unknown) => (image as Picture).closed

/** A worker that decodes only when told to. */
class HandWorker implements DecodeWorker {
  onmessage: DecodeWorker['onmessage'] = null
  readonly messages: ToWorker[] = []
  ended = false

  postMessage(message: ToWorker) {
    this.messages.push(message)
  }

  terminate() {
    this.ended = true
  }

  get jobs(): DecodeJob[] {
    return this.messages.flatMap((message) => (message.type === 'decode' ? [message.job] : []))
  }

  say(message: FromWorker) {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>)
  }

  finish(job: DecodeJob | undefined = this.jobs.at(-1), problem: string | null = null) {
    if (!job) throw new Error('There is no job')
    for (let frameIndex = job.first; frameIndex <= job.last && !problem; frameIndex++) {
      this.say({ type: 'picture', frameIndex, image: picture() })
    }
    this.say({ type: 'done', jobId: job.jobId, problem })
  }
}

function open({ cacheMegabytes = 64, frameCount = 100 } = {}) {
  const workers: HandWorker[] = []
  const clock = { ms: 0 }
  const provider = new FrameProvider({
    sources: [
      {
        open: {
          kind: 'video',
          url: '/media/a',
          trackIndex: 0,
          timesUs: new Float64Array(frameCount),
          isProxy: false,
          crop: null,
        },
        rotation: 90,
      },
      { open: { kind: 'stills', url: '/frame/a/' }, rotation: 0 },
    ],
    frameCount,
    cacheMegabytes,
    startWorker: () => {
      const worker = new HandWorker()
      workers.push(worker)
      return worker
    },
    now: () => clock.ms,
  })
  const worker = workers[0] as HandWorker
  return { provider, workers, worker, clock }
}

describe('showing a frame', () => {
  it('gives it when it has come, and tells', () => {
    const { provider, worker } = open()
    const told: number[] = []
    provider.onFrame((frameIndex) => told.push(frameIndex))
    expect(provider.frame(7)).toBeNull()
    worker.finish()
    expect(told).toEqual([7])
    expect(provider.frame(7)).toMatchObject({ frameIndex: 7, rotation: 90 })
  })

  it('decodes ahead in the direction of the steps, once nothing else is wanted', () => {
    const { provider, worker } = open()
    for (const frameIndex of [50, 49]) {
      provider.frame(frameIndex)
      worker.finish(worker.jobs.find(({ first }) => first === frameIndex))
    }
    expect(worker.jobs.at(-1)).toMatchObject({ first: 37, last: 48 })
    worker.finish()
    const jobCount = worker.jobs.length
    expect(provider.frame(48)).not.toBeNull()
    expect(provider.frame(47)).not.toBeNull()
    expect(worker.jobs.slice(jobCount).every(({ last }) => last < 37)).toBe(true)
  })

  it('lets a frame on screen interrupt what is decoded ahead', () => {
    const { provider, worker } = open()
    provider.frame(10)
    worker.finish()
    expect(worker.jobs.at(-1)).toMatchObject({ first: 11, last: 22 })
    provider.frame(80)
    expect(worker.jobs.at(-1)).toMatchObject({ first: 80, last: 80 })
  })

  it('while scrubbing the latest wins, but something is shown now and then', () => {
    const { provider, worker, clock } = open()
    provider.frame(0)
    worker.finish()
    clock.ms = 10
    for (const frameIndex of [20, 40, 60]) provider.frame(frameIndex)
    expect(worker.jobs.at(-1)).toMatchObject({ first: 60 })
    clock.ms = 1000
    for (const frameIndex of [70, 75, 90]) provider.frame(frameIndex)
    expect(worker.jobs.at(-1)).toMatchObject({ first: 60 })
    worker.finish()
    expect(worker.jobs.at(-1)).toMatchObject({ first: 90 })
  })

  it('asks for nothing outside the table, and for more when the table has grown', () => {
    const { provider, worker } = open({ frameCount: 5 })
    expect(provider.frame(6)).toBeNull()
    expect(worker.jobs).toEqual([])
    provider.takeTimes(new Float64Array(10))
    provider.frame(6)
    expect(worker.jobs.at(-1)).toMatchObject({ first: 6 })
  })
})

describe('where a source fails', () => {
  it('stills take over when it cannot be opened', () => {
    const { provider, workers, worker } = open()
    provider.frame(3)
    worker.say({ type: 'opened', problem: 'hev1 cannot be decoded here' })
    expect(worker.ended).toBe(true)
    expect(provider.status).toEqual({ shows: 'stills', problem: 'hev1 cannot be decoded here' })
    workers[1]?.finish()
    expect(provider.frame(3)).toMatchObject({ rotation: 0 })
  })

  it('stills take over when it loses the frame on screen, not one ahead', () => {
    const { provider, worker } = open()
    provider.frame(3)
    worker.finish()
    worker.finish(worker.jobs.at(-1), 'Frame 4 does not come out')
    expect(provider.status.shows).toBe('video')
    provider.frame(4)
    worker.finish(worker.jobs.at(-1), 'Frame 4 does not come out')
    expect(provider.status.shows).toBe('stills')
  })
})

describe('the cache', () => {
  const megabyte = 1024 * 1024

  it('stays under its limit and lets the frame on screen be', () => {
    const cache = new FrameCache(4 * megabyte)
    const first = picture()
    cache.put(0, first, 'recent')
    cache.show(0)
    for (let frameIndex = 1; frameIndex < 20; frameIndex++) cache.put(frameIndex, picture(), 'recent')
    expect(cache.byteLength).toBeLessThanOrEqual(4 * megabyte)
    expect(cache.has(0)).toBe(true)
    expect(isClosed(first)).toBe(false)
    expect([16, 17, 18, 19].map((frameIndex) => cache.has(frameIndex))).toEqual([false, true, true, true])
  })

  it('closes what goes, what comes twice, and everything at the end', () => {
    const cache = new FrameCache(4 * megabyte)
    const [kept, twice] = [picture(), picture()]
    cache.put(1, kept, 'recent')
    cache.put(1, twice, 'recent')
    expect([isClosed(kept), isClosed(twice)]).toEqual([false, true])
    cache.byteLimit = 0
    expect(isClosed(kept)).toBe(true)
    const last = picture()
    cache.byteLimit = 4 * megabyte
    cache.put(2, last, 'prefetch')
    cache.clear()
    expect(isClosed(last)).toBe(true)
    expect(cache.byteLength).toBe(0)
  })

  it('gives up what was seen before what is about to be', () => {
    const cache = new FrameCache(2 * megabyte)
    cache.put(1, picture(), 'prefetch')
    cache.put(2, picture(), 'recent')
    cache.put(3, picture(), 'recent')
    expect([1, 2, 3].map((frameIndex) => cache.has(frameIndex))).toEqual([true, false, true])
  })
})
