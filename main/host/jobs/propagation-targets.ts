/** Pure: which frames of which objects a propagation is to fill, and in which passes over the video. */
import type { PropagateSpec } from '../../core/api.ts'
import type { ObjectId } from '../../core/records.ts'
import { staleSpans } from '../../core/track/staleness.ts'
import type { FrameSpan, Track } from '../../core/track/track.ts'

/** Objects whose frames overlap in time are filled together, so that pictures and flow are computed once. */
export interface Pass {
  readonly firstFrame: number
  readonly lastFrame: number
  /** The frames asked for, an object at a time; only these are written. */
  readonly spans: Readonly<Record<ObjectId, readonly FrameSpan[]>>
}

type Asked = Pick<PropagateSpec, 'direction' | 'range' | 'reach' | 'playheadFrame'>

/**
 * The frames asked of one object. Without a range a direction counts from the key mask at the playhead, or the nearest
 * one behind it; `next` ends at the next key mask; `stale` takes the stale spans, wherever they are.
 */
export function targetSpans(track: Track, asked: Asked, frameCount: number): readonly FrameSpan[] {
  if (track.keys.length === 0 || frameCount === 0) return []
  const clip: FrameSpan = asked.range
    ? { firstFrame: Math.max(0, asked.range[0]), lastFrame: Math.min(frameCount - 1, asked.range[1]) }
    : { firstFrame: 0, lastFrame: frameCount - 1 }
  return wholeSpans(track, asked, frameCount).flatMap((span) => {
    const firstFrame = Math.max(span.firstFrame, clip.firstFrame)
    const lastFrame = Math.min(span.lastFrame, clip.lastFrame)
    return firstFrame <= lastFrame ? [{ firstFrame, lastFrame }] : []
  })
}

function wholeSpans(track: Track, asked: Asked, frameCount: number): readonly FrameSpan[] {
  if (asked.reach === 'stale') return staleSpans(track)
  const last = frameCount - 1
  if (asked.range && asked.reach === 'all') return [{ firstFrame: 0, lastFrame: last }]
  if (asked.direction === 'both' && asked.reach === 'all') return [{ firstFrame: 0, lastFrame: last }]
  const forward = asked.direction === 'backward' ? [] : forwardSpan(track, asked, last)
  const backward = asked.direction === 'forward' ? [] : backwardSpan(track, asked)
  return joined([...backward, ...forward])
}

function forwardSpan(track: Track, asked: Asked, last: number): readonly FrameSpan[] {
  const frames = track.keys.map((key) => key.frameIndex)
  const from = frames.findLast((frame) => frame <= asked.playheadFrame) ?? frames[0]!
  const next = asked.reach === 'next' ? frames.find((frame) => frame > from) : undefined
  return [{ firstFrame: from + 1, lastFrame: next === undefined ? last : next - 1 }]
}

function backwardSpan(track: Track, asked: Asked): readonly FrameSpan[] {
  const frames = track.keys.map((key) => key.frameIndex)
  const from = frames.find((frame) => frame >= asked.playheadFrame) ?? frames.at(-1)!
  const next = asked.reach === 'next' ? frames.findLast((frame) => frame < from) : undefined
  return [{ firstFrame: next === undefined ? 0 : next + 1, lastFrame: from - 1 }]
}

/** Spans in order, those that touch or overlap made one, empty ones left out. */
function joined(spans: readonly FrameSpan[]): readonly FrameSpan[] {
  const out: FrameSpan[] = []
  const wanted = spans.filter((span) => span.firstFrame <= span.lastFrame)
  for (const span of wanted.toSorted((a, b) => a.firstFrame - b.firstFrame)) {
    const before = out.at(-1)
    if (before && span.firstFrame <= before.lastFrame + 1)
      out[out.length - 1] = {
        firstFrame: before.firstFrame,
        lastFrame: Math.max(before.lastFrame, span.lastFrame),
      }
    else out.push(span)
  }
  return out
}

/** The passes in the order of work: nearest to the playhead first. */
export function planPasses(
  targets: ReadonlyMap<ObjectId, readonly FrameSpan[]>,
  playheadFrame: number,
): readonly Pass[] {
  const all = [...targets].flatMap(([objectId, spans]) => spans.map((span) => ({ objectId, span })))
  all.sort((a, b) => a.span.firstFrame - b.span.firstFrame)
  const passes: { firstFrame: number; lastFrame: number; spans: Record<ObjectId, FrameSpan[]> }[] = []
  for (const { objectId, span } of all) {
    let pass = passes.at(-1)
    if (!pass || span.firstFrame > pass.lastFrame) {
      pass = { ...span, spans: {} }
      passes.push(pass)
    }
    pass.lastFrame = Math.max(pass.lastFrame, span.lastFrame)
    const own = pass.spans[objectId]
    if (own) own.push(span)
    else pass.spans[objectId] = [span]
  }
  const away = (pass: Pass) => Math.max(0, pass.firstFrame - playheadFrame, playheadFrame - pass.lastFrame)
  return passes.toSorted((a, b) => away(a) - away(b) || a.firstFrame - b.firstFrame)
}

export function passAsks(pass: Pass, objectId: ObjectId, frameIndex: number): boolean {
  return (
    pass.spans[objectId]?.some((span) => frameIndex >= span.firstFrame && frameIndex <= span.lastFrame) ??
    false
  )
}
