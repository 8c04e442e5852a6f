/** What a person's answer to a doubtful run of frames makes of its masks. Every function returns the records to put. */
import { isKey, keyRef, type MaskRecord, maskId, type ObjectId } from '../records.ts'
import { isStale } from './staleness.ts'
import { type FrameSpan, keyNeighbours, maskAt, maskPosition, presentRefs, type Track } from './track.ts'

/**
 * A mask as the user's own. A computed one keeps what it was made from (staleness.ts): accepting it makes nothing beside
 * it stale.
 */
export function asKey(mask: MaskRecord, state: 'keyframe' | 'confirmed'): MaskRecord {
  const { sides: _, marked: __, ...own } = mask
  return { ...own, state, confidence: null, doubt: null }
}

/**
 * The run is right. The frame that was looked at becomes confirmed, so that no job changes it and it teaches the next
 * run. The others stay computed, because nobody looked at them, but they are no longer asked about: they lose their
 * figure and their sentence until a run makes them anew.
 */
export function acceptedRun(track: Track, run: FrameSpan, frameIndex: number): MaskRecord[] {
  return computedMasks(track, run).map((mask) => {
    const fresh = madeFresh(track, mask)
    if (mask.frameIndex === frameIndex) return asKey(fresh, 'confirmed')
    const { sides: _, ...rest } = fresh
    return { ...rest, state: 'propagated', confidence: null, doubt: null }
  })
}

/**
 * The object is not to be seen on the run: its masks become empty. The two ends are confirmed, so that a later run starts
 * from there and carries nothing in. What lies beside the run was computed through it, and becomes stale.
 */
export function hiddenRun(track: Track, run: FrameSpan): MaskRecord[] {
  return computedMasks(track, run).map((mask) => {
    const { sides: _, ...rest } = mask
    const empty: MaskRecord = {
      ...rest,
      shape: null,
      box: null,
      area: 0,
      outline: null,
      occluded: true,
      confidence: null,
      doubt: null,
    }
    const isEnd = mask.frameIndex === run.firstFrame || mask.frameIndex === run.lastFrame
    return isEnd
      ? { ...empty, state: 'confirmed', method: 'drawn', left: null, right: null }
      : {
          ...empty,
          state: 'propagated',
          left: keyRef(run.firstFrame, null),
          right: keyRef(run.lastFrame, null),
        }
  })
}

/** What was fresh keeps what it was made from, because what the same run made beside it refers to that too. */
function madeFresh(track: Track, mask: MaskRecord): MaskRecord {
  return isStale(track, mask) ? { ...mask, ...presentRefs(track, mask.frameIndex) } : mask
}

/**
 * It is the object that was found: the frame that was looked at becomes confirmed, and what was carried on from there is
 * propagated like any other mask, with its own confidence.
 */
export function acceptProposal(track: Track, frameIndex: number): MaskRecord[] {
  const run = proposalAt(track, frameIndex)
  if (!run) return []
  return computedMasks(track, run).map((mask) => {
    const fresh = madeFresh(track, mask)
    if (mask.frameIndex === frameIndex) return asKey(fresh, 'confirmed')
    return { ...fresh, state: 'propagated', doubt: null }
  })
}

/** It is something else: the object stays hidden there. */
export function rejectProposal(track: Track, frameIndex: number): MaskRecord[] {
  const run = proposalAt(track, frameIndex)
  return run ? hiddenRun(track, run) : []
}

/** The proposed masks that hang together with the one on the frame; null where nothing is proposed. */
export function proposalAt(track: Track, frameIndex: number): FrameSpan | null {
  const isProposed = (frame: number) => maskAt(track, frame)?.state === 'proposed'
  if (!isProposed(frameIndex)) return null
  let firstFrame = frameIndex
  let lastFrame = frameIndex
  while (isProposed(firstFrame - 1)) firstFrame--
  while (isProposed(lastFrame + 1)) lastFrame++
  return { firstFrame, lastFrame }
}

/** Frames from one on to the one before the next key mask of any of the tracks, or to their last mask. */
export function framesToNextKey(tracks: readonly Track[], frameIndex: number): FrameSpan {
  const nextKeys = tracks.flatMap((track) => keyNeighbours(track, frameIndex).right?.frameIndex ?? [])
  const lastMasks = tracks.map((track) => track.masks.at(-1)?.frameIndex ?? frameIndex)
  const lastFrame = nextKeys.length > 0 ? Math.min(...nextKeys) - 1 : Math.max(frameIndex, ...lastMasks)
  return { firstFrame: frameIndex, lastFrame }
}

/** The mask given to another object, on the same frame. */
export function ownedBy(mask: MaskRecord, objectId: ObjectId): MaskRecord {
  return { ...mask, id: maskId(objectId, mask.frameIndex), objectId }
}

/** The computed masks of the run, ascending. */
function computedMasks(track: Track, { firstFrame, lastFrame }: FrameSpan): MaskRecord[] {
  const from = maskPosition(track.masks, firstFrame)
  return track.masks.slice(from, maskPosition(track.masks, lastFrame + 1)).filter((mask) => !isKey(mask))
}
