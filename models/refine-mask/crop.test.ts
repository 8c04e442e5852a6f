import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blended } from './blend.ts'
import { CropReader, cropAbout, cropLength, cropSide } from './crop.ts'
import { keyPlanes, keySight, stepPlanes, stepSight } from './sight.ts'

const size = { width: 120, height: 90 }
const length = size.width * size.height

/** A box with soft edges of half a pixel. */
function box(left: number, top: number, right: number, bottom: number): Float32Array {
  const cover = (at: number, first: number, end: number) =>
    Math.max(0, Math.min(at + 1, end) - Math.max(at, first))
  return Float32Array.from(
    { length },
    (_, i) => cover(i % size.width, left, right) * cover(Math.floor(i / size.width), top, bottom),
  )
}

const boxes = fc
  .tuple(
    fc.integer({ min: 0, max: 90 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 8, max: 30 }),
    fc.integer({ min: 8, max: 30 }),
  )
  .map(([x, y, w, h]) => [x, y, x + w, y + h] as const)

describe('where the network looks', () => {
  test('is a square that holds the object and some room on every side', () => {
    fc.assert(
      fc.property(boxes, ([left, top, right, bottom]) => {
        const crop = cropAbout(size, box(left, top, right, bottom))!
        expect(crop.left).toBeLessThanOrEqual(left - 5)
        expect(crop.top).toBeLessThanOrEqual(top - 5)
        expect(crop.left + crop.side).toBeGreaterThanOrEqual(right + 5)
        expect(crop.top + crop.side).toBeGreaterThanOrEqual(bottom + 5)
      }),
    )
  })

  test('does not grow because of a speck far off', () => {
    const mask = box(20, 20, 50, 50)
    const before = cropAbout(size, mask)
    for (const at of [0, 1, 2]) mask[length - 1 - at] = 1
    expect(cropAbout(size, mask)).toEqual(before)
  })

  test('is nowhere when hardly anything is left of the object', () => {
    expect(cropAbout(size, new Float32Array(length))).toBeNull()
    expect(cropAbout(size, box(10, 10, 13, 13))).toBeNull()
  })
})

describe('what it is shown', () => {
  test('a plane read through a crop of 192 pixels is the plane itself, its border going on outside', () => {
    const plane = Float32Array.from({ length }, (_, i) => (i % size.width) + 100 * (i % 2))
    const out = new Uint8Array(cropLength)
    new CropReader(size, { left: -10, top: -20, side: cropSide }).read(plane, 0, 1, 0, out, 0)
    for (const [x, y] of [
      [0, 0],
      [17, 30],
      [119, 89],
      [64, 5],
    ] as const)
      expect(out[(y + 20) * cropSide + x + 10]).toBe(plane[y * size.width + x])
    expect(out[0]).toBe(plane[0])
    expect(out[cropLength - 1]).toBe(plane[length - 1])
  })

  test('a pan of the camera is no motion, an object that moves against it is', () => {
    const prior = box(40, 30, 70, 60)
    const flow = new Float32Array(2 * length)
    for (let i = 0; i < length; i++) flow[i] = prior[i]! > 0.5 ? -3 : 5
    const picture = new Float32Array(16 * length)
    const view = {
      ...size,
      picture,
      neighbourPicture: picture,
      flow,
      prior,
      forest: prior,
      ratio: new Float32Array(length),
    }
    const crop = cropAbout(size, prior)!
    const sight = stepSight(view, crop)
    expect(sight.length).toBe(stepPlanes * cropLength)
    const middle = (cropSide / 2) * cropSide + cropSide / 2
    expect(sight[7 * cropLength]).toBe(128)
    expect(sight[7 * cropLength + middle]).toBe(128 - 8 * 8)
    expect(sight[8 * cropLength + middle]).toBe(128)
    expect(sight[3 * cropLength + middle]).toBe(255)
  })

  test('what the flow leads to and looks the same leaves no residual; what does not, does', () => {
    const picture = new Float32Array(16 * length)
    const neighbourPicture = new Float32Array(16 * length)
    for (let i = 0; i < length; i++) {
      picture[length + i] = (i % size.width) / 2
      neighbourPicture[length + i] = ((i % size.width) - 4) / 2
    }
    const prior = box(40, 30, 70, 60)
    const at = (shift: number) => {
      const flow = new Float32Array(2 * length)
      flow.fill(shift, 0, length)
      const view = { ...size, picture, neighbourPicture, flow, prior, forest: prior, ratio: prior }
      const sight = stepSight(view, cropAbout(size, prior)!)
      return sight[6 * cropLength + (cropSide / 2) * cropSide + cropSide / 2]
    }
    expect(at(4)).toBe(0)
    expect(at(0)).toBe(8)
  })

  test('a key frame is its colours and its mask', () => {
    const mask = box(40, 30, 70, 60)
    const picture = new Float32Array(16 * length)
    picture.fill(40, length, 2 * length)
    picture.fill(-20, 2 * length, 3 * length)
    const sight = keySight(size, picture, mask, cropAbout(size, mask)!)
    expect(sight.length).toBe(keyPlanes * cropLength)
    const middle = (cropSide / 2) * cropSide + cropSide / 2
    const planes = [0, 1, 2, 3].map((plane) => sight[plane * cropLength + middle])
    expect(planes).toEqual([102, 108, 128, 255])
    expect(sight[3 * cropLength]).toBe(0)
  })
})

describe('what comes of its answer', () => {
  test('no change leaves the mask as it was, but for what no forest is sure of', () => {
    fc.assert(
      fc.property(boxes, (corners) => {
        const mask = box(...corners).map((p) => Math.round((0.02 + 0.96 * p) * 255) / 255)
        const out = blended(size, mask, new Float32Array(cropLength), cropAbout(size, mask)!)
        expect(Math.max(...out.map((p, i) => Math.abs(p - mask[i]!)))).toBeLessThan(1e-6)
      }),
    )
  })

  test('a strong answer wins inside the crop, and nothing changes outside', () => {
    const mask = box(40, 30, 70, 60)
    const crop = { left: 30, top: 20, side: 50 }
    const out = blended(size, mask, new Float32Array(cropLength).fill(-12), crop)
    for (let y = 0, i = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++, i++) {
        const isInside = x >= 30 && x < 80 && y >= 20 && y < 70
        if (isInside) expect(out[i]).toBeLessThan(0.01)
        else expect(out[i]).toBe(mask[i])
      }
  })

  test('an answer lands on the pixels that the network was shown', () => {
    fc.assert(
      fc.property(boxes, (corners) => {
        const mask = box(...corners)
        const crop = cropAbout(size, mask)!
        const seen = new Uint8Array(cropLength)
        new CropReader(size, crop).read(mask, 0, 255, 0, seen, 0)
        const answer = Float32Array.from(seen, (p) => (p > 127 ? 12 : -12))
        const out = blended(size, new Float32Array(length).fill(0.5), answer, crop)
        const [left, top, right, bottom] = corners
        for (let y = top; y < Math.min(bottom, size.height); y++)
          for (let x = left; x < Math.min(right, size.width); x++)
            expect(out[y * size.width + x]).toBeGreaterThan(0.5)
      }),
    )
  })
})
