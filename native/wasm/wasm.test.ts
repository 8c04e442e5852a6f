import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeRle, encodeRle } from '../../main/core/mask/rle.ts'
import { jaccard } from '../../main/core/mask/score.ts'
import { type Binding, kernels } from '../addon.ts'
import { createWasmBinding } from './binding.ts'

const folder = import.meta.dirname
/** Plain JavaScript, because the install runs it. */
const { kernelsHash } = (await import(new URL('../kernels-hash.mjs', import.meta.url).href)) as {
  kernelsHash(): string
}
const width = 96
const height = 64
const pixels = width * height

/** A disc of one colour on a textured ground; moved by (dx, dy). */
function scene(dx: number, dy: number) {
  const rgb = new Uint8Array(pixels * 3)
  const mask = new Float32Array(pixels)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot(x - 40 - dx, y - 30 - dy) < 14
      const texture = 40 * Math.sin((x - (inside ? dx : 0)) * 0.7) * Math.cos((y - (inside ? dy : 0)) * 0.5)
      const i = y * width + x
      mask[i] = inside ? 1 : 0
      rgb.set(inside ? [200 + texture, 90, 60] : [80, 120 + texture, 110], i * 3)
    }
  return { rgb, mask }
}

/** A picture of `channels` bytes a pixel at twice the size. */
function doubled(bytes: ArrayLike<number>, channels: number): Uint8Array {
  const out = new Uint8Array(4 * pixels * channels)
  for (let y = 0; y < 2 * height; y++)
    for (let x = 0; x < 2 * width; x++)
      for (let c = 0; c < channels; c++)
        out[(y * 2 * width + x) * channels + c] = bytes[((y >> 1) * width + (x >> 1)) * channels + c]!
  return out
}

/** Everything a propagation step computes, by one build of the kernels. */
async function step(kernel: Binding) {
  const pool = kernel.poolCreate(2)
  const [before, after] = [scene(0, 0), scene(3, 2)]
  const [first, second] = [new Float32Array(16 * pixels), new Float32Array(16 * pixels)]
  await kernel.pictureCompute(pool, width, height, width, height, before.rgb, first)
  await kernel.pictureCompute(pool, width, height, width, height, after.rgb, second)
  const flow = new Float32Array(2 * pixels)
  await kernel.flowCompute(pool, width, height, second, first, 0, 4, 12, 5, flow)
  const prior = new Float32Array(pixels)
  await kernel.maskWarp(pool, width, height, before.mask, flow, prior)
  const counts = new Float32Array(2 * 4096)
  const ratio = new Float32Array(4096)
  await kernel.coloursAdd(width, height, first, before.mask, counts)
  await kernel.coloursRatio(counts, ratio)
  const samples = kernel.samplesCreate()
  const jittered = new Float32Array(pixels)
  await kernel.maskJitter(width, height, before.mask, 0.05, 1.04, 1.5, -1, jittered)
  await kernel.samplesAdd(
    samples,
    pool,
    width,
    height,
    first,
    second,
    flow,
    ratio,
    jittered,
    before.mask,
    4000,
    1,
    7,
  )
  const forest = await kernel.forestGrow(pool, samples, 12, 10, 8, 16, 1000, 3)
  const out = new Float32Array(pixels)
  const report = new Float32Array(8)
  await kernel.forestRefine(forest, pool, width, height, second, first, flow, ratio, prior, out, report)
  const full = [width * 2, height * 2] as const
  const rgb = doubled(after.rgb, 3)
  const outlines = kernel.samplesCreate()
  const truth = encodeRle({ width: full[0], height: full[1], data: doubled(after.mask, 1) }).counts
  await kernel.bandTeach(outlines, pool, ...full, width, height, rgb, second, ratio, out, truth, 2000, 5)
  const outlineForest = await kernel.forestGrow(pool, outlines, 6, 8, 8, 16, 1000, 4)
  const band = await kernel.bandFind(outlineForest, pool, ...full, width, height, rgb, second, ratio, out)
  const runs = await kernel.masksMerge(pool, width, height, ...full, [out], [band], [], 1)
  const overlap = await kernel.maskOverlap(width, height, out, after.mask)
  return { flow, prior, out, runs, overlap, sampleCount: kernel.samplesCount(samples) }
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length
}

describe('The WebAssembly kernels', () => {
  it('are built from the sources that stand here', () => {
    const built = readFileSync(join(folder, 'inbetween.sha256'), 'utf8').trim()
    expect(built, 'The kernels changed: run "node native/wasm/build.mjs" and commit what it writes.').toBe(
      kernelsHash(),
    )
  })

  it('follow a moving disc', async () => {
    const { overlap, runs, sampleCount } = await step(createWasmBinding(folder))
    expect(overlap).toBeGreaterThan(0.9)
    expect(sampleCount).toBeGreaterThan(1000)
    expect(runs[0]!.reduce((sum, run) => sum + run, 0)).toBe(4 * pixels)
  })

  it.skipIf(kernels().kind !== 'addon')('compute what the compiled addon computes', async () => {
    const [wasm, addon] = await Promise.all([step(createWasmBinding(folder)), step(kernels().binding)])
    expect(meanDifference(wasm.flow, addon.flow)).toBeLessThan(0.02)
    expect(meanDifference(wasm.prior, addon.prior)).toBeLessThan(0.005)
    expect(meanDifference(wasm.out, addon.out)).toBeLessThan(0.02)
    expect(wasm.sampleCount).toBe(addon.sampleCount)
    const [one, other] = [wasm, addon].map(({ runs }) =>
      decodeRle({ width: 2 * width, height: 2 * height, counts: runs[0]! }),
    )
    expect(jaccard(one!, other!)).toBeGreaterThan(0.98)
  })

  it('say which kernel refused what', async () => {
    const kernel = createWasmBinding(folder)
    const empty = new Float32Array(0)
    await expect(kernel.maskOverlap(0, 0, empty, empty)).rejects.toThrow('ib_mask_overlap')
  })
})
