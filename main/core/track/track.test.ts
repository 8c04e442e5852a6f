import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isKey, type MaskRecord, type MaskState, maskId, type ObjectId, type ShapeHash } from '../records.ts'
import { Store } from '../store.ts'
import { testMask } from '../test-records.ts'
import { doubtReason, doubts, nextDoubtfulFrame } from './doubt.ts'
import {
  forEachSpanMask,
  isAcceptedAsComputed,
  isOpenFrame,
  isStale,
  staleSpans,
  withFreshRefs,
} from './staleness.ts'
import { keyNeighbours, maskAt, presentRefs, spanAround, TrackIndex, trackOf, trackState } from './track.ts'

const dog = 'dog' as ObjectId
const shape = (letter: string) => letter.repeat(32) as ShapeHash

function mask(frameIndex: number, state: MaskState, fields: Partial<MaskRecord> = {}): MaskRecord {
  return testMask(dog, frameIndex, {
    state,
    method: state === 'propagated' ? 'propagation' : 'drawn',
    shape: shape('a'),
    box: [0, 0, 1, 1],
    area: 1,
    confidence: state === 'propagated' ? 0.9 : null,
    ...fields,
  })
}

/** A track as a run leaves it: every computed mask refers to the keys beside it. */
function asPropagated(masks: readonly MaskRecord[]): MaskRecord[] {
  return withFreshRefs(trackOf(masks), masks, () => true)
}

const someMasks = fc
  .uniqueArray(
    fc.record({
      frameIndex: fc.nat(40),
      state: fc.constantFrom<MaskState>('keyframe', 'confirmed', 'propagated', 'propagated', 'propagated'),
      letter: fc.constantFrom('a', 'b', 'c'),
      outside: fc.boolean(),
    }),
    { selector: ({ frameIndex }) => frameIndex, maxLength: 25 },
  )
  .map((list) =>
    list.map(({ frameIndex, state, letter, outside }) =>
      state !== 'propagated' && outside
        ? mask(frameIndex, state, { shape: null, box: null, area: 0, outside: true })
        : mask(frameIndex, state, { shape: shape(letter) }),
    ),
  )

describe('a track', () => {
  it('finds masks and neighbouring keys as a search through all of them would', () => {
    fc.assert(
      fc.property(someMasks, fc.nat(45), (masks, frameIndex) => {
        const track = trackOf(masks)
        const keys = masks.filter(isKey)
        const before = keys.filter((key) => key.frameIndex < frameIndex).map((key) => key.frameIndex)
        const after = keys.filter((key) => key.frameIndex > frameIndex).map((key) => key.frameIndex)
        const { left, right } = keyNeighbours(track, frameIndex)
        expect(left?.frameIndex).toBe(before.length > 0 ? Math.max(...before) : undefined)
        expect(right?.frameIndex).toBe(after.length > 0 ? Math.min(...after) : undefined)
        expect(maskAt(track, frameIndex)).toBe(masks.find((one) => one.frameIndex === frameIndex) ?? null)
        const span = spanAround(track, frameIndex, 50)
        expect(span).toEqual({
          firstFrame: left ? left.frameIndex + 1 : 0,
          lastFrame: right ? right.frameIndex - 1 : 49,
        })
      }),
    )
  })

  it('is outside from an outside key until the next key, whatever stands between', () => {
    const track = trackOf([
      mask(2, 'keyframe'),
      mask(5, 'keyframe', { outside: true, shape: null }),
      mask(7, 'propagated'),
      mask(9, 'confirmed'),
    ])
    const types = [1, 2, 3, 5, 7, 8, 9, 10].map((frame) => trackState(track, frame).type)
    expect(types).toEqual(['absent', 'mask', 'absent', 'outside', 'outside', 'outside', 'mask', 'absent'])
    expect(trackState(track, 7)).toEqual({ type: 'outside', since: 5 })
  })

  it('keeps up with a store through any change', () => {
    fc.assert(
      fc.property(fc.array(someMasks, { minLength: 1, maxLength: 6 }), (states) => {
        const store = new Store()
        const index = new TrackIndex(store)
        for (const masks of states) {
          index.track(dog)
          const wanted = new Map(masks.map((one) => [one.id, one]))
          const gone = [...store.track(dog).values()].filter(({ id }) => !wanted.has(id))
          store.apply(store.diffTo([...gone.map(({ id }) => [id, undefined] as const), ...wanted]))
          expect(index.track(dog)).toEqual(trackOf(masks))
        }
      }),
    )
  })

  it('keeps its identity while the object does not change', () => {
    const store = new Store([mask(1, 'keyframe')])
    const index = new TrackIndex(store)
    const before = index.track(dog)
    const other = { ...mask(1, 'keyframe'), id: maskId('cat' as ObjectId, 1), objectId: 'cat' as ObjectId }
    store.apply(store.diffTo([[other.id, other]]))
    expect(index.track(dog)).toBe(before)
    store.apply(store.diffTo([[maskId(dog, 2), mask(2, 'propagated')]]))
    expect(index.track(dog)).not.toBe(before)
    expect(index.track(dog).keys).toBe(before.keys)
  })
})

describe('staleness', () => {
  it('is nowhere after a run', () => {
    fc.assert(
      fc.property(someMasks, (masks) => {
        const track = trackOf(asPropagated(masks))
        expect(track.masks.filter((one) => isStale(track, one))).toEqual([])
        expect(staleSpans(track)).toEqual([])
      }),
    )
  })

  it('changing a keyframe makes exactly the two spans beside it stale; undoing makes them fresh', () => {
    fc.assert(
      fc.property(someMasks, fc.nat(), (masks, pick) => {
        const fresh = asPropagated(masks)
        const keys = fresh
          .filter((one) => isKey(one) && !one.outside)
          .sort((a, b) => a.frameIndex - b.frameIndex)
        const key = keys[pick % Math.max(1, keys.length)]
        fc.pre(key !== undefined)
        const { left, right } = keyNeighbours(trackOf(fresh), key!.frameIndex)
        const edited = fresh.map((one) => (one === key ? { ...one, shape: shape('f') } : one))
        const track = trackOf(edited)
        for (const one of edited) {
          const beside =
            !isKey(one) &&
            one.frameIndex > (left?.frameIndex ?? -1) &&
            one.frameIndex < (right?.frameIndex ?? Number.POSITIVE_INFINITY)
          expect(isStale(track, one)).toBe(beside)
        }
        const undone = trackOf(edited.map((one) => (one.frameIndex === key!.frameIndex ? key! : one)))
        expect(undone.masks.some((one) => isStale(undone, one))).toBe(false)
      }),
    )
  })

  it('comes of no mask that is accepted as it was computed, nor of taking that back', () => {
    fc.assert(
      fc.property(someMasks, fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }), (masks, accepts) => {
        const fresh = asPropagated(masks)
        const accepted = fresh.map(
          (one, i): MaskRecord =>
            accepts[i] && !isKey(one) && (one.left || one.right) ? { ...one, state: 'confirmed' } : one,
        )
        expect(staleSpans(trackOf(accepted))).toEqual([])
        const back = accepted.map(
          (one, i): MaskRecord =>
            accepts[i] && isAcceptedAsComputed(one) ? { ...one, state: 'propagated' } : one,
        )
        expect(staleSpans(trackOf(back))).toEqual([])
      }),
    )
  })

  it('stops at an accepted mask when the key beyond it changes', () => {
    const fresh = asPropagated([
      mask(0, 'keyframe'),
      mask(2, 'propagated'),
      mask(4, 'propagated'),
      mask(6, 'propagated'),
      mask(8, 'keyframe'),
    ])
    const accepted = fresh.map(
      (one): MaskRecord => (one.frameIndex === 4 ? { ...one, state: 'confirmed' } : one),
    )
    const changed = trackOf(
      accepted.map((one) => (one.frameIndex === 0 ? { ...one, shape: shape('z') } : one)),
    )
    expect(changed.masks.filter((one) => isStale(changed, one)).map((one) => one.frameIndex)).toEqual([2])
    // Once its pixels are changed it is a key like any other.
    const drawn = trackOf(
      accepted.map((one) => (one.frameIndex === 4 ? mask(4, 'keyframe', { shape: shape('z') }) : one)),
    )
    expect(drawn.masks.filter((one) => isStale(drawn, one)).map((one) => one.frameIndex)).toEqual([2, 6])
  })

  it('walks a track with the same answer as asking for each mask', () => {
    fc.assert(
      fc.property(someMasks, someMasks, (masks, others) => {
        const track = trackOf([
          ...asPropagated(masks),
          ...others.filter((one) => !masks.some((known) => known.frameIndex === one.frameIndex)),
        ])
        const seen: [number, boolean][] = []
        forEachSpanMask(track, (one, stale) => seen.push([one.frameIndex, stale]))
        expect(seen).toEqual(
          track.masks.filter((one) => !isKey(one)).map((one) => [one.frameIndex, isStale(track, one)]),
        )
      }),
    )
  })

  it('tells spans apart at the keys and leaves out what is outside', () => {
    const track = trackOf([
      mask(0, 'keyframe'),
      mask(1, 'propagated'),
      mask(3, 'propagated'),
      mask(5, 'keyframe'),
      mask(6, 'propagated'),
      mask(8, 'keyframe', { outside: true, shape: null }),
      mask(9, 'propagated'),
    ])
    expect(staleSpans(track)).toEqual([
      { firstFrame: 1, lastFrame: 3 },
      { firstFrame: 6, lastFrame: 6 },
    ])
    expect(isOpenFrame(track, 2)).toBe(true)
    expect([5, 9, 12].map((frame) => isOpenFrame(track, frame))).toEqual([false, false, false])
  })

  it('does not hold an empty key and a drawn key for the same', () => {
    const first = asPropagated([mask(0, 'keyframe'), mask(1, 'propagated')])
    const track = trackOf([{ ...first[0]!, shape: null }, first[1]!])
    expect(isStale(track, first[1]!)).toBe(true)
    expect(presentRefs(track, 1)).toEqual({ left: '0:empty', right: null })
  })
})

describe('doubt', () => {
  const track = trackOf(
    asPropagated([
      mask(0, 'keyframe'),
      mask(2, 'propagated', { confidence: 0.5 }),
      mask(3, 'propagated'),
      mask(4, 'propagated', { doubt: 'Area dropped' }),
      mask(6, 'keyframe'),
    ]),
  )

  it('goes from one doubtful frame to the next and round', () => {
    const tracks = [[dog, track] as const]
    const walk = [0, 2, 4].map((frame) => nextDoubtfulFrame(tracks, frame)?.frameIndex)
    expect(walk).toEqual([2, 4, 2])
    expect(nextDoubtfulFrame(tracks, 0, 0.4)?.frameIndex).toBe(4)
    expect(nextDoubtfulFrame([[dog, trackOf([mask(0, 'keyframe')])]], 0)).toBeNull()
  })

  it('says why', () => {
    expect(doubts([[dog, track]]).map(({ reason }) => reason)).toEqual(['Confidence 50 %', 'Area dropped'])
    const stale = trackOf([...track.masks.slice(0, -1), mask(6, 'keyframe', { shape: shape('z') })])
    expect(doubtReason(stale, maskAt(stale, 3)!)).toBe('A keyframe beside it changed since')
    expect(doubtReason(stale, maskAt(stale, 0)!)).toBeNull()
  })

  it('agrees with a search through every frame', () => {
    fc.assert(
      fc.property(someMasks, fc.nat(40), (masks, frameIndex) => {
        const any = trackOf(masks)
        const doubtful = any.masks.filter((one) => doubtReason(any, one)).map((one) => one.frameIndex)
        const expected = doubtful.find((frame) => frame > frameIndex) ?? doubtful[0]
        expect(nextDoubtfulFrame([[dog, any]], frameIndex)?.frameIndex).toBe(expected)
      }),
    )
  })
})
