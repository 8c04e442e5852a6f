import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyRef, type MaskRecord, type MaskState, maskId, type ObjectId, type ShapeHash } from '../records.ts'
import { testMask } from '../test-records.ts'
import { acceptedRun, acceptProposal, framesToNextKey, hiddenRun, rejectProposal } from './answers.ts'
import { doubtReason } from './doubt.ts'
import { isStale, withFreshRefs } from './staleness.ts'
import { maskAt, type Track, trackOf } from './track.ts'

const dog = 'dog' as ObjectId

function mask(frameIndex: number, state: MaskState, fields: Partial<MaskRecord> = {}): MaskRecord {
  const computed = state === 'propagated' || state === 'proposed'
  return testMask(dog, frameIndex, {
    state,
    method: computed ? 'propagation' : 'drawn',
    shape: 'a'.repeat(32) as ShapeHash,
    box: [0, 0, 4, 4],
    area: 16,
    confidence: computed ? 0.5 : null,
    ...fields,
  })
}

/** A keyframe on each end and computed masks between, fresh as a run leaves them. */
function between(states: readonly MaskState[]): Track {
  const masks = [
    mask(0, 'keyframe'),
    ...states.map((state, i) => mask(i + 1, state)),
    mask(states.length + 1, 'keyframe'),
  ]
  return trackOf(withFreshRefs(trackOf(masks), masks, () => true))
}

function answered(track: Track, put: readonly MaskRecord[]): Track {
  const changed = new Map([...track.masks, ...put].map((each) => [each.id, each]))
  return trackOf(changed.values())
}

const run = fc
  .record({ length: fc.integer({ min: 1, max: 12 }), from: fc.nat(11), to: fc.nat(11), at: fc.nat(11) })
  .map(({ length, from, to, at }) => {
    const [firstFrame, lastFrame] = [
      1 + (Math.min(from, to) % length),
      1 + (Math.max(from, to) % length),
    ].sort((a, b) => a - b) as [number, number]
    return { length, firstFrame, lastFrame, at: firstFrame + (at % (lastFrame - firstFrame + 1)) }
  })

describe('accepting a doubtful run', () => {
  it('confirms only the frame looked at, asks about none of it again, and makes nothing stale', () => {
    fc.assert(
      fc.property(run, ({ length, firstFrame, lastFrame, at }) => {
        const before = between(Array.from({ length }, () => 'propagated' as const))
        const track = answered(before, acceptedRun(before, { firstFrame, lastFrame }, at))
        expect(track.keys.map(({ frameIndex }) => frameIndex)).toEqual([0, at, length + 1])
        expect(maskAt(track, at)?.state).toBe('confirmed')
        for (const each of track.masks) {
          expect(isStale(track, each)).toBe(false)
          const inRun = firstFrame <= each.frameIndex && each.frameIndex <= lastFrame
          if (inRun) expect(doubtReason(track, each)).toBeNull()
          else expect(each).toEqual(maskAt(before, each.frameIndex))
          expect(each.shape).toEqual(maskAt(before, each.frameIndex)?.shape)
        }
      }),
    )
  })

  it('of one run after another in the same gap makes nothing stale either', () => {
    let track = between(Array.from({ length: 9 }, () => 'propagated' as const))
    for (const [firstFrame, lastFrame, at] of [
      [2, 3, 2],
      [5, 6, 6],
      [8, 8, 8],
    ] as const)
      track = answered(track, acceptedRun(track, { firstFrame, lastFrame }, at))
    expect(track.keys.map(({ frameIndex }) => frameIndex)).toEqual([0, 2, 6, 8, 10])
    expect(track.masks.filter((each) => isStale(track, each))).toEqual([])
  })

  it('of stale masks says that they hold beside the new keyframe too', () => {
    const old = mask(2, 'propagated', { left: keyRef(0, 'b'.repeat(32) as ShapeHash) })
    const before = trackOf([mask(0, 'keyframe'), { ...old, id: maskId(dog, 1), frameIndex: 1 }, old])
    expect(before.masks.filter((each) => isStale(before, each))).toHaveLength(2)
    const track = answered(before, acceptedRun(before, { firstFrame: 1, lastFrame: 2 }, 2))
    expect(track.masks.filter((each) => isStale(track, each))).toEqual([])
  })

  it('keeps of two disagreeing sides neither', () => {
    const before = between(['propagated', 'propagated'])
    const split = answered(before, [{ ...maskAt(before, 1)!, sides: [null, null] }])
    for (const each of acceptedRun(split, { firstFrame: 1, lastFrame: 2 }, 2))
      expect(each.sides).toBeUndefined()
  })
})

describe('a proposal', () => {
  const track = between(['propagated', 'proposed', 'proposed', 'proposed', 'propagated'])

  it('that is accepted gives one confirmed mask and propagated ones with their own confidence', () => {
    const put = acceptProposal(track, 3)
    expect(put.map(({ frameIndex, state, confidence }) => [frameIndex, state, confidence])).toEqual([
      [2, 'propagated', 0.5],
      [3, 'confirmed', null],
      [4, 'propagated', 0.5],
    ])
    const accepted = answered(track, put)
    expect(accepted.masks.filter((each) => isStale(accepted, each))).toEqual([])
  })

  it('that is rejected leaves the object hidden there', () => {
    const put = rejectProposal(track, 3)
    expect(put.map(({ frameIndex, state, area, occluded }) => [frameIndex, state, area, occluded])).toEqual([
      [2, 'confirmed', 0, true],
      [3, 'propagated', 0, true],
      [4, 'confirmed', 0, true],
    ])
  })

  it('is only where one is', () => {
    expect(acceptProposal(track, 1)).toEqual([])
    expect(rejectProposal(track, 5)).toEqual([])
  })
})

describe('hiding a run', () => {
  it('empties it, leaves key masks alone and makes what was computed through it stale', () => {
    const before = between(['propagated', 'propagated', 'propagated', 'propagated', 'propagated'])
    const track = answered(before, hiddenRun(before, { firstFrame: 2, lastFrame: 3 }))
    expect(track.masks.filter(({ shape }) => shape === null).map(({ frameIndex }) => frameIndex)).toEqual([
      2, 3,
    ])
    const stale = track.masks.filter((each) => isStale(track, each)).map(({ frameIndex }) => frameIndex)
    expect(stale).toEqual([1, 4, 5])
    expect(hiddenRun(track, { firstFrame: 0, lastFrame: 0 })).toEqual([])
  })
})

it('frames to the next key end before the first key of any track, else with the last mask', () => {
  const one = trackOf([mask(0, 'keyframe'), mask(5, 'propagated'), mask(9, 'keyframe')])
  const other = trackOf([mask(0, 'keyframe'), mask(12, 'propagated')])
  expect(framesToNextKey([one, other], 3)).toEqual({ firstFrame: 3, lastFrame: 8 })
  expect(framesToNextKey([other, other], 3)).toEqual({ firstFrame: 3, lastFrame: 12 })
})
