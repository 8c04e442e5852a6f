import { describe, expect, test } from 'vitest'
import * as native from './index.ts'
import { NoiseScene } from './noise-scene.ts'

const size = { width: 160, height: 120 }
const length = size.width * size.height
const options: native.ForestOptions = {
  treeCount: 12,
  maxDepth: 12,
  minLeaf: 6,
  tries: 24,
  gainSamples: 1000,
}
const centre = [80, 60] as const
const scene = new NoiseScene({
  ...size,
  frameCount: 4,
  pan: [1, 0],
  discs: [{ radius: 24, at: (t) => [centre[0] + 3 * t, centre[1]], rgb: [190, 80, 70] }],
})

interface Learnt {
  readonly forest: native.Forest
  readonly colourRatio: Float32Array
}

async function viewOf(t: number, colourRatio: Float32Array, pool: native.Pool): Promise<native.View> {
  const picture = new Float32Array(native.picturePlanes * length)
  const neighbourPicture = new Float32Array(native.picturePlanes * length)
  const flow = new Float32Array(2 * length)
  await native.computePicture(pool, scene.rgb(t), size, size, picture)
  await native.computePicture(pool, scene.rgb(t - 1), size, size, neighbourPicture)
  await native.computeFlow(
    pool,
    size,
    picture,
    neighbourPicture,
    { finestLevel: 1, patchStride: 3, descentSteps: 25, refineIterations: 3 },
    flow,
  )
  return { ...size, picture, neighbourPicture, flow, colourRatio }
}

function truthAt(t: number): Float32Array {
  return Float32Array.from(scene.truth(t, 0).data)
}

async function shifted(mask: Float32Array, x: number, y: number, scale = 1): Promise<Float32Array> {
  const out = new Float32Array(length)
  await native.jitterMask(size, mask, 0, scale, x, y, out)
  return out
}

/** Learns frame 1 of the scene from wrong priors. */
async function learnt(pool: native.Pool, seed: number): Promise<Learnt> {
  const colourRatio = new Float32Array(native.colourBins)
  const counts = new Float32Array(2 * native.colourBins)
  const view = await viewOf(1, colourRatio, pool)
  await native.addColours(size, view.picture, truthAt(1), counts)
  await native.colourRatio(counts, colourRatio)
  const samples = native.createSamples()
  for (const [x, y, scale] of [
    [0, 0, 1],
    [6, 2, 1],
    [-5, 4, 1.1],
    [2, -6, 0.9],
    [-7, -3, 1],
  ] as const)
    await native.addSamples(
      samples,
      pool,
      view,
      await shifted(truthAt(1), x, y, scale),
      truthAt(1),
      2000,
      1,
      seed + x + 10,
    )
  expect(native.countSamples(samples)).toBeGreaterThan(5000)
  return { forest: await native.growForest(pool, samples, options, seed), colourRatio }
}

async function corrected(model: Learnt, pool: native.Pool, prior: Float32Array): Promise<Float32Array> {
  const out = new Float32Array(length)
  await native.refineMask(model.forest, pool, await viewOf(3, model.colourRatio, pool), prior, out)
  return out
}

describe('the forest', () => {
  const pool = native.createPool(2)

  test('corrects a wrong prior on a frame it has not seen', async () => {
    const model = await learnt(pool, 1)
    for (const [x, y] of [
      [6, 0],
      [-4, 5],
      [0, -6],
    ] as const) {
      const prior = await shifted(truthAt(3), x, y)
      const before = await native.overlapOfMasks(size, prior, truthAt(3))
      const after = await native.overlapOfMasks(size, await corrected(model, pool, prior), truthAt(3))
      expect(before).toBeLessThan(0.85)
      expect(after).toBeGreaterThan(0.94)
    }
  })

  test('keeps far from the prior what the prior says, and finds nothing where there was nothing', async () => {
    const model = await learnt(pool, 1)
    const out = await corrected(model, pool, truthAt(3))
    expect(out[0]).toBe(0)
    const nothing = await corrected(model, pool, new Float32Array(length))
    expect(nothing.every((p) => p === 0)).toBe(true)
  })

  test('is the same for any number of threads, and another for another seed', async () => {
    const prior = await shifted(truthAt(3), 5, 2)
    const masks: Float32Array[] = []
    for (const threads of [1, 2, 4]) {
      const own = native.createPool(threads)
      masks.push(await corrected(await learnt(own, 7), own, prior))
    }
    expect(masks[1]).toEqual(masks[0])
    expect(masks[2]).toEqual(masks[0])
    expect(await corrected(await learnt(pool, 8), pool, prior)).not.toEqual(masks[0])
  })

  test('answers in 255ths to the last bit, as a byte gives them back', async () => {
    const out = await corrected(await learnt(pool, 1), pool, await shifted(truthAt(3), 3, 3))
    expect(out.every((p) => p >= 0 && p <= 1 && p === Math.fround(Math.round(p * 255) / 255))).toBe(true)
  })

  test('reports what it did', async () => {
    const model = await learnt(pool, 1)
    const prior = await shifted(truthAt(3), 6, 0)
    const out = new Float32Array(length)
    const report = await native.refineMask(
      model.forest,
      pool,
      await viewOf(3, model.colourRatio, pool),
      prior,
      out,
    )
    expect(report.area).toBeCloseTo(
      out.reduce((sum, p) => sum + p, 0),
      0,
    )
    expect(report.centroidX).toBeCloseTo(centre[0] + 9, 0)
    expect(report.centroidY).toBeCloseTo(centre[1], 0)
    expect(report.margin).toBeGreaterThan(0.5)
    expect(report.priorOverlap).toBeGreaterThan(0.6)
    expect(report.priorOverlap).toBeLessThan(0.9)
  })

  test('cannot be grown from nothing', async () => {
    await expect(native.growForest(pool, native.createSamples(), options, 1)).rejects.toThrow()
  })
})
