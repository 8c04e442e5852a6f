/**
 * Fills one stretch in three phases: a sweep from one side's key masks, then one from the other's that joins both, then a
 * last look with the judgement of both. Frames are given out as soon as they have a mask from one side, and again when
 * the other side has been heard; once more where one side turned out to be much better than the other.
 */
import type * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'
import type { ObjectModel } from '../model/object-model.ts'
import { presenceNotes } from '../presence/presence-notes.ts'
import type { KeyMemories } from '../refine/second-look.ts'
import type { PropagatedMask, PropagationNote, PropagationRequest } from '../request.ts'
import type { Carrier } from './carrier.ts'
import type { Side, SoftMask, SoftStore } from './soft-store.ts'
import { StretchMasks } from './stretch-masks.ts'
import { contains, keyOf, otherSide, type Span, type Stretch } from './stretches.ts'

/** Everything a sweep needs that outlives it. */
export interface SweepContext {
  readonly request: PropagationRequest
  readonly frames: WorkingFrames
  readonly pool: native.Pool
  readonly store: SoftStore
  readonly signal: AbortSignal
  /** What carries the objects of the spans that have a key mask on `side`. */
  carrier(spans: readonly Span[], side: Side): Carrier
  model(span: Span): Promise<ObjectModel>
  /** The key mask of an object at working size. */
  truth(objectIndex: number, frameIndex: number): Promise<Float32Array>
  /** What the request's network remembers of key masks; null without one. */
  readonly memories: KeyMemories | null
}

/** The sweep from either side, and the last look with the judgement of both. */
export type SweepPhase = Side | 'both'

/** Where a sweep goes on after an interruption: the frame that was committed last. */
export interface SweepPlace {
  readonly phase: SweepPhase
  readonly frameIndex: number
}

export interface SweptFrame {
  readonly type: 'frame'
  readonly frameIndex: number
  readonly masks: readonly PropagatedMask[]
}

export class StretchSweep {
  readonly phases: readonly SweepPhase[]
  private readonly context: SweepContext
  private readonly stretch: Stretch
  private readonly firstSide: Side
  private readonly masks: StretchMasks

  constructor(context: SweepContext, stretch: Stretch, firstSide: Side) {
    this.context = context
    this.stretch = stretch
    this.firstSide = firstSide
    this.phases = [firstSide, otherSide(firstSide), 'both']
    this.masks = new StretchMasks(context, stretch, firstSide)
  }

  /** Whether the sweep has been on a frame. Without its soft masks there is nothing to go on from. */
  knows({ phase, frameIndex }: SweepPlace): boolean {
    const side = phase === 'both' ? otherSide(this.firstSide) : phase
    return this.stretch.spans.some(
      (span) => contains(span, frameIndex) && this.context.store.has(side, span.objectIndex, frameIndex),
    )
  }

  /** One phase, from its beginning or after the frame that was committed last. */
  run(phase: SweepPhase, committedFrame: number | null): AsyncGenerator<SweptFrame | PropagationNote> {
    return phase === 'both' ? this.settle(committedFrame) : this.sweep(phase, committedFrame)
  }

  /** Walks every span that has a key mask on `side`; yields the frames to fill. */
  private async *sweep(side: Side, committedFrame: number | null): AsyncGenerator<SweptFrame> {
    const spans = this.stretch.spans.filter((span) => keyOf(span, side) !== null)
    if (spans.length === 0) return
    const step = side === 'left' ? 1 : -1
    const firsts = spans.map((span) => (side === 'left' ? span.first : span.last))
    const lasts = spans.map((span) => (side === 'left' ? span.last : span.first))
    const [begin, end] =
      side === 'left' ? [Math.min(...firsts), Math.max(...lasts)] : [Math.max(...firsts), Math.min(...lasts)]
    const carrier = this.context.carrier(spans, side)
    const walks = await carrier.setOut(committedFrame)
    // One frame past a span lies the other key mask: arriving there says how well it went.
    let ahead: Promise<void> | null = null
    for (
      let frame = committedFrame === null ? begin : committedFrame + step;
      frame !== end + 2 * step;
      frame += step
    ) {
      this.context.signal.throwIfAborted()
      for (const [i, span] of spans.entries())
        if (firsts[i] === frame) {
          await carrier.begin(span)
          walks.push(span)
        }
      if (walks.length === 0) continue
      await (ahead ?? this.advance(carrier, side, walks, frame))
      ahead = null
      if (!this.knows({ phase: side, frameIndex: frame })) continue
      const fresh = new Map(walks.map((span) => [span, carrier.soft(span)]))
      const filled = this.filled(side, fresh, frame)
      const next = frame + step
      if (!firsts.includes(next) && walks.every((span) => contains(span, next))) {
        // The same walks go on: they take their step while this frame's masks are made. An arrival waits, because the
        // masks of the frame before it must not know of it.
        ahead = this.advance(carrier, side, walks, next)
        await Promise.allSettled([ahead, filled])
      }
      const event = await filled
      if (event) yield event
    }
  }

  /** Frames on which the two sides deserve unequal trust are joined once more: only now is that known. */
  private async *settle(committedFrame: number | null): AsyncGenerator<SweptFrame | PropagationNote> {
    if (this.context.request.method?.step === 'copy') return
    const { firstFill, lastFill } = this.stretch
    const begin = committedFrame === null ? firstFill : committedFrame + 1
    for (let frame = begin; frame <= lastFill; frame++) {
      this.context.signal.throwIfAborted()
      if (!(await this.masks.wantsJudgement(frame))) continue
      const event = await this.filled('both', new Map(), frame)
      if (event) yield event
    }
    for (const span of this.stretch.spans)
      yield* presenceNotes(this.context.request.objects[span.objectIndex]!, span, (side, frame) =>
        this.context.store.presence(side, span.objectIndex, frame),
      )
  }

  /** Moves every span under way on to `frame`; those that end are taken out. */
  private async advance(carrier: Carrier, side: Side, walks: Span[], frame: number): Promise<void> {
    const { frames, request, signal } = this.context
    const step = side === 'left' ? 1 : -1
    const before = frame - step
    // A walk without a key mask on the far side ends with its span.
    keepOnly(walks, (span) => contains(span, frame) || frame === span.leftKey || frame === span.rightKey)
    if (walks.length === 0 || frame < 0 || frame >= request.source.frameCount) return
    frames.prepare(frame + step, frame)
    const cut = await frames.isCut(frame, before)
    signal.throwIfAborted()
    if (cut) keepOnly(walks, (span) => this.mayCross(span, side, frame))
    const ended = walks.length === 0 ? null : await carrier.move([...walks], frame, cut)
    keepOnly(walks, (span) => !ended?.has(span) && contains(span, frame))
  }

  /**
   * Whether an object is looked for beyond the cut before `frame`: not where a key mask of its own is there to be
   * carried, nor where the other side has been already.
   */
  private mayCross(span: Span, side: Side, frame: number): boolean {
    const { store, request } = this.context
    if (!contains(span, frame) || request.followOnly) return false
    if (keyOf(span, otherSide(side)) !== null)
      return side !== this.firstSide && !store.has(this.firstSide, span.objectIndex, frame)
    const beyond = (key: { frameIndex: number }) =>
      side === 'left' ? key.frameIndex >= frame : key.frameIndex <= frame
    return !request.objects[span.objectIndex]!.keys.some(beyond)
  }

  /** Masks of a frame by what was found on it just now and before; null: nothing to fill. */
  private async filled(
    phase: SweepPhase,
    fresh: ReadonlyMap<Span, SoftMask>,
    frame: number,
  ): Promise<SweptFrame | null> {
    if (frame < this.stretch.firstFill || frame > this.stretch.lastFill) return null
    const masks = await this.masks.at(phase, frame, fresh)
    return masks.length > 0 ? { type: 'frame', frameIndex: frame, masks } : null
  }
}

function keepOnly<T>(list: T[], wanted: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(wanted))
}
