/** The decode worker: opens one source, does one job at a time, and drops a job as soon as another comes. */
import type { DecodeJob, FromWorker, OpenStills, OpenVideo, ToWorker } from './decode-messages.ts'
import type { DecodeSource, TakePicture } from './decode-source.ts'
import { StillFrames } from './still-frames.ts'
import { openVideoFrames } from './video-frames.ts'

interface Port {
  postMessage(message: FromWorker, transfer?: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void
}
const port = globalThis as unknown as Port

let source: Promise<DecodeSource | null> = Promise.resolve(null)
let timesUs: Float64Array | null = null
let waiting: DecodeJob | null = null
let current: DecodeJob | null = null
let working = false

const sendPicture: TakePicture = (frameIndex, image) => {
  port.postMessage({ type: 'picture', frameIndex, image }, [image])
}

port.addEventListener('message', ({ data }) => {
  if (data.type === 'open') source = open(data.source)
  if (data.type === 'times') {
    timesUs = data.timesUs
    void source.then((opened) => opened?.takeTimes(data.timesUs))
  }
  if (data.type === 'decode') {
    waiting = data.job
    current = null
    void source.then((opened) => opened?.dropJob())
    void work()
  }
  if (data.type === 'stop') {
    waiting = null
    current = null
  }
})

async function open(asked: OpenVideo | OpenStills): Promise<DecodeSource | null> {
  try {
    const opened =
      asked.kind === 'stills'
        ? new StillFrames(asked.url, sendPicture)
        : await openVideoFrames(asked, sendPicture)
    if (timesUs) opened.takeTimes(timesUs)
    port.postMessage({ type: 'opened', problem: null })
    return opened
  } catch (error) {
    port.postMessage({ type: 'opened', problem: sentence(error) })
    return null
  }
}

async function work(): Promise<void> {
  if (working) return
  working = true
  for (let job = takeWaiting(); job; job = takeWaiting()) {
    const opened = await source
    if (!opened || job !== current) continue
    let problem: string | null = null
    try {
      await opened.decode(job, () => job === current)
    } catch (error) {
      problem = sentence(error)
    }
    if (job === current) port.postMessage({ type: 'done', jobId: job.jobId, problem })
  }
  working = false
}

function takeWaiting(): DecodeJob | null {
  current = waiting
  waiting = null
  return current
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
