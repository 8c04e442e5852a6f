/**
 * The masks of a frame as far as its stretch is known: both sides joined, every object judged, one owner a pixel.
 */
import * as native from '../../../native/index.ts'
import { isEmptyRle } from '../../core/mask/rle.ts'
import { judged, type SideEvidence } from './confidence.ts'
import type { PropagatedMask, PropagationRequest } from './request.ts'
import type { Side, SoftMask } from './soft-store.ts'
import type { SweepContext, SweepPhase } from './stretch-sweep.ts'
import { contains, keyOf, type Span, type Stretch } from './stretches.ts'

/** Added to what a side got wrong at its far end, so that two good sides are weighed by their distances. */
const leastError = 0.05
/** Sides whose arrivals differ by less are joined as well as they can be already. */
const unequalArrivals = 0.03

/** An object's soft mask on a frame and what speaks for it. */
interface Found {
  readonly span: Span
  readonly mask: Float32Array
  readonly left: SideEvidence | null
  readonly right: SideEvidence | null
  readonly agreement: number | null
}

export class StretchMasks {
  private readonly context: SweepContext
  private readonly stretch: Stretch
  private readonly arrivals = new Map<string, number | null>()
  private readonly keyAreas = new Map<string, number>()

  constructor(context: SweepContext, stretch: Stretch) {
    this.context = context
    this.stretch = stretch
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
      const [left, right] = [await this.arrival(span, 'left'), await this.arrival(span, 'right')]
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
      left: left && (await this.evidence(span, 'left', frame, left)),
      right: right && (await this.evidence(span, 'right', frame, right)),
    }
    if (!left || !right) return { span, mask: one.mask, ...evidence, agreement: null }
    const mask = new Float32Array(frames.planeLength)
    const weight = await this.leftWeight(span, frame, phase)
    const agreement = await native.fuseMasks(frames.size, left.mask, right.mask, weight, mask)
    return { span, mask, ...evidence, agreement }
  }

  /**
   * A side is expected to be the more wrong the farther it has come, up to what it got wrong at its end. With equal
   * ends, or one not known yet, this is the share of the distance alone.
   */
  private async leftWeight(span: Span, frame: number, phase: SweepPhase): Promise<number> {
    const arrivals =
      phase === 'both' ? [await this.arrival(span, 'left'), await this.arrival(span, 'right')] : []
    const [left = null, right = null] = arrivals
    const judgeable = left !== null && right !== null
    const leftError = (frame - span.leftKey!) * (judgeable ? 1 - left + leastError : 1)
    const rightError = (span.rightKey! - frame) * (judgeable ? 1 - right + leastError : 1)
    return rightError / (leftError + rightError)
  }

  /** IoU with the truth where a side's sweep came to the other key mask; null where it did not get there or not yet. */
  private async arrival(span: Span, side: Side): Promise<number | null> {
    const name = `${span.objectIndex}/${span.first}/${side}`
    const known = this.arrivals.get(name)
    if (known !== undefined) return known
    const { store, frames } = this.context
    const far = keyOf(span, side === 'left' ? 'right' : 'left')
    const soft = far === null ? null : await store.get(side, span.objectIndex, far)
    if (far === null || !soft) return null
    const iou = await native.overlapOfMasks(
      frames.size,
      soft.mask,
      await this.context.truth(span.objectIndex, far),
    )
    this.arrivals.set(name, iou)
    return iou
  }

  private async evidence(span: Span, side: Side, frame: number, { report }: SoftMask): Promise<SideEvidence> {
    const key = keyOf(span, side)!
    const name = `${span.objectIndex}/${key}`
    const keyArea =
      this.keyAreas.get(name) ??
      (await this.context.truth(span.objectIndex, key)).reduce((sum, p) => sum + p, 0)
    this.keyAreas.set(name, keyArea)
    return { report, distance: Math.abs(frame - key), keyArea, arrivalIou: await this.arrival(span, side) }
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
    return wanted.map((each) => {
      const { id } = objectOf(each)
      const { left, right, agreement, span } = each
      return {
        objectId: id,
        rle: { ...frames.full, counts: counts[found.indexOf(each)]! },
        ...judged({ left, right, agreement }),
        leftKeyFrame: left && span.leftKey,
        rightKeyFrame: right && span.rightKey,
        proposed: false,
        hidden: false,
        sides: null,
      }
    })
  }
}

/** Stuff first, then from far to near: the later of equals wins the pixel. */
function rank(request: PropagationRequest, span: Span): number {
  const object = request.objects[span.objectIndex]!
  return object.order + (object.stuff ? 0 : 1e9)
}
