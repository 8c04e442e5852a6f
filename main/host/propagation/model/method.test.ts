import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Disc, NoiseScene } from '../../../../native/noise-scene.ts'
import { encodeRle, rleIou, sameRle } from '../../../core/mask/rle.ts'
import type { ObjectId } from '../../../core/records.ts'
import { propagate } from '../propagate.ts'
import {
  type PropagatedFrame,
  type PropagationMethod,
  type PropagationRequest,
  wholeMethod,
} from '../request.ts'
import { sceneLessons } from './scene-lessons.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-method-test-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

const size = { width: 160, height: 100 }
const frameCount = 26
const red: Disc = { radius: 18, at: (t) => [35 + 3 * t, 45 + 8 * Math.sin(t / 3)], rgb: [170, 90, 80] }
const film = new NoiseScene({ ...size, frameCount, pan: [1.5, 0], discs: [red] })

function asked(more: Partial<PropagationMethod>, rest: Partial<PropagationRequest> = {}): PropagationRequest {
  const keys = [{ frameIndex: 0, rle: encodeRle(film.truth(0, 0)), outside: false }]
  return {
    source: film,
    objects: [{ id: 'red' as ObjectId, name: 'red', stuff: false, order: 0, keys }],
    firstFrame: 0,
    lastFrame: frameCount - 1,
    direction: 'both',
    playheadFrame: 0,
    seed: 5,
    threadCount: 2,
    spillFolder: join(spillFolder, JSON.stringify(more).replaceAll(/\W/g, '')),
    isTaken: () => false,
    method: { ...wholeMethod, band: false, ...more },
    ...rest,
  }
}

interface Seen extends PropagatedFrame {
  /** The expected IoU if every pixel's probability were right: what the outline of an easy object hides. */
  readonly softIou: number
}

async function framesOf(request: PropagationRequest, stopAfter = Number.POSITIVE_INFINITY): Promise<Seen[]> {
  const softIous = new Map<number, number>()
  const observe: PropagationRequest['observe'] = (_, frame, { softIou }) => softIous.set(frame, softIou)
  const frames: Seen[] = []
  for await (const event of propagate({ ...request, observe }, new AbortController().signal)) {
    if (event.type === 'frame') frames.push({ ...event, softIou: softIous.get(event.frameIndex)! })
    if (frames.length === stopAfter) break
  }
  return frames
}

const isSame = (a: readonly Seen[], b: readonly Seen[]) =>
  a.length === b.length &&
  a.every((one, i) => one.softIou === b[i]!.softIou && sameRle(one.masks[0]!.rle, b[i]!.masks[0]!.rle))

describe('what else a forest may learn from', () => {
  let plain: Seen[] = []
  beforeAll(async () => {
    plain = await framesOf(asked({}))
  })

  test.each([
    ['its own sure masks', { selfTraining: true }],
    ['objects of generated scenes', { prior: true }],
    ['errors of up to 14 frames only', { longCycles: false }],
  ])('%s: other masks, as good, for any number of threads, resumed or not', async (_, more) => {
    const whole = await framesOf(asked(more))
    expect(whole).toHaveLength(frameCount - 1)
    expect(isSame(whole, plain), 'it makes a difference').toBe(false)
    for (const { frameIndex, masks } of whole)
      expect(rleIou(masks[0]!.rle, encodeRle(film.truth(frameIndex, 0)))).toBeGreaterThan(0.85)
    expect(isSame(await framesOf(asked(more, { threadCount: 1 })), whole)).toBe(true)

    const start = await framesOf(asked(more), 9)
    const rest = await framesOf(asked(more, { resume: JSON.parse(JSON.stringify(start.at(-1)!.cursor)) }))
    expect(rest).toHaveLength(whole.length - 9)
    expect(isSame(rest, whole.slice(9))).toBe(true)
  })

  test('the scenes teach a handful of things, each wrong in several ways', async () => {
    const lessons = await sceneLessons()
    expect(lessons.length).toBeGreaterThan(30)
    for (const { prior, truth } of lessons) expect(prior.some((p, i) => p !== truth[i])).toBe(true)
    expect(await sceneLessons(), 'rendered once').toBe(lessons)
  })
})
