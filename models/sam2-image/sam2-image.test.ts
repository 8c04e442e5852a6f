import { describe, expect, test } from 'vitest'
import {
  decodeRle,
  encodeRle,
  isEmptyRle,
  type Rle,
  rleArea,
  rleContains,
  rleIou,
} from '../../main/core/mask/rle.ts'
import type { ImagePrompt, MarkedPoint, NamedPicture } from '../image-segmenter.ts'
import type { Preprocessing } from '../manifest.ts'
import { floatValues, tensorBytes } from '../open-pack.ts'
import { type LoggedPack, packHere } from '../test-graphs/run-here.ts'
import {
  edgetamImageGraphs,
  type Sam2ImageGraphOptions,
  sam2ImageGraphs,
} from '../test-graphs/sam2-image-graphs.ts'
import { sam2Preprocessing } from '../test-graphs/sam2-video-graphs.ts'
import { Sam2Image } from './sam2-image.ts'

const size = { width: 32, height: 32 }
const nothing: ImagePrompt = { points: [], box: null, mask: null, before: null }

/** The red of a frame is its number. */
function picture(frame = 5, { width, height } = size): NamedPicture {
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < rgb.length; i += 3) rgb[i] = frame
  return { name: `film/${frame}`, width, height, rgb }
}

function sam2(options: Sam2ImageGraphOptions = {}, patch: Partial<Preprocessing> = {}): LoggedPack {
  return packHere(sam2ImageGraphs(options), {
    role: 'segment-image',
    contract: 'sam2-image',
    preprocessing: { ...sam2Preprocessing, ...patch },
  })
}

function edgetam(): LoggedPack {
  return packHere(edgetamImageGraphs(), {
    role: 'segment-image',
    contract: 'edgetam-image',
    preprocessing: sam2Preprocessing,
  })
}

const inside = (x: number, y: number): MarkedPoint => ({ x, y, inside: true })
const outside = (x: number, y: number): MarkedPoint => ({ x, y, inside: false })

function filled(test: (x: number, y: number) => boolean): Rle {
  const data = Uint8Array.from({ length: size.width * size.height }, (_, i) =>
    test((i % size.width) + 0.5, Math.floor(i / size.width) + 0.5) ? 1 : 0,
  )
  return encodeRle({ ...size, data })
}
const disc = (x: number, y: number, radius: number) => filled((px, py) => Math.hypot(px - x, py - y) < radius)
const rectangle = (x: number, y: number, w: number, h: number) =>
  filled((px, py) => px > x && px < x + w && py > y && py < y + h)

const numbers = (pack: LoggedPack, part: string, input: string) => [
  ...floatValues(pack.runs(part).at(-1)!.inputs[input]!),
]

describe('SAM 2', () => {
  test('a click is a point at its place in the input, and the mask comes back at the picture’s size', async () => {
    const pack = sam2()
    const { mask, confidence } = await new Sam2Image(pack).segment(picture(), {
      ...nothing,
      points: [inside(12, 20)],
    })
    expect(numbers(pack, 'decoder', 'point_coords')).toEqual([5.5, 9.5])
    expect(numbers(pack, 'decoder', 'point_labels')).toEqual([1])
    expect(rleIou(mask, disc(12, 20, 6))).toBeGreaterThan(0.9)
    expect(confidence).toBeCloseTo(0.9)
    expect(floatValues(pack.runs('decoder')[0]!.outputs.said_frame!)[0]).toBe(5)
  })

  test('a box is its two corners, before the marks', async () => {
    const pack = sam2()
    const { mask } = await new Sam2Image(pack).segment(picture(), {
      ...nothing,
      box: [4, 6, 16, 12],
      points: [outside(8, 10)],
    })
    expect(numbers(pack, 'decoder', 'point_labels')).toEqual([2, 3, 0])
    expect(numbers(pack, 'decoder', 'point_coords').slice(0, 4)).toEqual([1.5, 2.5, 9.5, 8.5])
    expect(rleContains(mask, 17, 15)).toBe(true)
    expect(rleContains(mask, 8, 10)).toBe(false)
    expect(rleContains(mask, 24, 10)).toBe(false)
  })

  test('a mask to correct is given as one, and a point that says outside takes its part away', async () => {
    const pack = sam2()
    const given = rectangle(8, 8, 16, 16)
    const segmenter = new Sam2Image(pack)
    const whole = await segmenter.segment(picture(), { ...nothing, mask: given })
    expect(rleIou(whole.mask, given)).toBeGreaterThan(0.8)
    expect(numbers(pack, 'decoder', 'point_labels')).toEqual([-1])
    expect(Math.max(...numbers(pack, 'decoder', 'mask_input'))).toBe(10)
    const cut = await segmenter.segment(picture(), { ...nothing, mask: given, points: [outside(16, 16)] })
    expect(rleContains(cut.mask, 16, 16)).toBe(false)
    expect(rleContains(cut.mask, 10, 10)).toBe(true)
  })

  test('without one the graph is told that there is none', async () => {
    const pack = sam2()
    await new Sam2Image(pack).segment(picture(), { ...nothing, points: [inside(4, 4)] })
    expect(numbers(pack, 'decoder', 'has_mask_input')).toEqual([0])
  })

  test('what an answer left is what the next mark corrects, in place of the mask', async () => {
    const pack = sam2()
    const segmenter = new Sam2Image(pack)
    const first = await segmenter.segment(picture(), { ...nothing, points: [inside(8, 8)] })
    const { mask } = await segmenter.segment(picture(), {
      ...nothing,
      points: [inside(24, 24)],
      mask: rectangle(0, 20, 8, 8),
      before: first.left,
    })
    expect(rleContains(mask, 8, 8)).toBe(true)
    expect(rleContains(mask, 24, 24)).toBe(true)
    expect(rleContains(mask, 3, 24)).toBe(false)
  })

  test('a further mark on the frame runs the decoder only; frames beyond the bytes are encoded anew', async () => {
    const pack = sam2()
    const perFrame = 2 * (4 * 4 + 16 * 16 + 8 * 8) * 4
    const segmenter = new Sam2Image(pack, 2.5 * perFrame)
    const click = (frame: number) => segmenter.segment(picture(frame), { ...nothing, points: [inside(8, 8)] })
    for (const frame of [1, 2, 1, 1, 3, 1]) await click(frame)
    expect(pack.runs('encoder').length).toBe(3)
    expect(tensorBytes(Object.values(pack.runs('encoder')[0]!.outputs))).toBe(perFrame)
    expect(segmenter.keptBytes).toBe(2 * perFrame)
    // Frame 2 was the longest unused.
    await click(2)
    expect(pack.runs('encoder').length).toBe(4)
    segmenter.forget('film/2')
    await click(2)
    expect(pack.runs('encoder').length).toBe(5)
  })

  test('of three masks the one with the highest predicted IoU', async () => {
    const { mask, confidence } = await new Sam2Image(sam2({ threeMasks: true })).segment(picture(), {
      ...nothing,
      points: [inside(12, 20)],
    })
    expect(rleIou(mask, disc(12, 20, 6))).toBeGreaterThan(0.9)
    expect(confidence).toBeCloseTo(0.9)
  })

  test('the older export is told the picture’s size, as whole numbers, and draws the mask itself', async () => {
    const pack = sam2({ originalSize: true })
    const wide = { width: 48, height: 32 }
    const segmenter = new Sam2Image(pack)
    const { mask, left } = await segmenter.segment(picture(1, wide), { ...nothing, points: [inside(12, 20)] })
    expect(pack.runs('decoder')[0]!.inputs.orig_im_size).toMatchObject({ data: BigInt64Array.of(32n, 48n) })
    expect(pack.runs('decoder')[0]!.outputs.masks!.dims).toEqual([1, 1, 32, 48])
    expect([mask.width, mask.height, left?.length]).toEqual([48, 32, 256])
    expect(rleContains(mask, 12, 20)).toBe(true)
    expect(rleContains(mask, 24, 20)).toBe(false)
  })

  test('where the picture does not fill the input, marks and mask find their places', async () => {
    const wide = { width: 32, height: 16 }
    for (const originalSize of [false, true]) {
      const pack = sam2({ originalSize }, { resize: 'letterbox' })
      const { mask } = await new Sam2Image(pack).segment(picture(1, wide), {
        ...nothing,
        points: [inside(24, 10)],
      })
      expect(numbers(pack, 'decoder', 'point_coords')).toEqual([11.5, 4.5])
      const { data } = decodeRle(mask)
      const xs = [...data.keys()].filter((i) => data[i]).map((i) => (i % 32) + 0.5)
      expect(xs.reduce((sum, x) => sum + x, 0) / xs.length).toBeCloseTo(24, 0)
    }
  })

  test('a decoder that takes no mask is shown the mask’s box and the point deepest inside', async () => {
    const pack = sam2({ plain: true })
    const segmenter = new Sam2Image(pack)
    const { left, confidence } = await segmenter.segment(picture(), {
      ...nothing,
      mask: rectangle(8, 8, 8, 8),
      points: [inside(26, 26)],
    })
    expect(numbers(pack, 'decoder', 'point_labels')).toEqual([2, 3, 1, 1])
    expect(left).toBeNull()
    // Nothing predicted: the mask’s own steadiness.
    expect(confidence).toBeGreaterThan(0.3)
    expect(confidence).toBeLessThan(0.9)
  })

  test('nothing found is an empty mask', async () => {
    const { mask } = await new Sam2Image(sam2()).segment(picture(), { ...nothing, points: [outside(8, 8)] })
    expect(isEmptyRle(mask)).toBe(true)
  })
})

describe('EdgeTAM', () => {
  test('the prompt’s fixed number of points is filled up with points that are none', async () => {
    const pack = edgetam()
    const segmenter = new Sam2Image(pack)
    expect(segmenter.mostPoints).toBe(4)
    const { mask, confidence } = await segmenter.segment(picture(), {
      ...nothing,
      points: [inside(12, 20), outside(12, 26)],
    })
    expect(numbers(pack, 'prompt-encoder', 'point_labels')).toEqual([1, 0, -1, -1])
    expect(rleContains(mask, 12, 20)).toBe(true)
    expect(rleContains(mask, 12, 25)).toBe(false)
    expect(confidence).toBeCloseTo(0.8)
  })

  test('of too many the marks made last', async () => {
    const pack = edgetam()
    const points = [0, 1, 2, 3, 4, 5].map((i) => inside(4 * i + 2, 16))
    await new Sam2Image(pack).segment(picture(), { ...nothing, points })
    const xs = numbers(pack, 'prompt-encoder', 'point_coords').filter((_, i) => i % 2 === 0)
    expect(xs).toEqual([2, 3, 4, 5].map((i) => 2 * i + 0.5))
  })

  test('a box goes where the graph asks for it, and its middle is the object until a mark says where it is', async () => {
    const pack = edgetam()
    const segmenter = new Sam2Image(pack)
    const { mask } = await segmenter.segment(picture(), { ...nothing, box: [8, 8, 16, 16] })
    expect(numbers(pack, 'prompt-encoder', 'box_coords')).toEqual([4, 4, 12, 12])
    expect(numbers(pack, 'prompt-encoder', 'point_labels')).toEqual([1, -1, -1, -1])
    expect(rleIou(mask, disc(16, 16, 6))).toBeGreaterThan(0.9)
    await segmenter.segment(picture(), { ...nothing, box: [8, 8, 16, 16], points: [inside(10, 10)] })
    expect(numbers(pack, 'prompt-encoder', 'point_coords').slice(0, 2)).toEqual([4.5, 4.5])
    expect(pack.runs('encoder').length).toBe(1)
  })

  test('what is left of an answer goes in as the mask, and nothing as zeros', async () => {
    const pack = edgetam()
    const segmenter = new Sam2Image(pack)
    const first = await segmenter.segment(picture(), { ...nothing, points: [inside(8, 8)] })
    expect(new Set(numbers(pack, 'prompt-encoder', 'mask_input'))).toEqual(new Set([0]))
    const next = await segmenter.segment(picture(), {
      ...nothing,
      points: [inside(24, 24)],
      before: first.left,
    })
    expect(rleContains(next.mask, 8, 8)).toBe(true)
    expect(rleArea(next.mask)).toBeGreaterThan(1.7 * rleArea(first.mask))
  })
})
