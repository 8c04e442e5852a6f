import { describe, expect, test } from 'vitest'
import { floatValues } from '../open-pack.ts'
import { aotPreprocessing, aotVideoGraphs } from '../test-graphs/aot-video-graphs.ts'
import { packHere } from '../test-graphs/run-here.ts'
import { AotVideo } from './aot-video.ts'
import { centre, film, from, type Key, near, pack, planesShown, said, size, went } from './test-walks.ts'

describe('other exports', () => {
  test('PAOT: stuff has a bank of its own, whose first identity is the ground', async () => {
    const used = pack({ banks: { stuff: 6, things: 10 } })
    const keys: readonly Key[][] = [[[0, 16, 12]], [[0, 48, 12]], [[0, 32, 36]]]
    const { found } = await went(used, film(keys, { stuff: [1] }), [0, 1])
    expect(planesShown(used)[0]).toEqual([1, 6, 7])
    for (const [i, [, x, y]] of [keys[0]![0]!, keys[1]![0]!, keys[2]![0]!].entries())
      near(centre(found[1]![i]!), [x, y])
    const { inputs } = used.runs('id-bank')[0]!
    expect([inputs.one_hot_stuff!.dims[1], inputs.one_hot_thing!.dims[1]]).toEqual([6, 10])
    const ground = floatValues(inputs.one_hot_stuff!).subarray(0, inputs.one_hot_stuff!.data.length / 6)
    expect(ground.filter((value) => value === 1).length).toBeGreaterThan(ground.length / 2)
  })

  test('PAOT: a sixth stuff is in another group, an eleventh thing as well', async () => {
    const used = pack({ banks: { stuff: 6, things: 10 } })
    const objects = from(0, 15).map((): Key[] => [[0, 30, 20]])
    const stuffOnly = new AotVideo(used, film(objects, { stuff: from(0, 5) }), size)
    expect(stuffOnly.groups.map((group) => [...group.objects])).toEqual([
      [...from(0, 4).map((i) => [i + 1, i]), ...from(6, 15).map((i) => [i, i])],
      [[1, 5]],
    ])
  })

  test('a graph of its own may fuse memories with their identities', async () => {
    const used = pack({ fuse: true })
    const { found } = await went(used, film([[[0, 20, 24]]]), from(0, 12))
    expect(said(used, 'said_long')).toEqual([0, 5, 10])
    expect(said(used, 'said_layers')).toEqual([0, 4, 9])
    near(centre(found.at(-1)![0]!), [20, 24])
  })

  test('an encoder of a fixed size gets that, any other sides of sixteen times something and one more', async () => {
    const free = pack()
    await went(free, film([[[0, 20, 24]]]), [0, 1])
    expect(free.runs('encoder')[0]!.inputs.image!.dims).toEqual([1, 3, 49, 65])
    const small = pack({}, { long_edge: 33 })
    await went(small, film([[[0, 20, 24]]]), [0, 1])
    expect(small.runs('encoder')[0]!.inputs.image!.dims).toEqual([1, 3, 17, 33])
    const fixed = pack({ fixedSize: 81 })
    const { found } = await went(fixed, film([[[0, 20, 24]]]), [0, 1])
    expect(fixed.runs('encoder')[0]!.inputs.image!.dims).toEqual([1, 3, 81, 81])
    near(centre(found[1]![0]!), [20, 24])
  })

  test('a bank that does not say how many identities it has is refused by name', () => {
    const graphs = aotVideoGraphs()
    const bank = graphs['id-bank']!
    const inputs = bank.inputs.map((input) => ({ ...input, shape: [1, 'ids', 'H', 'W'] }))
    const used = packHere(
      { ...graphs, 'id-bank': { ...bank, inputs } },
      { role: 'segment-video', contract: 'aot-video', preprocessing: aotPreprocessing },
    )
    expect(() => new AotVideo(used, film([]), size)).toThrow(
      expect.objectContaining({
        code: 'bad-pack',
        message: expect.stringContaining('The graph id-bank of “Stand-in”'),
      }),
    )
  })
})
