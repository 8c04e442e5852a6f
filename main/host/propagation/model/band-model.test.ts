import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Bitmap, decodeRle, encodeRle, type Rle, sameRle } from '../../../core/mask/rle.ts'
import { jaccard } from '../../../core/mask/score.ts'
import type { ObjectId } from '../../../core/records.ts'
import type { FrameSource } from '../../media/frame-source.ts'
import { propagate } from '../propagate.ts'
import { type PropagatedFrame, type PropagationRequest, wholeMethod } from '../request.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-band-test-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

const width = 640
const height = 360
const frameCount = 7
const lastFrame = frameCount - 1

/** A rake that moves to the right: a head with prongs of 4 pixels, which at working size are little more than one. */
const prong = { width: 4, pitch: 26, count: 6, length: 90 }

function isRake(x: number, y: number, t: number): boolean {
  const [left, top] = [120 + 5 * t, 90 + 2 * t]
  const [dx, dy] = [x - left, y - top]
  if (dx < 0 || dx >= prong.pitch * prong.count) return false
  if (dy >= 0 && dy < 60) return true
  return dy >= 60 && dy < 60 + prong.length && dx % prong.pitch < prong.width
}

/** Its truth, and of that only the prongs. */
function truthOf(t: number, only: (y: number) => boolean = () => true): Bitmap {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data[y * width + x] = isRake(x, y, t) && only(y) ? 1 : 0
  return { width, height, data }
}

function rgbOf(t: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const rake = isRake(x, y, t)
      const [u, v] = rake ? [x - 5 * t, y - 2 * t] : [x, y]
      const texture = 18 * Math.sin(u * 0.31) * Math.cos(v * 0.23) + 8 * Math.sin(u * 0.05 + v * 0.09)
      rgb.set(rake ? [188 + texture, 96, 70] : [92, 124 + texture, 104], (y * width + x) * 3)
    }
  return rgb
}

const film: FrameSource = {
  width,
  height,
  frameCount,
  read: (t) => Promise.resolve(rgbOf(t)),
  close: () => Promise.resolve(),
}

function asked(more: Partial<PropagationRequest> = {}): PropagationRequest {
  const keys = [0, lastFrame].map((frameIndex) => ({
    frameIndex,
    rle: encodeRle(truthOf(frameIndex)),
    outside: false,
  }))
  const rake = { id: 'rake' as ObjectId, name: 'rake', stuff: false, order: 0, keys }
  return {
    source: film,
    objects: [rake],
    firstFrame: 0,
    lastFrame,
    direction: 'both',
    playheadFrame: 0,
    seed: 3,
    threadCount: 2,
    workingLongSide: 213,
    spillFolder,
    isTaken: () => false,
    ...more,
  }
}

async function framesOf(request: PropagationRequest): Promise<PropagatedFrame[]> {
  const frames: PropagatedFrame[] = []
  for await (const event of propagate(request, new AbortController().signal))
    if (event.type === 'frame') frames.push(event)
  return frames
}

/** The last mask of a frame. */
function maskOn(frames: readonly PropagatedFrame[], frame: number): Rle {
  return frames.findLast((each) => each.frameIndex === frame)!.masks[0]!.rle
}

/** Pixels of the band of `reach` pixels around the truth's outline are kept, the rest is cleared. */
function nearOutline(mask: Bitmap, truth: Bitmap, reach: number): Bitmap {
  const data = new Uint8Array(mask.data.length)
  const inside = (x: number, y: number) =>
    truth.data[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = inside(x, y)
      const near = [-reach, 0, reach].some((dy) =>
        [-reach, 0, reach].some((dx) => inside(x + dx, y + dy) !== here),
      )
      if (near) data[y * width + x] = mask.data[y * width + x]!
    }
  return { width, height, data }
}

describe('outlines at full size', () => {
  const middle = 3
  const truth = truthOf(middle)
  const isProng = (y: number) => y >= 90 + 2 * middle + 60
  const prongs = truthOf(middle, isProng)

  test('are sharper than those of working size, and thin parts survive', async () => {
    const [sharp, soft] = await Promise.all([
      framesOf(asked()),
      framesOf(asked({ method: { ...wholeMethod, band: false } })),
    ])
    const score = (frames: readonly PropagatedFrame[]) => {
      const mask = decodeRle(maskOn(frames, middle))
      const below = mask.data.map((v, i) => (isProng(Math.floor(i / width)) ? v : 0))
      return {
        band: jaccard(nearOutline(mask, truth, 4), nearOutline(truth, truth, 4)),
        prongs: jaccard({ ...mask, data: below }, prongs),
      }
    }
    const [fine, coarse] = [score(sharp), score(soft)]
    expect(fine.band).toBeGreaterThan(coarse.band + 0.05)
    expect(fine.band).toBeGreaterThan(0.85)
    expect(fine.prongs).toBeGreaterThan(coarse.prongs + 0.05)
    expect(fine.prongs).toBeGreaterThan(0.75)
  })

  test('are the same for any number of threads, and in a run that was stopped and goes on', async () => {
    const whole = await framesOf(asked())
    const alone = await framesOf(asked({ threadCount: 1 }))
    const halves: PropagatedFrame[] = []
    for await (const event of propagate(asked(), new AbortController().signal)) {
      if (event.type !== 'frame') continue
      halves.push(event)
      if (halves.length === 3) break
    }
    halves.push(...(await framesOf(asked({ resume: halves[2]!.cursor }))))
    for (let frame = 1; frame < lastFrame; frame++) {
      expect(sameRle(maskOn(alone, frame), maskOn(whole, frame))).toBe(true)
      expect(sameRle(maskOn(halves, frame), maskOn(whole, frame))).toBe(true)
    }
  })
})
