import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRle, encodeRle } from '../main/core/mask/rle.ts'
import * as native from './index.ts'

const pool = native.createPool(2)

/** Sizes, and rectangles and discs to make masks of. */
const shapes = fc.record({
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
  blobs: fc.array(
    fc.record({
      x: fc.double({ min: 0, max: 1, noNaN: true }),
      y: fc.double({ min: 0, max: 1, noNaN: true }),
      r: fc.double({ min: 0, max: 0.6, noNaN: true }),
    }),
    { maxLength: 4 },
  ),
})

function bitmapOf({
  width,
  height,
  blobs,
}: {
  width: number
  height: number
  blobs: readonly { x: number; y: number; r: number }[]
}) {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (blobs.some((b) => Math.hypot((x + 0.5) / width - b.x, (y + 0.5) / height - b.y) < b.r))
        data[y * width + x] = 1
  return { width, height, data }
}

function softOf(shape: Parameters<typeof bitmapOf>[0]): Float32Array {
  return Float32Array.from(bitmapOf(shape).data)
}

describe('shrinking a mask to working size', () => {
  test('keeps its area, and is the mask itself at the same size', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.double({ min: 0.1, max: 1, noNaN: true }), async (shape, part) => {
        const bitmap = bitmapOf(shape)
        const size = { width: Math.ceil(shape.width * part), height: Math.ceil(shape.height * part) }
        const mask = new Float32Array(size.width * size.height)
        await native.shrinkMask(encodeRle(bitmap).counts, shape, size, mask)
        const area = bitmap.data.reduce((sum, v) => sum + v, 0) / (shape.width * shape.height)
        expect(mask.reduce((sum, v) => sum + v, 0) / mask.length).toBeCloseTo(area, 4)
        const same = new Float32Array(bitmap.data.length)
        await native.shrinkMask(encodeRle(bitmap).counts, shape, shape, same)
        expect(Array.from(same, Math.round)).toEqual(Array.from(bitmap.data))
      }),
      { numRuns: 60 },
    )
  })

  test('refuses runs that do not add up to the picture', async () => {
    const size = { width: 4, height: 4 }
    await expect(native.shrinkMask(Uint32Array.of(3, 5), size, size, new Float32Array(16))).rejects.toThrow()
  })
})

describe('merging many objects', () => {
  test('gives every pixel exactly one owner, the likeliest one, and none where nothing is likely', async () => {
    const many = fc.tuple(
      shapes,
      fc.array(shapes, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 3 }),
    )
    await fc.assert(
      fc.asyncProperty(many, async ([size, objects, scale]) => {
        const masks = objects.map((object, i) =>
          softOf({ ...object, ...size }).map((v) => v * (0.4 + (0.6 * ((i * 7919) % 10)) / 10)),
        )
        const full = { width: size.width * scale, height: size.height * scale }
        const counts = await native.mergeMasks(pool, size, full, masks, [])
        const owned = counts.map((each) => decodeRle({ ...full, counts: each }).data)
        for (let i = 0; i < full.width * full.height; i++) {
          const owners = owned.filter((bitmap) => bitmap[i] === 1).length
          expect(owners).toBeLessThanOrEqual(1)
          if (scale !== 1) continue
          const best = Math.max(...masks.map((mask) => mask[i]!))
          expect(owners).toBe(best > 0.5 ? 1 : 0)
          const owner = owned.findIndex((bitmap) => bitmap[i] === 1)
          if (owner >= 0) expect(masks[owner]![i]).toBe(best)
        }
      }),
      { numRuns: 80 },
    )
  })

  test('leaves reserved pixels to those who have them, and lets the later of equals win', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, shapes, async (a, b, kept) => {
        const size = { width: a.width, height: a.height }
        const masks = [softOf(a), softOf({ ...b, ...size })]
        const reserved = bitmapOf({ ...kept, ...size })
        const counts = await native.mergeMasks(pool, size, size, masks, [encodeRle(reserved).counts])
        const [first, second] = counts.map((each) => decodeRle({ ...size, counts: each }).data) as [
          Uint8Array,
          Uint8Array,
        ]
        for (let i = 0; i < first.length; i++) {
          expect(second[i]).toBe(reserved.data[i] ? 0 : masks[1]![i])
          expect(first[i]).toBe(reserved.data[i] || second[i] ? 0 : masks[0]![i])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('gives what is left over to the best claimants, the strongest first, as far as is asked', async () => {
    const size = { width: 10, height: 2 }
    const soft = (value: (x: number) => number) =>
      Float32Array.from({ length: 20 }, (_, i) => value(i % 10) / 255)
    // From left to right: ten columns of the left one, less and less; the right one claims two of them better.
    const left = soft((x) => [255, 250, 200, 120, 100, 80, 60, 40, 3, 0][x]!)
    const right = soft((x) => [0, 0, 0, 0, 110, 0, 0, 0, 0, 0][x]!)
    const ownersAt = async (unlabelled: number) => {
      const counts = await native.mergeMasks(pool, size, size, [left, right], [], unlabelled)
      const [a, b] = counts.map((each) => decodeRle({ ...size, counts: each }).data)
      return Array.from({ length: 10 }, (_, x) => (a![x] ? 'l' : b![x] ? 'r' : '.')).join('')
    }
    expect(await ownersAt(1)).toBe('lll.......')
    expect(await ownersAt(0.7)).toBe('lll.......')
    expect(await ownersAt(0.5)).toBe('llllr.....')
    // Nobody is made to own what nobody claims.
    expect(await ownersAt(0)).toBe('llllrlll..')
  })

  test('what is left over stays with those who have it reserved', async () => {
    const size = { width: 4, height: 1 }
    const faint = new Float32Array(4).fill(0.3)
    const reserved = [encodeRle({ ...size, data: Uint8Array.of(1, 1, 0, 0) }).counts]
    const [counts] = await native.mergeMasks(pool, size, size, [faint], reserved, 0)
    expect(Array.from(decodeRle({ ...size, counts: counts! }).data)).toEqual([0, 0, 1, 1])
  })

  test('writes runs as the core does', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const [counts] = await native.mergeMasks(pool, shape, shape, [softOf(shape)], [])
        expect(Array.from(counts!)).toEqual(Array.from(encodeRle(bitmapOf(shape)).counts))
      }),
      { numRuns: 60 },
    )
  })
})

describe('moving and joining masks', () => {
  test('no flow and no jitter change nothing; a whole-pixel flow shifts', async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: -5, max: 5 }),
        async (shape, u, v) => {
          const { width, height } = shape
          const mask = softOf(shape)
          const out = new Float32Array(mask.length)
          await native.warpMask(pool, shape, mask, new Float32Array(2 * mask.length), out)
          expect(out).toEqual(mask)
          await native.jitterMask(shape, mask, 0, 1, 0, 0, out)
          expect(Array.from(out, Math.round)).toEqual(Array.from(mask))
          const flow = new Float32Array(2 * mask.length).fill(u, 0, mask.length).fill(v, mask.length)
          await native.warpMask(pool, shape, mask, flow, out)
          const clamp = (at: number, length: number) => Math.max(0, Math.min(length - 1, at))
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              expect(out[y * width + x]).toBe(mask[clamp(y + v, height) * width + clamp(x + u, width)])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('joining weighs both sides and tells how far they agree', async () => {
    const size = { width: 4, height: 1 }
    const out = new Float32Array(4)
    const agreement = await native.fuseMasks(
      size,
      Float32Array.of(1, 1, 0, 0),
      Float32Array.of(0, 1, 1, 0),
      0.75,
      out,
    )
    expect(agreement).toBeCloseTo(1 / 3)
    expect(Array.from(out)).toEqual([0.75, 1, 0.25, 0])
    expect(await native.overlapOfMasks(size, new Float32Array(4), new Float32Array(4))).toBe(1)
  })
})
