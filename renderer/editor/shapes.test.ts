import { describe, expect, it } from 'vitest'
import { emptyBitmap, fillBox } from '../../main/core/mask/bitmap.ts'
import { encodeRle, encodeShape, type Rle } from '../../main/core/mask/rle.ts'
import { shapeHash } from '../../main/core/mask/shape-hash.ts'
import type { ShapeHash } from '../../main/core/records.ts'
import { ByteCache } from './byte-cache.ts'
import { Shapes } from './shapes.ts'

function square(x: number): Rle {
  const bitmap = emptyBitmap(64, 64)
  fillBox(bitmap, [x, 8, 8, 8], 1)
  return encodeRle(bitmap)
}

function hostWith(...rles: readonly Rle[]) {
  const stored = new Map(rles.map((rle) => [shapeHash(encodeShape(rle), 64, 64), encodeShape(rle)]))
  const batches: (readonly ShapeHash[])[] = []
  const fetch = async (hashes: readonly ShapeHash[]) => {
    batches.push(hashes)
    return hashes.map((hash) => stored.get(hash) ?? null)
  }
  return { hashes: [...stored.keys()], batches, shapes: new Shapes(fetch) }
}

describe('shapes', () => {
  it('are asked for once, in one batch, and tell when they have come', async () => {
    const { shapes, hashes, batches } = hostWith(square(0), square(8), square(16))
    const arrived = new Promise<void>((resolve) => shapes.listen(resolve))
    for (const hash of hashes) expect(shapes.rle(hash, 64, 64)).toBeUndefined()
    for (const hash of hashes) shapes.rle(hash, 64, 64)
    await arrived
    expect(batches).toEqual([hashes])
    expect(shapes.bitmap(hashes[1]!, 64, 64, [8, 8, 8, 8])?.data.every((value) => value === 1)).toBe(true)
  })

  it('that a project has not are not asked for again and again', async () => {
    const { shapes, batches } = hostWith()
    const hash = 'f'.repeat(32) as ShapeHash
    const arrived = new Promise<void>((resolve) => shapes.listen(resolve))
    shapes.rle(hash, 64, 64)
    await arrived
    expect(shapes.isMissing(hash)).toBe(true)
    shapes.rle(hash, 64, 64)
    await Promise.resolve()
    expect(batches).toHaveLength(1)
  })

  it('of changes under way are at hand without asking', () => {
    const { shapes, batches } = hostWith()
    const put = shapes.put(square(3))
    expect(shapes.rle(put.hash, 64, 64)?.counts).toEqual(square(3).counts)
    expect(batches).toEqual([])
  })
})

describe('a cache bounded by bytes', () => {
  it('lets go of what was used longest ago, never of the newest', () => {
    const cache = new ByteCache<string, number>(10)
    cache.set('a', 1, 4)
    cache.set('b', 2, 4)
    cache.get('a')
    cache.set('c', 3, 4)
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
    cache.set('huge', 4, 100)
    expect(cache.get('huge')).toBe(4)
    expect(cache.byteLength).toBe(100)
  })
})
