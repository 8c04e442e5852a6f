import { describe, expect, test } from 'vitest'
import { NoiseScene } from '../../../native/noise-scene.ts'
import type { Mark } from '../../core/api.ts'
import {
  decodeRle,
  encodeRle,
  isEmptyRle,
  type Rle,
  rleArea,
  rleContains,
  rleIou,
  rleOverlap,
  sameRle,
  subtractRle,
  unionRle,
} from '../../core/mask/rle.ts'
import { FrameEngine, type FrameHints, type FramePixels } from './frame-engine.ts'

const size = { width: 320, height: 200 }
const scene = new NoiseScene({
  ...size,
  frameCount: 2,
  pan: [0, 0],
  discs: [
    { radius: 34, at: () => [100, 90], rgb: [200, 70, 60] },
    { radius: 26, at: () => [230, 120], rgb: [60, 90, 200] },
  ],
})
const red = encodeRle(scene.truth(0, 0))
const blue = encodeRle(scene.truth(0, 1))
const engine = new FrameEngine()
const nothing: FrameHints = { mask: null, box: null, marks: [], colourCounts: null }

async function frame(): Promise<FramePixels> {
  return { name: 'scene/0', ...size, rgb: await scene.read(0) }
}

async function segmented(hints: Partial<FrameHints>) {
  return engine.segment(await frame(), { ...nothing, ...hints })
}

function mark(inside: boolean, points: readonly number[], radius = 4): Mark {
  return { inside, points, radius }
}

/** The disc of `red` without everything left of x = 90: as if a propagation had lost a piece. */
function bitten(): Rle {
  const bitmap = decodeRle(red)
  for (let y = 0; y < size.height; y++) bitmap.data.fill(0, y * size.width, y * size.width + 90)
  return encodeRle(bitmap)
}

/** On smooth water with a little grain: a disc, and from it a rope two pixels wide. */
function discOnARope(): { frame: FramePixels; disc: Rle } {
  const rgb = new Uint8Array(size.width * size.height * 3)
  const data = new Uint8Array(size.width * size.height)
  let random = 1
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % size.width, Math.floor(i / size.width)]
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff
    data[i] = Math.hypot(x - 100, y - 100) < 34 ? 1 : 0
    const isRope = Math.abs(y - 100) < 1 && x >= 134 && x < 220
    const colour = data[i] ? [200, 70, 60] : isRope ? [90, 80, 110] : [40, 110, 160]
    rgb.set(
      colour.map((value) => value + 10 * (random / 0x7fffffff - 0.5)),
      3 * i,
    )
  }
  return { frame: { name: 'rope/0', ...size, rgb }, disc: encodeRle({ ...size, data }) }
}

describe('marks on one frame', () => {
  test('a box becomes the object in it', async () => {
    const { mask, marked } = await segmented({ box: [60, 50, 80, 80] })
    expect(rleIou(mask, red)).toBeGreaterThan(0.93)
    expect(marked).toBeNull()
  })

  test('a scribble on the object and one beside it become the object', async () => {
    const { mask, marked } = await segmented({
      marks: [mark(true, [85, 90, 115, 90]), mark(false, [40, 40, 40, 150, 160, 150])],
    })
    expect(rleIou(mask, red)).toBeGreaterThan(0.9)
    expect(marked && rleContains(marked, 40, 100)).toBe(true)
  })

  test('one click is enough for an object that stands out', async () => {
    const { mask } = await segmented({ marks: [mark(true, [230, 120])] })
    expect(rleIou(mask, blue)).toBeGreaterThan(0.8)
  })

  test('a stroke gives a lost piece back', async () => {
    const { mask } = await segmented({ mask: bitten(), marks: [mark(true, [78, 75, 76, 105])] })
    expect(rleIou(mask, red)).toBeGreaterThan(0.95)
  })

  test('a stroke takes away what does not belong, and the rest stays to the pixel', async () => {
    const { mask } = await segmented({
      mask: unionRle(red, blue),
      marks: [mark(false, [222, 120, 238, 120])],
    })
    expect(rleOverlap(mask, blue)).toBeLessThan(rleOverlap(blue, blue) * 0.5)
    expect(rleIou(mask, red)).toBeGreaterThan(0.95)
    const farFromStroke = decodeRle(red, [60, 50, 80, 80])
    expect(decodeRle(mask, [60, 50, 80, 80]).data).toEqual(farFromStroke.data)
  })

  test('a click on a thin part far from the mask floods no ground around it', async () => {
    const { frame, disc } = discOnARope()
    const hints = { ...nothing, mask: disc, marks: [mark(true, [200, 100], 3)] }
    const { mask } = await engine.segment(frame, hints)
    expect(rleContains(mask, 200, 100)).toBe(true)
    expect(rleArea(subtractRle(mask, disc))).toBeLessThan(150)
    expect(isEmptyRle(subtractRle(disc, mask))).toBe(true)
  })

  test('a click that says outside in the middle of a right mask does not take the object away', async () => {
    for (const [object, x, y] of [
      [red, 100, 90],
      [blue, 230, 120],
    ] as const) {
      const { mask } = await segmented({ mask: object, marks: [mark(false, [x, y])] })
      expect(rleContains(mask, x, y)).toBe(false)
      expect(rleOverlap(mask, object)).toBeGreaterThan(0.6 * rleOverlap(object, object))
      expect(isEmptyRle(subtractRle(mask, object))).toBe(true)
    }
  })

  test('nothing beyond the box becomes the object, until a mark beyond it says so', async () => {
    const box = [60, 50, 40, 80] as const
    const bounded = await segmented({ box, marks: [mark(true, [85, 90])] })
    expect(rleContains(bounded.mask, 85, 90)).toBe(true)
    expect(rleContains(bounded.mask, 110, 90)).toBe(false)
    const { mask } = await segmented({ box, marks: [mark(true, [85, 90]), mark(true, [115, 90])] })
    expect(rleContains(mask, 110, 90)).toBe(true)
  })

  test('marked pixels are as marked, whatever the picture says; the later mark wins', async () => {
    const { mask, marked } = await segmented({
      box: [60, 50, 80, 80],
      marks: [mark(false, [90, 90, 110, 90], 3), mark(true, [150, 60], 3), mark(true, [100, 90], 3)],
    })
    for (const [x, y, inside] of [
      [90, 90, false],
      [110, 90, false],
      [100, 90, true],
      [150, 60, true],
    ] as const) {
      expect(rleContains(mask, x, y)).toBe(inside)
      expect(rleContains(marked!, x, y)).toBe(true)
    }
  })

  test('the same marks give the same mask', async () => {
    const hints = { box: [50, 40, 110, 110], marks: [mark(true, [100, 90])] } as const
    const first = await segmented(hints)
    const again = await new FrameEngine().segment(await frame(), { ...nothing, ...hints })
    expect(sameRle(first.mask, again.mask)).toBe(true)
  })

  test('marks at and beyond the edge of the picture are cut to it', async () => {
    const { mask, marked } = await segmented({
      marks: [mark(true, [-5, 10, 3, 10]), mark(false, [300, 190, 400, 260])],
    })
    expect(rleContains(mask, 2, 10)).toBe(true)
    expect(isEmptyRle(subtractRle(marked!, marked!))).toBe(true)
    expect(rleContains(mask, 310, 195)).toBe(false)
  })

  test.each([
    [[1, 2, 3], 4],
    [[], 4],
    [[Number.NaN, 1], 4],
    [[1, 2], 0],
  ])('refuses a mark of %j with radius %j by its number', async (points, radius) => {
    await expect(
      segmented({ marks: [mark(true, [100, 90]), mark(true, points, radius)] }),
    ).rejects.toMatchObject({
      code: 'bad-mark',
      message: /Mark 2/,
    })
  })
})
