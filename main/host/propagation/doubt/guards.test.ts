/** Small films in which one thing goes wrong, and what is said of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Disc, NoiseScene } from '../../../../native/noise-scene.ts'
import { encodeRle, type Rle, rleIou } from '../../../core/mask/rle.ts'
import type { ObjectId } from '../../../core/records.ts'
import { propagate } from '../propagate.ts'
import type { PropagatedMask, PropagationObject } from '../request.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-guards-test-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

const size = { width: 160, height: 100 }
const frameCount = 14
const red: Disc = { radius: 18, at: (t) => [40 + 3 * t, 45], rgb: [190, 80, 70] }

function film(discs: readonly Disc[]): NoiseScene {
  return new NoiseScene({ ...size, frameCount, discs })
}

/** Frames of one film before a moment, of another from then on. */
function spliced(before: NoiseScene, after: NoiseScene, at: number) {
  return {
    ...size,
    frameCount,
    read: async (t: number) => (t < at ? before : after).rgb(t),
    close: async () => {},
  }
}

/** Light of a whole frame's time. */
function exposed(scene: NoiseScene, t: number): Uint8Array {
  const moments = [-0.4, -0.2, 0, 0.2, 0.4].map((offset) => scene.rgb(t + offset))
  return moments[0]!.map((_, i) => moments.reduce((sum, rgb) => sum + rgb[i]!, 0) / moments.length)
}

function object(name: string, ...keys: readonly (readonly [frame: number, rle: Rle])[]): PropagationObject {
  return {
    id: name as ObjectId,
    name,
    stuff: false,
    order: 0,
    keys: keys.map(([frameIndex, rle]) => ({ frameIndex, rle, outside: false })),
  }
}

async function masksOf(
  source: Parameters<typeof propagate>[0]['source'],
  objects: readonly PropagationObject[],
): Promise<PropagatedMask[]> {
  const masks = new Map<string, PropagatedMask>()
  const run = propagate(
    {
      source,
      objects,
      firstFrame: 0,
      lastFrame: frameCount - 1,
      direction: 'both',
      playheadFrame: 0,
      seed: 5,
      threadCount: 2,
      spillFolder,
      isTaken: () => false,
    },
    new AbortController().signal,
  )
  for await (const event of run)
    if (event.type === 'frame')
      for (const mask of event.masks) masks.set(`${mask.objectId}@${event.frameIndex}`, mask)
  return [...masks.values()]
}

const doubtsOf = async (...asked: Parameters<typeof masksOf>) =>
  (await masksOf(...asked)).map((mask) => mask.doubt).filter((doubt) => doubt !== null)

const key = (scene: NoiseScene, frame: number, disc = 0) =>
  [frame, encodeRle(scene.truth(frame, disc))] as const

describe('guards', () => {
  test('say nothing of a calm film', async () => {
    const calm = film([red, { radius: 14, at: (t) => [125 - 2 * t, 80], rgb: [70, 90, 190] }])
    const objects = [object('red', key(calm, 0)), object('blue', key(calm, 0, 1), key(calm, 13, 1))]
    expect(await doubtsOf(calm, objects)).toEqual([])
  })

  test('an object that jumps', async () => {
    const jumping = film([{ ...red, at: (t) => [40 + 2 * t + (t >= 7 ? 20 : 0), 45] }])
    expect(await doubtsOf(jumping, [object('red', key(jumping, 0))])).toContainEqual(
      expect.stringMatching(/^It jumped \d+ px from the frame before\.$/),
    )
  })

  test('a sudden loss of area', async () => {
    const whole = film([red])
    const half = film([red, { radius: 30, at: (t) => [63 + 3 * t, 45], rgb: [110, 120, 90] }])
    expect(await doubtsOf(spliced(whole, half, 7), [object('red', key(whole, 0))])).toContainEqual(
      expect.stringMatching(/^It shrank to \d+ % of its size from the frame before\.$/),
    )
  })

  test('two objects that claim one place, each naming the other', async () => {
    const one = film([red])
    const rle = encodeRle(one.truth(0, 0))
    expect(new Set(await doubtsOf(one, [object('red', [0, rle]), object('Fox 2', [0, rle])]))).toEqual(
      new Set(['Claims the same place as Fox 2.', 'Claims the same place as red.']),
    )
  })

  test('keyframes that lead to different masks, with the mask of each', async () => {
    const two = film([red, { radius: 18, at: (t) => [130 - 3 * t, 75], rgb: [180, 90, 80] }])
    const middle = (await masksOf(two, [object('red', key(two, 0), key(two, 13, 1))]))[6]!
    expect(middle.doubt).toMatch(
      /^The keyframes before and after lead to different masks: \d+ % in common\.$/,
    )
    expect(rleIou(middle.sides!.left, encodeRle(two.truth(7, 0)))).toBeGreaterThan(0.6)
    expect(rleIou(middle.sides!.right, encodeRle(two.truth(7, 1)))).toBeGreaterThan(0.6)
  })

  test('sides are kept only where they disagree', async () => {
    const calm = film([red])
    for (const mask of await masksOf(calm, [object('red', key(calm, 0), key(calm, 13))]))
      expect(mask.sides).toBeNull()
  })

  test('a mask that spreads over what surrounds it', async () => {
    const small = film([{ ...red, radius: 14 }])
    const large = film([{ ...red, radius: 47 }])
    expect(await doubtsOf(spliced(small, large, 4), [object('red', key(small, 0))])).toContainEqual(
      expect.stringMatching(/times as large|spread along the border/),
    )
  })

  test('colours that no keyframe has', async () => {
    const films = Array.from({ length: frameCount }, (_, t) =>
      film([{ ...red, rgb: [190 - 10 * t, 80 + 3 * t, 70 + 10 * t] }]),
    )
    const source = { ...size, frameCount, read: async (t: number) => films[t]!.rgb(t), close: async () => {} }
    expect(await doubtsOf(source, [object('red', key(films[0]!, 0))])).toContain(
      'Its colours are unlike those on its keyframes.',
    )
  })

  test('an object that leaves', async () => {
    const leaving = film([{ ...red, at: (t) => [112 + 7 * t, 50] }])
    const found = await doubtsOf(leaving, [object('red', key(leaving, 0))])
    expect(found.at(-1)).toMatch(/lost|out of view/)
  })

  test('say nothing of fast motion and blur that are followed well, until it leaves', async () => {
    const quick = film([{ radius: 13, at: (t) => [16 + 11 * t, 50], rgb: [130, 112, 84] }])
    const source = {
      ...size,
      frameCount,
      read: async (t: number) => exposed(quick, t),
      close: async () => {},
    }
    expect(await doubtsOf(source, [object('red', key(quick, 0))])).toEqual([])
  })
})
