/** The page of bench/seek.ts: how long from asking for a frame until its pixels are on a WebGL canvas. */
import type { FramePicture } from '../renderer/draw/frames/frame-provider.ts'
import { openProvider, type ServedClip, shown } from './shown-frame.ts'

export interface SeekTimes {
  /** Milliseconds each. */
  readonly randomMs: readonly number[]
  /** Ten key presses a second. */
  readonly stepMs: readonly number[]
  /** A key held down: 30 steps a second. */
  readonly heldMs: readonly number[]
  readonly cachedMs: readonly number[]
  readonly problem: string | null
}

async function measureSeeks(
  clip: ServedClip,
  randomOrder: readonly number[],
  stepCount: number,
): Promise<SeekTimes> {
  const provider = openProvider(clip, 512)
  const upload = uploader(clip.width, clip.height)
  const timed = async (frameIndex: number): Promise<number> => {
    const askedMs = performance.now()
    const picture = await shown(provider, frameIndex)
    if (!picture) throw new Error(`Frame ${frameIndex} never came`)
    upload(picture)
    return performance.now() - askedMs
  }
  try {
    const [randomMs, stepMs, heldMs, cachedMs]: [number[], number[], number[], number[]] = [[], [], [], []]
    await timed(0)
    for (const frameIndex of randomOrder) randomMs.push(await timed(frameIndex))
    let frameIndex = randomOrder.at(-1) ?? 0
    for (const [pauseMs, list] of [
      [100, stepMs],
      [33, heldMs],
    ] as const) {
      for (let step = 0; step < stepCount; step++) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        list.push(await timed(++frameIndex))
      }
    }
    for (let step = 0; step < 10; step++) cachedMs.push(await timed(--frameIndex))
    return { randomMs, stepMs, heldMs, cachedMs, problem: provider.status.problem }
  } finally {
    provider.close()
  }
}

/** Puts a picture into a texture and waits until that is done. */
function uploader(width: number, height: number): (picture: FramePicture) => void {
  const gl = new OffscreenCanvas(width, height).getContext('webgl2')
  if (!gl) throw new Error('This browser has no WebGL 2')
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
  return ({ image }) => {
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image)
    gl.finish()
  }
}

Object.assign(globalThis, { measureSeeks })
