/** An object's lane as one state a frame, in flat arrays, so that painting 20,000 frames of 50 lanes stays fluid. */
import type { ClassRecord, MaskRecord, ObjectId, ObjectRecord } from '../../main/core/records.ts'
import { isHiddenMask } from '../../main/core/track/doubt.ts'
import { forEachSpanMask } from '../../main/core/track/staleness.ts'
import { maskPosition, type Track } from '../../main/core/track/track.ts'

/** Ordered so that of the frames under one pixel the largest is the one to show. */
export const LaneState = {
  absent: 0,
  outside: 1,
  propagated: 2,
  hidden: 3,
  doubtful: 4,
  stale: 5,
  proposed: 6,
  keyframe: 7,
  confirmed: 8,
} as const
export type LaneStateCode = (typeof LaneState)[keyof typeof LaneState]

export interface LaneFrames {
  /** A LaneState a frame. */
  readonly states: Uint8Array
  /** Expected IoU a frame in 255ths; 255 where it is not known. */
  readonly confidences: Uint8Array
}

export interface TimelineLane {
  readonly object: ObjectRecord
  readonly objectClass: ClassRecord | undefined
  readonly track: Track
  readonly selected: boolean
}

/** What to draw for a run of frames or of pixels. */
export interface LaneRun {
  /** Position of the first frame or pixel, and of the one after the last. */
  readonly start: number
  readonly end: number
  readonly state: LaneStateCode
  /** The lowest of the run, in steps of a sixteenth of 255. */
  readonly confidence: number
}

/** The state of every frame of a track; frames beyond `frameCount` are left out. */
export function laneFrames(track: Track, frameCount: number, doubtThreshold: number): LaneFrames {
  const states = new Uint8Array(frameCount)
  const confidences = new Uint8Array(frameCount).fill(255)
  forEachSpanMask(track, (mask, stale) => {
    if (mask.frameIndex >= frameCount) return
    states[mask.frameIndex] = computedState(mask, stale, doubtThreshold)
    confidences[mask.frameIndex] = Math.round((mask.confidence ?? 1) * 255)
  })
  track.keys.forEach((key, i) => {
    if (key.outside)
      states.fill(LaneState.outside, key.frameIndex, track.keys[i + 1]?.frameIndex ?? frameCount)
    else if (key.frameIndex < frameCount)
      states[key.frameIndex] = key.state === 'confirmed' ? LaneState.confirmed : LaneState.keyframe
  })
  return { states, confidences }
}

/**
 * Equal neighbours joined, from `first` (fractional frame at the left edge) over `pixelCount` pixels. Where a frame is
 * at least a pixel wide the runs are in frames, else in pixels, each showing the state of most weight under it.
 */
export function laneRuns(
  frames: LaneFrames,
  first: number,
  pixelsPerFrame: number,
  pixelCount: number,
): LaneRun[] {
  const runs: LaneRun[] = []
  const byFrame = pixelsPerFrame >= 1
  const from = byFrame ? Math.max(0, Math.floor(first)) : 0
  const to = byFrame
    ? Math.min(frames.states.length, Math.ceil(first + pixelCount / pixelsPerFrame))
    : pixelCount
  let run: { start: number; end: number; state: LaneStateCode; confidence: number } | null = null
  for (let position = from; position < to; position++) {
    const [state, confidence] = byFrame
      ? [frames.states[position] as LaneStateCode, frames.confidences[position]! & 0xf0]
      : pixelState(frames, first + position / pixelsPerFrame, first + (position + 1) / pixelsPerFrame)
    if (run && run.state === state && run.confidence === confidence && run.end === position) run.end++
    else if (state === LaneState.absent) run = null
    else {
      run = { start: position, end: position + 1, state, confidence }
      runs.push(run)
    }
  }
  return runs
}

/** A key mask with no curve beside it: its diamond says all, and a curve of one frame's width would look like dirt. */
export function isLoneKey(run: LaneRun, before: LaneRun | undefined, after: LaneRun | undefined): boolean {
  const isKeyRun = run.state === LaneState.keyframe || run.state === LaneState.confirmed
  const leads = (before?.end === run.start && isCurve(before)) || (after?.start === run.end && isCurve(after))
  return isKeyRun && run.end - run.start === 1 && !leads
}

function isCurve({ state }: LaneRun): boolean {
  return state === LaneState.propagated || state === LaneState.doubtful
}

function pixelState(
  frames: LaneFrames,
  from: number,
  to: number,
): [state: LaneStateCode, confidence: number] {
  let state: number = LaneState.absent
  let confidence = 255
  const last = Math.min(frames.states.length, Math.max(Math.ceil(to), Math.floor(from) + 1))
  for (let frame = Math.max(0, Math.floor(from)); frame < last; frame++) {
    state = Math.max(state, frames.states[frame]!)
    confidence = Math.min(confidence, frames.confidences[frame]!)
  }
  return [state as LaneStateCode, confidence & 0xf0]
}

/** The key mask nearest to a position on the lane, within `reach` frames; null: none. */
export function keyNear(track: Track, frame: number, reach: number): MaskRecord | null {
  const position = maskPosition(track.keys, Math.round(frame))
  let nearest: MaskRecord | null = null
  for (const key of track.keys.slice(Math.max(0, position - 1), position + 2)) {
    const distance = Math.abs(key.frameIndex - frame)
    if (distance <= reach && (!nearest || distance < Math.abs(nearest.frameIndex - frame))) nearest = key
  }
  return nearest
}

function computedState(mask: MaskRecord, stale: boolean, threshold: number): LaneStateCode {
  if (mask.state === 'proposed') return LaneState.proposed
  if (stale) return LaneState.stale
  if (isHiddenMask(mask)) return LaneState.hidden
  const doubtful = mask.doubt !== null || (mask.confidence !== null && mask.confidence < threshold)
  return doubtful ? LaneState.doubtful : LaneState.propagated
}

/** Lanes' frames, computed again only for the tracks that changed. */
export class LaneCache {
  readonly #lanes = new Map<
    ObjectId,
    { track: Track; frameCount: number; threshold: number; frames: LaneFrames }
  >()

  frames(objectId: ObjectId, track: Track, frameCount: number, threshold: number): LaneFrames {
    const known = this.#lanes.get(objectId)
    if (known?.track === track && known.frameCount === frameCount && known.threshold === threshold)
      return known.frames
    const frames = laneFrames(track, frameCount, threshold)
    this.#lanes.set(objectId, { track, frameCount, threshold, frames })
    return frames
  }
}
