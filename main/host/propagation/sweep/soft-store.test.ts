import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type SoftMask, SoftStore } from './soft-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-soft-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const size = { width: 23, height: 17 }
const report = {
  priorArea: 12.5,
  area: 13,
  margin: 0.5,
  residual: 4,
  priorOverlap: 0.75,
  centroidX: 3,
  centroidY: 4,
  borderPart: 0.25,
}

/** In 255ths, as the forest gives them. */
const masks = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 391, maxLength: 391 })
  .map((values) => Float32Array.from(values, (v) => (v < 200 ? 0 : v / 255)))

function soft(mask: Float32Array, area = 13): SoftMask {
  return { mask, report: { ...report, area }, presence: 'seen' }
}

describe('soft masks on disk', () => {
  test('come back as they were put, the last one of a frame standing', async () => {
    const store = await SoftStore.open(join(folder, 'a', 'b.soft'), size, 100, 10, false)
    await fc.assert(
      fc.asyncProperty(masks, masks, fc.integer({ min: 100, max: 109 }), async (first, second, frame) => {
        await store.put('left', 3, frame, soft(first))
        await store.put('right', 3, frame, soft(second, 7))
        await store.put('left', 3, frame, soft(second))
        expect(await store.get('left', 3, frame)).toEqual(soft(second))
        expect(await store.get('right', 3, frame)).toEqual(soft(second, 7))
        expect(await store.get('left', 4, frame)).toBeNull()
      }),
      { numRuns: 40 },
    )
    await store.close()
  })

  test('are found again after a restart, a torn last one left out', async () => {
    const path = join(folder, 'torn.soft')
    const store = await SoftStore.open(path, size, 0, 5, false)
    const mask = new Float32Array(391).fill(1, 50, 120)
    for (const frame of [0, 1, 2]) await store.put('left', 0, frame, soft(mask, frame))
    await store.close()
    truncateSync(path, statSync(path).size - 3)
    const again = await SoftStore.open(path, size, 0, 5, true)
    expect([0, 1, 2, 3].map((frame) => again.has('left', 0, frame))).toEqual([true, true, false, false])
    await again.put('left', 0, 2, soft(mask, 22))
    await again.close()
    const third = await SoftStore.open(path, size, 0, 5, true)
    expect((await third.get('left', 0, 2))?.report.area).toBe(22)
    expect((await third.get('left', 0, 1))?.mask).toEqual(mask)
    await third.close()
  })

  test('a file of something else is taken for an empty one', async () => {
    const path = join(folder, 'else.soft')
    appendFileSync(path, 'x'.repeat(500))
    const store = await SoftStore.open(path, size, 0, 5, true)
    expect(store.has('left', 0, 0)).toBe(false)
    await store.put('left', 0, 0, soft(new Float32Array(391)))
    expect((await store.get('left', 0, 0))?.mask).toEqual(new Float32Array(391))
    await store.close()
    await store.remove()
  })
})
