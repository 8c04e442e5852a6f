/** The other contract that follows objects, on the same way through the host. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { aotPreprocessing, aotVideoGraphs } from '../../../../models/test-graphs/aot-video-graphs.ts'
import { packHere } from '../../../../models/test-graphs/run-here.ts'
import { rleBounds } from '../../../core/mask/rle.ts'
import { propagate } from '../propagate.ts'
import { discObject, testFilm } from './test-film.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-aot-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('AOT carries two objects, one added later, from their key masks', async () => {
  const pack = packHere(aotVideoGraphs(), {
    role: 'segment-video',
    contract: 'aot-video',
    preprocessing: aotPreprocessing,
  })
  const places = { left: [16, 30], right: [46, 34] } as const
  const objects = [discObject('left', 0, [0, ...places.left]), discObject('right', 1, [4, ...places.right])]
  const run = propagate(
    {
      source: testFilm({ frameCount: 10 }),
      objects,
      firstFrame: 0,
      lastFrame: 9,
      direction: 'forward',
      playheadFrame: 0,
      seed: 1,
      threadCount: 1,
      spillFolder: folder,
      isTaken: () => false,
      videoNetwork: pack,
    },
    new AbortController().signal,
  )
  const found = new Map<string, number[]>()
  for await (const event of run)
    if (event.type !== 'note')
      for (const { objectId, rle } of event.masks) {
        const [x, y, width, height] = rleBounds(rle)!
        const [wantedX, wantedY] = places[objectId as unknown as keyof typeof places]
        expect(Math.hypot(x + width / 2 - wantedX, y + height / 2 - wantedY)).toBeLessThan(3)
        found.set(objectId, [...(found.get(objectId) ?? []), event.frameIndex])
      }
  expect(Object.fromEntries(found)).toEqual({ left: [1, 2, 3, 4, 5, 6, 7, 8, 9], right: [5, 6, 7, 8, 9] })
})
