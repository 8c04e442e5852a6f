/** Runs of proposed masks: where an object was found again and nobody has said yet whether that is it. */
import type { Diff } from '../diff.ts'
import { emptyDiff } from '../diff.ts'
import type { MaskRecord, ObjectId } from '../records.ts'
import { acceptProposal, rejectProposal } from './answers.ts'
import { isHiddenMask } from './doubt.ts'
import { type FrameSpan, maskAt, type Track } from './track.ts'

export interface Proposal extends FrameSpan {
  readonly objectId: ObjectId
  /** Where it was found; from there it was carried on to the other end of the run. */
  readonly foundFrame: number
  /** Expected IoU there. */
  readonly confidence: number | null
}

/** Every run of proposed masks on neighbouring frames, ascending. */
export function proposalsOf(track: Track): Proposal[] {
  const proposals: Proposal[] = []
  let run: MaskRecord[] = []
  const finish = () => {
    if (run.length > 0) proposals.push(proposalOf(track, run))
    run = []
  }
  for (const mask of track.masks) {
    if (mask.state !== 'proposed' || (run.length > 0 && run.at(-1)!.frameIndex !== mask.frameIndex - 1))
      finish()
    if (mask.state === 'proposed') run.push(mask)
  }
  finish()
  return proposals
}

function proposalOf(track: Track, run: readonly MaskRecord[]): Proposal {
  const [first, last] = [run[0]!, run.at(-1)!]
  const hiddenAt = (frame: number) => {
    const mask = maskAt(track, frame)
    return mask !== null && isHiddenMask(mask)
  }
  // A sweep that came from later frames found it at the far end.
  const backward = hiddenAt(last.frameIndex + 1) && !hiddenAt(first.frameIndex - 1)
  const found = backward ? last : first
  return {
    objectId: first.objectId,
    firstFrame: first.frameIndex,
    lastFrame: last.frameIndex,
    foundFrame: found.frameIndex,
    confidence: found.confidence,
  }
}

/** The change that answers a proposal (answers.ts says what becomes of its masks); empty where nothing is proposed. */
export function answeredProposal(track: Track, frameIndex: number, answer: 'accept' | 'reject'): Diff {
  const records = (answer === 'accept' ? acceptProposal : rejectProposal)(track, frameIndex)
  const updated = records.map((record) => [record.id, [maskAt(track, record.frameIndex)!, record] as const])
  return { ...emptyDiff, updated: Object.fromEntries(updated) }
}
