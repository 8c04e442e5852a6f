import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type KeyRef,
  type MaskRecord,
  maskId,
  type ObjectId,
  type ShapeHash,
} from '../../main/core/records.ts'
import { presentRefs, trackOf } from '../../main/core/track/track.ts'
import { isLoneKey, keyNear, LaneCache, LaneState, laneFrames, laneRuns } from './timeline-lane.ts'
import { madeStrips } from './timeline-paint.ts'
import {
  frameAtX,
  resizedScale,
  scaleShowing,
  tickStep,
  wholeScale,
  xOfFrame,
  zoomedScale,
} from './timeline-scale.ts'

const dog = 'object-dog' as ObjectId

function mask(frameIndex: number, fields: Partial<MaskRecord> = {}): MaskRecord {
  return {
    kind: 'mask',
    id: maskId(dog, frameIndex),
    objectId: dog,
    frameIndex,
    state: 'keyframe',
    method: 'drawn',
    shape: 'a'.repeat(32) as ShapeHash,
    box: [0, 0, 2, 2],
    area: 4,
    outline: null,
    outside: false,
    occluded: false,
    confidence: null,
    doubt: null,
    left: null,
    right: null,
    ...fields,
  }
}

/** Keys at 0 and 10 (outside from 20), everything between computed from them. */
function dogTrack() {
  const keys = [
    mask(0),
    mask(10, { state: 'confirmed' }),
    mask(20, { outside: true, shape: null, box: null, area: 0 }),
  ]
  const track = trackOf(keys)
  const computed = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((frame) =>
    mask(frame, { state: 'propagated', confidence: frame === 5 ? 0.4 : 0.95, ...presentRefs(track, frame) }),
  )
  return trackOf([...keys, ...computed])
}

describe('A lane of the timeline', () => {
  it('shows keyframes, sure and doubtful spans, and nothing where the object is outside', () => {
    const { states } = laneFrames(dogTrack(), 30, 0.75)
    expect(states[0]).toBe(LaneState.keyframe)
    expect(states[3]).toBe(LaneState.propagated)
    expect(states[5]).toBe(LaneState.doubtful)
    expect(states[10]).toBe(LaneState.confirmed)
    expect(states[15]).toBe(LaneState.absent)
    expect(states[20]).toBe(LaneState.outside)
    expect(states[29]).toBe(LaneState.outside)
  })

  it('shows a span as stale when a keyframe beside it is another', () => {
    const masks = dogTrack().masks.map((item) =>
      item.frameIndex === 10 ? { ...item, shape: 'b'.repeat(32) as ShapeHash } : item,
    )
    const { states } = laneFrames(trackOf(masks), 30, 0.75)
    expect([...states.slice(1, 10)]).toEqual(new Array(9).fill(LaneState.stale))
  })

  it('never hides a doubtful frame or a keyframe, however far it is zoomed out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4999 }), fc.integer({ min: 20, max: 800 }), (doubtful, width) => {
        const states = new Uint8Array(5000).fill(LaneState.propagated)
        states[doubtful] = LaneState.doubtful
        const frames = { states, confidences: new Uint8Array(5000).fill(255) }
        const scale = wholeScale(width, 5000)
        const runs = laneRuns(frames, scale.first, scale.pixelsPerFrame, width)
        expect(runs.some((run) => run.state === LaneState.doubtful)).toBe(true)
      }),
    )
  })

  it('joins equal neighbours and covers each frame once', () => {
    const frames = laneFrames(dogTrack(), 30, 0.75)
    const runs = laneRuns(frames, 0, 8, 240)
    const covered = runs.flatMap((run) =>
      Array.from({ length: run.end - run.start }, (_, i) => run.start + i),
    )
    expect(covered).toEqual(
      [...frames.states.keys()].filter((frame) => frames.states[frame] !== LaneState.absent),
    )
    expect(runs.length).toBeLessThan(10)
  })

  it('knows a keyframe that stands alone from one that a curve leads to', () => {
    const states = Uint8Array.from([7, 0, 2, 7, 0, 8, 8, 0, 4, 7, 1, 7, 0])
    const runs = laneRuns({ states, confidences: new Uint8Array(13).fill(255) }, 0, 8, 104)
    const lone = runs.filter((run, i) => isLoneKey(run, runs[i - 1], runs[i + 1]))
    expect(lone.map(({ start }) => start)).toEqual([0, 11])
  })

  it('is computed again only when its track is another', () => {
    const cache = new LaneCache()
    const track = dogTrack()
    const first = cache.frames(dog, track, 30, 0.75)
    expect(cache.frames(dog, track, 30, 0.75)).toBe(first)
    expect(cache.frames(dog, dogTrack(), 30, 0.75)).not.toBe(first)
  })

  it('finds the keyframe near the pointer and no other', () => {
    expect(keyNear(dogTrack(), 10.4, 0.7)?.frameIndex).toBe(10)
    expect(keyNear(dogTrack(), 9.2, 1)?.frameIndex).toBe(10)
    expect(keyNear(dogTrack(), 5, 2)).toBeNull()
  })

  it('ignores masks beyond a table that is still being read', () => {
    const far = mask(40, { state: 'propagated', left: '0:x' as KeyRef })
    expect(laneFrames(trackOf([mask(0), far]), 30, 0.75).states).toHaveLength(30)
  })
})

describe('The scale of the timeline', () => {
  const scales = fc.record({
    width: fc.integer({ min: 100, max: 3000 }),
    frameCount: fc.integer({ min: 1, max: 200_000 }),
    zoom: fc.double({ min: 0.01, max: 1000, noNaN: true }),
    x: fc.double({ min: 0, max: 1, noNaN: true }),
  })

  it('gives back the frame whose pixels it named', () => {
    fc.assert(
      fc.property(scales, fc.nat(), ({ width, frameCount, zoom, x }, pick) => {
        const scale = zoomedScale(wholeScale(width, frameCount), x * width, zoom)
        const frame = pick % frameCount
        expect(frameAtX(scale, xOfFrame(scale, frame + 0.5))).toBe(frame)
      }),
    )
  })

  it('brings any frame into view, and does not move when it is', () => {
    fc.assert(
      fc.property(scales, fc.nat(), ({ width, frameCount, zoom, x }, pick) => {
        const scale = scaleShowing(
          zoomedScale(wholeScale(width, frameCount), x * width, zoom),
          pick % frameCount,
        )
        const at = xOfFrame(scale, pick % frameCount)
        expect(at).toBeGreaterThanOrEqual(-1e-3)
        expect(at).toBeLessThanOrEqual(width)
        expect(scaleShowing(scale, pick % frameCount).first).toBeCloseTo(scale.first, 6)
      }),
    )
  })

  it('keeps showing the whole clip when the window or the clip grows', () => {
    const grown = resizedScale(resizedScale(wholeScale(500, 1000), 900, 1000), 900, 4000)
    expect(xOfFrame(grown, 4000)).toBeCloseTo(900)
  })

  it('shows what a run has made as joined strips, every frame of it and nothing else', () => {
    const strips = (frames: readonly number[], width: number, count: number) =>
      madeStrips(new Set(frames), wholeScale(width, count))
    expect(strips([2, 0, 1, 5], 100, 10)).toEqual([
      [0, 30],
      [50, 60],
    ])
    expect(strips([], 100, 10)).toEqual([])
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(999)), fc.integer({ min: 20, max: 3000 }), (frames, width) => {
        const scale = wholeScale(width, 1000)
        const found = madeStrips(frames, scale)
        const has = (x: number) => found.some(([left, right]) => left <= x && x < right)
        for (const frame of frames) expect(has(Math.floor(xOfFrame(scale, frame)))).toBe(true)
        const most = frames.length * Math.max(1, Math.ceil(scale.pixelsPerFrame) + 1)
        expect(found.reduce((sum, [left, right]) => sum + right - left, 0)).toBeLessThanOrEqual(most)
      }),
    )
  })

  it('numbers ticks with room between them', () => {
    const scale = wholeScale(1000, 20_000)
    expect(tickStep(scale, 120) * scale.pixelsPerFrame).toBeGreaterThanOrEqual(120)
  })
})
