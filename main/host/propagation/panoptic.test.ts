import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planeShapes } from '../../core/formats/plane-shapes.ts'
import { decodeRle, type Rle, rleArea, rleIou, sameRle, unionRle } from '../../core/mask/rle.ts'
import type { ObjectId } from '../../core/records.ts'
import { type SceneSpec, sceneOf } from '../../core/scene/scene.ts'
import type { FrameSource } from '../media/frame-source.ts'
import { propagate } from './propagate.ts'
import type { PropagationObject, PropagationRequest } from './request.ts'

const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-panoptic-test-'))
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }))

/** Twelve things before a landscape of regions: every pixel of the truth has an owner. */
const spec: SceneSpec = {
  name: 'panoptic-test',
  width: 240,
  height: 136,
  frameCount: 9,
  framesPerSecond: 12,
  objectCount: 12,
  seed: 3,
  events: ['pan'],
}
const scene = sceneOf(spec)
const rendered = Array.from({ length: spec.frameCount }, (_, i) => scene.frame(i))
const truths = rendered.map(({ index }) => planeShapes(index, spec.width, spec.height))
const source: FrameSource = {
  ...spec,
  read: async (frame) => rendered[frame]!.rgb,
  close: async () => {},
}
const pixelCount = spec.width * spec.height

function objects(wanted: (entity: (typeof scene.entities)[number]) => boolean): PropagationObject[] {
  return scene.entities.filter(wanted).flatMap(({ index, name, stuff }) => {
    const first = truths.findIndex((truth) => truth.has(index))
    if (first < 0) return []
    const keys = [{ frameIndex: first, rle: truths[first]!.get(index)!, outside: false }]
    return [{ id: String(index) as ObjectId, name, stuff, order: index, keys }]
  })
}

type Masks = ReadonlyMap<number, ReadonlyMap<string, Rle>>

async function filled(
  list: readonly PropagationObject[],
  more: Partial<PropagationRequest> = {},
): Promise<Masks> {
  const masks = new Map<number, Map<string, Rle>>()
  const whole = {
    firstFrame: 0,
    lastFrame: spec.frameCount - 1,
    direction: 'both',
    playheadFrame: 0,
  } as const
  const how = { seed: 5, threadCount: 2, spillFolder, isTaken: () => false }
  const request = { source, objects: list, ...whole, ...how, ...more }
  for await (const event of propagate(request, new AbortController().signal)) {
    if (event.type === 'note') continue
    const frame = masks.get(event.frameIndex) ?? new Map()
    for (const { objectId, rle } of event.masks) frame.set(objectId, rle)
    masks.set(event.frameIndex, frame)
  }
  return masks
}

function unlabelled(masks: ReadonlyMap<string, Rle>): number {
  const owned = [...masks.values()].reduce((sum, rle) => sum + rleArea(rle), 0)
  return 1 - owned / pixelCount
}

describe('a picture that is labelled all over', () => {
  let masks: Masks
  let left: Masks
  beforeAll(async () => {
    masks = await filled(objects(() => true))
    left = await filled(
      objects(() => true),
      { fillsUnlabelled: false },
    )
  })

  test('stays so: every pixel has one owner, and none has two', () => {
    for (let frame = 1; frame < spec.frameCount; frame++) {
      const own = [...masks.get(frame)!.values()]
      expect(rleArea(own.reduce(unionRle))).toBe(own.reduce((sum, rle) => sum + rleArea(rle), 0))
      expect(unlabelled(masks.get(frame)!)).toBeLessThan(0.002)
    }
    const open = Array.from({ length: spec.frameCount - 1 }, (_, i) => unlabelled(left.get(i + 1)!))
    expect(Math.max(...open)).toBeGreaterThan(0.004)
  })

  test('gives what was left over to those to whom it belongs, more often than not', () => {
    let [right, wrong] = [0, 0]
    for (let frame = 1; frame < spec.frameCount; frame++)
      for (const [id, rle] of masks.get(frame)!) {
        const [now, before] = [decodeRle(rle).data, decodeRle(left.get(frame)!.get(id)!).data]
        const { index } = rendered[frame]!
        now.forEach((v, i) => {
          if (v && !before[i]) index[i] === Number(id) ? right++ : wrong++
        })
      }
    expect(right).toBeGreaterThan(1.2 * wrong)
  })

  test('regions fill in behind the things that move on', () => {
    const regions = new Set(scene.entities.filter(({ stuff }) => stuff).map(({ index }) => index))
    const last = spec.frameCount - 1
    let [right, all] = [0, 0]
    const owners = new Uint8Array(pixelCount)
    for (const [id, rle] of masks.get(last)!)
      decodeRle(rle).data.forEach((v, i) => {
        if (v) owners[i] = Number(id)
      })
    rendered[last]!.index.forEach((owner, i) => {
      if (!regions.has(owner) || regions.has(rendered[0]!.index[i]!)) return
      all++
      if (owners[i] === owner) right++
    })
    expect(all).toBeGreaterThan(50)
    expect(right / all).toBeGreaterThan(0.8)
  })

  test('its things are followed', () => {
    const ious = scene.entities.flatMap(({ index, stuff }) => {
      const truth = truths.at(-1)!.get(index)
      const mask = masks.get(spec.frameCount - 1)!.get(String(index))
      return stuff || !truth || !mask ? [] : [rleIou(mask, truth)]
    })
    expect(ious.length).toBeGreaterThanOrEqual(10)
    expect(ious.reduce((sum, iou) => sum + iou, 0) / ious.length).toBeGreaterThan(0.75)
  })
})

test('regions may be drawn on behind the things: these keep their pixels, and the region what is to be seen of it', async () => {
  const visible = objects(() => true)
  const things = visible.filter(({ stuff }) => !stuff)
  const drawnOn = visible.map((object) => {
    if (!object.stuff) return object
    const keys = object.keys.map((key) => {
      const covering = things.flatMap(({ keys: own }) =>
        own.filter((each) => each.frameIndex === key.frameIndex),
      )
      return { ...key, rle: covering.reduce((sum, { rle }) => unionRle(sum, rle), key.rle) }
    })
    return { ...object, keys }
  })
  const [expected, masks] = [await filled(visible), await filled(drawnOn)]
  for (const [id, rle] of expected.get(4)!) expect(sameRle(masks.get(4)!.get(id)!, rle), id).toBe(true)
})

test('where the rest of the picture is unlabelled on purpose, nothing is filled in', async () => {
  const things = objects(({ index }) => index <= 3)
  const masks = await filled(things)
  const without = await filled(things, { fillsUnlabelled: false })
  for (let frame = 1; frame < spec.frameCount; frame++)
    for (const [id, rle] of masks.get(frame)!)
      expect(sameRle(rle, without.get(frame)!.get(id)!), `${id} on frame ${frame}`).toBe(true)
})

test('one object alone takes nothing from those that are not part of the run', async () => {
  const all = objects(() => true)
  const meadow = scene.entities.find(({ name }) => name === 'meadow')!
  const alone = all.map((object) => ({ ...object, locked: object.id !== String(meadow.index) }))
  const masks = await filled(alone)
  const truth = truths[4]!.get(meadow.index)!
  expect(rleIou(masks.get(4)!.get(String(meadow.index))!, truth)).toBeGreaterThan(0.8)
})

test('an object may start on any frame, beside all the others', async () => {
  const late = objects(({ index }) => index === 1)[0]!
  const keys = [{ frameIndex: 5, rle: truths[5]!.get(1)!, outside: false }]
  const list = [...objects(({ index }) => index !== 1), { ...late, keys }]
  const masks = await filled(list, { direction: 'forward' })
  expect(masks.get(4)!.has('1')).toBe(false)
  expect(rleIou(masks.get(6)!.get('1')!, truths[6]!.get(1)!)).toBeGreaterThan(0.8)
  for (const frame of [4, 5, 6]) {
    const own = [...masks.get(frame)!.values()]
    expect(rleArea(own.reduce(unionRle))).toBe(own.reduce((sum, rle) => sum + rleArea(rle), 0))
  }
})
