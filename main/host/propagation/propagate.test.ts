import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Disc, NoiseScene } from '../../../native/noise-scene.ts'
import { decodeRle, emptyRle, encodeRle, fullRle, rleIou, sameRle } from '../../core/mask/rle.ts'
import type { ObjectId } from '../../core/records.ts'
import { propagate } from './propagate.ts'
import type {
  PropagatedFrame,
  PropagatedMask,
  PropagationNote,
  PropagationObject,
  PropagationRequest,
} from './request.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-propagate-test-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

const size = { width: 160, height: 100 }
const frameCount = 14
const red: Disc = { radius: 18, at: (t) => [35 + 4 * t, 40 + 8 * Math.sin(t / 3)], rgb: [190, 80, 70] }
const blue: Disc = { radius: 14, at: (t) => [125 - 3 * t, 62], rgb: [70, 90, 190] }
const film = new NoiseScene({ ...size, frameCount, pan: [1.5, 0], discs: [red, blue] })

function object(
  scene: NoiseScene,
  name: string,
  index: number,
  keyFrames: readonly number[],
  more: Partial<PropagationObject> = {},
): PropagationObject {
  const keys = keyFrames.map((frameIndex) => ({
    frameIndex,
    rle: encodeRle(scene.truth(frameIndex, index)),
    outside: false,
  }))
  return { id: name as ObjectId, name, stuff: false, order: index, keys, ...more }
}

function asked(
  objects: readonly PropagationObject[],
  more: Partial<PropagationRequest> = {},
): PropagationRequest {
  const whole = {
    firstFrame: 0,
    lastFrame: frameCount - 1,
    direction: 'both',
    playheadFrame: 0,
    seed: 5,
    threadCount: 2,
  } as const
  return { source: film, objects, ...whole, spillFolder, isTaken: () => false, ...more }
}

interface Outcome {
  readonly frames: PropagatedFrame[]
  readonly notes: PropagationNote[]
  /** The last mask of each object and frame. */
  readonly masks: Map<string, PropagatedMask>
}

async function outcome(request: PropagationRequest, signal = new AbortController().signal): Promise<Outcome> {
  const result: Outcome = { frames: [], notes: [], masks: new Map() }
  for await (const event of propagate(request, signal)) {
    if (event.type === 'note') {
      result.notes.push(event)
      continue
    }
    result.frames.push(event)
    for (const mask of event.masks) result.masks.set(`${mask.objectId}@${event.frameIndex}`, mask)
  }
  return result
}

function iou(result: Outcome, scene: NoiseScene, name: string, index: number, frame: number): number {
  const mask = result.masks.get(`${name}@${frame}`)
  return mask ? rleIou(mask.rle, encodeRle(scene.truth(frame, index))) : Number.NaN
}

describe('propagation', () => {
  test('follows an object from one mask to the end', async () => {
    const result = await outcome(asked([object(film, 'red', 0, [0])]))
    for (let frame = 1; frame < frameCount; frame++)
      expect(iou(result, film, 'red', 0, frame)).toBeGreaterThan(0.9)
    expect(result.masks.get('red@3')).toMatchObject({ leftKeyFrame: 0, rightKeyFrame: null })
    expect(result.masks.get('red@3')!.rle).toMatchObject(size)
  })

  test('gives one-sided masks first, then joins both sides', async () => {
    const result = await outcome(asked([object(film, 'red', 0, [0, 13])]))
    expect(result.frames.map((frame) => frame.frameIndex)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ])
    expect(result.frames[4]!.masks[0]).toMatchObject({ leftKeyFrame: 0, rightKeyFrame: null })
    expect(result.masks.get('red@5')).toMatchObject({ leftKeyFrame: 0, rightKeyFrame: 13 })
    for (let frame = 1; frame < 13; frame++) expect(iou(result, film, 'red', 0, frame)).toBeGreaterThan(0.92)
    expect(readdirSync(spillFolder)).toEqual([])
  })

  test('works backward only from masks after', async () => {
    const result = await outcome(asked([object(film, 'red', 0, [8])], { direction: 'backward' }))
    expect(result.frames.map((frame) => frame.frameIndex)).toEqual([7, 6, 5, 4, 3, 2, 1, 0])
    expect(iou(result, film, 'red', 0, 0)).toBeGreaterThan(0.9)
  })

  test('two objects that pass one another never share a pixel', async () => {
    const result = await outcome(asked([object(film, 'red', 0, [0, 13]), object(film, 'blue', 1, [0, 13])]))
    for (let frame = 1; frame < 13; frame++) {
      const masks = ['red', 'blue'].map((name) => decodeRle(result.masks.get(`${name}@${frame}`)!.rle).data)
      expect(masks[0]!.some((v, i) => v === 1 && masks[1]![i] === 1)).toBe(false)
      expect(iou(result, film, 'blue', 1, frame)).toBeGreaterThan(0.75)
    }
  })

  test('an object comes out the same whether or not there is another elsewhere', async () => {
    const far: Disc = { radius: 9, at: () => [146, 88], rgb: [80, 190, 90] }
    const scene = new NoiseScene({ ...size, frameCount, pan: [1.5, 0], discs: [red, far] })
    const alone = await outcome(asked([object(scene, 'red', 0, [0, 6])], { source: scene, lastFrame: 6 }))
    const both = await outcome(
      asked([object(scene, 'far', 1, [0, 3]), object(scene, 'red', 0, [0, 6])], {
        source: scene,
        lastFrame: 6,
      }),
    )
    for (let frame = 1; frame < 6; frame++) {
      expect(sameRle(both.masks.get(`red@${frame}`)!.rle, alone.masks.get(`red@${frame}`)!.rle)).toBe(true)
      expect(both.masks.get(`red@${frame}`)!.confidence).toBe(alone.masks.get(`red@${frame}`)!.confidence)
    }
  })

  test('key masks of others keep their pixels, and taken frames are left alone', async () => {
    const blueKeys = object(film, 'blue', 1, [4], { locked: true })
    const result = await outcome(
      asked([object(film, 'red', 0, [0]), blueKeys], { lastFrame: 6, isTaken: (_, frame) => frame === 5 }),
    )
    expect(result.masks.has('red@5')).toBe(false)
    expect(result.masks.has('red@6')).toBe(true)
    const own = decodeRle(result.masks.get('red@4')!.rle).data
    const theirs = film.truth(4, 1).data
    expect(own.some((v, i) => v === 1 && theirs[i] === 1)).toBe(false)
  })

  test('a key mask of stuff may lie under things: it takes no pixel from them', async () => {
    const everything = { frameIndex: 3, rle: fullRle(size.width, size.height), outside: false }
    const ground = { ...object(film, 'ground', 1, []), stuff: true, locked: true, keys: [everything] }
    const result = await outcome(asked([object(film, 'red', 0, [0]), ground], { lastFrame: 4 }))
    expect(iou(result, film, 'red', 0, 3)).toBeGreaterThan(0.9)
  })

  test('stops at a shot cut from both sides', async () => {
    const cut = new NoiseScene({ ...size, frameCount, pan: [1.5, 0], discs: [red], cutFrame: 7 })
    const first = object(cut, 'red', 0, [0])
    const keys = [...first.keys, { frameIndex: 12, rle: encodeRle(film.truth(12, 0)), outside: false }]
    const result = await outcome(asked([{ ...first, keys }], { source: cut }))
    expect(result.masks.get('red@6')).toMatchObject({ leftKeyFrame: 0, rightKeyFrame: null })
    expect(result.masks.get('red@7')).toMatchObject({ leftKeyFrame: null, rightKeyFrame: 12 })
    expect(result.notes).toEqual([])
    expect(result.frames.at(-1)?.cuts, 'tells where the shots meet').toEqual([7])
  })

  test('says where a cut stopped an object that nobody labelled beyond it', async () => {
    const cut = new NoiseScene({ ...size, frameCount, pan: [1.5, 0], discs: [red], cutFrame: 7 })
    const result = await outcome(asked([object(cut, 'red', 0, [0])], { source: cut }))
    expect(result.masks.has('red@7')).toBe(false)
    expect(result.notes.map((note) => note.sentence)).toEqual([
      'red was not carried over the shot cut at frame 7: label it once in the next shot.',
    ])
  })

  test('makes nothing after a mask that says "not in view"', async () => {
    const base = object(film, 'red', 0, [0])
    const keys = [...base.keys, { frameIndex: 6, rle: emptyRle(size.width, size.height), outside: true }]
    const result = await outcome(asked([{ ...base, keys }]))
    expect([...result.masks.keys()]).toEqual(['red@1', 'red@2', 'red@3', 'red@4', 'red@5'])
  })

  test('says why nothing was made', async () => {
    const result = await outcome(asked([object(film, 'red', 0, [])]))
    expect(result.frames).toEqual([])
    expect(result.notes[0]!.sentence).toMatch(/no keyframe to start from/)
  })

  test('gives out every frame before one that cannot be read', async () => {
    const long = new NoiseScene({
      ...size,
      frameCount: 50,
      pan: [1, 0],
      discs: [{ ...red, at: (t) => [30 + t, 40] }],
    })
    const torn = {
      ...size,
      frameCount: 50,
      read: async (frame: number) => {
        if (frame === 45) throw new Error('Frame 46 is torn.')
        return long.read(frame)
      },
      close: async () => {},
    }
    const given: number[] = []
    const events = propagate(
      asked([object(long, 'red', 0, [0])], { source: torn, lastFrame: 49 }),
      new AbortController().signal,
    )
    const run = async () => {
      for await (const event of events) if (event.type === 'frame') given.push(event.frameIndex)
    }
    await expect(run()).rejects.toThrow('Frame 46 is torn.')
    expect(given).toEqual(Array.from({ length: 44 }, (_, i) => i + 1))
  })

  test('is the same for any number of threads', async () => {
    const masks = []
    for (const threadCount of [1, 3])
      masks.push(
        (await outcome(asked([object(film, 'red', 0, [0, 6])], { threadCount, lastFrame: 6 }))).masks,
      )
    expect(masks[1]).toEqual(masks[0])
  })

  test('renews what is next to a corrected frame first, on both sides by turns', async () => {
    const objects = [object(film, 'red', 0, [0, 9])]
    const result = await outcome(asked(objects, { playheadFrame: 9 }))
    expect(result.frames.map((frame) => frame.frameIndex)).toEqual([
      10, 11, 12, 13, 8, 7, 6, 5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 6, 7, 8,
    ])
    const other = await outcome(asked(objects))
    for (const [name, mask] of result.masks) expect(sameRle(mask.rle, other.masks.get(name)!.rle)).toBe(true)
  })

  test('begins at the key mask that is nearer to the playhead', async () => {
    const objects = [object(film, 'red', 0, [0, 13])]
    const { frames } = await outcome(asked(objects, { playheadFrame: 9 }))
    expect(frames.slice(0, 12).map((frame) => frame.frameIndex)).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ])
    expect(frames[0]!.masks[0]).toMatchObject({ leftKeyFrame: null, rightKeyFrame: 13 })
    expect(frames[12]).toMatchObject({ frameIndex: 1 })
  })

  test.each([2, 4, 7, 13, 16])(
    'two gaps by turns go on after frame number %i was committed, in the same order',
    async (stopAfter) => {
      const request = {
        playheadFrame: 6,
        lastFrame: 12,
        spillFolder: join(spillFolder, `turns-${stopAfter}`),
      }
      const objects = [object(film, 'red', 0, [0, 6])]
      const whole = await outcome(asked(objects, request))
      let cursor: unknown
      let count = 0
      for await (const event of propagate(asked(objects, request), new AbortController().signal)) {
        if (event.type === 'note') continue
        cursor = JSON.parse(JSON.stringify(event.cursor))
        if (++count === stopAfter) break
      }
      const rest = await outcome(asked(objects, { ...request, resume: cursor }))
      const named = ({ frameIndex, masks }: PropagatedFrame) => ({ frameIndex, masks })
      expect(rest.frames.map(named)).toEqual(whole.frames.slice(stopAfter).map(named))
      rmSync(request.spillFolder, { recursive: true, force: true })
    },
  )

  test.each([4, 9, 15, 20])(
    'goes on after frame number %i was committed, with the same masks',
    async (stopAfter) => {
      const objects = [object(film, 'red', 0, [0, 13])]
      const whole = await outcome(asked(objects))
      const own = join(spillFolder, `stopped-${stopAfter}`)
      let cursor: unknown
      let count = 0
      for await (const event of propagate(
        asked(objects, { spillFolder: own }),
        new AbortController().signal,
      )) {
        if (event.type === 'note') continue
        cursor = JSON.parse(JSON.stringify(event.cursor))
        if (++count === stopAfter) break
      }
      const rest = await outcome(asked(objects, { spillFolder: own, resume: cursor }))
      expect(rest.frames.map((frame) => frame.frameIndex)).toEqual(
        whole.frames.slice(stopAfter).map((frame) => frame.frameIndex),
      )
      for (const frame of rest.frames) {
        const again = whole.frames[stopAfter + rest.frames.indexOf(frame)]!
        expect(sameRle(frame.masks[0]!.rle, again.masks[0]!.rle)).toBe(true)
      }
      rmSync(own, { recursive: true, force: true })
    },
  )

  test('begins anew where the key masks are others, or the spilled masks are gone', async () => {
    const objects = [object(film, 'red', 0, [0, 6])]
    const { frames } = await outcome(asked(objects, { lastFrame: 6 }))
    const cursor = frames[2]!.cursor
    expect((await outcome(asked(objects, { lastFrame: 6, resume: cursor }))).frames).toHaveLength(
      frames.length,
    )
    const others = [object(film, 'red', 0, [0, 5])]
    expect((await outcome(asked(others, { lastFrame: 5, resume: cursor }))).frames).toHaveLength(8)
  })

  test('a cancel ends it between two frames', async () => {
    const abort = new AbortController()
    let count = 0
    const run = async () => {
      for await (const event of propagate(
        asked([object(film, 'red', 0, [0])], { spillFolder: join(spillFolder, 'cancelled') }),
        abort.signal,
      ))
        if (event.type === 'frame' && ++count === 3) abort.abort()
    }
    await expect(run()).rejects.toThrow(/abort/i)
    expect(count).toBe(3)
    expect(existsSync(spillFolder)).toBe(true)
    rmSync(join(spillFolder, 'cancelled'), { recursive: true, force: true })
  })

  test('doubts a mask that is lost more than one that is followed', async () => {
    const leaving = new NoiseScene({
      ...size,
      frameCount,
      discs: [{ ...red, at: (t) => [112 + 7 * t, 50] }],
    })
    const result = await outcome(asked([object(leaving, 'red', 0, [0])], { source: leaving }))
    const good = (await outcome(asked([object(film, 'red', 0, [0, 6])], { lastFrame: 6 }))).masks.get(
      'red@1',
    )!
    expect(good.confidence).toBeGreaterThan(0.8)
    expect(good.doubt).toBeNull()
    const last = [...result.masks.values()].at(-1)!
    expect(last.confidence).toBeLessThan(good.confidence)
    expect(last.doubt).not.toBeNull()
  })
})
