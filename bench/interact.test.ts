import { expect, test } from 'vitest'
import type { Mark } from '../main/core/api.ts'
import { bitmapBounds } from '../main/core/mask/bitmap.ts'
import { type Bitmap, decodeRle } from '../main/core/mask/rle.ts'
import { jaccard } from '../main/core/mask/score.ts'
import type { Box } from '../main/core/records.ts'
import { FrameEngine } from '../main/host/segment/frame-engine.ts'
import { type Disc, NoiseScene } from '../native/noise-scene.ts'
import { nextMark } from './interact-frames.ts'

const size = { width: 320, height: 200 }

function disc(x: number, y: number, radius: number, rgb: Disc['rgb']): Disc {
  return { radius, at: () => [x, y], rgb }
}

/** The object is the first two discs together. */
const scenes: readonly [name: string, discs: readonly Disc[]][] = [
  ['of two colours', [disc(130, 100, 36, [200, 70, 60]), disc(180, 100, 30, [60, 90, 200])]],
  ['like the ground', [disc(150, 95, 40, [120, 126, 98]), disc(180, 120, 30, [124, 116, 92])]],
  [
    'beside one of its own colour',
    [disc(120, 100, 34, [180, 90, 70]), disc(150, 110, 24, [170, 80, 70]), disc(196, 100, 22, [180, 90, 70])],
  ],
]

async function annotated(discs: readonly Disc[]): Promise<number[]> {
  const scene = new NoiseScene({ ...size, frameCount: 1, discs })
  const truth: Bitmap = scene.truth(0, 0)
  const second = scene.truth(0, 1)
  truth.data.forEach((_, i) => {
    if (second.data[i]) truth.data[i] = 1
  })
  const [x, y, width, height] = bitmapBounds(truth)!
  const box: Box = [x - 4, y - 4, width + 8, height + 8]
  const engine = new FrameEngine()
  const marks: Mark[] = []
  const ious: number[] = []
  for (let count = 1; count <= 6; count++) {
    const hints = { mask: null, box, marks, colourCounts: null }
    const { mask } = await engine.segment({ name: 'scene', ...size, rgb: scene.rgb(0) }, hints)
    ious.push(jaccard(decodeRle(mask), truth))
    const next = nextMark(decodeRle(mask), truth)
    if (next) marks.push(next)
  }
  return ious
}

test.each(scenes)('marks where it is wrong lead to the object: %s', async (_, discs) => {
  const ious = await annotated(discs)
  expect(ious[0]).toBeGreaterThan(0.4)
  ious.forEach((iou, i) => {
    if (i > 0) expect(iou, `after ${i + 1}: ${ious}`).toBeGreaterThan(ious[i - 1]! - 0.02)
  })
  expect(ious.at(-1), `${ious}`).toBeGreaterThan(0.85)
})
