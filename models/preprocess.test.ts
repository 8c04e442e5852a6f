import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeRle, rleArea } from '../main/core/mask/rle.ts'
import type { Preprocessing } from './manifest.ts'
import { boxInInput, boxInPicture, placementOf, pointInInput, pointInPicture } from './placement.ts'
import { imageTensor, logitsInPicture, maskInInput, type Picture, unseenLogit } from './preprocess.ts'

const plain: Preprocessing = {
  colour: 'rgb',
  resize: 'stretch',
  width: 8,
  height: 6,
  layout: 'nchw',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
}
const resizes = ['stretch', 'letterbox', 'short-side'] as const
const sizes = fc.record({ width: fc.integer({ min: 1, max: 90 }), height: fc.integer({ min: 1, max: 90 }) })
const hows = fc
  .record({
    resize: fc.constantFrom(...resizes),
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
  })
  .map((fields) => ({ ...plain, ...fields }))
const part = fc.double({ min: 0, max: 1, noNaN: true })

const even = (size: { width: number; height: number }, rgb: readonly [number, number, number]): Picture => ({
  ...size,
  rgb: Uint8Array.from({ length: size.width * size.height * 3 }, (_, i) => rgb[i % 3]!),
})

describe('points and boxes', () => {
  test('come back from the input to where they were', () => {
    fc.assert(
      fc.property(hows, sizes, part, part, part, part, (how, size, u, v, w, h) => {
        const placement = placementOf(how, size)
        const point = { x: u * size.width, y: v * size.height }
        const back = pointInPicture(placement, pointInInput(placement, point))
        expect(back.x).toBeCloseTo(point.x, 6)
        expect(back.y).toBeCloseTo(point.y, 6)
        const box = [point.x, point.y, w * size.width, h * size.height] as const
        const again = boxInPicture(placement, boxInInput(placement, box))
        for (const i of [0, 1, 2, 3] as const) expect(again[i]).toBeCloseTo(box[i], 6)
      }),
    )
  })

  test('a letterboxed picture lies in the input whole; with the short side it covers the input', () => {
    fc.assert(
      fc.property(hows, sizes, (how, size) => {
        const [x, y, width, height] = boxInInput(placementOf(how, size), [0, 0, size.width, size.height])
        const slack = 1e-9
        if (how.resize !== 'short-side') {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(-slack)
          expect(x + width).toBeLessThanOrEqual(how.width + slack * 100)
          expect(y + height).toBeLessThanOrEqual(how.height + slack * 100)
        } else {
          expect(Math.max(x, y)).toBeLessThanOrEqual(slack)
          expect(x + width).toBeGreaterThanOrEqual(how.width - slack * 100)
        }
        if (how.resize !== 'stretch') expect(width / height).toBeCloseTo(size.width / size.height, 6)
      }),
    )
  })
})

describe('a frame as input', () => {
  test('one colour stays that colour, whatever the size', () => {
    fc.assert(
      fc.property(hows, sizes, (how, size) => {
        const { data, dims } = imageTensor(even(size, [10, 100, 200]), placementOf(how, size), how)
        expect(dims).toEqual([1, 3, how.height, how.width])
        if (how.resize === 'letterbox') return
        const plane = how.width * how.height
        for (let i = 0; i < plane; i++) {
          expect(data[i]).toBeCloseTo(10, 3)
          expect(data[plane + i]).toBeCloseTo(100, 3)
          expect(data[2 * plane + i]).toBeCloseTo(200, 3)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('colours are in the order asked for, scaled, and beside a letterboxed frame is nothing', () => {
    const size = { width: 4, height: 2 }
    const how = {
      ...plain,
      colour: 'bgr',
      resize: 'letterbox',
      layout: 'nhwc',
      width: 4,
      height: 4,
      scale: 1 / 255,
      mean: [0.5, 0, 0],
      std: [0.25, 1, 1],
    } as const
    const { data, dims } = imageTensor(even(size, [255, 51, 0]), placementOf(how, size), how)
    expect(dims).toEqual([1, 4, 4, 3])
    expect([...data.slice(0, 3)]).toEqual([-2, expect.closeTo(0.2), 1])
    expect([...data.slice(-3)]).toEqual([0, 0, 0])
  })

  test('a line thinner than a pixel of the input grows faint instead of vanishing, wherever it is', () => {
    for (let line = 0; line < 64; line++) {
      const rgb = new Uint8Array(64 * 3)
      rgb[line * 3] = 255
      const how = { ...plain, width: 8, height: 1 }
      const { data } = imageTensor(
        { width: 64, height: 1, rgb },
        placementOf(how, { width: 64, height: 1 }),
        how,
      )
      const red = [...data.slice(0, 8)].map(Number)
      expect(red.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(20)
      expect(Math.max(...red)).toBeLessThan(60)
    }
  })
})

describe('a mask', () => {
  const disc = (width: number, height: number, x: number, y: number, radius: number) =>
    encodeRle({
      width,
      height,
      data: Uint8Array.from({ length: width * height }, (_, i) =>
        Math.hypot((i % width) + 0.5 - x, Math.floor(i / width) + 0.5 - y) < radius ? 1 : 0,
      ),
    })

  test('keeps its area on the way to the input, at any grid', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('stretch' as const, 'letterbox' as const),
        fc.integer({ min: 40, max: 90 }),
        fc.integer({ min: 40, max: 90 }),
        fc.integer({ min: 12, max: 70 }),
        (resize, width, height, grid) => {
          const how = { ...plain, resize, width: 64, height: 64 }
          const mask = disc(width, height, width / 2, height / 2, Math.min(width, height) / 4)
          const placement = placementOf(how, { width, height })
          const drawn = maskInInput(mask, placement, { width: grid, height: grid })
          const unit = ((placement.scaleX * placement.scaleY) / (64 * 64)) * grid * grid
          const area = drawn.reduce((sum, value) => sum + value, 0) / unit
          expect(area / rleArea(mask)).toBeGreaterThan(0.97)
          expect(area / rleArea(mask)).toBeLessThan(1.03)
        },
      ),
      { numRuns: 80 },
    )
  })

  test('comes back from the input to where it was', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...resizes),
        fc.constantFrom('edges' as const, 'centres' as const),
        fc.integer({ min: 40, max: 90 }),
        fc.integer({ min: 40, max: 90 }),
        (resize, span, width, height) => {
          const how = { ...plain, resize, width: 65, height: 65 }
          const radius = Math.min(width, height) / 5
          const mask = disc(width, height, width / 2, height / 2, radius)
          const placement = placementOf(how, { width, height })
          // Where the grid spans the input by centres and has as many pixels, both spans are the same.
          const logits = maskInInput(mask, placement, { width: 65, height: 65 }).map((part) => part * 20 - 10)
          const back = logitsInPicture(logits, { width: 65, height: 65 }, placement, { width, height }, span)
          const found = encodeRle({
            width,
            height,
            data: Uint8Array.from(back, (logit) => (logit > 0 ? 1 : 0)),
          })
          expect(rleArea(found) / rleArea(mask)).toBeGreaterThan(0.9)
          expect(rleArea(found) / rleArea(mask)).toBeLessThan(1.1)
          const truth = disc(width, height, width / 2, height / 2, radius + 1.5)
          const both = back.filter((logit, i) => logit > 0 && !bitAt(truth, i)).length
          expect(both).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
    function bitAt(rle: ReturnType<typeof disc>, i: number): boolean {
      const x = (i % rle.width) + 0.5 - rle.width / 2
      const y = Math.floor(i / rle.width) + 0.5 - rle.height / 2
      return Math.hypot(x, y) < Math.min(rle.width, rle.height) / 5 + 1.5
    }
  })

  test('with centres that span the input, the corners of a coarse grid are those of the input', () => {
    const size = { width: 9, height: 9 }
    const placement = placementOf({ ...plain, width: 9, height: 9 }, size)
    const logits = Float32Array.of(0, 8, 0, 8)
    const row = (span: 'edges' | 'centres') =>
      [...logitsInPicture(logits, { width: 2, height: 2 }, placement, size, span).slice(0, 9)].map(Math.round)
    expect(row('centres')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(row('edges').slice(0, 3)).toEqual([0, 0, 0])
  })

  test('what the middle of the short side leaves out is nobody’s', () => {
    const size = { width: 20, height: 10 }
    const placement = placementOf({ ...plain, resize: 'short-side', width: 10, height: 10 }, size)
    const back = logitsInPicture(new Float32Array(100).fill(5), { width: 10, height: 10 }, placement, size)
    expect([back[4], back[5], back[14], back[15]]).toEqual([unseenLogit, 5, 5, unseenLogit])
  })
})
