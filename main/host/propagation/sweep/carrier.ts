/** How objects get from one frame to the next: each for itself with the forest, all together with a video network. */
import type { Side, SoftMask } from './soft-store.ts'
import type { SweepContext } from './stretch-sweep.ts'
import type { Span } from './stretches.ts'
import { Walk } from './walk.ts'

/** Carries the objects of one side of a stretch; what it finds on a frame is in the store when `move` resolves. */
export interface Carrier {
  /**
   * Sets out anew, or goes on after the frame that was committed last, with the same bits as a run that was never
   * stopped. Resolves to the spans under way.
   */
  setOut(committedFrame: number | null): Promise<Span[]>
  /** A span's object begins at its key mask. */
  begin(span: Span): Promise<void>
  /** Moves spans on to `frame`, the first of another shot where `isCut`. Resolves to those that end before it. */
  move(spans: readonly Span[], frame: number, isCut: boolean): Promise<ReadonlySet<Span>>
  /** What was found of a span's object where it came to last. */
  soft(span: Span): SoftMask
}

/** Each object has its own forest and goes its own way. */
export class ForestCarrier implements Carrier {
  private readonly context: SweepContext
  private readonly spans: readonly Span[]
  private readonly side: Side
  private readonly walks = new Map<Span, Walk>()

  constructor(context: SweepContext, spans: readonly Span[], side: Side) {
    this.context = context
    this.spans = spans
    this.side = side
  }

  async setOut(committedFrame: number | null): Promise<Span[]> {
    if (committedFrame === null) return []
    for (const span of this.spans) {
      const walk = await Walk.restored(this.context, span, this.side, committedFrame)
      if (walk) this.walks.set(span, walk)
    }
    return [...this.walks.keys()]
  }

  async begin(span: Span): Promise<void> {
    this.walks.set(span, await Walk.started(this.context, span, this.side))
  }

  async move(spans: readonly Span[], frame: number, isCut: boolean): Promise<ReadonlySet<Span>> {
    const ended = new Set<Span>()
    for (const span of spans) {
      this.context.signal.throwIfAborted()
      const walk = this.walks.get(span)!
      if (!isCut) await walk.follow(frame)
      else if (!(await walk.enterShot(frame))) ended.add(span)
    }
    return ended
  }

  soft(span: Span): SoftMask {
    return this.walks.get(span)!.soft
  }
}
