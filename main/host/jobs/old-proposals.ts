/**
 * Proposals of earlier runs. Where a shot cut ends a run and nothing is found beyond it, the run writes nothing there, so
 * what an earlier run proposed would stay for ever: the run takes it back. Answered proposals are no proposals any more.
 */
import type { PropagateSpec } from '../../core/api.ts'
import { emptyDiff } from '../../core/diff.ts'
import type { MaskId, MaskRecord, ObjectId } from '../../core/records.ts'
import { keyNeighbours, trackOf } from '../../core/track/track.ts'
import type { JobChange, JobContext } from '../job-context.ts'
import { type Pass, passAsks } from './propagation-targets.ts'

export class OldProposals {
  /** Not made anew yet. */
  readonly #left: Set<MaskId>

  /** `ids`: as an interrupted run left them. */
  constructor(ids: readonly MaskId[]) {
    this.#left = new Set(ids)
  }

  /** Those on the frames of the pass that a run in this direction comes to. */
  static of(context: JobContext, pass: Pass, direction: PropagateSpec['direction']): OldProposals {
    const ids: MaskId[] = []
    for (const objectId of Object.keys(pass.spans) as ObjectId[]) {
      const track = trackOf(context.store.track(objectId).values())
      for (const { id, state, frameIndex } of track.masks) {
        if (state !== 'proposed' || !passAsks(pass, objectId, frameIndex)) continue
        const { left, right } = keyNeighbours(track, frameIndex)
        if (direction === 'forward' ? left : direction === 'backward' ? right : true) ids.push(id)
      }
    }
    return new OldProposals(ids)
  }

  /** For the cursor. */
  get ids(): readonly MaskId[] {
    return [...this.#left]
  }

  /** What the run has made anew is its own word. */
  replaced(ids: readonly MaskId[]): void {
    for (const id of ids) this.#left.delete(id)
  }

  /** Those that the run did not come back to and nobody has answered meanwhile. */
  unanswered(context: JobContext): MaskRecord[] {
    return [...this.#left].flatMap((id) => {
      const mask = context.store.get(id)
      const isOpen = mask?.state === 'proposed' && !context.store.get(mask.objectId)?.locked
      return isOpen ? [mask] : []
    })
  }
}

/** The diff without them. */
export function withoutMasks(masks: readonly MaskRecord[]): JobChange['diff'] {
  return { ...emptyDiff, removed: Object.fromEntries(masks.map((mask) => [mask.id, mask])) }
}

/** 'sailboat: what was proposed on 13 frames is taken back, because it is not found there any more.' */
export function takenBackSentence(context: JobContext, masks: readonly MaskRecord[]): string {
  const names = [...new Set(masks.map(({ objectId }) => context.store.get(objectId)?.name ?? objectId))]
  const frames = new Set(masks.map(({ frameIndex }) => frameIndex)).size
  const who = names.length === 1 ? names[0]! : `${names.length} objects`
  const them = names.length === 1 ? 'it is' : 'they are'
  return `${who}: what was proposed on ${frames} ${frames === 1 ? 'frame' : 'frames'} is taken back, because ${them} not found there any more.`
}
