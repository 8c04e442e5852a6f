import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Disc, NoiseScene } from '../../../../native/noise-scene.ts'
import { encodeRle, isEmptyRle, rleIou, sameRle } from '../../../core/mask/rle.ts'
import type { ObjectId } from '../../../core/records.ts'
import { sceneOf } from '../../../core/scene/scene.ts'
import { type SceneClipName, sceneClip } from '../../../core/scene/scene-clips.ts'
import { propagate } from '../propagate.ts'
import type {
  PropagatedFrame,
  PropagatedMask,
  PropagationNote,
  PropagationObject,
  PropagationRequest,
} from '../request.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-out-of-sight-test-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

const size = { width: 200, height: 110 }
const frameCount = 26
/** Passes behind the grey one, and is out of sight on frames 10 to 15. */
const red: Disc = { radius: 15, at: (t) => [24 + 6 * t, 55], rgb: [200, 60, 50] }
const grey: Disc = { radius: 32, at: () => [99, 55], rgb: [120, 120, 125] }
const film = new NoiseScene({ ...size, frameCount, discs: [red, grey] })

function object(name: string, keys: readonly number[], scene = film, index = 0): PropagationObject {
  const masks = keys.map((frameIndex) => ({
    frameIndex,
    rle: encodeRle(scene.truth(frameIndex, index)),
    outside: false,
  }))
  return { id: name as ObjectId, name, stuff: false, order: index, keys: masks }
}

function asked(keys: readonly number[], more: Partial<PropagationRequest> = {}): PropagationRequest {
  return {
    source: film,
    objects: [object('Red', keys)],
    firstFrame: 0,
    lastFrame: frameCount - 1,
    direction: 'both',
    playheadFrame: 0,
    seed: 5,
    threadCount: 2,
    spillFolder,
    isTaken: () => false,
    ...more,
  }
}

interface Outcome {
  readonly frames: PropagatedFrame[]
  readonly notes: PropagationNote[]
  mask(frame: number, name?: string): PropagatedMask | undefined
}

async function outcome(request: PropagationRequest): Promise<Outcome> {
  const [frames, notes]: [PropagatedFrame[], PropagationNote[]] = [[], []]
  for await (const event of propagate(request, new AbortController().signal))
    if (event.type === 'note') notes.push(event)
    else frames.push(event)
  return {
    frames,
    notes,
    mask: (frame, name = 'Red') =>
      frames
        .findLast((each) => each.frameIndex === frame && each.masks.some((mask) => mask.objectId === name))
        ?.masks.find((mask) => mask.objectId === name),
  }
}

/** A made-up scene as the engine reads it, and what each of its things covers. */
function sceneSource(name: SceneClipName) {
  const spec = sceneClip(name)
  const scene = sceneOf(spec)
  const { width, height, frameCount: count } = spec
  const frames = Array.from({ length: count }, (_, i) => scene.frame(i))
  const truth = (frame: number, index: number) => ({
    width,
    height,
    data: frames[frame]!.index.map((value) => (value === index ? 1 : 0)),
  })
  const read = async (frame: number) => frames[frame]!.rgb
  return { source: { width, height, frameCount: count, read, close: async () => {} }, truth }
}

function iou(result: Outcome, frame: number): number {
  const mask = result.mask(frame)
  return mask ? rleIou(mask.rle, encodeRle(film.truth(frame, 0))) : Number.NaN
}

describe('an object that goes behind another', () => {
  test('is hidden without a mask, found again, and proposed from there on', async () => {
    const result = await outcome(asked([0]))
    for (let frame = 11; frame <= 14; frame++) {
      expect(result.mask(frame)).toMatchObject({ hidden: true, proposed: false })
      expect(isEmptyRle(result.mask(frame)!.rle)).toBe(true)
    }
    for (let frame = 1; frame <= 6; frame++)
      expect(result.mask(frame)).toMatchObject({ hidden: false, proposed: false })
    for (let frame = 21; frame < frameCount; frame++) {
      expect(result.mask(frame)).toMatchObject({ hidden: false, proposed: true })
      expect(iou(result, frame)).toBeGreaterThan(0.85)
    }
    expect(result.notes).toHaveLength(1)
    expect(result.notes[0]!.sentence).toMatch(
      /^Red was hidden or out of view from frame \d+ to \d+; found again at frame \d+: accept it there/,
    )
    expect(result.mask(result.notes[0]!.frameIndex!)).toMatchObject({ proposed: true })
  })

  test('is followed on with nothing hidden or proposed where only that is asked for', async () => {
    const result = await outcome(asked([0], { followOnly: true }))
    expect(result.frames.some(({ masks }) => masks.some((mask) => mask.proposed))).toBe(false)
  })

  test('is looked for backward too', async () => {
    const result = await outcome(asked([25]))
    expect(result.mask(13)).toMatchObject({ hidden: true })
    expect(result.mask(2)).toMatchObject({ proposed: true, rightKeyFrame: 25 })
    expect(iou(result, 2)).toBeGreaterThan(0.85)
  })

  test('is not proposed where it comes from a key mask on the other side', async () => {
    const result = await outcome(asked([0, 25]))
    expect(result.mask(12)).toMatchObject({ hidden: true })
    for (const frame of [3, 5, 20, 22]) {
      expect(result.mask(frame)).toMatchObject({ hidden: false, proposed: false })
      expect(iou(result, frame)).toBeGreaterThan(0.85)
    }
    expect(result.notes.map((note) => note.sentence)).toEqual([
      expect.stringMatching(/^Red was hidden or out of view from frame \d+ to \d+\.$/),
    ])
  })

  test.each([8, 11, 13, 18, 22])(
    'goes on after frame number %i was committed, with the same masks',
    async (stopAfter) => {
      const own = join(spillFolder, `stopped-${stopAfter}`)
      const whole = await outcome(asked([0]))
      let cursor: unknown
      let count = 0
      for await (const event of propagate(asked([0], { spillFolder: own }), new AbortController().signal)) {
        if (event.type === 'note') continue
        cursor = JSON.parse(JSON.stringify(event.cursor))
        if (++count === stopAfter) break
      }
      const rest = await outcome(asked([0], { spillFolder: own, resume: cursor }))
      expect(rest.frames).toHaveLength(whole.frames.length - stopAfter)
      for (const [i, { frameIndex, masks }] of rest.frames.entries()) {
        const again = whole.frames[stopAfter + i]!
        expect(frameIndex).toBe(again.frameIndex)
        expect(sameRle(masks[0]!.rle, again.masks[0]!.rle)).toBe(true)
        expect(masks[0]!).toEqual(again.masks[0]!)
      }
      expect(rest.notes).toEqual(whole.notes)
    },
  )
})

describe('what only looks like it', () => {
  test('is not proposed in its place', async () => {
    const { source, truth } = sceneSource('twins-test')
    const fox = {
      ...object('Red', []),
      keys: [{ frameIndex: 24, rle: encodeRle(truth(24, 1)), outside: false }],
    }
    const result = await outcome(asked([], { source, objects: [fox], firstFrame: 24, lastFrame: 58 }))
    expect(result.mask(52)).toMatchObject({ hidden: true })
    expect(result.frames.some(({ masks }) => masks.some((mask) => mask.proposed))).toBe(false)
  })
})

describe('after a shot cut', () => {
  const { source, truth } = sceneSource('next-shot-test')
  const boat = (frameIndex: number) => ({
    id: 'Red' as ObjectId,
    name: 'Boat',
    stuff: false,
    order: 0,
    keys: [{ frameIndex, rle: encodeRle(truth(frameIndex, 3)), outside: false }],
  })

  test.each([
    ['forward', 20, 40],
    ['backward', 36, 20],
  ] as const)('is proposed %s where it is found, at another place', async (_, key, there) => {
    const result = await outcome(asked([], { source, objects: [boat(key)], firstFrame: 16, lastFrame: 42 }))
    expect(result.mask(there)).toMatchObject({ proposed: true })
    expect(rleIou(result.mask(there)!.rle, encodeRle(truth(there, 3)))).toBeGreaterThan(0.8)
    expect(result.mask(27)).toBeUndefined()
    expect(result.notes.map((note) => note.sentence)).toContainEqual(
      expect.stringMatching(/^Boat was found again at frame \d+, beyond a shot cut/),
    )
  })
})
