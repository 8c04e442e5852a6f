import { describe, expect, test } from 'vitest'
import { floatValues, tensorBytes } from '../open-pack.ts'
import { aotPreprocessing, aotVideoGraphs } from '../test-graphs/aot-video-graphs.ts'
import { type LoggedPack, packHere } from '../test-graphs/run-here.ts'
import { AotVideo } from './aot-video.ts'
import {
  centre,
  film,
  forward,
  from,
  type Key,
  near,
  pack,
  planesShown,
  said,
  shelfOf,
  signal,
  size,
  went,
} from './test-walks.ts'

describe('what is remembered', () => {
  test('on the frame after the key mask: that mask, for long and for short', async () => {
    const used = pack()
    const { found } = await went(used, film([[[7, 20, 24]]]), [7, 8])
    expect(said(used, 'said_long')).toEqual([7])
    expect(said(used, 'said_short')).toEqual([7])
    near(centre(found[1]![0]!), [20, 24])
    expect(found[1]![0]).toMatchObject({ object: 0, inView: true })
    expect(found[1]![0]!.confidence).toBeGreaterThan(0.5)
    expect(found[1]![0]!.confidence).toBeLessThanOrEqual(1)
  })

  test('a key mask is remembered by every layer as if the others had known it', async () => {
    const used = pack()
    await went(used, film([[[7, 20, 24]]]), [7, 8])
    // Layer 1 remembers what layer 0 had as the short memory: on a reference that is the frame itself.
    expect(said(used, 'said_layers')).toEqual([7])
    expect(used.runs('lstt')).toHaveLength(3)
  })

  test('then every fifth frame for long, and the one before for short', async () => {
    const used = pack()
    await went(used, film([[[0, 20, 24]]]), from(0, 23))
    expect(said(used, 'said_long')).toEqual([0, 5, 10, 15, 20])
    expect(said(used, 'said_short')).toEqual([22])
  })

  test('or as often as the manifest says: AOT-S keeps the key mask alone', async () => {
    for (const [gap, frames] of [
      [9999, [0]],
      [9, [0, 9, 18]],
    ] as const) {
      const used = pack({}, { long_term_gap: gap })
      await went(used, film([[[0, 20, 24]]]), from(0, 23))
      expect(said(used, 'said_long')).toEqual(frames)
    }
  })

  test('no more after two hundred frames than after sixty', async () => {
    const held = async (last: number) => {
      const { walk } = await went(pack(), film([[[0, 20, 24]]]), from(0, last))
      return walk.kept.map(({ long, tensors }) => [long.length, tensorBytes(tensors)])
    }
    const short = await held(60)
    expect(await held(200)).toEqual(short)
    expect(short[0]![0]).toBe(10)
  })

  test('what is hidden is found again by the long memory, when the short one has lost it', async () => {
    const used = pack()
    const { found } = await went(used, film([[[0, 40, 20]]], { hidden: [3, 4, 5] }), from(0, 7))
    expect(found.slice(1).map(([one]) => one!.inView)).toEqual([true, true, false, false, false, true, true])
    near(centre(found.at(-1)![0]!), [40, 20])
  })
})

describe('objects', () => {
  test('one that is added later joins a picture in which the others are known', async () => {
    const used = pack()
    const keys = film([[[0, 16, 24]], [[8, 48, 20]]])
    const { found } = await went(used, keys, from(0, 12))
    expect(planesShown(used)).toMatchObject({ 0: [1], 5: [1], 8: [1, 2] })
    expect(said(used, 'said_short')).toEqual([11])
    expect(found.at(-1)!.map(({ object }) => object)).toEqual([0, 1])
    near(centre(found.at(-1)![0]!), [16, 24])
    near(centre(found.at(-1)![1]!), [48, 20])
  })

  test('where a new key mask lies on an object that is known, the pixels are the new one’s', async () => {
    const used = pack()
    await went(used, film([[[0, 24, 24]], [[3, 24, 24]]]), from(0, 4))
    const { dims, data } = used.runs('id-bank')[4]!.inputs.one_hot!
    const [, planes, height, width] = dims as [number, number, number, number]
    const middle = 24 * width + 24
    const there = from(0, planes - 1).filter((plane) => data[plane * width * height + middle] === 1)
    expect(there).toEqual([2])
  })

  test('a corrected frame becomes a reference, and what comes after follows it', async () => {
    const used = pack()
    const keys: readonly Key[] = [
      [0, 16, 16],
      [6, 48, 32],
    ]
    const { found } = await went(used, film([keys]), from(0, 8))
    expect(said(used, 'said_long')).toEqual([0, 5, 6])
    near(centre(found[5]![0]!), [16, 16])
    near(centre(found[8]![0]!), [48, 32])
  })

  test('key masks that a walk comes past without a word count, too', async () => {
    const used = pack()
    const keys = film([
      [
        [0, 16, 16],
        [6, 48, 32],
      ],
    ])
    const walk = new AotVideo(used, keys, size).walk(forward)
    for (const frame of [1, 2, 7]) {
      const [one] = await walk.visit(frame, { begin: [], find: [0] }, signal)
      near(centre(one!), frame === 7 ? [48, 32] : [16, 16])
    }
    expect(said(used, 'said_long')).toEqual([0, 6])
  })

  test('where the walk may look ahead, a key mask that lies there tells the object', async () => {
    for (const [knows, found] of [
      ['all', 1],
      ['behind', 0],
    ] as const) {
      const used = pack()
      const walk = new AotVideo(used, film([[[9, 20, 24]]]), size).walk({ ...forward, knows })
      expect(await walk.visit(4, { begin: [], find: [0] }, signal)).toHaveLength(found)
    }
  })

  test('key masks on frames behind the one that a walk begins on are known from the start', async () => {
    const used = pack()
    const keys: readonly Key[] = [3, 9, 15, 21, 27].map((frame) => [frame, 30, 20])
    await went(used, film([keys]), [27, 28])
    expect(said(used, 'said_long')).toEqual([9, 15, 21, 27])
    expect(said(used, 'said_short')).toEqual([27])
  })

  test('twelve are two groups in one competition, which share what the encoder says', async () => {
    const used = pack()
    const places = from(0, 11).map((i) => [8 + 16 * (i % 4), 8 + 16 * Math.floor(i / 4)] as const)
    const keys = places.map(([x, y]) => [[0, x, y]] as const)
    const { found } = await went(used, film(keys), [0, 1])
    expect(found[1]).toHaveLength(12)
    for (const [i, one] of found[1]!.entries()) near(centre(one), places[i]!)
    expect(used.runs('encoder')).toHaveLength(2)
    expect(used.runs('decoder')).toHaveLength(2)
    const groups = used
      .runs('id-bank')
      .slice(0, 2)
      .map(({ inputs }) => floatValues(inputs.one_hot!))
    const planes = groups.map((values) =>
      from(0, 10).filter((plane) =>
        values.subarray((plane * values.length) / 11, ((plane + 1) * values.length) / 11).includes(1),
      ),
    )
    expect(planes).toEqual([from(0, 10), [0, 1, 2]])
    // No pixel is two objects’.
    for (let i = 0; i < size.width * size.height; i++)
      expect(found[1]!.filter(({ mask }) => mask[i]! > 0.5).length).toBeLessThanOrEqual(1)
  })

  test('identities that nobody has, or nobody yet, cannot win a pixel', async () => {
    const graphs = aotVideoGraphs()
    const used = packHere(graphs, {
      role: 'segment-video',
      contract: 'aot-video',
      preprocessing: aotPreprocessing,
    })
    const loud: LoggedPack = {
      ...used,
      graphs: {
        run: async (part, inputs) => {
          const outputs = await used.graphs.run(part, inputs)
          if (part !== 'decoder') return outputs
          const logits = outputs.logits!
          const data = floatValues(logits).slice()
          data.fill(100, (data.length * 2) / 11)
          return { logits: { ...logits, data } as typeof logits }
        },
      },
    }
    const { found } = await went(loud, film([[[0, 20, 24]], [[9, 40, 20]]]), [0, 1])
    near(centre(found[1]![0]!), [20, 24])
  })
})

describe('a walk', () => {
  test('against time remembers the same, mirrored', async () => {
    const used = pack()
    const { found } = await went(used, film([[[30, 20, 24]]]), from(30, 13), { ...forward, step: -1 })
    expect(said(used, 'said_long')).toEqual([30, 25, 20, 15])
    expect(said(used, 'said_short')).toEqual([14])
    near(centre(found.at(-1)![0]!), [20, 24])
  })

  test('that was interrupted goes on as if it had not been', async () => {
    const { kept, shelf } = shelfOf()
    const keys = film([[[0, 16, 24]], [[8, 48, 20]]])
    const whole = pack({}, { max_long_term: 4 })
    await went(whole, keys, from(0, 40))
    await went(pack({}, { max_long_term: 4 }), keys, from(0, 33), { ...forward, shelf })
    // The frame after the last that was committed had been made, too, when the run ended.
    for (const committed of [33, 32]) {
      const used = pack({}, { max_long_term: 4 })
      const walk = new AotVideo(used, keys, size).walk({ ...forward, shelf: shelfOf(kept).shelf })
      expect(await walk.takeUp(committed, [0, 1])).toBe(true)
      await walk.visit(committed + 1, { begin: [], find: [0, 1] }, signal)
      const isNext = ({ outputs, inputs }: (typeof whole.log)[number]) =>
        floatValues(outputs.cur_k_0!)[0] === committed + 1 && inputs.lt_k_0!.dims[0]! > 0
      expect(used.runs('lstt')[0]!.inputs).toEqual(whole.runs('lstt').find(isNext)!.inputs)
    }
    const names = [...kept.keys()]
    expect(names.length).toBeLessThan(12)
    expect(await new AotVideo(pack(), keys, size).walk({ ...forward, shelf }).takeUp(20, [0])).toBe(false)
    kept.delete(names.find((name) => name.includes('long'))!)
    expect(await new AotVideo(pack(), keys, size).walk({ ...forward, shelf }).takeUp(33, [0, 1])).toBe(false)
  })

  test('that ended on a frame which was remembered twice over goes on from the one before', async () => {
    const { kept, shelf } = shelfOf()
    // Frame 20 is one of every fifth, lets go of frame 5, and becomes a reference as well.
    const keys = film([[[0, 16, 24]], [[20, 48, 20]]])
    await went(pack({}, { max_long_term: 4 }), keys, from(0, 20), { ...forward, shelf })
    const used = pack({}, { max_long_term: 4 })
    const walk = new AotVideo(used, keys, size).walk({ ...forward, shelf: shelfOf(kept).shelf })
    expect(await walk.takeUp(19, [0])).toBe(true)
    await walk.visit(20, { begin: [], find: [0] }, signal)
    expect(said(used, 'said_long')).toEqual([0, 5, 10, 15])
  })

  test('that is taken up on the frame on which an object was added knows it', async () => {
    const { shelf } = shelfOf()
    const keys = film([[[0, 16, 24]], [[8, 48, 20]]])
    await went(pack(), keys, from(0, 8), { ...forward, shelf })
    const used = pack()
    const walk = new AotVideo(used, keys, size).walk({ ...forward, shelf })
    expect(await walk.takeUp(8, [0, 1])).toBe(true)
    const found = await walk.visit(9, { begin: [], find: [0, 1] }, signal)
    near(centre(found[1]!), [48, 20])
    expect(used.runs('encoder')).toHaveLength(1)
  })
})
