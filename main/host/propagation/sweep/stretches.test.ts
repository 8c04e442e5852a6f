import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyRle, fullRle } from '../../../core/mask/rle.ts'
import type { ObjectId } from '../../../core/records.ts'
import type { KeyMask, PropagationObject } from '../request.ts'
import { planStretches } from './stretches.ts'

const frameCount = 60

function object(
  name: string,
  keys: readonly (readonly [frame: number, kind?: 'outside' | 'empty'])[],
  locked = false,
): PropagationObject {
  const masks = keys.map(
    ([frameIndex, kind]): KeyMask => ({
      frameIndex,
      rle: kind ? emptyRle(4, 4) : fullRle(4, 4),
      outside: kind === 'outside',
    }),
  )
  return { id: name as ObjectId, name, stuff: false, order: 0, locked, keys: masks }
}

const whole = {
  firstFrame: 0,
  lastFrame: frameCount - 1,
  direction: 'both',
  playheadFrame: 0,
  frameCount,
} as const

describe('what lies between the key masks', () => {
  test('every gap is a stretch of its own when there is one object', () => {
    const { stretches, notes } = planStretches({ ...whole, objects: [object('dog', [[10], [30]])] })
    expect(notes).toEqual([])
    expect(stretches.flatMap((s) => s.spans)).toEqual([
      { objectIndex: 0, leftKey: null, rightKey: 10, first: 0, last: 9 },
      { objectIndex: 0, leftKey: 10, rightKey: 30, first: 11, last: 29 },
      { objectIndex: 0, leftKey: 30, rightKey: null, first: 31, last: 59 },
    ])
  })

  test('the gap at the playhead comes first, then outward', () => {
    const { stretches } = planStretches({
      ...whole,
      playheadFrame: 25,
      objects: [object('dog', [[0], [20], [40]])],
    })
    expect(stretches.map((s) => s.firstFill)).toEqual([21, 1, 41])
  })

  test('the two gaps around a corrected frame are a round, each begun from there', () => {
    const { rounds } = planStretches({
      ...whole,
      playheadFrame: 20,
      objects: [object('dog', [[0], [20], [40]])],
    })
    expect(
      rounds.map((round) => round.map(({ stretch, firstSide }) => [stretch.firstFill, firstSide])),
    ).toEqual([
      [
        [21, 'left'],
        [1, 'right'],
      ],
      [[41, 'left']],
    ])
  })

  test('gaps of several objects that overlap are filled together', () => {
    const { stretches } = planStretches({
      ...whole,
      objects: [object('dog', [[0], [30]]), object('cat', [[15]])],
    })
    expect(stretches).toHaveLength(1)
    const alike = planStretches({
      ...whole,
      objects: [object('dog', [[0], [30]]), object('cat', [[0], [30]])],
    })
    expect(alike.stretches.map((s) => s.spans.length)).toEqual([2, 2])
  })

  test('forward uses only masks before, backward only masks after', () => {
    const objects = [object('dog', [[10], [30]])]
    const forward = planStretches({ ...whole, objects, direction: 'forward' }).stretches.flatMap(
      (s) => s.spans,
    )
    expect(forward.map((s) => [s.leftKey, s.rightKey])).toEqual([
      [10, null],
      [30, null],
    ])
    const backward = planStretches({ ...whole, objects, direction: 'backward' }).stretches.flatMap(
      (s) => s.spans,
    )
    expect(backward.map((s) => [s.leftKey, s.rightKey])).toEqual([
      [null, 10],
      [null, 30],
    ])
  })

  test('nothing is made between "not in view" and the next mask, and nothing starts from it', () => {
    const { stretches } = planStretches({ ...whole, objects: [object('dog', [[10], [20, 'outside'], [40]])] })
    expect(stretches.flatMap((s) => s.spans).map((s) => [s.first, s.last, s.leftKey, s.rightKey])).toEqual([
      [0, 9, null, 10],
      [11, 19, 10, null],
      [41, 59, 40, null],
    ])
  })

  test('a range inside a gap is still reached from the masks around it', () => {
    const { stretches } = planStretches({
      ...whole,
      firstFrame: 15,
      lastFrame: 18,
      objects: [object('dog', [[10], [30]])],
    })
    expect(stretches[0]).toMatchObject({
      firstFill: 15,
      lastFill: 18,
      spans: [{ first: 11, last: 29, leftKey: 10, rightKey: 30 }],
    })
  })

  test('says in words why an object gets nothing', () => {
    const why = (objects: PropagationObject[], asked: object = {}) =>
      planStretches({ ...whole, ...asked, objects }).notes.map((note) => note.sentence)
    expect(why([object('dog', [])])[0]).toMatch(/dog has no keyframe to start from/)
    expect(why([object('dog', [[5, 'outside']])])[0]).toMatch(/no keyframe to start from/)
    expect(why([object('dog', [[40]])], { lastFrame: 30, direction: 'forward' })[0]).toMatch(
      /no keyframe before frame 31/,
    )
    expect(why([object('dog', [[4]])], { firstFrame: 10, direction: 'backward' })[0]).toMatch(
      /no keyframe after frame 11/,
    )
    expect(why([object('dog', [[2], [10, 'outside']])], { firstFrame: 11 })[0]).toMatch(/not in view/)
    expect(why([object('dog', [], true)])).toEqual([])
  })

  test('spans never hold a key frame, overlap only within a stretch, and start from a mask with pixels', () => {
    const kinds = fc.constantFrom(undefined, undefined, 'outside' as const, 'empty' as const)
    const keys = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: frameCount - 1 }), kinds), {
        selector: ([frame]) => frame,
        maxLength: 6,
      })
      .map((list) => list.toSorted((a, b) => a[0] - b[0]))
    const direction = fc.constantFrom('both' as const, 'forward' as const, 'backward' as const)
    fc.assert(
      fc.property(
        fc.array(keys, { maxLength: 4 }),
        fc.nat(frameCount - 1),
        fc.nat(frameCount - 1),
        direction,
        (lists, a, b, way) => {
          const objects = lists.map((list, i) =>
            object(`object ${i}`, list as [number, 'outside' | 'empty'][]),
          )
          const asked = {
            ...whole,
            firstFrame: Math.min(a, b),
            lastFrame: Math.max(a, b),
            direction: way,
            objects,
          }
          const { stretches } = planStretches(asked)
          const used = new Map<number, number>()
          stretches.forEach((stretch, index) => {
            expect(stretch.firstFill).toBeLessThanOrEqual(stretch.lastFill)
            for (const span of stretch.spans) {
              const own = objects[span.objectIndex]!.keys
              expect(own.some((key) => key.frameIndex >= span.first && key.frameIndex <= span.last)).toBe(
                false,
              )
              for (const frame of [span.leftKey, span.rightKey])
                if (frame !== null)
                  expect(own.find((key) => key.frameIndex === frame)?.rle.counts.length).toBe(2)
              expect(span.leftKey ?? span.rightKey).not.toBeNull()
              for (let frame = span.first; frame <= span.last; frame++) {
                expect(used.get(frame) ?? index).toBe(index)
                used.set(frame, index)
              }
            }
          })
        },
      ),
    )
  })
})
