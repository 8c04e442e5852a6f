import { describe, expect, test } from 'vitest'
import type { MaskRecord, ObjectRecord, ShapeHash } from '../records.ts'
import { testMask, testObject } from '../test-records.ts'
import { withFreshRefs } from './staleness.ts'
import { suggestKeyframe } from './suggest.ts'
import { type Track, trackOf } from './track.ts'

const hash = 'a'.repeat(32) as ShapeHash

/** A run over frames 0 to last: key masks where said, elsewhere masks of the expected IoU given. */
function track(
  name: string,
  last: number,
  keys: readonly number[],
  expected: (frame: number) => number,
  more: (frame: number) => Partial<MaskRecord> = () => ({}),
): Track {
  const masks = Array.from({ length: last + 1 }, (_, frame) => {
    const shape = { shape: hash, box: [0, 0, 9, 9], area: 81 } as const
    return keys.includes(frame)
      ? testMask(name, frame, shape)
      : testMask(name, frame, {
          ...shape,
          state: 'propagated',
          method: 'propagation',
          confidence: expected(frame),
          ...more(frame),
        })
  })
  return trackOf(withFreshRefs(trackOf(masks), masks, () => true))
}

const fox = testObject('fox', 'm1')
const one = (of: Track, object: ObjectRecord = fox) => suggestKeyframe([[object, of]], 300)

describe('the next keyframe', () => {
  test('goes into the gap with the most doubt, to the middle of the doubt and not of the gap', () => {
    const suggestion = one(
      track('fox', 299, [0, 100, 299], (frame) => (frame >= 240 && frame <= 260 ? 0.3 : 0.97)),
    )
    expect(suggestion).toMatchObject({ objectId: 'fox', worth: true })
    expect(suggestion!.frameIndex).toBeGreaterThan(235)
    expect(suggestion!.frameIndex).toBeLessThan(262)
  })

  test('halves the way between the only two keyframes: what is doubted so far from both says little', () => {
    const late = (frame: number) => (frame > 250 ? 0.4 : 0.9)
    expect(one(track('fox', 300, [0, 300], late))!.frameIndex).toBe(150)
    expect(one(track('fox', 300, [0], late))!.frameIndex).toBeGreaterThan(200)
  })

  test('says in words which frames are uncertain and how many', () => {
    const { reason } = one(track('fox', 299, [0, 100, 299], (frame) => (frame > 279 ? 0.5 : 0.97)))!
    expect(reason).toBe('Frames 101–298 are the least certain: about 19 of them are expected below 0.75.')
  })

  test('avoids the frame on which the object is hidden when it is seen three frames on', () => {
    const gone = (frame: number) => (frame >= 140 && frame <= 151 ? { area: 0, shape: null, box: null } : {})
    const expected = (frame: number) => (Math.abs(frame - 149) < 3 ? 0.1 : 0.9)
    const { frameIndex } = one(track('fox', 299, [0, 299], expected, gone))!
    expect(frameIndex).toBeGreaterThan(151)
    expect(frameIndex).toBeLessThan(155)
  })

  test('does not ask for a keyframe where it is said to be out of sight', () => {
    const hidden = { area: 0, shape: null, box: null, occluded: true, confidence: 0.5 }
    const run = track(
      'fox',
      299,
      [0, 299],
      (frame) => (frame > 250 ? 0.7 : 0.95),
      (frame) => (frame >= 50 && frame <= 200 ? hidden : {}),
    )
    expect(one(run)!.frameIndex).toBeGreaterThan(240)
  })

  test('takes for granted what is no better beside the keyframes', () => {
    expect(one(track('fox', 99, [0, 99], () => 0.85))!.worth).toBe(false)
    expect(one(track('fox', 99, [0, 99], (frame) => (frame > 3 && frame < 96 ? 0.85 : 0.95)))!.worth).toBe(
      true,
    )
  })

  test('looks at every object, but not at locked ones', () => {
    const calm = track('fox', 99, [0, 99], () => 0.95)
    const wild = track('gull', 99, [0, 99], () => 0.6)
    const gull = testObject('gull', 'm1')
    const both = (locked: boolean) =>
      suggestKeyframe(
        [
          [fox, calm],
          [{ ...gull, locked }, wild],
        ],
        100,
      )!.objectId
    expect(both(false)).toBe('gull')
    expect(both(true)).toBe('fox')
  })

  test('says when another keyframe is not worth it', () => {
    const suggestion = one(track('fox', 99, [0, 50, 99], () => 0.995))!
    expect(suggestion.worth).toBe(false)
    expect(suggestion.reason).toMatch(/not worth it/)
    expect(suggestion.gain).toBeLessThan(0.005)
  })

  test('knows nothing before a run, and nothing from masks that a keyframe has made stale', () => {
    expect(one(trackOf([testMask('fox', 0, { shape: hash, area: 81 })]))).toBeNull()
    const run = track('fox', 99, [0, 99], () => 0.5)
    const added = testMask('fox', 50, { shape: 'b'.repeat(32) as ShapeHash, area: 81 })
    expect(one(trackOf([...run.masks.filter((mask) => mask.frameIndex !== 50), added]))).toBeNull()
  })
})
