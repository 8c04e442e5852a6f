import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import * as native from '../../../../native/index.ts'
import { NoiseScene } from '../../../../native/noise-scene.ts'
import { encodeRle, sameRle } from '../../../core/mask/rle.ts'
import type { ObjectId } from '../../../core/records.ts'
import { propagate } from '../propagate.ts'
import type { PropagatedMask } from '../request.ts'
import { FlowCache, type FlowPlace } from './flow-cache.ts'
import { flowOptions } from './working-frames.ts'

const root = mkdtempSync(join(tmpdir(), 'inbetween-flow-cache-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder = root
let runs = 0
beforeEach(() => {
  folder = join(root, String(++runs))
})

const size = { width: 48, height: 32 }
const fileByteLength = 16 + size.width * size.height * 4
const place = (more: Partial<FlowPlace> = {}): FlowPlace => ({ folder, media: 'a film', ...more })
const opened = async (more: Partial<FlowPlace> = {}, options = flowOptions): Promise<FlowCache> =>
  (await FlowCache.open(place(more), size, options))!

/** Flow as the kernel gives it: whole 64ths of a pixel. */
function someFlow(seed: number): Float32Array {
  return Float32Array.from(
    { length: size.width * size.height * 2 },
    (_, i) => (((i * seed) % 977) - 400) / 64,
  )
}

async function keep(cache: FlowCache, frames: readonly number[]): Promise<void> {
  for (const frame of frames) cache.write(frame, frame + 1, someFlow(frame + 1))
  await cache.close()
}

describe('flow on disk', () => {
  test('comes back exactly, for the same film, size and options only', async () => {
    await keep(await opened(), [3])
    expect(await (await opened()).read(3, 4)).toEqual(someFlow(4))
    expect(await (await opened()).read(4, 3)).toBeNull()
    expect(await (await opened({ media: 'another film' })).read(3, 4)).toBeNull()
    expect(await (await opened({}, { ...flowOptions, patchStride: 3 })).read(3, 4)).toBeNull()
  })

  test('holds any flow of the kernel without loss, up to its limit', async () => {
    const step = fc.integer({ min: -511 * 64, max: 511 * 64 })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const flow = new Float32Array(size.width * size.height * 2)
        steps.forEach((value, i) => {
          flow[i * 70] = value / native.flowStepsAPixel
        })
        const cache = await opened()
        cache.write(0, 1, flow)
        await cache.close()
        expect(await (await opened()).read(0, 1)).toEqual(flow)
      }),
      { numRuns: 15, seed: 4 },
    )
  })

  test('keeps to its bytes, and the oldest goes first', async () => {
    await keep(await opened({ byteLimit: 3 * fileByteLength }), [0, 1, 2, 3, 4])
    const cache = await opened({ byteLimit: 3 * fileByteLength })
    expect(readdirSync(folder)).toHaveLength(3)
    expect(await cache.read(1, 2)).toBeNull()
    expect(await cache.read(2, 3)).toEqual(someFlow(3))
    await opened({ byteLimit: fileByteLength })
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('a file that is cut short or altered counts for nothing', async () => {
    await keep(await opened(), [0, 1])
    const [first, second] = readdirSync(folder).sort()
    truncateSync(join(folder, first!), 1000)
    const bytes = readFileSync(join(folder, second!))
    bytes[500]! ^= 1
    writeFileSync(join(folder, second!), bytes)
    const cache = await opened()
    expect(await cache.read(0, 1)).toBeNull()
    expect(await cache.read(1, 2)).toBeNull()
  })

  test('where nothing can be written there is no cache, and no error', async () => {
    writeFileSync(folder, 'a file where the folder should be')
    expect(await FlowCache.open(place(), size, flowOptions)).toBeNull()
  })

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'a folder that became read-only ends the keeping quietly',
    async () => {
      const cache = await opened()
      chmodSync(folder, 0o500)
      await keep(cache, [0])
      chmodSync(folder, 0o700)
      expect(readdirSync(folder)).toEqual([])
    },
  )
})

describe('propagation with flow on disk', () => {
  const disc = { radius: 18, at: (t: number) => [35 + 4 * t, 40] as const, rgb: [190, 80, 70] as const }
  const film = new NoiseScene({ width: 160, height: 100, frameCount: 10, pan: [1.5, 0], discs: [disc] })

  async function masks(
    keyFrames: readonly number[],
    flowPlace?: FlowPlace,
  ): Promise<Map<number, PropagatedMask>> {
    const keys = keyFrames.map((frameIndex) => ({
      frameIndex,
      rle: encodeRle(film.truth(frameIndex, 0)),
      outside: false,
    }))
    const request = {
      source: film,
      objects: [{ id: 'disc' as ObjectId, name: 'disc', stuff: false, order: 0, keys }],
      firstFrame: 0,
      lastFrame: 9,
      direction: 'forward',
      playheadFrame: 0,
      seed: 1,
      threadCount: 2,
      spillFolder: join(root, 'spill'),
      isTaken: () => false,
      ...(flowPlace ? { flowPlace } : {}),
    } as const
    const result = new Map<number, PropagatedMask>()
    for await (const event of propagate(request, new AbortController().signal))
      if (event.type === 'frame') result.set(event.frameIndex, event.masks[0]!)
    return result
  }

  /** A file that is computed again is written anew, under another inode. */
  const inodes = () => new Map(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).ino]))

  test('gives the same masks as without, written or read', async () => {
    const without = await masks([0])
    for (const round of ['written', 'read']) {
      const result = await masks([0], place())
      expect(result.size, round).toBe(9)
      for (const [frame, mask] of result) expect(sameRle(mask.rle, without.get(frame)!.rle), round).toBe(true)
    }
  })

  test('a second propagation after a correction computes no flow again', async () => {
    await masks([0], place())
    const before = inodes()
    expect(before.size).toBeGreaterThanOrEqual(9)
    await masks([0, 5], place())
    const after = inodes()
    for (const [name, inode] of before) expect(after.get(name)).toBe(inode)
  })

  test('a file cut short is computed again, to the same masks', async () => {
    const whole = await masks([0], place())
    const name = readdirSync(folder).find((each) => each.endsWith('-3-2.flow'))!
    truncateSync(join(folder, name), 100)
    const again = await masks([0], place())
    expect(statSync(join(folder, name)).size).toBeGreaterThan(60_000)
    for (const [frame, mask] of again) expect(sameRle(mask.rle, whole.get(frame)!.rle)).toBe(true)
  })
})
