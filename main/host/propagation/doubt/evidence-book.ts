/**
 * Gathers what speaks for and against a mask: the way each side came, how it arrived, what the mask and the picture
 * under it look like beside the key masks. confidence.ts judges by it.
 */
import * as native from '../../../../native/index.ts'
import type { Side, SoftMask } from '../sweep/soft-store.ts'
import type { SweepContext } from '../sweep/stretch-sweep.ts'
import { keyOf, type Span } from '../sweep/stretches.ts'
import { type Contest, type Look, likeness, lookOf } from './look.ts'
import type { MaskEvidence, SideEvidence } from './mask-evidence.ts'
import { longerTrail, type Trail, trailMemory, trailStart } from './trail.ts'

/** Added to what a side got wrong at its far end, so that two good sides are weighed by their distances. */
const leastError = 0.05

export class EvidenceBook {
  private readonly context: SweepContext
  private readonly arrivals = new Map<string, number | null>()
  private readonly keyLooks = new Map<string, Look>()
  /** Of each side of a span, by distance from its key mask. */
  private readonly trails = new Map<string, Trail[]>()

  constructor(context: SweepContext) {
    this.context = context
  }

  async side(span: Span, side: Side, frame: number, { report, guess }: SoftMask): Promise<SideEvidence> {
    const key = keyOf(span, side)!
    return {
      report,
      trail: this.trail(span, side, frame),
      distance: Math.abs(frame - key),
      keyArea: (await this.keyLook(span.objectIndex, key)).area,
      arrivalIou: await this.arrival(span, side),
      ...(guess === undefined ? {} : { guess }),
    }
  }

  /** `mask`: what the sides were joined to. */
  async whole(
    span: Span,
    frame: number,
    mask: Float32Array,
    sides: Pick<MaskEvidence, 'left' | 'right' | 'agreement'>,
    contest: (Contest & { readonly name: string }) | null,
  ): Promise<MaskEvidence> {
    const look = await this.context.frames.lendPicture(frame, (picture) => lookOf(mask, picture))
    let alike: number | null = null
    for (const side of ['left', 'right'] as const) {
      const key = sides[side] ? keyOf(span, side) : null
      if (key !== null)
        alike = Math.max(alike ?? 0, likeness(look, await this.keyLook(span.objectIndex, key)))
    }
    return { ...sides, softIou: look.softIou, area: look.area, alike, contest, scale: this.scale }
  }

  /**
   * IoU with the truth where a side's sweep came to the other key mask; null where it did not get there or not yet, and
   * where that mask was mostly computed: agreeing with oneself proves nothing.
   */
  async arrival(span: Span, side: Side): Promise<number | null> {
    const name = `${span.objectIndex}/${span.first}/${side}`
    const known = this.arrivals.get(name)
    if (known !== undefined) return known
    const { store, frames } = this.context
    const far = keyOf(span, side === 'left' ? 'right' : 'left')
    const soft = far === null ? null : await store.get(side, span.objectIndex, far)
    if (far === null || !soft || this.isPartial(span.objectIndex, far)) return null
    const truth = await this.context.truth(span.objectIndex, far)
    const iou = await native.overlapOfMasks(frames.size, soft.mask, truth)
    this.arrivals.set(name, iou)
    return iou
  }

  /**
   * The left side's share. A side is expected to be the more wrong the farther it has come, up to what it got wrong at
   * its end. With equal ends, or one not known yet, this is the share of the distance alone.
   */
  async leftWeight(span: Span, frame: number, judge: boolean): Promise<number> {
    const arrivals = judge ? [await this.arrival(span, 'left'), await this.arrival(span, 'right')] : []
    const [left = null, right = null] = arrivals
    const judgeable = left !== null && right !== null
    const leftError = (frame - span.leftKey!) * (judgeable ? 1 - left + leastError : 1)
    const rightError = (span.rightKey! - frame) * (judgeable ? 1 - right + leastError : 1)
    return rightError / (leftError + rightError)
  }

  private isPartial(objectIndex: number, keyFrame: number): boolean {
    const { keys } = this.context.request.objects[objectIndex]!
    return keys.some((key) => key.frameIndex === keyFrame && key.marked !== undefined)
  }

  /** Pixels of the video a pixel of working size. */
  private get scale(): number {
    const { full, size } = this.context.frames
    return full.width / size.width
  }

  private async keyLook(objectIndex: number, key: number): Promise<Look> {
    const name = `${objectIndex}/${key}`
    let look = this.keyLooks.get(name)
    if (!look) {
      look = lookOf(await this.context.truth(objectIndex, key), await this.context.frames.picture(key))
      this.keyLooks.set(name, look)
    }
    return look
  }

  private trail(span: Span, side: Side, frame: number): Trail {
    const name = `${span.objectIndex}/${span.first}/${side}`
    const trails = this.trails.get(name) ?? [trailStart]
    this.trails.set(name, trails)
    const key = keyOf(span, side)!
    const step = side === 'left' ? 1 : -1
    const { store } = this.context
    for (let distance = trails.length; distance <= Math.abs(frame - key); distance++) {
      const reports = []
      for (let back = Math.min(trailMemory, distance) - 1; back >= 0; back--)
        reports.push(store.report(side, span.objectIndex, key + step * (distance - back)))
      trails.push(longerTrail(trails.at(-1)!, reports))
    }
    return trails[Math.abs(frame - key)]!
  }
}
