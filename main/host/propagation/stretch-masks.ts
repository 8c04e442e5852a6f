/**
 * The masks of a frame as far as its stretch is known: both sides joined, every object judged, one owner a pixel.
 */
import * as native from '../../../native/index.ts'
import { isEmptyRle, type Rle } from '../../core/mask/rle.ts'
import { judged } from './confidence.ts'
import { EvidenceBook } from './evidence-book.ts'
import { contests } from './look.ts'
import type { MaskEvidence } from './mask-evidence.ts'
import type { PropagatedMask, PropagationRequest } from './request.ts'
import type { Side, SoftMask } from './soft-store.ts'
import type { SweepContext, SweepPhase } from './stretch-sweep.ts'
import { contains, keyOf, type Span, type Stretch } from './stretches.ts'

/** Sides whose arrivals differ by less are joined as well as they can be already. */
const unequalArrivals = 0.03

/** Where the two sides have less in common than this (IoU), both are given out besides what they were joined to. */
const agreedAbove = 0.7

/** An object's soft mask on a frame and what speaks for it. */
interface Found {
  readonly span: Span
  readonly mask: Float32Array
  readonly evidence: Pick<MaskEvidence, 'left' | 'right' | 'agreement'>
  /** Each side's own mask, where they differ enough for a person to choose. */
  readonly sides: readonly [left: Float32Array, right: Float32Array] | null
}

export class StretchMasks {
  private readonly context: SweepContext
  private readonly stretch: Stretch
  private readonly book: EvidenceBook

  constructor(context: SweepContext, stretch: Stretch) {
    this.context = context
    this.stretch = stretch
    this.book = new EvidenceBook(context)
  }

  /** Every mask to be made on a frame. `fresh`: what the sweep has at hand; the rest comes from the store. */
  async at(phase: SweepPhase, frame: number, fresh: ReadonlyMap<Span, SoftMask>): Promise<PropagatedMask[]> {
    const { request } = this.context
    const found: Found[] = []
    for (const span of this.stretch.spans) {
      const one = contains(span, frame) ? await this.found(phase, span, frame, fresh.get(span)) : null
      if (one) found.push(one)
    }
    found.sort((a, b) => rank(request, a.span) - rank(request, b.span))
    return this.merged(found, frame)
  }

  /** Whether some object has masks from both sides here, of which one side is known to be the better. */
  async wantsJudgement(frame: number): Promise<boolean> {
    const { store } = this.context
    for (const span of this.stretch.spans) {
      if (!contains(span, frame)) continue
      if (!store.has('left', span.objectIndex, frame) || !store.has('right', span.objectIndex, frame))
        continue
      const [left, right] = [await this.book.arrival(span, 'left'), await this.book.arrival(span, 'right')]
      if (left !== null && right !== null && Math.abs(left - right) > unequalArrivals) return true
    }
    return false
  }

  /** Remembers that a side lost its object: it arrives at the other key mask with nothing. */
  async markLost(side: Side, span: Span): Promise<void> {
    const far = keyOf(span, side === 'left' ? 'right' : 'left')
    const empty = {
      priorArea: 0,
      area: 0,
      margin: 1,
      residual: 0,
      priorOverlap: 1,
      centroidX: 0,
      centroidY: 0,
      borderPart: 0,
    }
    const mask = new Float32Array(this.context.frames.planeLength)
    if (far !== null) await this.context.store.put(side, span.objectIndex, far, { mask, report: empty })
  }

  private async found(
    phase: SweepPhase,
    span: Span,
    frame: number,
    fresh: SoftMask | undefined,
  ): Promise<Found | null> {
    const { store, frames } = this.context
    const get = (side: Side) => (phase === side && fresh ? fresh : store.get(side, span.objectIndex, frame))
    const left = await get('left')
    const right = phase === 'left' ? null : await get('right')
    const one = left ?? right
    if (!one) return null
    const evidence = {
      left: left && (await this.book.side(span, 'left', frame, left)),
      right: right && (await this.book.side(span, 'right', frame, right)),
    }
    if (!left || !right)
      return { span, mask: one.mask, evidence: { ...evidence, agreement: null }, sides: null }
    const mask = new Float32Array(frames.planeLength)
    const weight = await this.book.leftWeight(span, frame, phase === 'both')
    const agreement = await native.fuseMasks(frames.size, left.mask, right.mask, weight, mask)
    const sides = agreement < agreedAbove ? ([left.mask, right.mask] as const) : null
    return { span, mask, evidence: { ...evidence, agreement }, sides }
  }

  /** Full-size masks, one owner a pixel. Key masks of other objects on the frame keep their pixels. */
  private async merged(found: readonly Found[], frame: number): Promise<PropagatedMask[]> {
    const { request, frames, pool } = this.context
    const objectOf = ({ span }: Found) => request.objects[span.objectIndex]!
    const wanted = found.filter((each) => !request.isTaken(objectOf(each).id, frame))
    if (wanted.length === 0) return []
    const reserved = request.objects.flatMap((object) => {
      const key = object.stuff ? undefined : object.keys.find((each) => each.frameIndex === frame)
      return key && !isEmptyRle(key.rle) ? [key.rle.counts] : []
    })
    const softs = found.map((each) => each.mask)
    const counts = await native.mergeMasks(pool, frames.size, frames.full, softs, reserved)
    const contested = contests(softs, (a, b) => objectOf(found[a]!).stuff === objectOf(found[b]!).stuff)
    const masks: PropagatedMask[] = []
    for (const each of wanted) {
      const { id } = objectOf(each)
      const index = found.indexOf(each)
      const contest = contested[index]
      const other = contest ? { ...contest, name: objectOf(found[contest.other]!).name } : null
      const evidence = await this.book.whole(each.span, frame, each.mask, each.evidence, other)
      request.observe?.(id, frame, evidence)
      masks.push({
        objectId: id,
        rle: { ...frames.full, counts: counts[index]! },
        ...judged(evidence),
        leftKeyFrame: evidence.left && each.span.leftKey,
        rightKeyFrame: evidence.right && each.span.rightKey,
        proposed: false,
        hidden: false,
        sides: each.sides && {
          left: await this.alone(each.sides[0]),
          right: await this.alone(each.sides[1]),
        },
      })
    }
    return masks
  }

  /** A soft mask at full size, as if nothing else were there. */
  private async alone(mask: Float32Array): Promise<Rle> {
    const { pool, frames } = this.context
    const [counts] = await native.mergeMasks(pool, frames.size, frames.full, [mask], [])
    return { ...frames.full, counts: counts! }
  }
}

/** Stuff first, then from far to near: the later of equals wins the pixel. */
function rank(request: PropagationRequest, span: Span): number {
  const object = request.objects[span.objectIndex]!
  return object.order + (object.stuff ? 0 : 1e9)
}
