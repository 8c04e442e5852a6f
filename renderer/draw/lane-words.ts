/** What a place on the timeline is, in words: for the tip under the pointer. */
import { isKey, type ObjectRecord } from '../../main/core/records.ts'
import { doubtReason, isHiddenMask } from '../../main/core/track/doubt.ts'
import { isStale } from '../../main/core/track/staleness.ts'
import { maskAt, type Track, trackState } from '../../main/core/track/track.ts'

export interface LaneWords {
  /** 'fox, frame 61' */
  readonly title: string
  /** 'Propagated, confidence 63 %' */
  readonly state: string
  /** Why it is doubtful, or null. */
  readonly reason: string | null
}

export function laneWords(
  object: ObjectRecord,
  track: Track,
  frameIndex: number,
  doubtThreshold: number,
): LaneWords {
  const title = `${object.name}, frame ${frameIndex.toLocaleString('en-US')}`
  const found = trackState(track, frameIndex)
  if (found.type === 'outside')
    return { title, state: `Outside since frame ${found.since.toLocaleString('en-US')}`, reason: null }
  const mask = maskAt(track, frameIndex)
  if (!mask) return { title, state: 'No mask', reason: null }
  const { confidence } = mask
  const figure = confidence === null ? '' : `, confidence ${Math.round(confidence * 100)} %`
  const state = stateText()
  const reason = doubtReason(track, mask, doubtThreshold)
  return { title, state: state + figure, reason: reason?.startsWith('Confidence ') ? null : reason }

  function stateText(): string {
    if (!mask) return ''
    if (isKey(mask)) return mask.state === 'confirmed' ? 'Confirmed' : 'Keyframe'
    if (mask.state === 'proposed') return 'Proposed'
    if (isStale(track, mask)) return 'Stale'
    return isHiddenMask(mask) ? 'Hidden' : 'Propagated'
  }
}
