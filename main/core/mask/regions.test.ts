import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitmapArea } from './bitmap.ts'
import {
  type Connectivity,
  connectedComponents,
  floodedRegion,
  largestRegion,
  regionAt,
  withHolesFilled,
  withoutIslands,
} from './regions.ts'
import type { Bitmap } from './rle.ts'

const anyBitmap: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }), fc.integer({ min: 2, max: 8 }))
  .chain(([width, height, density]) =>
    fc.array(fc.nat(9), { minLength: width * height, maxLength: width * height }).map((values) => ({
      width,
      height,
      data: Uint8Array.from(values, (value) => (value < density ? 1 : 0)),
    })),
  )
const anyConnectivity = fc.constantFrom<Connectivity>(4, 8)

function drawn(...rows: string[]): Bitmap {
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0)),
  }
}

/** The region by repeated spreading to neighbours. */
function regionByDefinition(bitmap: Bitmap, x: number, y: number, connectivity: Connectivity): Uint8Array {
  const { width, data } = bitmap
  const region = new Uint8Array(data.length)
  region[y * width + x] = data[y * width + x]!
  for (let grew = true; grew; ) {
    grew = false
    for (let i = 0; i < data.length; i++) {
      if (!data[i] || region[i] || !neighbours(bitmap, i, connectivity).some((other) => region[other]))
        continue
      region[i] = 1
      grew = true
    }
  }
  return region
}

function neighbours({ width, height }: Bitmap, i: number, connectivity: Connectivity): number[] {
  const [x, y] = [i % width, Math.floor(i / width)]
  const found: number[] = []
  for (const dy of [-1, 0, 1])
    for (const dx of [-1, 0, 1]) {
      const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height
      if (inside && (connectivity === 8 || dx === 0 || dy === 0)) found.push((y + dy) * width + x + dx)
    }
  return found
}

describe('regions', () => {
  test('a region is what spreading from the pixel reaches', () => {
    fc.assert(
      fc.property(anyBitmap, fc.nat(15), fc.nat(15), anyConnectivity, (bitmap, a, b, connectivity) => {
        const x = a % bitmap.width
        const y = b % bitmap.height
        expect(regionAt(bitmap, x, y, connectivity).data).toEqual(
          regionByDefinition(bitmap, x, y, connectivity),
        )
      }),
    )
  })

  test('components are the regions, numbered in reading order, with area and box', () => {
    fc.assert(
      fc.property(anyBitmap, anyConnectivity, (bitmap, connectivity) => {
        const { labels, list } = connectedComponents(bitmap, connectivity)
        let known = 0
        for (let i = 0; i < labels.length; i++) {
          expect(labels[i] !== 0).toBe(bitmap.data[i] === 1)
          if (labels[i]! <= known) continue
          expect(labels[i]).toBe(++known)
          const region = regionAt(bitmap, i % bitmap.width, Math.floor(i / bitmap.width), connectivity)
          expect(labels.map((label) => (label === known ? 1 : 0))).toEqual(Int32Array.from(region.data))
          expect(list[known - 1]!.area).toBe(bitmapArea(region))
        }
        expect(list.length).toBe(known)
      }),
    )
  })

  test('boxes of components', () => {
    const { list } = connectedComponents(drawn('##..', '..#.', '...#', '#...'), 8)
    expect(list).toEqual([
      { area: 4, box: [0, 0, 4, 3] },
      { area: 1, box: [0, 3, 1, 1] },
    ])
    expect(connectedComponents(drawn('##..', '..#.', '...#', '#...'), 4).list.length).toBe(4)
  })
})

describe('flood fill on colours', () => {
  test('stops where a channel differs by more than the tolerance', () => {
    const data = new Uint8Array(5 * 4)
    for (const [i, red] of [10, 18, 20, 10, 10].entries()) data.set([red, 50, 50, 255], i * 4)
    const image = { width: 5, height: 1, data }
    expect([...floodedRegion(image, 0, 0, 8, 4).data]).toEqual([1, 1, 0, 0, 0])
    expect([...floodedRegion(image, 0, 0, 10, 4).data]).toEqual([1, 1, 1, 1, 1])
    expect([...floodedRegion(image, 4, 0, 0, 4).data]).toEqual([0, 0, 0, 1, 1])
    expect([...floodedRegion(image, 7, 0, 255, 4).data]).toEqual([0, 0, 0, 0, 0])
  })
})

describe('holes and islands', () => {
  const ring = drawn('.######.', '.#....#.', '.#.##.#.', '.#....#.', '.######.', '........', '#.......')

  test('holes are filled, openings to the outside are not', () => {
    expect(bitmapArea(withHolesFilled(ring))).toBe(6 * 5 + 1)
    const open = drawn('.###.', '.#.#.', '.#.#.')
    expect(withHolesFilled(open)).toEqual(open)
    // Set pixels that touch at corners close a hole.
    expect(bitmapArea(withHolesFilled(drawn('.#.', '#.#', '.#.')))).toBe(5)
  })

  test('only holes up to a size are filled', () => {
    expect(withHolesFilled(drawn('#####', '#.#.#', '###.#', '#####'), 1)).toEqual(
      drawn('#####', '###.#', '###.#', '#####'),
    )
  })

  test('islands below a size go, the largest stays', () => {
    expect(bitmapArea(withoutIslands(ring, 2))).toBe(bitmapArea(ring) - 1)
    expect(bitmapArea(withoutIslands(ring, 3))).toBe(18)
    expect(bitmapArea(largestRegion(ring))).toBe(18)
    expect(withoutIslands(ring, 1)).toEqual(ring)
  })

  test('agree with the components, whatever the mask, and leave the given one alone', () => {
    fc.assert(
      fc.property(anyBitmap, fc.integer({ min: 1, max: 9 }), (bitmap, size) => {
        const before = bitmap.data.slice()
        const kept = connectedComponents(withoutIslands(bitmap, size), 8).list
        expect(kept).toEqual(connectedComponents(bitmap, 8).list.filter(({ area }) => area >= size))
        const filled = withHolesFilled(bitmap)
        expect(withHolesFilled(filled)).toEqual(filled)
        expect(filled.data.every((value, i) => value >= bitmap.data[i]!)).toBe(true)
        expect(bitmap.data).toEqual(before)
      }),
    )
  })
})
