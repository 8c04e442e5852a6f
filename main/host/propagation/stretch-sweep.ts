/**
 * Fills one stretch: a sweep forward from the left key masks, then one backward from the right ones that joins both.
 * Frames are given out as soon as they have a mask from one side, and again when the other side has been heard; once
 * more where one side turned out to be much better than the other.
 */
import * as native from '../../../native/index.ts'
import type { ObjectModel } from './object-model.ts'
import type { PropagatedFrame, PropagationNote, PropagationRequest } from './request.ts'
import type { Side, SoftMask, SoftStore } from './soft-store.ts'
import { StretchMasks } from './stretch-masks.ts'
import { contains, keyOf, type Span, type Stretch } from './stretches.ts'
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
  cursor(place: SweepPlace): unknown
}

/** The sweep from either side, and the last look with the judgement of both. */
export type SweepPhase = Side | 'both'

/** Where a sweep goes on after an interruption: the frame that was committed last. */
export interface SweepPlace {
  readonly phase: SweepPhase
  readonly frameIndex: number
}

const phases: readonly SweepPhase[] = ['left', 'right', 'both']

/** One object on its way from a key mask. */
interface Walk {
  readonly span: Span
  soft: SoftMask
}

export async function* sweepStretch(
  context: SweepContext,
  stretch: Stretch,
  resume: SweepPlace | null,
): AsyncGenerator<PropagatedFrame | PropagationNote> {
  const sweep = new StretchSweep(context, stretch)
  // Without the soft masks of the committed frame there is nothing to go on from: the stretch begins anew.
  const place = resume && sweep.knows(resume) ? resume : null
  for (const phase of phases.slice(place ? phases.indexOf(place.phase) : 0)) {
    const committedFrame = place?.phase === phase ? place.frameIndex : null
    if (phase === 'both') yield* sweep.settle(committedFrame)
    else yield* sweep.run(phase, committedFrame)
  }
}

class StretchSweep {
  private readonly context: SweepContext
  private readonly stretch: Stretch
  private readonly masks: StretchMasks
  private readonly cutsTold = new Set<string>()
  private startedAt = performance.now()

  constructor(context: SweepContext, stretch: Stretch) {
    this.context = context
    this.stretch = stretch
    this.masks = new StretchMasks(context, stretch)
  }

  /** Whether the sweep has found a mask on a frame. */
  knows({ phase, frameIndex }: SweepPlace): boolean {
    const side = phase === 'both' ? 'right' : phase
    return this.stretch.spans.some(
      (span) => contains(span, frameIndex) && this.context.store.has(side, span.objectIndex, frameIndex),
    )
  }

  /** Walks every span that has a key mask on `side`; yields the frames to fill. */
  async *run(side: Side, committedFrame: number | null): AsyncGenerator<PropagatedFrame | PropagationNote> {
    const spans = this.stretch.spans.filter((span) => keyOf(span, side) !== null)
    if (spans.length === 0) return
    const step = side === 'left' ? 1 : -1
    const firsts = spans.map((span) => (side === 'left' ? span.first : span.last))
    const lasts = spans.map((span) => (side === 'left' ? span.last : span.first))
    const [begin, end] =
      side === 'left' ? [Math.min(...firsts), Math.max(...lasts)] : [Math.max(...firsts), Math.min(...lasts)]
    const walks = committedFrame === null ? [] : await this.restored(side, spans, committedFrame)
    // One frame past a span lies the other key mask: arriving there says how well it went.
    for (
      let frame = committedFrame === null ? begin : committedFrame + step;
      frame !== end + 2 * step;
      frame += step
    ) {
      this.context.signal.throwIfAborted()
      for (const [i, span] of spans.entries())
        if (firsts[i] === frame) walks.push(await this.started(span, side))
      if (walks.length === 0) continue
      yield* this.advance(side, walks, frame, step)
      if (this.knows({ phase: side, frameIndex: frame })) yield* this.filled(side, walks, frame)
    }
  }

  /** Frames on which the two sides deserve unequal trust are joined once more: only now is that known. */
  async *settle(committedFrame: number | null): AsyncGenerator<PropagatedFrame> {
    const { firstFill, lastFill } = this.stretch
    const begin = committedFrame === null ? firstFill : committedFrame + 1
    for (let frame = begin; frame <= lastFill; frame++) {
      this.context.signal.throwIfAborted()
      if (await this.masks.wantsJudgement(frame)) yield* this.filled('both', [], frame)
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
    // A walk without a key mask on the far side ends with its span.
    keepOnly(walks, ({ span }) => contains(span, frame) || frame === span.leftKey || frame === span.rightKey)
    if (walks.length === 0 || frame < 0 || frame >= request.source.frameCount) return
    frames.prepare(frame + step, frame)
    if (await frames.isCut(frame, before)) {
      for (const { span } of walks) yield* this.cutNote(span, frame, side)
      walks.length = 0
      return
    }
    for (const walk of walks) {
      signal.throwIfAborted()
      walk.soft = await this.stepped(walk, frame, before)
      await store.put(side, walk.span.objectIndex, frame, walk.soft)
      if (walk.soft.report.area < leastArea) await this.masks.markLost(side, walk.span)
    }
    keepOnly(walks, ({ span, soft }) => contains(span, frame) && soft.report.area >= leastArea)
  }

  private async stepped({ span, soft }: Walk, frame: number, before: number): Promise<SoftMask> {
    const { frames, pool } = this.context
    const { forest, colourRatio } = await this.context.model(span)
    const prior = await frames.warped(soft.mask, frame, before)
    const mask = new Float32Array(frames.planeLength)
    const view = await frames.view(frame, before, colourRatio)
    return { mask, report: await native.refineMask(forest, pool, view, prior, mask) }
  }

  private async started(span: Span, side: Side): Promise<Walk> {
    const mask = await this.context.truth(span.objectIndex, keyOf(span, side)!)
    const area = mask.reduce((sum, p) => sum + p, 0)
    const unmoved = { margin: 1, residual: 0, priorOverlap: 1, centroidX: 0, centroidY: 0, borderPart: 0 }
    return { span, soft: { mask, report: { priorArea: area, area, ...unmoved } } }
  }

  /** The walks as they were after the committed frame. */
  private async restored(side: Side, spans: readonly Span[], frame: number): Promise<Walk[]> {
    const walks: Walk[] = []
    for (const span of spans) {
      const soft = contains(span, frame) ? await this.context.store.get(side, span.objectIndex, frame) : null
      if (soft && soft.report.area >= leastArea) walks.push({ span, soft })
    }
    return walks
  }

  private async *filled(
    phase: SweepPhase,
    walks: readonly Walk[],
    frame: number,
  ): AsyncGenerator<PropagatedFrame> {
    if (frame < this.stretch.firstFill || frame > this.stretch.lastFill) return
    const masks = await this.masks.at(phase, frame, new Map(walks.map(({ span, soft }) => [span, soft])))
    if (masks.length === 0) return
    const now = performance.now()
    const ms = now - this.startedAt
    yield {
      type: 'frame',
      frameIndex: frame,
      ms,
      masks,
      cursor: this.context.cursor({ phase, frameIndex: frame }),
    }
    this.startedAt = performance.now()
  }

  /** Once for each object and cut; none where the object is labelled beyond it, because then nothing is left to do. */
  private *cutNote(span: Span, frame: number, side: Side): Generator<PropagationNote> {
    const object = this.context.request.objects[span.objectIndex]!
    const frameIndex = side === 'left' ? frame : frame + 1
    const name = `${object.id}@${frameIndex}`
    const labelledBeyond = object.keys.some((key) =>
      side === 'left' ? key.frameIndex >= frame : key.frameIndex <= frame,
    )
    if (!contains(span, frame) || labelledBeyond || this.cutsTold.has(name)) return
    this.cutsTold.add(name)
    const shot = side === 'left' ? 'in the next shot' : 'in the shot before'
    const sentence = `${object.name} was not carried over the shot cut at frame ${frameIndex}: label it once ${shot}.`
    yield { type: 'note', objectId: object.id, frameIndex, sentence }
  }
}

function keepOnly<T>(list: T[], wanted: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(wanted))
}
