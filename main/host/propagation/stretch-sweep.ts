/**
 * Fills one stretch: a sweep forward from the left key masks, then one backward from the right ones that joins both.
 * Frames are given out as soon as they have a mask from one side, and again when the other side has been heard.
 */
import * as native from '../../../native/index.ts'
import { isEmptyRle } from '../../core/mask/rle.ts'
import { judged, type SideEvidence } from './confidence.ts'
import type { ObjectModel } from './object-model.ts'
import type { PropagatedFrame, PropagatedMask, PropagationNote, PropagationRequest } from './request.ts'
import type { Side, SoftMask, SoftStore } from './soft-store.ts'
import type { Span, Stretch } from './stretches.ts'
import type { WorkingFrames } from './working-frames.ts'

/** A mask of less than this many pixels of working size is lost: nothing is left to follow. */
const leastArea = 2

/** Everything a sweep needs that outlives it. */
export interface SweepContext {
  readonly request: PropagationRequest
  readonly frames: WorkingFrames
  readonly pool: native.Pool
  readonly store: SoftStore
  readonly signal: AbortSignal
  model(span: Span): Promise<ObjectModel>
  /** The key mask of an object at working size. */
  truth(objectIndex: number, frameIndex: number): Promise<Float32Array>
  cursor(side: Side, frameIndex: number): unknown
}

/** Where a sweep goes on after an interruption: the frame that was committed last. */
export interface SweepPlace {
  readonly side: Side
  readonly frameIndex: number
}

/** One object on its way from a key mask. */
interface Walk {
  readonly span: Span
  soft: SoftMask
  areaBefore: number
  readonly keyArea: number
}

export async function* sweepStretch(
  context: SweepContext,
  stretch: Stretch,
  resume: SweepPlace | null,
): AsyncGenerator<PropagatedFrame | PropagationNote> {
  const sweep = new StretchSweep(context, stretch)
  // Without the soft masks of the committed frame there is nothing to go on from: the stretch begins anew.
  const place = resume && sweep.knows(resume) ? resume : null
  if (place?.side !== 'right') yield* sweep.run('left', place?.frameIndex ?? null)
  yield* sweep.run('right', place?.side === 'right' ? place.frameIndex : null)
}

class StretchSweep {
  private readonly context: SweepContext
  private readonly stretch: Stretch
  private readonly arrivals = new Map<string, number>()
  private readonly cutsTold = new Set<string>()
  private startedAt = performance.now()

  constructor(context: SweepContext, stretch: Stretch) {
    this.context = context
    this.stretch = stretch
  }

  /** Whether this sweep has found a mask on a frame. */
  knows({ side, frameIndex }: SweepPlace): boolean {
    return this.stretch.spans.some(
      (span) => contains(span, frameIndex) && this.context.store.has(side, span.objectIndex, frameIndex),
    )
  }

  /** Walks every span that has a key mask on `side`; yields the frames to fill. */
  async *run(side: Side, committedFrame: number | null): AsyncGenerator<PropagatedFrame | PropagationNote> {
    const spans = this.stretch.spans.filter((span) => keyOf(span, side) !== null)
    if (spans.length === 0) return
    const step = side === 'left' ? 1 : -1
    // One frame past a span lies the other key mask: arriving there says how well it went.
    const begin =
      side === 'left'
        ? Math.min(...spans.map((span) => span.first))
        : Math.max(...spans.map((span) => span.last))
    const end =
      side === 'left'
        ? Math.max(...spans.map((span) => span.last)) + 1
        : Math.min(...spans.map((span) => span.first)) - 1
    const from = committedFrame === null ? begin : committedFrame + step
    const walks = committedFrame === null ? [] : await this.restored(side, spans, committedFrame)
    for (let frame = from; frame !== end + step; frame += step) {
      this.context.signal.throwIfAborted()
      for (const span of spans)
        if ((side === 'left' ? span.first : span.last) === frame) walks.push(await this.started(span, side))
      if (walks.length === 0) continue
      yield* this.advance(side, walks, frame, step)
      const filled = await this.filled(side, walks, frame)
      if (filled) yield filled
    }
  }

  /** Moves every walk on to `frame`; those that end are taken out. */
  private async *advance(
    side: Side,
    walks: Walk[],
    frame: number,
    step: number,
  ): AsyncGenerator<PropagationNote> {
    const { frames, request, store, signal } = this.context
    const before = frame - step
    if (frame < 0 || frame >= request.source.frameCount) {
      walks.length = 0
      return
    }
    frames.prepare(frame + step, frame)
    if (await frames.isCut(frame, before)) {
      for (const { span } of walks) yield* this.cutNote(span, frame, side)
      walks.length = 0
      return
    }
    for (const walk of [...walks]) {
      signal.throwIfAborted()
      const { span } = walk
      const model = await this.context.model(span)
      const prior = await frames.warped(walk.soft.mask, frame, before)
      const mask = new Float32Array(frames.planeLength)
      const report = await native.refineMask(
        model.forest,
        this.context.pool,
        await frames.view(frame, before, model.colourRatio),
        prior,
        mask,
      )
      if (!contains(span, frame)) {
        await this.arrive(walk, frame, mask)
        walks.splice(walks.indexOf(walk), 1)
        continue
      }
      walk.areaBefore = walk.soft.report.area
      walk.soft = { mask, report }
      await store.put(side, span.objectIndex, frame, walk.soft)
      if (report.area < leastArea) walks.splice(walks.indexOf(walk), 1)
    }
  }

  /** The walk has reached the key mask on the other side, if there is one. */
  private async arrive({ span }: Walk, frame: number, mask: Float32Array): Promise<void> {
    if (frame !== span.leftKey && frame !== span.rightKey) return
    const truth = await this.context.truth(span.objectIndex, frame)
    this.arrivals.set(
      arrivalKey(span, frame === span.rightKey ? 'left' : 'right'),
      await native.overlapOfMasks(this.context.frames.size, mask, truth),
    )
  }

  private async started(span: Span, side: Side): Promise<Walk> {
    const mask = await this.context.truth(span.objectIndex, keyOf(span, side)!)
    const area = mask.reduce((sum, p) => sum + p, 0)
    const report = {
      priorArea: area,
      area,
      margin: 1,
      residual: 0,
      priorOverlap: 1,
      centroidX: 0,
      centroidY: 0,
      borderPart: 0,
    }
    return { span, soft: { mask, report }, areaBefore: area, keyArea: area }
  }

  /** The walks as they were after the committed frame. */
  private async restored(side: Side, spans: readonly Span[], frame: number): Promise<Walk[]> {
    const walks: Walk[] = []
    for (const span of spans) {
      if (!contains(span, frame)) continue
      const soft = await this.context.store.get(side, span.objectIndex, frame)
      if (!soft || soft.report.area < leastArea) continue
      const fresh = await this.started(span, side)
      walks.push({ ...fresh, soft, areaBefore: soft.report.area })
    }
    return walks
  }

  /** The frame's masks with all that is known now, or null when this sweep has nothing new for it. */
  private async filled(side: Side, walks: readonly Walk[], frame: number): Promise<PropagatedFrame | null> {
    const { request } = this.context
    const { firstFill, lastFill } = this.stretch
    // An object lost on exactly this frame has no walk any more, but its empty mask is news too.
    const news = this.knows({ side, frameIndex: frame })
    if (!news || frame < firstFill || frame > lastFill) return null
    const found: Found[] = []
    for (const span of this.stretch.spans) {
      if (!contains(span, frame)) continue
      const walk = walks.find((each) => each.span === span)
      const one = await this.found(side, span, walk, frame)
      if (one) found.push(one)
    }
    found.sort((a, b) => rank(request, a.span) - rank(request, b.span))
    const masks = await this.merged(found, frame)
    if (masks.length === 0) return null
    const now = performance.now()
    const ms = now - this.startedAt
    this.startedAt = now
    return { type: 'frame', frameIndex: frame, ms, masks, cursor: this.context.cursor(side, frame) }
  }

  /** An object's soft mask on a frame, from one side or both. */
  private async found(side: Side, span: Span, walk: Walk | undefined, frame: number): Promise<Found | null> {
    const { store, frames } = this.context
    const here = walk?.soft ?? (await store.get(side, span.objectIndex, frame))
    const there = side === 'right' ? await store.get('left', span.objectIndex, frame) : null
    const left = side === 'left' ? here : there
    const right = side === 'right' ? here : null
    if (!left && !right) return null
    const evidence = {
      left: left && (await this.evidence(span, 'left', frame, left, walk)),
      right: right && (await this.evidence(span, 'right', frame, right, walk)),
    }
    if (!left || !right) return { span, soft: (left ?? right)!.mask, ...evidence, agreement: null }
    const mask = new Float32Array(frames.planeLength)
    const weight = (span.rightKey! - frame) / (span.rightKey! - span.leftKey!)
    const agreement = await native.fuseMasks(frames.size, left.mask, right.mask, weight, mask)
    return { span, soft: mask, ...evidence, agreement }
  }

  private async evidence(
    span: Span,
    side: Side,
    frame: number,
    soft: SoftMask,
    walk: Walk | undefined,
  ): Promise<SideEvidence> {
    const key = keyOf(span, side)!
    const truth = await this.context.truth(span.objectIndex, key)
    const keyArea = walk?.keyArea ?? truth.reduce((sum, p) => sum + p, 0)
    const arrivalIou = this.arrivals.get(arrivalKey(span, side)) ?? null
    return {
      report: soft.report,
      distance: Math.abs(frame - key),
      keyArea,
      areaBefore: soft.report.priorArea,
      arrivalIou,
    }
  }

  /** Full-size masks, one owner a pixel. Key masks of other objects on the frame keep their pixels. */
  private async merged(found: readonly Found[], frame: number): Promise<PropagatedMask[]> {
    const { request, frames, pool } = this.context
    const wanted = found.filter(({ span }) => !request.isTaken(request.objects[span.objectIndex]!.id, frame))
    if (wanted.length === 0) return []
    const reserved = request.objects.flatMap((object) => {
      if (object.stuff) return []
      const key = object.keys.find((each) => each.frameIndex === frame)
      return key && !isEmptyRle(key.rle) ? [key.rle.counts] : []
    })
    const softs = found.map((each) => each.soft)
    const counts = await native.mergeMasks(pool, frames.size, frames.full, softs, reserved)
    return wanted.map((each) => {
      const object = request.objects[each.span.objectIndex]!
      const rle = { ...frames.full, counts: counts[found.indexOf(each)]! }
      const judgement = judged({
        left: each.left,
        right: each.right,
        agreement: each.agreement,
        stuff: object.stuff,
      })
      const leftKeyFrame = each.left ? each.span.leftKey : null
      const rightKeyFrame = each.right ? each.span.rightKey : null
      return { objectId: object.id, rle, ...judgement, leftKeyFrame, rightKeyFrame }
    })
  }

  /** Once for each object and cut, from whichever side it is met first. */
  private *cutNote(span: Span, frame: number, side: Side): Generator<PropagationNote> {
    const object = this.context.request.objects[span.objectIndex]!
    const frameIndex = side === 'left' ? frame : frame + 1
    const name = `${object.id}@${frameIndex}`
    if (!contains(span, frame) || this.cutsTold.has(name)) return
    this.cutsTold.add(name)
    const sentence = `${object.name} was not carried over the shot cut at frame ${frameIndex + 1}: label it once in the next shot.`
    yield { type: 'note', objectId: object.id, frameIndex, sentence }
  }
}

interface Found {
  readonly span: Span
  readonly soft: Float32Array
  readonly left: SideEvidence | null
  readonly right: SideEvidence | null
  readonly agreement: number | null
}

function keyOf(span: Span, side: Side): number | null {
  return side === 'left' ? span.leftKey : span.rightKey
}

function contains(span: Span, frame: number): boolean {
  return frame >= span.first && frame <= span.last
}

function arrivalKey(span: Span, side: Side): string {
  return `${span.objectIndex}/${span.first}/${side}`
}

/** Stuff first, then from far to near: the later of equals wins the pixel. */
function rank(request: PropagationRequest, span: Span): number {
  const object = request.objects[span.objectIndex]!
  return object.order + (object.stuff ? 0 : 1e9)
}
