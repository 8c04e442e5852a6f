/** The page of exact-frames.served.spec.ts: the view's own frame provider and worker, over clips whose pictures carry numbers. */
import { readFrameNumber } from '../main/host/media/frame-number.ts'
import type { FramePicture } from '../renderer/draw/frames/frame-provider.ts'
import { openProvider, type ServedClip, shown } from './shown-frame.ts'

export interface PageClip extends ServedClip {
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
