import { describe, expect, test } from 'vitest'
import { encodeRle, type Rle } from '../../main/core/mask/rle.ts'
import { floatValues, tensorBytes } from '../open-pack.ts'
import type { NamedTensors } from '../tensor.ts'
import { type LoggedPack, packHere } from '../test-graphs/run-here.ts'
import {
  type Sam2GraphOptions,
  sam2Preprocessing,
  sam2VideoGraphs,
} from '../test-graphs/sam2-video-graphs.ts'
import { type Film, noShelf, type Shelf, type Tracked, type WalkOptions } from '../video-tracker.ts'
import { Sam2Video } from './sam2-video.ts'
import type { Sam2Walk } from './sam2-walk.ts'

const size = { width: 32, height: 32 }
const { signal } = new AbortController()

function disc(x: number, y: number, radius = 6): Rle {
  const data = Uint8Array.from({ length: size.width * size.height }, (_, i) =>
    Math.hypot((i % size.width) + 0.5 - x, Math.floor(i / size.width) + 0.5 - y) < radius ? 1 : 0,
  )
  return encodeRle({ ...size, data })
}

/** Objects as lists of key masks: frame, x, y. The red of a frame is its number; on `hidden` frames it is green. */
function film(
  objects: readonly (readonly (readonly [number, number, number])[])[],
  { frameCount = 120, hidden = [] as readonly number[] } = {},
): Film {
  return {
    frameCount,
    objects: objects.map((keys) => ({
      stuff: false,
      keys: keys.map(([frameIndex, x, y]) => ({ frameIndex, rle: disc(x, y) })),
    })),
    picture: async (frameIndex) => {
      const rgb = new Uint8Array(size.width * size.height * 3)
      for (let i = 0; i < rgb.length; i += 3) {
        rgb[i] = frameIndex
        rgb[i + 1] = hidden.includes(frameIndex) ? 200 : 0
      }
      return { ...size, rgb }
    },
  }
}

function pack(options: Sam2GraphOptions = {}, state?: Readonly<Record<string, number>>): LoggedPack {
  return packHere(sam2VideoGraphs(options), {
    role: 'segment-video',
    contract: 'sam2-video',
    preprocessing: sam2Preprocessing,
    ...(state ? { state } : {}),
  })
}

const forward: WalkOptions = { step: 1, knows: 'all', shelf: noShelf }

/** Visits frames in order, finding the objects on each. */
async function went(
  used: LoggedPack,
  film: Film,
  frames: readonly number[],
  find: readonly number[] | ((frame: number) => readonly number[]) = [0],
  options: WalkOptions = forward,
): Promise<{ readonly walk: Sam2Walk; readonly found: readonly (readonly Tracked[])[] }> {
  const walk = new Sam2Video(used, film, size).walk(options) as Sam2Walk
  const found: (readonly Tracked[])[] = []
  for (const frame of frames) {
    const objects = typeof find === 'function' ? find(frame) : find
    found.push(await walk.visit(frame, { begin: [], find: objects }, signal))
  }
  return { walk, found }
}

const from = (first: number, last: number) =>
  Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => first + Math.sign(last - first) * i)
const numbers = (outputs: NamedTensors, name: string) =>
  [...floatValues(outputs[name]!)].map((v) => Math.round(v * 1e4) / 1e4)
const attended = (used: LoggedPack) => used.runs('memory-attention').at(-1)!.outputs

function centre({ mask }: Tracked): [x: number, y: number] {
  let [x, y, sum] = [0, 0, 0]
  for (const [i, p] of mask.entries())
    if (p >= 0.5) {
      x += (i % size.width) + 0.5
      y += Math.floor(i / size.width) + 0.5
      sum++
    }
  return [Math.round(x / sum), Math.round(y / sum)]
}

describe('what the graphs are given', () => {
  test('on the frame after the key mask: that mask alone, at ±10, with the conditioning frames’ code', async () => {
    const used = pack()
    const { found } = await went(used, film([[[7, 10, 12]]]), [8])
    expect(numbers(attended(used), 'memory_frames')).toEqual([7])
    expect(numbers(attended(used), 'memory_codes')).toEqual([7])
    expect(numbers(attended(used), 'memory_largest')).toEqual([10])
    expect(centre(found[0]![0]!)).toEqual([10, 12])
    expect(found[0]![0]).toMatchObject({ object: 0, confidence: expect.closeTo(0.9), inView: true })
  })

  test('after fifty frames: the key mask, the last six with their codes, sixteen pointers', async () => {
    const used = pack()
    const { found } = await went(used, film([[[0, 20, 9]]]), from(1, 50))
    expect(numbers(attended(used), 'memory_frames')).toEqual([0, 44, 45, 46, 47, 48, 49])
    expect(numbers(attended(used), 'memory_codes')).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(numbers(attended(used), 'pointer_frames')).toEqual([0, ...from(49, 35)])
    expect(centre(found.at(-1)![0]!)).toEqual([20, 9])
  })

  test('a mask that the network made goes into memory as sigmoid * 20 - 10', async () => {
    for (const plainDecoder of [false, true]) {
      const used = pack({ plainDecoder })
      await went(used, film([[[0, 16, 16]]]), [1, 2])
      const [, largest] = numbers(attended(used), 'memory_largest')
      expect(largest).toBeLessThan(10)
      expect(largest).toBeGreaterThan(9.9)
    }
  })

  test('the pointer of a key mask comes of its box and the point deepest inside, on features “without memory”', async () => {
    const used = pack()
    await went(used, film([[[0, 10, 20]]]), [1])
    const pointer = floatValues(used.runs('decoder')[0]!.outputs.obj_ptr!)
    expect([...pointer].map(Math.round)).toEqual([0, 1, 5, 10, 1, 2, 0, 0])
  })

  test('where the decoder takes masks, it comes of the mask itself, on the bare features', async () => {
    const used = pack({ maskPrompt: true })
    await went(used, film([[[0, 10, 20]]]), [1])
    const [first, second] = used
      .runs('decoder')
      .map(({ outputs }) => [...floatValues(outputs.obj_ptr!)].map(Math.round))
    expect(first).toEqual([0, 0, 5, 10, 0, 0, 1, 0])
    expect(second?.[6]).toBe(0)
  })

  test('frames that are found get no prompt but the point that is none', async () => {
    const used = pack()
    await went(used, film([[[0, 10, 20]]]), [1])
    const { inputs } = used.runs('decoder')[1]!
    expect([...floatValues(inputs.point_coords!)]).toEqual([0, 0])
    expect([...floatValues(inputs.point_labels!)]).toEqual([-1])
    expect(inputs.frame_size).toMatchObject({ type: 'int64', data: BigInt64Array.of(32n, 32n) })
  })

  test('of three masks the one with the highest predicted IoU', async () => {
    const { found } = await went(pack({ threeMasks: true }), film([[[0, 10, 20]]]), [1])
    expect(centre(found[0]![0]!)).toEqual([10, 20])
    expect(found[0]![0]!.confidence).toBeCloseTo(0.9)
  })

  test('without a predicted IoU the mask’s own steadiness speaks for it', async () => {
    const { found } = await went(pack({ plainDecoder: true }), film([[[0, 10, 20]]]), [1])
    expect(found[0]![0]!.confidence).toBeGreaterThan(0.5)
    expect(found[0]![0]!.confidence).toBeLessThan(0.9)
  })

  test('what the object score calls hidden is hidden, and comes back', async () => {
    const { found } = await went(pack(), film([[[0, 10, 20]]], { hidden: [2, 3] }), [1, 2, 3, 4])
    expect(found.map(([one]) => one!.inView)).toEqual([true, false, false, true])
  })
})

describe('key masks', () => {
  test('a corrected frame between becomes a conditioning frame, and what comes after follows it', async () => {
    const used = pack()
    const { found } = await went(
      used,
      film([
        [
          [0, 8, 8],
          [5, 24, 24],
        ],
      ]),
      [...from(1, 4), ...from(6, 8)],
      [0],
      { ...forward, knows: 'behind' },
    )
    expect(numbers(attended(used), 'memory_frames')).toEqual([0, 5, 2, 3, 4, 6, 7])
    expect(numbers(attended(used), 'memory_codes')).toEqual([7, 7, 6, 5, 4, 2, 1])
    expect(found.map(([one]) => centre(one!)[0])).toEqual([8, 8, 8, 8, 24, 24, 24])
  })

  test('both sides are known where they may be, else only what lies behind', async () => {
    for (const [knows, frames] of [
      ['all', [0, 9]],
      ['behind', [0]],
    ] as const) {
      const used = pack()
      await went(
        used,
        film([
          [
            [0, 8, 8],
            [9, 24, 24],
          ],
        ]),
        [1],
        [0],
        { ...forward, knows },
      )
      expect(numbers(attended(used), 'memory_frames')).toEqual(frames)
      expect(numbers(attended(used), 'pointer_frames')).toEqual([0])
    }
  })

  test('of two hundred the four nearest are attended to, and only those are held', async () => {
    const keys = from(0, 99).map((frame) => [2 * frame, 16, 16] as const)
    const used = pack()
    const { walk } = await went(
      used,
      film([keys], { frameCount: 200 }),
      from(50, 61).filter((frame) => frame % 2),
    )
    expect(numbers(attended(used), 'memory_frames').slice(0, 4)).toEqual([58, 60, 62, 64])
    expect(walk.kept[0]!.conditioning.size).toBeLessThanOrEqual(4 + 15)
  })

  test('a manifest may ask for fewer', async () => {
    const used = pack({}, { max_cond_frames: 1 })
    await went(
      used,
      film([
        [
          [0, 8, 8],
          [3, 24, 24],
        ],
      ]),
      [5],
    )
    expect(numbers(attended(used), 'memory_frames')).toEqual([3, 0])
    expect(numbers(attended(used), 'memory_codes')).toEqual([7, 5])
  })
})

describe('a walk', () => {
  test('against time mirrors the order of memories', async () => {
    const used = pack()
    await went(used, film([[[50, 16, 16]]]), from(49, 30), [0], { ...forward, step: -1 })
    expect(numbers(attended(used), 'memory_frames')).toEqual([50, 36, 35, 34, 33, 32, 31])
    expect(numbers(attended(used), 'memory_codes')).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(numbers(attended(used), 'pointer_frames')).toEqual([50, ...from(31, 45)])
  })

  test('an object that is added later has its own memories and leaves the others alone', async () => {
    const alone = await went(pack(), film([[[0, 8, 8]]]), from(1, 20))
    const used = pack()
    const both = await went(used, film([[[0, 8, 8]], [[10, 24, 20]]]), from(1, 20), (frame) =>
      frame > 10 ? [0, 1] : [0],
    )
    expect(both.found.map(([first]) => first!.mask)).toEqual(alone.found.map(([first]) => first!.mask))
    expect(numbers(attended(used), 'memory_frames')).toEqual([10, 14, 15, 16, 17, 18, 19])
    expect(centre(both.found.at(-1)![1]!)).toEqual([24, 20])
  })

  test('many objects share what the image encoder says of a frame', async () => {
    const used = pack()
    const places = from(0, 9).map((i) => [[0, 8 + i, 24 - i]] as const)
    const { found } = await went(used, film(places), from(1, 5), from(0, 9))
    expect(found.at(-1)!.map((one) => centre(one)[0])).toEqual(from(8, 17))
    expect(used.runs('encoder').length).toBe(6)
    expect(used.runs('memory-attention').length).toBe(50)
  })

  test('holds no more after a hundred frames than after twenty', async () => {
    const held = (walk: Sam2Walk) =>
      walk.kept.map(({ conditioning, memories, pointers }) => ({
        counts: [conditioning.size, memories.size, pointers.size],
        bytes: tensorBytes([
          ...[...conditioning.values()].flatMap(({ features, position, pointer }) => [
            features,
            position,
            pointer,
          ]),
          ...[...memories.values()].flatMap(({ features, position }) => [features, position]),
          ...pointers.values(),
        ]),
        positions: new Set([...memories.values()].map(({ position }) => position)).size,
      }))
    const short = await went(pack(), film([[[0, 16, 16]]]), from(1, 20))
    const long = await went(pack(), film([[[0, 16, 16]]]), from(1, 110))
    expect(held(long.walk)).toEqual(held(short.walk))
    expect(held(long.walk)[0]).toMatchObject({ counts: [1, 6, 15], positions: 1 })
  })

  test('that was interrupted goes on as if it had not been', async () => {
    const kept = new Map<string, NamedTensors>()
    const shelf: Shelf = {
      save: async (name, tensors) => void kept.set(name, tensors),
      load: async (name) => kept.get(name) ?? null,
    }
    const keys = film([
      [
        [0, 8, 8],
        [12, 20, 20],
      ],
    ])
    const whole = pack()
    await went(whole, keys, [...from(1, 11), ...from(13, 30)])
    await went(pack(), keys, [...from(1, 11), ...from(13, 22)], [0], { ...forward, shelf })
    // The frame after the last that was committed had been made, too, when the run ended.
    for (const committed of [22, 21]) {
      const used = pack()
      const walk = new Sam2Video(used, keys, size).walk({ ...forward, shelf })
      expect(await walk.takeUp(committed, [0])).toBe(true)
      await walk.visit(committed + 1, { begin: [], find: [0] }, signal)
      const run = whole.runs('memory-attention')[committed - 1]!
      expect(used.runs('memory-attention')[0]!.inputs).toEqual(run.inputs)
    }
    expect(await new Sam2Video(pack(), keys, size).walk({ ...forward, shelf }).takeUp(25, [0])).toBe(false)
  })
})

describe('other exports', () => {
  test('EdgeTAM: memories of 8 tokens are joined token by token, each with its frame’s code', async () => {
    const used = pack({ tokens: 8 })
    const { found } = await went(used, film([[[0, 12, 20]]]), from(1, 9))
    expect(used.runs('memory-attention').at(-1)!.inputs.memory_1!.dims).toEqual([7 * 8, 1, 4])
    expect(numbers(attended(used), 'memory_frames')).toEqual([0, 3, 4, 5, 6, 7, 8])
    expect(numbers(attended(used), 'memory_codes')).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(centre(found.at(-1)![0]!)).toEqual([12, 20])
  })

  test('fixed numbers of memories and pointers are filled up with the key mask, never with zeros', async () => {
    const used = pack({ fixed: { memories: 7, pointers: 16 } })
    await went(
      used,
      film([
        [
          [3, 12, 20],
          [40, 12, 20],
        ],
      ]),
      [4, 5],
    )
    expect(numbers(attended(used), 'memory_frames')).toEqual([3, 3, 3, 3, 3, 3, 4])
    expect(numbers(attended(used), 'memory_codes')).toEqual([7, 7, 7, 7, 7, 7, 1])
    expect(numbers(attended(used), 'pointer_frames')).toEqual([...new Array(15).fill(3), 4])
  })

  test('SAM 2.1: how long ago a pointer was is projected, measured by the fifteen that there can be', async () => {
    const used = pack({ pointerPosition: true })
    await went(used, film([[[0, 12, 20]]]), [1, 2, 3])
    const places = numbers(attended(used), 'pointer_places')
    expect(places).toEqual([3, 1, 2].map((ago) => Math.round(Math.sin(ago / 15) * 1e4) / 1e4))
    const without = pack()
    await went(without, film([[[0, 12, 20]]]), [1, 2, 3])
    expect(numbers(attended(without), 'pointer_places')).toEqual([0, 0, 0])
  })

  test('a graph that asks for what this contract does not have is refused by name', async () => {
    const graphs = sam2VideoGraphs()
    const odd = { name: 'depth_map', type: 'float32', shape: [1] } as const
    const used = packHere(
      { ...graphs, decoder: { ...graphs.decoder!, inputs: [...graphs.decoder!.inputs, odd] } },
      { role: 'segment-video', contract: 'sam2-video', preprocessing: sam2Preprocessing },
    )
    await expect(went(used, film([[[0, 12, 20]]]), [1])).rejects.toMatchObject({
      code: 'bad-pack',
      message: expect.stringContaining('The graph decoder of “Stand-in” asks for “depth_map”'),
    })
  })
})
