import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { cropAbout, cropLength, cropSide } from '../../../../models/refine-mask/crop.ts'
import { keyPlanes, stepPlanes, stepSight } from '../../../../models/refine-mask/sight.ts'
import type { StepReport, View } from '../../../../native/index.ts'
import { NoiseScene } from '../../../../native/noise-scene.ts'
import { encodeRle, type Rle, rleArea, rleIou } from '../../../core/mask/rle.ts'
import type { ObjectId } from '../../../core/records.ts'
import { ratioMap } from '../presence/sighting.ts'
import { binsOf } from '../presence/template.ts'
import { propagate } from '../propagate.ts'
import type { RefineNetwork } from './refine-network.ts'
import { secondLook } from './second-look.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-second-look-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

const frameCount = 10
const film = new NoiseScene({
  width: 160,
  height: 100,
  frameCount,
  pan: [1.5, 0],
  discs: [{ radius: 18, at: (t) => [40 + 4 * t, 45], rgb: [190, 80, 70] }],
})
const truth = (frame: number) => encodeRle(film.truth(frame, 0))

/** Answers with `delta`, and writes down what it was shown. */
class Pretender implements RefineNetwork {
  readonly id = 'pretender'
  readonly keys: Uint8Array[] = []
  readonly steps: { readonly step: Uint8Array; readonly memories: readonly number[] }[] = []
  private readonly delta: (x: number) => number

  constructor(delta: (x: number) => number) {
    this.delta = delta
  }

  async memorise(key: Uint8Array): Promise<Float32Array> {
    return new Float32Array([this.keys.push(key)])
  }

  async refine(step: Uint8Array, memories: readonly Float32Array[]): Promise<Float32Array> {
    this.steps.push({ step, memories: memories.map(([number]) => number!) })
    return Float32Array.from({ length: cropLength }, (_, i) => this.delta(i % cropSide))
  }
}

async function masks(keyFrames: readonly number[], network?: RefineNetwork): Promise<Map<number, Rle>> {
  const keys = keyFrames.map((frameIndex) => ({ frameIndex, rle: truth(frameIndex), outside: false }))
  const object = { id: 'disc' as ObjectId, name: 'disc', stuff: false, order: 0, keys }
  const found = new Map<number, Rle>()
  const request = {
    source: film,
    objects: [object],
    firstFrame: 0,
    lastFrame: frameCount - 1,
    direction: 'both',
    playheadFrame: 0,
    seed: 5,
    threadCount: 2,
    spillFolder,
    isTaken: () => false,
    ...(network && { refineNetwork: network }),
  } as const
  for await (const event of propagate(request, new AbortController().signal))
    if (event.type === 'frame') found.set(event.frameIndex, event.masks[0]!.rle)
  return found
}

describe('a network that looks at each step after the forest', () => {
  test('changes next to nothing where it has nothing to say', async () => {
    const [without, withIt] = [await masks([0]), await masks([0], new Pretender(() => 0))]
    expect([...withIt.keys()]).toEqual([...without.keys()])
    for (const [frame, rle] of withIt) expect(rleIou(rle, without.get(frame)!)).toBeGreaterThan(0.97)
  })

  test('has the last word: what it takes away is gone', async () => {
    const rightHalf = new Pretender((x) => (x < cropSide / 2 ? -12 : 0))
    const first = (await masks([0], rightHalf)).get(1)!
    const [area, whole] = [rleArea(first), rleArea(truth(1))]
    expect(area).toBeLessThan(0.65 * whole)
    expect(area).toBeGreaterThan(0.3 * whole)
  })

  test('is shown each key mask once, and each step once, with the memory of the key masks around it', async () => {
    const network = new Pretender(() => 0)
    await masks([0, frameCount - 1], network)
    expect(network.keys.map((key) => key.length)).toEqual([keyPlanes * cropLength, keyPlanes * cropLength])
    // Forward onto the far key frame and backward onto the first one.
    expect(network.steps).toHaveLength(2 * (frameCount - 1))
    expect(network.steps.every(({ step }) => step.length === stepPlanes * cropLength)).toBe(true)
    const orders = new Set(network.steps.map(({ memories }) => memories.join()))
    expect(orders).toEqual(new Set(['1,2', '2,1']))
  })

  test('knows one key mask where there is but one', async () => {
    const network = new Pretender(() => 0)
    await masks([4], network)
    expect(new Set(network.steps.map(({ memories }) => memories.join()))).toEqual(new Set(['1']))
  })

  test('sees nothing of a run that does not ask for it, which stays the same to the last bit', async () => {
    const [one, other] = [await masks([0]), await masks([0])]
    expect([...one]).toEqual([...other])
  })

  test('is shown the colours as they are, up to the rim of what it looks at', async () => {
    // Middles on pixels and between them: the crop then begins between pixels or on one.
    const places = fc.tuple(
      fc.integer({ min: 16, max: 144 }),
      fc.integer({ min: 16, max: 104 }),
      fc.integer(),
    )
    await fc.assert(
      fc.asyncProperty(places, async ([x, y, seed]) => {
        const { view, mask } = noisyView(80, 60, seed, x / 2, y / 2)
        const network = new Pretender(() => 0)
        const report = {} as StepReport
        await secondLook(network, [new Float32Array([1])], { view, prior: mask, mask, report })
        const ratio = ratioMap(binsOf(view, view.picture), view)
        const whole = stepSight({ ...view, prior: mask, forest: mask, ratio }, cropAbout(view, mask)!)
        expect(Buffer.from(network.steps[0]!.step).equals(whole)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
})

/** Every plane full of noise, and a disc of radius 7 as the mask. */
function noisyView(width: number, height: number, seed: number, x: number, y: number) {
  const length = width * height
  let state = seed | 1
  const noise = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 2 ** 32
  }
  const some = (count: number, from: number, to: number) =>
    Float32Array.from({ length: count }, () => from + (to - from) * noise())
  const view: View = {
    width,
    height,
    picture: some(16 * length, -50, 100),
    neighbourPicture: some(16 * length, -50, 100),
    flow: some(2 * length, -3, 3),
    colourRatio: some(16 ** 3, -2, 2),
  }
  const mask = Float32Array.from({ length }, (_, i) =>
    Math.hypot((i % width) - x, Math.floor(i / width) - y) < 7 ? 1 : 0,
  )
  return { view, mask }
}
