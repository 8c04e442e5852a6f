/**
 * A simulated annotator, as in the interactive DAVIS challenge: labels the first frame, then round by round puts the
 * worst frame right and lets the method fill the gaps beside it again.
 */
import {
  type Bitmap,
  decodeRle,
  emptyRle,
  encodeRle,
  isEmptyRle,
  type Rle,
  rleArea,
} from '../main/core/mask/rle.ts'
import { boundaryF, jaccard } from '../main/core/mask/score.ts'
import type { MaskRecord } from '../main/core/records.ts'
import { testMask, testObject } from '../main/core/test-records.ts'
import { type Suggestion, suggestKeyframe } from '../main/core/track/suggest.ts'
import { presentRefs, trackOf } from '../main/core/track/track.ts'
import type { KeyMask } from '../main/host/propagation/request.ts'
import type { Sequence } from './davis-sequence.ts'
import type { FilledMask, FillMethod } from './fill-methods.ts'

/** After so many keyframes. */
export interface Round {
  /** Means over all frames; a keyframe is right, so it counts 1. */
  readonly j: number
  readonly f: number
  /** Compute so far, scoring not included. */
  readonly seconds: number
  /** What the app would say about a further keyframe; null where it does not know. */
  readonly suggestion: Suggestion | null
}

/** Which frame is put right next. */
export type Choice = 'worst' | 'suggested'

interface FrameScore {
  readonly j: number
  readonly f: number
}

const right: FrameScore = { j: 1, f: 1 }

/** One entry a keyframe, `rounds` of them or as many as there are frames. */
export async function annotated(
  { source, truths }: Sequence,
  method: FillMethod,
  choice: Choice,
  rounds: number,
): Promise<Round[]> {
  const { frameCount, width, height } = source
  const masks = new Map<number, FilledMask>()
  const scores: FrameScore[] = truths.map(() => right)
  const result: Round[] = []
  const keyFrames = new Set([0])
  let [first, last, seconds] = [1, frameCount - 1, 0]
  while (result.length < Math.min(rounds, frameCount)) {
    const keys = keyMasks(truths, keyFrames)
    const started = performance.now()
    const filled = await method.fill(keys, first, last)
    seconds += (performance.now() - started) / 1000
    for (let frame = first; frame <= last; frame++) {
      masks.delete(frame)
      scores[frame] = right
      if (keyFrames.has(frame)) continue
      const mask = filled.get(frame) ?? { rle: emptyRle(width, height), confidence: null }
      masks.set(frame, mask)
      scores[frame] = scored(decodeRle(mask.rle), truths[frame]!)
    }
    const suggestion = suggested(keys, masks, frameCount)
    const mean = (pick: (score: FrameScore) => number) =>
      scores.reduce((sum, score) => sum + pick(score), 0) / frameCount
    result.push({ j: mean(({ j }) => j), f: mean(({ f }) => f), seconds, suggestion })
    const next = nextFrame(choice, scores, suggestion, keyFrames)
    if (next === null) break
    keyFrames.add(next)
    first = Math.max(...[...keyFrames].filter((frame) => frame < next)) + 1
    last = Math.min(frameCount, ...[...keyFrames].filter((frame) => frame > next)) - 1
  }
  return result
}

/** A true mask without a pixel says "not in view" where the object stays away until the next key. */
function keyMasks(truths: readonly Bitmap[], keyFrames: ReadonlySet<number>): KeyMask[] {
  const frames = [...keyFrames].sort((a, b) => a - b)
  return frames.map((frameIndex, i) => {
    const rle: Rle = encodeRle(truths[frameIndex]!)
    const until = truths.slice(frameIndex, frames[i + 1])
    return { frameIndex, rle, outside: isEmptyRle(rle) && until.every(({ data }) => !data.includes(1)) }
  })
}

function scored(mask: Bitmap, truth: Bitmap): FrameScore {
  return { j: jaccard(mask, truth), f: boundaryF(mask, truth) }
}

function nextFrame(
  choice: Choice,
  scores: readonly FrameScore[],
  suggestion: Suggestion | null,
  keyFrames: ReadonlySet<number>,
): number | null {
  if (choice === 'suggested' && suggestion) return suggestion.frameIndex
  const open = scores.map((_, frame) => frame).filter((frame) => !keyFrames.has(frame))
  if (open.length === 0) return null
  return open.reduce((worst, frame) => (scores[frame]!.j < scores[worst]!.j ? frame : worst))
}

/** What the app suggests from the records that these masks would be. */
function suggested(
  keys: readonly KeyMask[],
  masks: ReadonlyMap<number, FilledMask>,
  frameCount: number,
): Suggestion | null {
  const keyRecords = keys.map(({ frameIndex, rle, outside }) =>
    testMask('object', frameIndex, { area: rleArea(rle), outside }),
  )
  const keyTrack = trackOf(keyRecords)
  const records: MaskRecord[] = [...masks].map(([frameIndex, { rle, confidence }]) =>
    testMask('object', frameIndex, {
      state: 'propagated',
      method: 'propagation',
      area: rleArea(rle),
      confidence,
      ...presentRefs(keyTrack, frameIndex),
    }),
  )
  const track = trackOf([...keyRecords, ...records])
  return suggestKeyframe([[testObject('object', 'clip'), track]], frameCount)
}
