/** Pure: which frames of which objects lie between which key masks, and in which order they are worked on. */
import { isEmptyRle } from '../../../core/mask/rle.ts'
import type { KeyMask, PropagationNote, PropagationObject, PropagationRequest } from '../request.ts'

export type Side = 'left' | 'right'

/** One object between two neighbouring key masks. At least one side is a key mask with pixels. */
export interface Span {
  readonly objectIndex: number
  /** Frame of the key mask to start from on each side; null: none there, or an empty one. */
  readonly leftKey: number | null
  readonly rightKey: number | null
  /** Frames without a key mask, both inclusive, clipped to what has to be walked through. */
  readonly first: number
  readonly last: number
}

/** Spans that overlap in time, swept together so that frames and flow are shared and every frame has one owner a pixel. */
export interface Stretch {
  readonly spans: readonly Span[]
  /** Frames to fill, both inclusive. */
  readonly firstFill: number
  readonly lastFill: number
}

/** Stretches that are swept side by side, each first from the side that is nearer to the playhead. */
export type Round = readonly { readonly stretch: Stretch; readonly firstSide: Side }[]

export interface StretchPlan {
  /** In the order of work. */
  readonly stretches: readonly Stretch[]
  readonly rounds: readonly Round[]
  readonly notes: readonly PropagationNote[]
}

type Asked = Pick<
  PropagationRequest,
  'objects' | 'firstFrame' | 'lastFrame' | 'direction' | 'playheadFrame'
> & {
  readonly frameCount: number
}

export function planStretches(asked: Asked): StretchPlan {
  const spans: Span[] = []
  const notes: PropagationNote[] = []
  asked.objects.forEach((object, objectIndex) => {
    if (object.locked) return
    const own = spansOf(object, objectIndex, asked)
    spans.push(...own)
    const sentence = own.length === 0 ? whyNothing(object, asked) : null
    if (sentence !== null) notes.push({ type: 'note', objectId: object.id, frameIndex: null, sentence })
  })
  const stretches = joined(spans, asked)
  const rounds = roundsOf(stretches, asked.playheadFrame)
  return { stretches: rounds.flatMap((round) => round.map(({ stretch }) => stretch)), rounds, notes }
}

/**
 * The stretch at the playhead first, then outward. Where the playhead stands between two stretches, as after a
 * correction, these two are a round: neither side of the corrected frame waits for the other.
 */
function roundsOf(stretches: readonly Stretch[], playhead: number): Round[] {
  const away = ({ firstFill, lastFill }: Stretch) => Math.max(0, firstFill - playhead, playhead - lastFill)
  const sorted = stretches.toSorted((a, b) => away(a) - away(b) || b.firstFill - a.firstFill)
  const member = (stretch: Stretch) => ({ stretch, firstSide: nearSide(stretch, playhead) })
  const isBefore = (stretch: Stretch) => stretch.lastFill < playhead
  const nearest = sorted[0]
  const opposite = nearest && sorted.find((stretch) => isBefore(stretch) !== isBefore(nearest))
  if (!nearest || !opposite || away(nearest) === 0) return sorted.map((stretch) => [member(stretch)])
  const rest = sorted.filter((stretch) => stretch !== nearest && stretch !== opposite)
  return [[member(nearest), member(opposite)], ...rest.map((stretch) => [member(stretch)])]
}

function nearSide({ firstFill, lastFill }: Stretch, playhead: number): Side {
  return playhead - firstFill <= lastFill - playhead ? 'left' : 'right'
}

function spansOf(object: PropagationObject, objectIndex: number, asked: Asked): Span[] {
  const { keys } = object
  const spans: Span[] = []
  for (let i = 0; i <= keys.length; i++) {
    const before = keys[i - 1]
    const after = keys[i]
    // After a mask that says "not in view", nothing is to be made until the next key mask.
    if (before?.outside) continue
    const leftKey = asked.direction !== 'backward' && startable(before) ? before.frameIndex : null
    const rightKey = asked.direction !== 'forward' && startable(after) ? after.frameIndex : null
    if (leftKey === null && rightKey === null) continue
    const gapFirst = before ? before.frameIndex + 1 : 0
    const gapLast = after ? after.frameIndex - 1 : asked.frameCount - 1
    const fillFirst = Math.max(gapFirst, asked.firstFrame)
    const fillLast = Math.min(gapLast, asked.lastFrame)
    if (fillFirst > fillLast) continue
    // From the left one has to walk from the key mask on, from the right back from the other one.
    const first = leftKey === null ? fillFirst : gapFirst
    const last = rightKey === null ? fillLast : gapLast
    spans.push({ objectIndex, leftKey, rightKey, first, last })
  }
  return spans
}

function startable(key: KeyMask | undefined): key is KeyMask {
  return key !== undefined && !key.outside && !isEmptyRle(key.rle)
}

function whyNothing(object: PropagationObject, asked: Asked): string | null {
  const usable = object.keys.filter(startable)
  if (usable.length === 0)
    return `${object.name} has no keyframe to start from: label it on one frame, then propagate again.`
  const firstUsable = usable[0]!.frameIndex
  if (asked.direction === 'forward' && firstUsable >= asked.lastFrame)
    return `${object.name} has no keyframe before frame ${asked.lastFrame + 1}: propagate backward, or label an earlier frame.`
  if (asked.direction === 'backward' && usable.at(-1)!.frameIndex <= asked.firstFrame)
    return `${object.name} has no keyframe after frame ${asked.firstFrame + 1}: propagate forward, or label a later frame.`
  for (let frame = asked.firstFrame; frame <= asked.lastFrame; frame++)
    if (!object.keys.some((key) => key.frameIndex === frame))
      return `${object.name} is marked as not in view on these frames, so nothing was made for it.`
  return null
}

/** Joins spans whose frames overlap. */
function joined(spans: readonly Span[], asked: Asked): Stretch[] {
  const groups: Span[][] = []
  let reach = -1
  for (const span of spans.toSorted((a, b) => a.first - b.first || a.last - b.last)) {
    const group = groups.at(-1)
    if (group && span.first <= reach) group.push(span)
    else groups.push([span])
    reach = Math.max(reach, span.last)
  }
  return groups.map((group) => ({
    spans: group,
    firstFill: Math.max(asked.firstFrame, Math.min(...group.map((span) => span.first))),
    lastFill: Math.min(asked.lastFrame, Math.max(...group.map((span) => span.last))),
  }))
}

export function otherSide(side: Side): Side {
  return side === 'left' ? 'right' : 'left'
}

export function keyOf(span: Span, side: Side): number | null {
  return side === 'left' ? span.leftKey : span.rightKey
}

export function contains(span: Span, frameIndex: number): boolean {
  return frameIndex >= span.first && frameIndex <= span.last
}
