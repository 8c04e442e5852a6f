import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Disc, NoiseScene } from '../../../native/noise-scene.ts'
import { emptyBitmap, strokeBrush } from '../../core/mask/bitmap.ts'
import {
  encodeRle,
  type Rle,
  rleArea,
  rleIou,
  rleOverlap,
  subtractRle,
  unionRle,
} from '../../core/mask/rle.ts'
import type { ObjectId } from '../../core/records.ts'
import { teachersOf } from './model/object-model.ts'
import { propagate } from './propagate.ts'
import type { KeyMask } from './request.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-partial-test-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

const size = { width: 160, height: 100 }
const frameCount = 12
/** Two that travel together, side by side: what carries one on carries the other. */
const red: Disc = { radius: 16, at: (t) => [40 + 3 * t, 50], rgb: [190, 80, 70] }
const blue: Disc = { radius: 12, at: (t) => [66 + 3 * t, 50], rgb: [70, 90, 190] }
const film = new NoiseScene({ ...size, frameCount, pan: [1, 0], discs: [red, blue] })
const corrected = 5
const redAt = (frame: number) => encodeRle(film.truth(frame, 0))
const blueAt = (frame: number) => encodeRle(film.truth(frame, 1))
const first: KeyMask = { frameIndex: 0, rle: redAt(0), outside: false }

/** A stroke over the blue disc of the corrected frame. */
function stroke(): Rle {
  const bitmap = emptyBitmap(size.width, size.height)
  const [x, y] = blue.at(corrected)
  strokeBrush(bitmap, { x, y: y - 6, radius: 3 }, { x: x + 2, y: y + 6, radius: 3 }, 1)
  return encodeRle(bitmap)
}

async function masksFrom(keys: readonly KeyMask[], firstFrame: number): Promise<Map<number, Rle>> {
  const masks = new Map<number, Rle>()
  const request = {
    source: film,
    objects: [{ id: 'red' as ObjectId, name: 'red', stuff: false, order: 0, keys }],
    firstFrame,
    lastFrame: frameCount - 1,
    direction: 'forward',
    playheadFrame: corrected,
    seed: 5,
    threadCount: 2,
    spillFolder,
    isTaken: () => false,
  } as const
  for await (const event of propagate(request, new AbortController().signal))
    if (event.type === 'frame') for (const mask of event.masks) masks.set(event.frameIndex, mask.rle)
  return masks
}

/** How much of the blue disc is taken for the object, on the frames after the corrected one. */
function blueShare(masks: Map<number, Rle>): number {
  let wrong = 0
  let all = 0
  for (let frame = corrected + 1; frame < frameCount; frame++) {
    wrong += rleOverlap(masks.get(frame)!, blueAt(frame))
    all += rleArea(blueAt(frame))
  }
  return wrong / all
}

describe('a few strokes on a computed mask', () => {
  const wrong = unionRle(redAt(corrected), blueAt(corrected))
  const rle = subtractRle(wrong, stroke())

  test('only they teach: the wrong pixels beside them do not', async () => {
    const partial = await masksFrom(
      [first, { frameIndex: corrected, rle, outside: false, marked: stroke() }],
      6,
    )
    const whole = await masksFrom([first, { frameIndex: corrected, rle, outside: false }], 6)
    expect(blueShare(whole)).toBeGreaterThan(0.15)
    expect(blueShare(partial)).toBeLessThan(blueShare(whole) / 2)
    expect(rleIou(partial.get(8)!, redAt(8))).toBeGreaterThan(0.85)
  })

  test('they correct the frames that follow', async () => {
    const uncorrected = await masksFrom([{ ...first, rle: unionRle(redAt(0), blueAt(0)) }], 1)
    const keys = [{ ...first, rle: unionRle(redAt(0), blueAt(0)) }]
    const mask = uncorrected.get(corrected)!
    const key = {
      frameIndex: corrected,
      rle: subtractRle(mask, stroke()),
      outside: false,
      marked: stroke(),
    }
    const after = await masksFrom([...keys, key], 6)
    // Against a whole key mask that says otherwise; each pixel counting once, 0.98 of the share would stay.
    expect(blueShare(after)).toBeLessThan(0.96 * blueShare(uncorrected))
  })

  test('where nobody drew a whole mask, the computed one is used', async () => {
    const alone = { frameIndex: corrected, rle: redAt(corrected), outside: false, marked: stroke() }
    const masks = await masksFrom([alone], 6)
    expect(rleIou(masks.get(8)!, redAt(8))).toBeGreaterThan(0.85)
  })

  test('among many corrections the nearest whole masks still teach', () => {
    const some = (frameIndex: number): KeyMask => ({ ...first, frameIndex, marked: stroke() })
    const keys = [first, ...Array.from({ length: 20 }, (_, i) => some(i + 1)), { ...first, frameIndex: 30 }]
    const teachers = teachersOf(keys, 12).map((key) => key.frameIndex)
    expect(teachers).toHaveLength(8)
    expect(teachers).toEqual(teachers.toSorted((a, b) => a - b))
    expect(teachers[0]).toBe(0)
    expect(teachers.at(-1)).toBe(30)
  })
})
