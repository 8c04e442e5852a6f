/** What became of an object between two key masks, in sentences: hidden, found again, left behind at a cut. Pure. */

import type { PropagationNote, PropagationObject } from '../request.ts'
import type { Side } from '../sweep/soft-store.ts'
import type { Span } from '../sweep/stretches.ts'
import { type Presence, standingOf } from './presence.ts'

interface Run {
  readonly presence: Presence
  readonly first: number
  readonly last: number
}

/** `presenceAt`: what a side's sweep made of a frame; null where it did not come. */
export function* presenceNotes(
  object: Pick<PropagationObject, 'id' | 'name'>,
  span: Span,
  presenceAt: (side: Side, frame: number) => Presence | null,
): Generator<PropagationNote> {
  const runs = runsOf(span, presenceAt)
  const note = (frameIndex: number, sentence: string): PropagationNote => ({
    type: 'note',
    objectId: object.id,
    frameIndex,
    sentence,
  })
  for (const [i, run] of runs.entries()) {
    const [before, after] = [runs[i - 1], runs[i + 1]]
    if (run.presence === 'proposed') yield note(...foundAgain(object.name, run, before, after, presenceAt))
    const proposedBeside = before?.presence === 'proposed' || after?.presence === 'proposed'
    if (run.presence === 'hidden' && !proposedBeside) yield note(run.first, hiddenOn(object.name, run, span))
    if (run.presence === 'away' && !proposedBeside) yield note(...leftBehind(object.name, run, presenceAt))
  }
}

function runsOf(span: Span, presenceAt: (side: Side, frame: number) => Presence | null): Run[] {
  const runs: Run[] = []
  for (let frame = span.first; frame <= span.last; frame++) {
    const { presence } = standingOf(presenceAt('left', frame), presenceAt('right', frame))
    if (presence === null) continue
    const last = runs.at(-1)
    if (last && last.presence === presence && last.last === frame - 1)
      runs[runs.length - 1] = { ...last, last: frame }
    else runs.push({ presence, first: frame, last: frame })
  }
  return runs
}

function framesOf({ first, last }: Pick<Run, 'first' | 'last'>): string {
  return first === last ? `on frame ${first}` : `from frame ${first} to ${last}`
}

/** The sentence stands at the frame on which it was found: the near end of the run as the sweep came. */
function foundAgain(
  name: string,
  run: Run,
  before: Run | undefined,
  after: Run | undefined,
  presenceAt: (side: Side, frame: number) => Presence | null,
): [frame: number, sentence: string] {
  const forward = presenceAt('left', run.first) === 'proposed'
  const frame = forward ? run.first : run.last
  const ask = 'accept it there, or delete it'
  const gap = forward ? before : after
  if (gap?.presence === 'hidden')
    return [
      frame,
      `${name} was hidden or out of view ${framesOf(gap)}; found again at frame ${frame}: ${ask}.`,
    ]
  return [frame, `${name} was found again at frame ${frame}, beyond a shot cut: ${ask}.`]
}

function hiddenOn(name: string, run: Run, span: Span): string {
  if (run.last === span.last && span.rightKey === null)
    return `${name} is hidden or out of view from frame ${run.first} on: label it where it comes back.`
  if (run.first === span.first && span.leftKey === null)
    return `${name} is hidden or out of view up to frame ${run.last}: label it where it is seen before.`
  return `${name} was hidden or out of view ${framesOf(run)}.`
}

function leftBehind(
  name: string,
  run: Run,
  presenceAt: (side: Side, frame: number) => Presence | null,
): [frame: number, sentence: string] {
  const forward = presenceAt('left', run.first) === 'away'
  const frame = forward ? run.first : run.last + 1
  const shot = forward ? 'in the next shot' : 'in the shot before'
  return [frame, `${name} was not carried over the shot cut at frame ${frame}: label it once ${shot}.`]
}
