/**
 * Whether memory stays flat on a long clip: `npm run bench -- memory [FRAMES]`. A made-up film of 160x96 with one object
 * and a key mask at each end, so that every soft mask of the first sweep waits for the second. The figure that matters
 * is the peak of the last tenth of the run over the peak of its second tenth.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRle } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import { propagate } from '../main/host/propagation/propagate.ts'
import { NoiseScene } from '../native/noise-scene.ts'
import type { BenchOutcome } from './bench.ts'

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const frameCount = Number(args[0] ?? 20_000)
  const disc = {
    radius: 16,
    at: (t: number) => [80 + 40 * Math.sin(t / 25), 48 + 20 * Math.cos(t / 40)] as const,
    rgb: [190, 80, 70] as const,
  }
  const source = new NoiseScene({ width: 160, height: 96, frameCount, pan: [0.7, 0], discs: [disc] })
  const keys = [0, frameCount - 1].map((frameIndex) => ({
    frameIndex,
    rle: encodeRle(source.truth(frameIndex, 0)),
    outside: false,
  }))
  const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-memory-'))
  const peaks = new Array<number>(10).fill(0)
  const total = 2 * (frameCount - 2)
  let done = 0
  let spilledBytes = 0
  const frames = propagate(
    {
      source,
      objects: [{ id: 'object' as ObjectId, name: 'object', stuff: false, order: 0, keys }],
      ...{ firstFrame: 0, lastFrame: frameCount - 1, direction: 'both', playheadFrame: 0 },
      ...{ seed: 1, threadCount: 2, spillFolder, isTaken: () => false },
    },
    new AbortController().signal,
  )
  for await (const event of frames) {
    if (event.type === 'note') continue
    const tenth = Math.min(9, Math.floor((10 * done++) / total))
    peaks[tenth] = Math.max(peaks[tenth]!, process.memoryUsage.rss())
    if (done % 1000 === 0)
      spilledBytes = Math.max(spilledBytes, statSync(join(spillFolder, 'stretch-0.soft')).size)
  }
  rmSync(spillFolder, { recursive: true, force: true })
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)
  const name = `${frameCount} frames`
  return {
    rows: [
      {
        case: name,
        metric: 'lastTenthOverSecondTenth',
        value: Math.round((1000 * peaks[9]!) / peaks[1]!) / 1000,
        unit: '',
      },
      ...peaks.map((peak, i) => ({
        case: name,
        metric: `peakRss, tenth ${i + 1}`,
        value: mebibytes(peak),
        unit: 'MiB',
      })),
      { case: name, metric: 'maskYields', value: done, unit: '' },
      { case: name, metric: 'spilled', value: mebibytes(spilledBytes), unit: 'MiB' },
    ],
    input: `a made-up film of 160x96 (native/noise-scene.ts), ${frameCount} frames, one object, key masks on the first and the last`,
  }
}
