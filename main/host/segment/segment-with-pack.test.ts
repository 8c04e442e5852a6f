/** The smart mask by a pack that the person chose: its graphs in the real inference process. */
import { expect, test } from 'vitest'
import type { OnnxGraph } from '../../../models/onnx-writer.ts'
import type { OpenPack } from '../../../models/open-pack.ts'
import { testManifest } from '../../../models/test-graphs/run-here.ts'
import { edgetamImageGraphs, sam2ImageGraphs } from '../../../models/test-graphs/sam2-image-graphs.ts'
import { sam2Preprocessing } from '../../../models/test-graphs/sam2-video-graphs.ts'
import type { Mark, SegmentAnswer, SegmentRequest } from '../../core/api.ts'
import { decodeShape, encodeRle, encodeShape, type Rle, rleContains, rleIou } from '../../core/mask/rle.ts'
import type { MediaId, MediaRecord } from '../../core/records.ts'
import { Store } from '../../core/store.ts'
import { testMedia } from '../../core/test-records.ts'
import { UserError } from '../../core/user-error.ts'
import { testInference } from '../inference/test-inference.ts'
import type { ChosenPacks } from '../models/chosen-packs.ts'
import { Segmenter } from './segmenter.ts'

const size = { width: 64, height: 64 }
const inTest = testInference()

interface Bench {
  readonly segmenter: Segmenter
  /** Parts of the graphs that were run, in order. */
  readonly runs: string[]
  /** Whether each run of the decoder was given a mask to correct. */
  readonly corrected: boolean[]
  choose(chosen: ChosenPacks): void
}

function pack(contract: 'sam2-image' | 'edgetam-image', graphs: Record<string, OnnxGraph>) {
  const inference = inTest.start()
  const files = new Map(
    Object.entries(graphs).map(([part, graph]) => [part, inTest.graphs.write(`${contract}-${part}`, graph)]),
  )
  const runs: string[] = []
  const corrected: boolean[] = []
  const chosen: ChosenPacks = {
    // Anew for every request, as the program does it.
    open: async (role, urgency): Promise<OpenPack> => {
      expect([role, urgency]).toEqual(['segment-image', 'interactive'])
      return {
        manifest: testManifest(graphs, {
          role: 'segment-image',
          contract,
          id: contract,
          name: 'Tiny SAM',
          preprocessing: sam2Preprocessing,
        }),
        graphs: {
          run: (part, inputs, signal) => {
            runs.push(part)
            if (part === 'decoder') corrected.push(inputs.has_mask_input?.data[0] === 1)
            const graph = files.get(part)!
            return inference.run({ graph, name: `Tiny SAM, ${part}`, inputs, urgency }, signal)
          },
        },
        ranOn: () => inference.ranOn('Tiny SAM'),
      }
    },
  }
  return { chosen, runs, corrected }
}

function bench(contract: 'sam2-image' | 'edgetam-image', graphs: Record<string, OnnxGraph>): Bench {
  const { chosen, runs, corrected } = pack(contract, graphs)
  let now = chosen
  const packs: ChosenPacks = { open: (role, urgency) => now.open(role, urgency) }
  const store = new Store([testMedia('street', { ...size, frameCount: 4 })])
  const read = async (_: MediaRecord, frameIndex: number) => {
    const rgb = new Uint8Array(size.width * size.height * 3)
    for (let i = 0; i < rgb.length; i += 3) rgb[i] = frameIndex
    return rgb
  }
  const segmenter = new Segmenter({ store, packs, readShape: () => new Uint8Array() }, read)
  return { segmenter, runs, corrected, choose: (other) => (now = other) }
}

function request(fields: Partial<SegmentRequest>): SegmentRequest {
  return {
    mediaId: 'street' as MediaId,
    frameIndex: 0,
    objectId: null,
    mask: null,
    box: null,
    marks: [],
    ...fields,
  }
}

const mark = (inside: boolean, points: readonly number[], radius = 1): Mark => ({ inside, points, radius })
const maskOf = ({ mask }: SegmentAnswer) => decodeShape(mask, size.width, size.height)

function filled(test: (x: number, y: number) => boolean): Rle {
  const data = Uint8Array.from({ length: size.width * size.height }, (_, i) =>
    test((i % size.width) + 0.5, Math.floor(i / size.width) + 0.5) ? 1 : 0,
  )
  return encodeRle({ ...size, data })
}
const disc = (x: number, y: number, r: number) => filled((px, py) => Math.hypot(px - x, py - y) < r)

test('marks become the pack’s prompt, and the answer names who found it', async () => {
  const { segmenter, runs } = bench('sam2-image', sam2ImageGraphs())
  const one = await segmenter.segment(request({ marks: [mark(true, [20, 30])] }))
  expect(one.answeredBy).toBe('Tiny SAM')
  expect(one.ranOn).toEqual({ ownEngine: false, network: { provider: 'cpu', partlyOnCpu: false } })
  expect(rleIou(maskOf(one), disc(20, 30, 12))).toBeGreaterThan(0.9)
  const boxed = await segmenter.segment(request({ box: [40, 8, 16, 16], marks: [mark(true, [20, 30])] }))
  expect(rleContains(maskOf(boxed), 50, 20)).toBe(true)
  expect(rleContains(maskOf(boxed), 20, 30)).toBe(true)
  expect(new Set(runs)).toEqual(new Set(['encoder', 'decoder']))
})

test('a stroke is several points; what it says outside is outside', async () => {
  const { segmenter } = bench('sam2-image', sam2ImageGraphs())
  const answer = await segmenter.segment(
    request({ marks: [mark(true, [12, 32, 52, 32]), mark(false, [32, 32])] }),
  )
  expect([14, 48].map((x) => rleContains(maskOf(answer), x, 32))).toEqual([true, true])
  expect(rleContains(maskOf(answer), 32, 32)).toBe(false)
  expect(rleContains(maskOf(answer), 36, 34)).toBe(false)
})

test('the mask on the frame is corrected, and only marks are told to teach', async () => {
  const { segmenter } = bench('sam2-image', sam2ImageGraphs())
  const before = disc(32, 32, 20)
  const answer = await segmenter.segment(
    request({ mask: encodeShape(before), marks: [mark(false, [32, 32], 2)] }),
  )
  expect(rleContains(maskOf(answer), 20, 32)).toBe(true)
  expect(rleContains(maskOf(answer), 32, 32)).toBe(false)
  const marked = decodeShape(answer.marked!, size.width, size.height)
  expect(rleIou(marked, disc(32, 32, 2))).toBeGreaterThan(0.5)
  expect(rleContains(marked, 40, 32)).toBe(false)
})

test('marked pixels are as marked, whatever the network says', async () => {
  const { segmenter } = bench('sam2-image', sam2ImageGraphs())
  // The stand-in keeps away from points outside by two of its sixteen pixels, and one inside lies within that.
  const answer = await segmenter.segment(request({ marks: [mark(false, [30, 30]), mark(true, [36, 30])] }))
  expect(rleContains(maskOf(answer), 36, 30)).toBe(true)
  expect(rleContains(maskOf(answer), 30, 30)).toBe(false)
})

test('a further mark on the frame encodes nothing anew and corrects the answer before', async () => {
  const { segmenter, runs, corrected } = bench('sam2-image', sam2ImageGraphs())
  const first = [mark(true, [16, 16])]
  await segmenter.segment(request({ marks: first }))
  const { marks } = request({ marks: [...first, mark(true, [48, 48])] })
  await segmenter.segment(request({ marks }))
  expect(runs).toEqual(['encoder', 'decoder', 'decoder'])
  expect(corrected).toEqual([false, true])
  // Taken back and made again: known already.
  await segmenter.segment(request({ marks: first }))
  await segmenter.segment(request({ marks }))
  expect(runs).toHaveLength(3)
  segmenter.forget('street' as MediaId)
  await segmenter.segment(request({ marks: first }))
  expect(runs.slice(3)).toEqual(['encoder', 'decoder'])
})

test('EdgeTAM’s three graphs answer the same', async () => {
  const { segmenter, runs } = bench('edgetam-image', edgetamImageGraphs())
  const marks = [mark(true, [16, 16]), mark(true, [48, 16]), mark(false, [16, 26])]
  const answer = await segmenter.segment(request({ marks }))
  expect([16, 48].map((x) => rleContains(maskOf(answer), x, 16))).toEqual([true, true])
  expect(rleContains(maskOf(answer), 16, 26)).toBe(false)
  expect(runs.filter((part) => part === 'encoder')).toHaveLength(1)
})

test('a pack that fails says so, and nothing answers in its place', async () => {
  const { segmenter, choose } = bench('sam2-image', {
    ...sam2ImageGraphs(),
    decoder: edgetamImageGraphs().decoder!,
  })
  const marks = [mark(true, [20, 30])]
  await expect(segmenter.segment(request({ marks }))).rejects.toMatchObject({
    code: 'bad-pack',
    message: expect.stringContaining('The graph decoder of “Tiny SAM” asks for “sparse_prompt_embeddings”'),
  })
  const gone = new UserError('no-pack', 'The pack is gone. Choose another.')
  choose({ open: () => Promise.reject(gone) })
  await expect(segmenter.segment(request({ marks }))).rejects.toBe(gone)
})

test('after the person has switched, the other answers the same marks', async () => {
  const { segmenter, choose, runs: before } = bench('sam2-image', sam2ImageGraphs())
  const asked = request({ box: [16, 16, 32, 32] })
  expect((await segmenter.segment(asked)).answeredBy).toBe('Tiny SAM')
  choose({ open: async () => null })
  expect((await segmenter.segment(asked)).answeredBy).toBeNull()
  const { chosen, runs } = pack('edgetam-image', edgetamImageGraphs())
  choose(chosen)
  const answer = await segmenter.segment(asked)
  expect(rleIou(maskOf(answer), disc(32, 32, 12))).toBeGreaterThan(0.9)
  expect(runs).toEqual(['encoder', 'prompt-encoder', 'decoder'])
  expect(before).toEqual(['encoder', 'decoder'])
})
