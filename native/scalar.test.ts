/** Every kernel beside its scalar twin, on the same input: the same but for rounding, within the tolerance named here. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Binding, kernels, type Pool } from './addon.ts'
import { NoiseScene } from './noise-scene.ts'
import { scalarTwin, scalarTwinMissing } from './scalar-twin.ts'

const full = { width: 250, height: 174 }
// Odd, so that every row ends in the middle of a vector.
const [width, height] = [125, 87]
const pixels = width * height
const missing = scalarTwinMissing()
const film = new NoiseScene({
  ...full,
  frameCount: 3,
  pan: [2, 1],
  discs: [{ radius: 40, at: (t) => [110 + 5 * t, 80 + 3 * t], rgb: [190, 80, 70] }],
})
/** Every pixel of a picture of size `full` `times` x `times` times. */
function enlarged(data: Uint8Array, channels: number, times: number): Uint8Array {
  const out = new Uint8Array(data.length * times * times)
  for (let y = 0; y < full.height * times; y++)
    for (let x = 0; x < full.width * times; x++) {
      const from = (Math.floor(y / times) * full.width + Math.floor(x / times)) * channels
      out.set(data.subarray(from, from + channels), (y * full.width * times + x) * channels)
    }
  return out
}

/** COCO run lengths of the disc, which go down the columns; at so many times the size. */
function runsOf(t: number, times = 1): Uint32Array {
  const data = enlarged(film.truth(t, 0).data, 1, times)
  const runs: number[] = []
  let [run, inside] = [0, 0]
  for (let x = 0; x < full.width * times; x++)
    for (let y = 0; y < full.height * times; y++) {
      if (data[y * full.width * times + x] !== inside) {
        runs.push(run)
        run = 0
        inside = 1 - inside
      }
      run++
    }
  return Uint32Array.from([...runs, run])
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}

/** Pixels on which two masks of run lengths differ. */
function differing(a: Uint32Array, b: Uint32Array): number {
  const ends = [a, b].flatMap((runs) => {
    let at = 0
    return [...runs.slice(0, -1)].map((run) => (at += run))
  })
  ends.sort((x, y) => x - y)
  // They differ from every end of a run of either to the next end.
  return ends.reduce((sum, end, i) => sum + (i % 2 === 0 ? -end : end), 0)
}

/** Share of the values that differ by more than `by`. */
function shareOff(a: ArrayLike<number>, b: ArrayLike<number>, by: number): number {
  let off = 0
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > by) off++
  return off / a.length
}

async function filled(length: number, make: (out: Float32Array) => Promise<unknown>): Promise<Float32Array> {
  const out = new Float32Array(length)
  await make(out)
  return out
}

const kind = kernels().kind === 'addon' ? null : 'skipped: the compiled kernels are not built'
describe.skipIf(missing ?? kind)(`the kernels and their scalar twin ${missing ?? kind ?? ''}`, () => {
  const fast = kernels().binding
  let plain: Binding
  let fastPool: Pool
  let plainPool: Pool
  let before: Float32Array
  let after: Float32Array
  let flow: Float32Array
  let mask: Float32Array
  let ratio: Float32Array

  const picture = (kernel: Binding, pool: Pool, t: number, size = { width, height }) =>
    filled(16 * size.width * size.height, (out) =>
      kernel.pictureCompute(pool, full.width, full.height, size.width, size.height, film.rgb(t), out),
    )
  const flowOf = (kernel: Binding, pool: Pool, finest: number) =>
    filled(2 * pixels, (out) => kernel.flowCompute(pool, width, height, after, before, finest, 4, 24, 3, out))

  /** The same question to both. */
  async function both(
    length: number,
    ask: (kernel: Binding, pool: Pool, out: Float32Array) => Promise<unknown>,
  ): Promise<[Float32Array, Float32Array]> {
    return [
      await filled(length, (out) => ask(fast, fastPool, out)),
      await filled(length, (out) => ask(plain, plainPool, out)),
    ]
  }

  beforeAll(async () => {
    plain = scalarTwin()
    fastPool = fast.poolCreate(2)
    plainPool = plain.poolCreate(1)
    before = await picture(fast, fastPool, 0)
    after = await picture(fast, fastPool, 1)
    flow = await flowOf(fast, fastPool, 0)
    mask = await filled(pixels, (out) =>
      fast.maskShrink(full.width, full.height, width, height, runsOf(0), out),
    )
    const counts = await filled(8192, (out) => fast.coloursAdd(width, height, before, mask, out))
    ratio = await filled(4096, (out) => fast.coloursRatio(counts, out))
  }, 240_000)

  it('picture planes within 0.01, at half the size and at an odd part of it', async () => {
    expect(largest(await picture(plain, plainPool, 1), after)).toBeLessThan(0.01)
    const odd = { width: 97, height: 61 }
    expect(
      largest(await picture(plain, plainPool, 2, odd), await picture(fast, fastPool, 2, odd)),
    ).toBeLessThan(0.01)
  })

  it('flow within 1/32 of a pixel but for one vector in a hundred', async () => {
    expect(shareOff(await flowOf(plain, plainPool, 0), flow, 1 / 32)).toBeLessThan(0.01)
    expect(shareOff(await flowOf(plain, plainPool, 1), await flowOf(fast, fastPool, 1), 1 / 32)).toBeLessThan(
      0.01,
    )
  })

  it('the shot-cut score within 0.001', async () => {
    const [a, b] = [
      await fast.cutScore(width, height, after, before, flow),
      await plain.cutScore(width, height, after, before, flow),
    ]
    expect(Math.abs(a - b)).toBeLessThan(0.001)
  })

  it('masks shrunk, warped, jittered and joined within 1e-4', async () => {
    const other = await filled(pixels, (out) => fast.maskJitter(width, height, mask, 0.1, 1.05, 2, -1, out))
    const [shrunk, warped, jittered, fused] = [
      await both(pixels, (kernel, _, out) =>
        kernel.maskShrink(full.width, full.height, width, height, runsOf(0), out),
      ),
      await both(pixels, (kernel, pool, out) => kernel.maskWarp(pool, width, height, mask, flow, out)),
      await both(pixels, (kernel, _, out) => kernel.maskJitter(width, height, mask, 0.1, 1.05, 2, -1, out)),
      await both(pixels, (kernel, _, out) => kernel.maskFuse(width, height, mask, other, 0.3, out)),
    ]
    for (const [a, b] of [shrunk, warped, jittered, fused]) expect(largest(a, b)).toBeLessThan(1e-4)
    expect(await plain.maskOverlap(width, height, mask, other)).toBe(
      await fast.maskOverlap(width, height, mask, other),
    )
  })

  it('colour counts within 1e-3 of a pixel, their ratio within 1e-5', async () => {
    const [a, b] = await both(8192, (kernel, _, out) => kernel.coloursAdd(width, height, before, mask, out))
    expect(largest(a, b)).toBeLessThan(1e-3)
    const [fastRatio, plainRatio] = await both(4096, (kernel, _, out) => kernel.coloursRatio(a, out))
    expect(largest(fastRatio, plainRatio)).toBeLessThan(1e-5)
  })

  it('a forest and the step it takes: as many samples, masks apart by 0.05 on one pixel in a hundred', async () => {
    const prior = await filled(pixels, (out) => fast.maskWarp(fastPool, width, height, mask, flow, out))
    const counted: number[] = []
    const [a, b] = await both(pixels, async (kernel, pool, out) => {
      const samples = kernel.samplesCreate()
      for (const [i, shift] of [-3, -1, 2, 4].entries()) {
        const wrong = await filled(pixels, (to) =>
          kernel.maskJitter(width, height, mask, 0.05 * i, 1, shift, -shift, to),
        )
        const seen = [before, after, flow, ratio, wrong, mask] as const
        await kernel.samplesAdd(samples, pool, width, height, ...seen, 2000, 1, i)
      }
      counted.push(kernel.samplesCount(samples))
      const forest = await kernel.forestGrow(pool, samples, 24, 13, 8, 24, 2000, 5)
      const report = new Float32Array(8)
      await kernel.forestRefine(forest, pool, width, height, after, before, flow, ratio, prior, out, report)
    })
    expect(counted[0]).toBe(counted[1])
    expect(shareOff(a, b, 0.05)).toBeLessThan(0.01)
  })

  it.each([1, 5])('outlines at %i times the size, but for one pixel in a thousand', async (times) => {
    const [fullWidth, fullHeight] = [full.width * times, full.height * times]
    const truth = runsOf(1, times)
    const shrunk = await filled(pixels, (out) =>
      fast.maskShrink(fullWidth, fullHeight, width, height, truth, out),
    )
    const wrong = await filled(pixels, (out) => fast.maskJitter(width, height, shrunk, 0, 1.03, 1.5, -1, out))
    const seen = [
      fullWidth,
      fullHeight,
      width,
      height,
      enlarged(film.rgb(1), 3, times),
      after,
      ratio,
    ] as const
    const areas: number[] = []
    for (const [kernel, pool] of [[fast, fastPool] as const, [plain, plainPool] as const]) {
      const samples = kernel.samplesCreate()
      await kernel.bandTeach(samples, pool, ...seen, wrong, truth, 5000, 3)
      const forest = await kernel.forestGrow(pool, samples, 8, 10, 10, 24, 2000, 5)
      const band = await kernel.bandFind(forest, pool, ...seen, wrong)
      const merge = (bands: (typeof band | null)[]) =>
        kernel.masksMerge(pool, width, height, fullWidth, fullHeight, [wrong], bands, [], 1)
      const [[sharp], [soft]] = [await merge([band]), await merge([null])]
      const miss = differing(sharp!, truth)
      // The jitter is found out.
      expect(miss).toBeLessThan(0.5 * differing(soft!, truth))
      areas.push(miss)
    }
    expect(Math.abs(areas[0]! - areas[1]!)).toBeLessThan(0.001 * fullWidth * fullHeight)
  })

  describe('what a person marks on one frame', () => {
    const truth = film.truth(1, 0).data
    const [noMask, noCounts] = [new Uint8Array(0), new Float32Array(0)]
    const [box, noBox] = [[70, 38, 160, 128] as const, [0, 0, 0, 0] as const]
    const row = 83 * full.width
    /** A stroke in the disc and one beside it; inside 3: newer than the mask, and where a part of it is missing. */
    const strokes = (inside: 1 | 3) => {
      const [from, to] = inside === 1 ? [90, 130] : [80, 100]
      return new Uint8Array(truth.length).fill(inside, row + from, row + to).fill(2, row + 10, row + 50)
    }
    // Of the ground's colours: only edges and marks tell it from the ground.
    const hidden = new NoiseScene({
      ...full,
      frameCount: 2,
      pan: [2, 1],
      discs: [{ radius: 40, at: () => [115, 83], rgb: [110, 120, 90] }],
    })
    const region = [full.width, full.height, width, height] as const

    it('colour counts within 1e-3 of a pixel, of all pixels and of the marked ones', async () => {
      for (const taught of [noMask, strokes(1).map((mark) => (mark > 0 ? 1 : 0))]) {
        const [a, b] = await both(8192, (kernel, _, out) =>
          kernel.regionColours(...region, after, truth, taught, out),
        )
        expect(a.reduce((sum, count) => sum + count, 0)).toBeCloseTo(pixels, -1)
        expect(largest(a, b)).toBeLessThan(1e-3)
      }
    })

    interface Marked {
      readonly what: string
      readonly of: NoiseScene
      readonly given: Uint8Array
      readonly inside: 1 | 3
      readonly box: readonly [left: number, top: number, right: number, bottom: number]
    }
    it.each<Marked>([
      { what: 'in a box', of: film, given: noMask, inside: 1, box },
      { what: 'by strokes alone', of: film, given: noMask, inside: 1, box: noBox },
      { what: 'of the ground’s colours, in a box', of: hidden, given: noMask, inside: 1, box },
      {
        what: 'of which a part was missing',
        of: film,
        given: truth.map((is, i) => (i % full.width < 105 ? 0 : is)),
        inside: 3,
        box: noBox,
      },
    ])('an object $what, but for one pixel in a thousand', async ({ what, of, given, inside, box }) => {
      const seen = await filled(16 * pixels, (out) =>
        fast.pictureCompute(fastPool, ...region, of.rgb(1), out),
      )
      const found = async (kernel: Binding, pool: Pool) => {
        const out = new Uint8Array(truth.length)
        const marks = strokes(inside)
        await kernel.regionSegment(pool, ...region, seen, ...box, marks, given, noCounts, 5, out)
        return out
      }
      const mask = await found(fast, fastPool)
      // A part of what looks like the ground is found, too.
      const [missed, all] = [shareOff(mask, truth, 0), shareOff(truth, new Uint8Array(truth.length), 0)]
      expect(missed).toBeLessThan(what.includes('ground') ? 0.8 * all : 0.1 * all)
      expect(shareOff(await found(plain, plainPool), mask, 0)).toBeLessThan(0.001)
    })
  })

  it('owners and run lengths exactly, also where masks touch the border', async () => {
    const edge = Float32Array.from({ length: pixels }, (_, i) => (i % width > 90 ? 0.8 : 0))
    const merge = (kernel: Binding, pool: Pool) =>
      kernel.masksMerge(pool, width, height, full.width, full.height, [mask, edge], [null, null], [], 0.1)
    expect(await merge(plain, plainPool)).toEqual(await merge(fast, fastPool))
  })
})
