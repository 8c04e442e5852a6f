/**
 * The objects of one side of a stretch, followed by a video network all together. It knows only key masks that lie behind
 * it, so that what it comes to at the far key mask, and what the other side comes to, bear witness of their own.
 */
import type { OpenPack } from '../../../../models/open-pack.ts'
import type { Film, Tracked, VideoTracker, VideoWalk } from '../../../../models/video-tracker.ts'
import { isEmptyRle } from '../../../core/mask/rle.ts'
import { leastArea, type Presence } from '../presence/presence.ts'
import type { Carrier } from '../sweep/carrier.ts'
import type { Side, SoftMask } from '../sweep/soft-store.ts'
import type { SweepContext } from '../sweep/stretch-sweep.ts'
import { contains, keyOf, otherSide, type Span } from '../sweep/stretches.ts'
import type { FolderShelf } from './folder-shelf.ts'
import { stepReport } from './step-report.ts'
import { trackerOf } from './tracker-of.ts'

export class NetworkCarrier implements Carrier {
  private readonly context: SweepContext
  /** The network's objects, by their place in the list: one may have several spans in a stretch. */
  private readonly spans: readonly Span[]
  private readonly side: Side
  private readonly shelf: FolderShelf
  private readonly tracker: VideoTracker
  private walk: VideoWalk
  private readonly begun = new Set<Span>()
  private readonly softs = new Map<Span, SoftMask>()

  constructor(context: SweepContext, pack: OpenPack, spans: readonly Span[], side: Side, shelf: FolderShelf) {
    this.context = context
    this.spans = spans
    this.side = side
    this.shelf = shelf
    this.tracker = trackerOf(pack, this.film(), context.frames.size)
    this.walk = this.setOff()
  }

  async setOut(committedFrame: number | null): Promise<Span[]> {
    if (committedFrame === null) {
      await this.shelf.clear()
      return []
    }
    const { store } = this.context
    for (const span of this.spans) {
      if (!contains(span, committedFrame)) continue
      const soft = await store.get(this.side, span.objectIndex, committedFrame)
      if (soft) this.softs.set(span, soft)
    }
    const underWay = [...this.softs.keys()]
    if (underWay.length === 0) return []
    const known = [...underWay, ...this.beginning(committedFrame)]
    if (await this.walk.takeUp(committedFrame, this.indexes(known)))
      for (const span of known) this.begun.add(span)
    else await this.goAgain(committedFrame)
    return underWay
  }

  async begin(span: Span): Promise<void> {
    const key = keyOf(span, this.side)!
    if (!this.begun.has(span)) await this.visit(key, [])
    const mask = await this.context.truth(span.objectIndex, key)
    const { size } = this.context.frames
    this.softs.set(span, {
      mask,
      report: stepReport({ size, prior: mask, mask, seen: null }),
      presence: 'seen',
    })
  }

  async move(spans: readonly Span[], frame: number, isCut: boolean): Promise<ReadonlySet<Span>> {
    // What fills the ground is not looked for in another shot.
    const ended = new Set(isCut ? spans.filter((span) => this.objectOf(span).stuff) : [])
    const found = await this.visit(
      frame,
      spans.filter((span) => !ended.has(span)),
    )
    for (const [span, tracked] of found) {
      const soft = await this.found(span, tracked, frame, isCut)
      this.softs.set(span, soft)
      await this.context.store.put(this.side, span.objectIndex, frame, soft)
    }
    return ended
  }

  soft(span: Span): SoftMask {
    return this.softs.get(span)!
  }

  private get step(): 1 | -1 {
    return this.side === 'left' ? 1 : -1
  }

  private objectOf(span: Span) {
    return this.context.request.objects[span.objectIndex]!
  }

  private film(): Film {
    const { request, frames } = this.context
    return {
      frameCount: request.source.frameCount,
      objects: this.spans.map((span) => {
        const key = keyOf(span, this.side)!
        const { keys, stuff } = this.objectOf(span)
        const isBehind = (frame: number) => (this.side === 'left' ? frame <= key : frame >= key)
        return {
          stuff,
          keys: keys.filter(
            ({ frameIndex, outside, rle }) => isBehind(frameIndex) && !outside && !isEmptyRle(rle),
          ),
        }
      }),
      picture: async (frameIndex) => ({ ...frames.full, rgb: await frames.rgb(frameIndex) }),
    }
  }

  private setOff(): VideoWalk {
    return this.tracker.walk({ step: this.step, knows: 'behind', shelf: this.shelf })
  }

  private indexes(spans: readonly Span[]): number[] {
    return spans.map((span) => this.spans.indexOf(span))
  }

  /** Spans whose key mask is on a frame. */
  private beginning(frame: number): Span[] {
    return this.spans.filter((span) => keyOf(span, this.side) === frame)
  }

  /** Finds objects on a frame, and lets those begin that have their key mask there. */
  private async visit(frame: number, find: readonly Span[]): Promise<(readonly [Span, Tracked])[]> {
    const begin = this.beginning(frame)
    if (begin.length === 0 && find.length === 0) return []
    const asked = { begin: this.indexes(begin), find: this.indexes(find) }
    const tracked = await this.walk.visit(frame, asked, this.context.signal)
    for (const span of begin) this.begun.add(span)
    return tracked.map((each) => [this.spans[each.object]!, each] as const)
  }

  private async found(span: Span, tracked: Tracked, frame: number, isCut: boolean): Promise<SoftMask> {
    const { frames } = this.context
    const { size } = frames
    const before = this.softs.get(span)!
    const neighbour = frame - this.step
    const mask = tracked.mask.map((p) => Math.round(p * 255) / 255)
    const presence = presenceOf(before.presence, tracked.inView && isSubstantial(mask), isCut)
    const nothing = new Float32Array(frames.planeLength)
    if (presence === 'hidden' || presence === 'away')
      return {
        mask: nothing,
        report: stepReport({ size, prior: nothing, mask: nothing, seen: null }),
        presence,
      }
    const seen = isCut
      ? null
      : {
          picture: await frames.picture(frame),
          neighbour: await frames.picture(neighbour),
          flow: await frames.flow(frame, neighbour),
        }
    const prior = isCut ? nothing : await frames.warped(before.mask, frame, neighbour)
    const report = stepReport({ size, prior, mask, seen })
    return { mask, report, presence, guess: Math.fround(Math.max(0, Math.min(1, tracked.confidence))) }
  }

  /** Where the shelf is not whole: the same way once more, with the same bits, though nothing is given out. */
  private async goAgain(committedFrame: number): Promise<void> {
    this.walk = this.setOff()
    const keys = this.spans.map((span) => keyOf(span, this.side)!)
    const from = this.side === 'left' ? Math.min(...keys) : Math.max(...keys)
    for (let frame = from; frame !== committedFrame + this.step; frame += this.step) {
      this.context.signal.throwIfAborted()
      const wasMoved = (span: Span) =>
        (contains(span, frame) || keyOf(span, otherSide(this.side)) === frame) &&
        this.context.store.has(this.side, span.objectIndex, frame)
      await this.visit(frame, this.spans.filter(wasMoved))
    }
  }
}

function isSubstantial(mask: Float32Array): boolean {
  let area = 0
  for (const p of mask) if (p >= 0.5) area++
  return area >= leastArea
}

/** What was lost is a proposal where it is found again, for as long as it is followed from there. */
function presenceOf(before: Presence, inView: boolean, isCut: boolean): Presence {
  if (inView) return before === 'seen' && !isCut ? 'seen' : 'proposed'
  return before === 'away' || isCut ? 'away' : 'hidden'
}
