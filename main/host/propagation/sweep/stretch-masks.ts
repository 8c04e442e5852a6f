/**
 * The masks of a frame as far as its stretch is known: both sides joined, every object judged, one owner a pixel.
 */
import * as native from '../../../../native/index.ts'
import { emptyRle, isEmptyRle, type Rle, rleArea } from '../../../core/mask/rle.ts'
import { judged } from '../doubt/confidence.ts'
import { confidenceWeights } from '../doubt/confidence-weights.ts'
import { EvidenceBook } from '../doubt/evidence-book.ts'
import { contests } from '../doubt/look.ts'
import type { MaskEvidence } from '../doubt/mask-evidence.ts'
import { joinOf, standingOf } from '../presence/presence.ts'
import { type PropagatedMask, type PropagationRequest, wholeMethod } from '../request.ts'
import type { Side, SoftMask } from './soft-store.ts'
import type { SweepContext, SweepPhase } from './stretch-sweep.ts'
import { contains, type Span, type Stretch } from './stretches.ts'
import { Unlabelled } from './unlabelled.ts'

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
  readonly presence: 'seen' | 'hidden' | 'proposed'
}

export class StretchMasks {
  private readonly context: SweepContext
  private readonly stretch: Stretch
  private readonly book: EvidenceBook
  private readonly unlabelled: Unlabelled
  private readonly firstSide: Side

  constructor(context: SweepContext, stretch: Stretch, firstSide: Side) {
    this.context = context
    this.stretch = stretch
    this.book = new EvidenceBook(context)
    this.unlabelled = new Unlabelled(context.request.objects)
    this.firstSide = firstSide
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
      const standing = standingOf(
        store.presence('left', span.objectIndex, frame),
        store.presence('right', span.objectIndex, frame),
      )
      if (!standing.left || !standing.right || standing.presence === 'hidden') continue
      const [left, right] = [await this.book.arrival(span, 'left'), await this.book.arrival(span, 'right')]
      if (left !== null && right !== null && Math.abs(left - right) > unequalArrivals) return true
    }
    return false
  }

  private async found(
    phase: SweepPhase,
    span: Span,
    frame: number,
    fresh: SoftMask | undefined,
  ): Promise<Found | null> {
    const { store, frames } = this.context
    const get = (side: Side) => (phase === side && fresh ? fresh : store.get(side, span.objectIndex, frame))
    // In the first phase the other side has not been heard.
    const heard = (side: Side) => phase !== this.firstSide || side === phase
    const left = heard('left') ? await get('left') : null
    const right = heard('right') ? await get('right') : null
    const standing = standingOf(left?.presence ?? null, right?.presence ?? null)
    const { presence } = standing
    const one = standing.left ? left : right
    if (!one || presence === null || presence === 'away') return null
    const alone = async (useLeft: boolean, useRight: boolean): Promise<Found> => ({
      span,
      mask: (useLeft ? left : right)!.mask,
      presence,
      evidence: {
        left: useLeft && left ? await this.book.side(span, 'left', frame, left) : null,
        right: useRight && right ? await this.book.side(span, 'right', frame, right) : null,
        agreement: null,
      },
      sides: null,
    })
    if (!left || !right || presence === 'hidden') return alone(standing.left, standing.right)
    const overlap = await native.overlapOfMasks(frames.size, left.mask, right.mask)
    const joined = joinOf(left.presence, right.presence, overlap)
    if (joined === 'one') return alone(standing.left, standing.right)
    const isLeft = left.report.margin >= right.report.margin
    if (joined === 'surer') return alone(isLeft, !isLeft)
    const mask = new Float32Array(frames.planeLength)
    const weight = await this.book.leftWeight(span, frame, phase === 'both')
    const agreement = await native.fuseMasks(frames.size, left.mask, right.mask, weight, mask)
    const sides = agreement < agreedAbove ? ([left.mask, right.mask] as const) : null
    const { evidence, ...both } = await alone(true, true)
    return { ...both, mask, evidence: { ...evidence, agreement }, sides }
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
    const present = found.filter((each) => each.presence !== 'hidden')
    const softs = present.map((each) => each.mask)
    const bands = await this.bands(present, frame)
    const unlabelled =
      request.fillsUnlabelled === false ? 1 : this.unlabelled.allowed(found.map(({ span }) => span))
    const counts =
      present.length === 0
        ? []
        : await native.mergeMasks(pool, frames.size, frames.full, softs, reserved, unlabelled, bands)
    const contested = contests(softs, (a, b) => objectOf(present[a]!).stuff === objectOf(present[b]!).stuff)
    const masks: PropagatedMask[] = []
    for (const each of wanted) {
      const { id } = objectOf(each)
      const index = present.indexOf(each)
      const own = counts[index]
      const { left, right } = each.evidence
      const made = {
        objectId: id,
        leftKeyFrame: left && each.span.leftKey,
        rightKeyFrame: right && each.span.rightKey,
      }
      const rle = own ? { ...frames.full, counts: own } : null
      const proposed = each.presence === 'proposed'
      // A proposal that others take most of was one of them.
      if (!rle || (proposed && this.isMostlyTaken(each.mask, rle))) {
        masks.push({ ...made, ...hiddenMask(frames.full) })
        continue
      }
      const contest = contested[index]
      const other = contest ? { ...contest, name: objectOf(present[contest.other]!).name } : null
      const evidence = await this.book.whole(each.span, frame, each.mask, each.evidence, other)
      request.observe?.(id, frame, evidence)
      const judgement = judged(evidence)
      masks.push({
        ...made,
        rle,
        confidence: judgement.confidence,
        doubt: proposed ? 'It was found again after it was out of sight: is this it?' : judgement.doubt,
        proposed,
        hidden: false,
        sides: each.sides && {
          left: await this.alone(each.sides[0]),
          right: await this.alone(each.sides[1]),
        },
      })
    }
    return masks
  }

  /** The outlines at full size. */
  private async bands(found: readonly Found[], frame: number): Promise<(native.Band | null)[]> {
    const { frames, pool, model, request } = this.context
    const { step, band: wanted } = request.method ?? wholeMethod
    if (step !== 'forest' || !wanted || request.videoNetwork) return found.map(() => null)
    return Promise.all(
      found.map(async ({ span, mask }) => {
        const { band, colourRatio } = await model(span)
        if (!band) return null
        return frames.lendOutline(frame, mask, colourRatio, (outline) => native.findBand(band, pool, outline))
      }),
    )
  }

  /** A soft mask at full size, as if nothing else were there. */
  private async alone(mask: Float32Array): Promise<Rle> {
    const { pool, frames } = this.context
    const [counts] = await native.mergeMasks(pool, frames.size, frames.full, [mask], [])
    return { ...frames.full, counts: counts! }
  }

  private isMostlyTaken(mask: Float32Array, rle: Rle): boolean {
    const { full, planeLength } = this.context.frames
    const pixels = mask.reduce((sum, p) => sum + (p >= 0.5 ? 1 : 0), 0)
    return rleArea(rle) < 0.5 * pixels * ((full.width * full.height) / planeLength)
  }
}

function hiddenMask({ width, height }: native.Size) {
  const doubt = 'It is hidden or out of view here.'
  return {
    rle: emptyRle(width, height),
    confidence: confidenceWeights.hidden,
    doubt,
    proposed: false,
    hidden: true,
    sides: null,
  }
}

/** Stuff first, then from far to near: the later of equals wins the pixel. */
function rank(request: PropagationRequest, span: Span): number {
  const object = request.objects[span.objectIndex]!
  return object.order + (object.stuff ? 0 : 1e9)
}
