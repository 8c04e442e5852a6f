import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as native from './index.ts'
import { NoiseScene } from './noise-scene.ts'
import { openCvFlow, openCvMissing } from './opencv-flow.ts'

const size = { width: 208, height: 144 }
const options: native.FlowOptions = { finestLevel: 0, patchStride: 3, descentSteps: 25, refineIterations: 5 }
const pool = native.createPool(2)

async function grey(scene: NoiseScene, t: number, pictureSize: native.Size = size): Promise<Float32Array> {
  const picture = new Float32Array(native.picturePlanes * pictureSize.width * pictureSize.height)
  await native.computePicture(pool, scene.rgb(t), scene, pictureSize, picture)
  return picture
}

async function flowBetween(from: Float32Array, to: Float32Array, threads = pool): Promise<Float32Array> {
  const flow = new Float32Array(2 * size.width * size.height)
  await native.computeFlow(threads, size, from, to, options, flow)
  return flow
}

/** Mean end-point error over the pixels that `counts` wants. */
function endPointError(
  flow: Float32Array,
  truth: (x: number, y: number) => readonly [number, number],
  counts: (x: number, y: number) => boolean,
): number {
  const { width, height } = size
  let sum = 0
  let pixels = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!counts(x, y)) continue
      const [u, v] = truth(x, y)
      sum += Math.hypot(flow[y * width + x]! - u, flow[width * height + y * width + x]! - v)
      pixels++
    }
  return sum / pixels
}

const awayFromBorder = (x: number, y: number) =>
  x >= 16 && y >= 16 && x < size.width - 16 && y < size.height - 16

describe('optical flow', () => {
  test('follows a pan of any direction within a fifth of a pixel', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: -6, max: 6, noNaN: true }),
        async (u, v) => {
          const scene = new NoiseScene({ ...size, frameCount: 2, discs: [], pan: [-u, -v] })
          const flow = await flowBetween(await grey(scene, 0), await grey(scene, 1))
          expect(endPointError(flow, () => [u, v], awayFromBorder)).toBeLessThan(0.2)
        },
      ),
      { numRuns: 12, seed: 3 },
    )
  })

  const moving = new NoiseScene({
    ...size,
    frameCount: 2,
    pan: [1.5, -0.5],
    discs: [{ radius: 36, at: (t) => [100 + 7 * t, 70 + 3 * t], rgb: [170, 90, 70] }],
  })
  const truth = (x: number, y: number): readonly [number, number] =>
    Math.hypot(x - 100, y - 70) <= 36 ? [7, 3] : [-1.5, 0.5]
  const notCovered = (x: number, y: number) =>
    awayFromBorder(x, y) && Math.abs(Math.hypot(x - 100, y - 70) - 36) > 8

  test('keeps an object that moves apart from the ground', async () => {
    const flow = await flowBetween(await grey(moving, 0), await grey(moving, 1))
    expect(endPointError(flow, truth, notCovered)).toBeLessThan(0.35)
  })

  test('is the same for any number of threads', async () => {
    const [from, to] = [await grey(moving, 0), await grey(moving, 1)]
    const alone = await flowBetween(from, to, native.createPool(1))
    for (const threads of [2, 5])
      expect(await flowBetween(from, to, native.createPool(threads))).toEqual(alone)
  })

  test('works on pictures smaller than a patch', async () => {
    const tiny = { width: 5, height: 3 }
    const scene = new NoiseScene({ ...tiny, frameCount: 2, discs: [] })
    const [from, to] = [await grey(scene, 0, tiny), await grey(scene, 1, tiny)]
    const flow = new Float32Array(2 * 15).fill(Number.NaN)
    await native.computeFlow(pool, tiny, from, to, options, flow)
    expect(flow.every((v) => Math.abs(v) < 0.5)).toBe(true)
  })

  test.skipIf(openCvMissing() !== null)(
    `is as exact as OpenCV's (${openCvMissing() ?? 'installed'})`,
    async () => {
      const [from, to] = [await grey(moving, 0), await grey(moving, 1)]
      const theirs = openCvFlow(
        from.subarray(0, size.width * size.height),
        to.subarray(0, size.width * size.height),
        size,
        0,
      )
      const ours = await flowBetween(from, to)
      expect(endPointError(ours, truth, notCovered)).toBeLessThan(
        1.15 * endPointError(theirs.flow, truth, notCovered) + 0.02,
      )
    },
  )

  test('refuses arrays that are too short', () => {
    expect(() =>
      native.computeFlow(
        pool,
        size,
        new Float32Array(10),
        new Float32Array(10),
        options,
        new Float32Array(10),
      ),
    ).toThrow(/too short/)
  })
})
