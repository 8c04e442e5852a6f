import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyBitmap, fillBox } from '../../main/core/mask/bitmap.ts'
import { encodeRle, rleBounds } from '../../main/core/mask/rle.ts'
import { channels, patternOf } from './mask-layers.ts'
import { type MapEntry, MaskMap } from './mask-map.ts'

const width = 24
const height = 16

interface Square {
  readonly slot: number
  readonly box: readonly [number, number, number, number]
}

const square = fc.record({
  slot: fc.integer({ min: 1, max: 9 }),
  box: fc.tuple(
    fc.nat(width - 1),
    fc.nat(height - 1),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 12 }),
  ),
})
const scene = fc.uniqueArray(square, { selector: ({ slot }) => slot, maxLength: 6 })

function entry({ slot, box }: Square): MapEntry {
  const bitmap = emptyBitmap(width, height)
  fillBox(bitmap, box, 1)
  const rle = encodeRle(bitmap)
  return { slot, key: box.join(), rle, box: rleBounds(rle)! }
}

function ownersBySearch(squares: readonly Square[]): number[] {
  return Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / height), i % height]
    const owner = squares.findLast(
      ({ box }) => x >= box[0] && x < box[0] + box[2] && y >= box[1] && y < box[1] + box[3],
    )
    return owner?.slot ?? 0
  })
}

describe('the map of owners', () => {
  it('gives each pixel to the nearest mask, after any sequence of scenes', () => {
    fc.assert(
      fc.property(fc.array(scene, { minLength: 1, maxLength: 5 }), (scenes) => {
        const map = new MaskMap(width, height)
        for (const squares of scenes) {
          map.compose(squares.map(entry))
          expect([...map.slots]).toEqual(ownersBySearch(squares))
        }
      }),
    )
  })

  it('names every column that changed, so that the rest need not be uploaded', () => {
    fc.assert(
      fc.property(scene, scene, (before, after) => {
        const map = new MaskMap(width, height)
        map.compose(before.map(entry))
        const old = map.slots.slice()
        const range = map.compose(after.map(entry))
        map.slots.forEach((slot, i) => {
          if (slot === old[i]) return
          const x = Math.floor(i / height)
          expect(range !== null && x >= range.from && x < range.to).toBe(true)
        })
      }),
    )
  })

  it('has nothing to do for the same scene, and only the columns of a mask that moved', () => {
    const map = new MaskMap(width, height)
    const still = entry({ slot: 1, box: [0, 0, 4, 4] })
    map.compose([still, entry({ slot: 2, box: [10, 2, 3, 3] })])
    expect(map.compose([still, entry({ slot: 2, box: [10, 2, 3, 3] })])).toBeNull()
    expect(map.compose([still, entry({ slot: 2, box: [12, 2, 3, 3] })])).toEqual({ from: 10, to: 15 })
  })
})

describe('colours and patterns', () => {
  it('read a colour and give neighbours different patterns', () => {
    expect(channels('#e69f00')).toEqual([230, 159, 0])
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(patternOf)).size).toBe(8)
  })
})
