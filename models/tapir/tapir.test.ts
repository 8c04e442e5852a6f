import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Preprocessing } from '../manifest.ts'
import { floatTensor, floatValues } from '../open-pack.ts'
import { placementOf } from '../placement.ts'
import type { Picture } from '../preprocess.ts'
import { type LoggedPack, packHere } from '../test-graphs/run-here.ts'
import { type TapirGraphOptions, tapirGraphs, tapirInput } from '../test-graphs/tapir-graphs.ts'
import { batches, pointQueries, visibility } from './points.ts'
import { TapirOnline } from './tapir-online.ts'

const preprocessing: Preprocessing = {
  colour: 'rgb',
  resize: 'stretch',
  width: tapirInput,
  height: tapirInput,
  layout: 'nhwc',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
}

function pack(options: TapirGraphOptions = {}, state?: Readonly<Record<string, number>>): LoggedPack {
  return packHere(tapirGraphs(options), {
    role: 'track-points',
    contract: 'tapir-online',
    preprocessing,
    ...(state ? { state } : {}),
  })
}

/** Twice as wide and four times as high as the input. */
function frame(number: number, hidden = false): Picture {
  const rgb = new Uint8Array(32 * 64 * 3)
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = number
    rgb[i + 1] = hidden ? 200 : 0
  }
  return { width: 32, height: 64, rgb }
}

describe('points', () => {
  test('are asked for in the input’s pixels, y before x, and answered in the picture’s', async () => {
    const used = pack()
    const tracker = new TapirOnline(used)
    await tracker.begin(frame(3), [{ x: 8, y: 40 }])
    expect([...floatValues(used.runs('query')[0]!.inputs.query_points!)]).toEqual([10, 4])
    // A pixel of the input a frame to the right is two of the picture.
    const [one] = await tracker.visit(frame(5))
    expect(one).toMatchObject({ x: 12, visible: true })
    expect(used.runs('encoder').map(({ inputs }) => inputs.input_frame!.dims)).toEqual([
      [1, 16, 16, 3],
      [1, 16, 16, 3],
    ])
  })

  test('go on from the state that the network handed on, which begins on their own frame', async () => {
    const used = pack()
    const tracker = new TapirOnline(used)
    await tracker.begin(frame(0), [{ x: 4, y: 8 }])
    const ys: number[] = []
    for (const number of [1, 2, 3]) ys.push((await tracker.visit(frame(number)))[0]!.y)
    // A quarter of a pixel of the input is one of the picture.
    expect(ys).toEqual([9, 10, 11])
    const counts = used.runs('step').map(({ inputs }) => inputs.causal_state!.data[0])
    expect(counts).toEqual([0, 1, 2, 3])
  })

  test('may begin later, each with a state of its own, in the order in which they began', async () => {
    const used = pack()
    const tracker = new TapirOnline(used)
    await tracker.begin(frame(0), [{ x: 4, y: 8 }])
    await tracker.visit(frame(1))
    await tracker.visit(frame(2))
    await tracker.begin(frame(2), [
      { x: 6, y: 20 },
      { x: 2, y: 30 },
    ])
    const tracked = await tracker.visit(frame(3))
    expect(tracked.map(({ x, y }) => [x, y])).toEqual([
      [10, 11],
      [8, 21],
      [4, 31],
    ])
  })

  test('are hidden when the network says so, and where it is unsure of the place', async () => {
    const tracker = new TapirOnline(pack())
    await tracker.begin(frame(0), [
      { x: 4, y: 8 },
      { x: 28, y: 8 },
    ])
    const seen = async (number: number, hidden: boolean) =>
      (await tracker.visit(frame(number, hidden))).map(({ visible }) => visible)
    expect(await seen(1, false)).toEqual([true, false])
    expect(await seen(2, true)).toEqual([false, false])
    expect(await seen(3, false)).toEqual([true, false])
  })

  test('of exports that say themselves what is visible are as these say', async () => {
    const tracker = new TapirOnline(pack({ saysVisible: true }))
    await tracker.begin(frame(0), [{ x: 28, y: 8 }])
    expect((await tracker.visit(frame(1)))[0]).toMatchObject({ visible: true, visibility: 1 })
    expect((await tracker.visit(frame(2, true)))[0]).toMatchObject({ visible: false, visibility: 0 })
  })

  test('where a graph takes three, are filled up and go in threes', async () => {
    const used = pack({ pointCount: 3, hasTime: true })
    const tracker = new TapirOnline(used)
    const points = [0, 1, 2, 3].map((i) => ({ x: 2 + 4 * i, y: 16 }))
    await tracker.begin(frame(0), points)
    const tracked = await tracker.visit(frame(1))
    expect(tracked.map(({ x }) => x)).toEqual(points.map(({ x }) => x + 2))
    expect(used.runs('query').map(({ inputs }) => [...floatValues(inputs.query_points!)])).toEqual([
      [4, 1, 4, 3, 4, 5],
      [4, 7, 4, 7, 4, 7],
    ])
    expect(used.runs('encoder')[0]!.inputs.input_frame!.dims).toEqual([1, 1, 16, 16, 3])
    expect(used.runs('encoder')).toHaveLength(2)
  })

  test('of an export that has turned them are turned back', async () => {
    const tracker = new TapirOnline(pack({}, { tracks_yx: 1 }))
    await tracker.begin(frame(0), [{ x: 4, y: 8 }])
    const [one] = await tracker.visit(frame(0))
    // x of the input, 2, is read as y, and y, 2 and a quarter, as x.
    expect(one).toMatchObject({ x: 4.5, y: 8 })
  })
})

test('no point is lost on the way to the network', () => {
  const place = fc.double({ min: 0, max: 500, noNaN: true })
  const points = fc.array(fc.record({ x: place, y: place }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 12 }), (all, most) => {
      const groups = batches(all, most)
      expect(groups.flat()).toEqual(all)
      const placement = placementOf(preprocessing, { width: 500, height: 250 })
      for (const group of groups) {
        const { dims, data } = pointQueries(group, placement, most)
        expect(dims).toEqual([1, most, 2])
        for (const [i, { x, y }] of group.entries()) {
          expect(Number(data[2 * i])).toBeCloseTo((y * tapirInput) / 250, 4)
          expect(Number(data[2 * i + 1])).toBeCloseTo((x * tapirInput) / 500, 4)
        }
      }
    }),
  )
})

test('in sight is a point that is neither hidden nor elsewhere', () => {
  const logits = (value: number) => floatTensor([1, 1], [value])
  const seen = (hidden: number, far: number) => visibility(null, logits(hidden), logits(far))(0)
  expect(seen(-20, -20)).toBeCloseTo(1)
  expect(seen(0, -20)).toBeCloseTo(0.5)
  expect(seen(0, 0)).toBeCloseTo(0.25)
  expect(visibility(null, logits(-20), null)(0)).toBeCloseTo(1)
  expect(visibility(logits(0.3), logits(-20), null)(0)).toBeCloseTo(0.3)
})
