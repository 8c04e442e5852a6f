import { expect, test } from 'vitest'
import { encodeRle, type Rle } from '../../core/mask/rle.ts'
import type { ObjectId } from '../../core/records.ts'
import type { PropagatedFrame, PropagationObject } from '../propagation/request.ts'
import { UnlabelledCount } from './unlabelled-count.ts'

const [width, height] = [10, 4]

/** The columns from .. to - 1. */
function columns(from: number, to: number): Rle {
  const inside = (i: number) => i % width >= from && i % width < to
  return encodeRle({
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => (inside(i) ? 1 : 0)),
  })
}

function object(name: string, keys: readonly (readonly [frame: number, rle: Rle])[]): PropagationObject {
  const masks = keys.map(([frameIndex, rle]) => ({ frameIndex, rle, outside: false }))
  return { id: name as ObjectId, name, stuff: false, order: 0, keys: masks }
}

function frame(frameIndex: number, masks: Readonly<Record<string, Rle>>): PropagatedFrame {
  const made = { confidence: 1, doubt: null, leftKeyFrame: 0, rightKeyFrame: null, proposed: false }
  return {
    type: 'frame',
    frameIndex,
    ms: 1,
    cursor: null,
    cuts: [],
    masks: Object.entries(masks).map(([name, rle]) => ({
      ...made,
      objectId: name as ObjectId,
      rle,
      hidden: false,
      sides: null,
    })),
  }
}

test('tells how much has no owner where the keyframes are labelled all over', () => {
  const count = new UnlabelledCount([
    object('sky', [
      [0, columns(0, 5)],
      [3, columns(0, 8)],
    ]),
    object('road', [[0, columns(5, 10)]]),
  ])
  count.add(frame(1, { sky: columns(0, 5), road: columns(5, 9) }))
  count.add(frame(2, { sky: columns(0, 4), road: columns(6, 10) }))
  // The sky is the user's here; the road reaches under it by two columns.
  count.add(frame(3, { road: columns(6, 10) }))
  expect(count.sentence()).toBe(
    '10.0 % of the picture has no owner on the frames made, most on frame 2 (20.0 %).',
  )
  count.add(frame(2, { sky: columns(0, 5), road: columns(5, 10) }))
  expect(count.sentence()).toMatch(/^3\.3 % .* frame 1 \(10\.0 %\)\.$/)
})

test('has nothing to tell where most of the picture was left unlabelled, or nothing was left over', () => {
  const one = new UnlabelledCount([object('ball', [[0, columns(0, 2)]])])
  one.add(frame(1, { ball: columns(1, 3) }))
  expect(one.sentence()).toBeNull()
  const all = new UnlabelledCount([object('sky', [[0, columns(0, 10)]])])
  all.add(frame(1, { sky: columns(0, 10) }))
  expect(all.sentence()).toBeNull()
})
