/** The page of exact-frames.served.spec.ts: the view's own frame provider and worker, over clips whose pictures carry numbers. */
import type { MediaStatus } from '../main/core/api.ts'
import type { MediaId, MediaRecord } from '../main/core/records.ts'
import { readFrameNumber } from '../main/host/media/frame-number.ts'
import type { FramePicture, FrameProvider } from '../renderer/draw/frames/frame-provider.ts'
import { openFrameProvider } from '../renderer/draw/frames/open-frame-provider.ts'

export interface PageClip {
  readonly id: string
  readonly shows: 'original' | 'proxy' | 'stills'
  readonly trackIndex: number
  readonly width: number
  readonly height: number
  readonly rotation: 0 | 90 | 180 | 270
  readonly timesUs: readonly number[]
  /** Frame indices to show, one after another. */
  readonly order: readonly number[]
  /** Ask for the next frame before the last has come, as scrubbing does; only the last is waited for. */
  readonly scrub: boolean
}

export interface PageAnswer {
  /** Number read from each frame shown, in order; -1: unreadable, -2: it never came. */
  readonly numbers: readonly number[]
  /** Milliseconds from asking to having each, in order. */
  readonly milliseconds: readonly number[]
  readonly shows: 'video' | 'stills'
  readonly problem: string | null
}

const canvas = new OffscreenCanvas(1, 1)
const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D

async function showFrames(clip: PageClip): Promise<PageAnswer> {
  const provider = openProvider(clip)
  const numbers: number[] = []
  const milliseconds: number[] = []
  try {
    for (const [position, frameIndex] of clip.order.entries()) {
      if (clip.scrub && position < clip.order.length - 1) {
        provider.frame(frameIndex)
        await new Promise((resolve) => setTimeout(resolve, 5))
        continue
      }
      const askedMs = performance.now()
      const picture = await shown(provider, frameIndex)
      milliseconds.push(performance.now() - askedMs)
      numbers.push(picture ? numberOf(picture, clip) : -2)
    }
    return { numbers, milliseconds, ...provider.status }
  } finally {
    provider.close()
  }
}

function openProvider(clip: PageClip): FrameProvider {
  const id = clip.id as MediaId
  const { width, height, rotation, shows } = clip
  const url = `/media/${id}`
  const status: MediaStatus = { mediaId: id, state: 'ok', problem: null, shows, url, proxyNeeded: false }
  const source = { type: 'video', path: '', byteLength: 0, hash: '', streamIndex: clip.trackIndex } as const
  const media: MediaRecord = {
    ...{ kind: 'media', id, name: id, source, width, height, rotation, frameCount: clip.timesUs.length },
    ...{ durationUs: 0, container: '', codec: '', table: 'complete', note: null },
  }
  const timesUs = Float64Array.from(clip.timesUs)
  return openFrameProvider({ media, status, timesUs, frameUrl: '/frame/', cacheMegabytes: 64 })
}

function shown(provider: FrameProvider, frameIndex: number): Promise<FramePicture | null> {
  return new Promise((resolve) => {
    const finish = (picture: FramePicture | null) => {
      stop()
      clearTimeout(timeout)
      resolve(picture)
    }
    const look = () => {
      const picture = provider.frame(frameIndex)
      if (picture) finish(picture)
    }
    const timeout = setTimeout(() => finish(null), 20_000)
    const stop = provider.onFrame(look)
    look()
  })
}

/** Turns and stretches the picture as the canvas does, and reads its number. */
function numberOf({ image, rotation }: FramePicture, { width, height }: PageClip): number {
  canvas.width = width
  canvas.height = height
  context.translate(width / 2, height / 2)
  context.rotate((rotation * Math.PI) / 180)
  const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width]
  context.drawImage(image, -across / 2, -down / 2, across, down)
  return readFrameNumber(context.getImageData(0, 0, width, height).data, width, height, 4)
}

Object.assign(globalThis, { showFrames })
