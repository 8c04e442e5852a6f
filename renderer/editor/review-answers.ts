/** What can be answered at a doubtful place. Each answer is one undo step, after which the next place is shown. */
import { boxIou } from '../../main/core/geometry/box.ts'
import { distance } from '../../main/core/geometry/point.ts'
import { emptyRle } from '../../main/core/mask/rle.ts'
import {
  type Box,
  isKey,
  type MaskRecord,
  type ObjectId,
  type ObjectRecord,
} from '../../main/core/records.ts'
import { acceptedRun, acceptProposal, hiddenRun, rejectProposal } from '../../main/core/track/answers.ts'
import type { DoubtSpan } from '../../main/core/track/doubt-spans.ts'
import { UserError } from '../../main/core/user-error.ts'
import { refusalToChange } from './drawing-target.ts'
import type { Edit } from './edit.ts'
import type { Editor } from './editor.ts'
import { placeHere, placeText, positionOf, reviewQueue, showPlace } from './review.ts'
import { maskInView } from './shown-masks.ts'
import { swapToNextKey } from './split-objects.ts'

/** The masks of the place are right. Looked at is the frame on screen, which becomes confirmed. */
export function acceptPlace(editor: Editor): void {
  answer(editor, 'Accept', (edit, place) => {
    const track = editor.tracks.track(place.object.id)
    const { frameIndex } = editor.now
    edit.put(
      ...(place.kind === 'proposal'
        ? acceptProposal(track, frameIndex)
        : acceptedRun(track, place, frameIndex)),
    )
  })
}

/** What was proposed is something else. */
export function rejectPlace(editor: Editor): void {
  answer(editor, 'Reject', (edit, place) => {
    const track = editor.tracks.track(place.object.id)
    putEmptied(editor, edit, rejectProposal(track, editor.now.frameIndex))
  })
}

/** The object is not to be seen on the frames of the place. */
export function hidePlace(editor: Editor): void {
  answer(editor, 'Hide', (edit, place) => {
    putEmptied(editor, edit, hiddenRun(editor.tracks.track(place.object.id), place))
  })
}

/** Emptied keyframes are corrections like drawn ones: what was computed through them is propagated again. */
function putEmptied(editor: Editor, edit: Edit, masks: readonly MaskRecord[]): void {
  edit.put(...masks)
  for (const mask of masks) if (isKey(mask)) editor.corrections.drawn(mask.objectId, mask.frameIndex)
}

/** What one side's key mask leads to becomes the keyframe here. Throws UserError when its pixels cannot be had. */
export async function takeSide(editor: Editor, side: 'left' | 'right'): Promise<void> {
  const place = sidesHere(editor)
  const { media } = editor
  if (!place || !media) return
  const hash = place.sides[side === 'left' ? 0 : 1]
  if (hash) await editor.shapes.load([hash])
  const rle = hash ? editor.shapes.rle(hash, media.width, media.height) : emptyRle(media.width, media.height)
  if (!rle)
    throw new UserError(
      'missing-shape',
      `The ${side} result of ${place.object.name} is not in the project: propagate again.`,
    )
  const { frameIndex } = place
  const doubtful = placeHere(editor)
  const label = `Take the ${side} result of ${place.object.name} on frame ${frameIndex}`
  finish(editor, doubtful, label, (edit) => {
    edit.draw({ objectId: place.object.id, frameIndex, rle, method: 'propagation' })
    editor.corrections.drawn(place.object.id, frameIndex)
  })
}

/** The object on this frame whose two sides disagree: of the selected ones, of all when none is selected. */
export function sidesHere(editor: Editor) {
  const { selectedObjectIds, frameIndex } = editor.now
  const objects = selectedObjectIds.length > 0 ? editor.selectedObjects : editor.objects
  for (const object of objects) {
    const sides = maskInView(editor, object.id, frameIndex)?.sides
    if (sides) return { object, frameIndex, sides }
  }
  return null
}

/** The two exchange their identities as far as the next keyframe of either. */
export function swapHere(editor: Editor, otherId: ObjectId | undefined): void {
  const object = swapSubject(editor)
  const other = otherId
    ? editor.objects.find(({ id }) => id === otherId)
    : object && swapPartners(editor, object)[0]
  if (!object || !other) return
  const refusal = refusalToChange(other)
  if (refusal) {
    editor.say(refusal, 'refused')
    return
  }
  const before = reviewQueue(editor)
  const place = placeHere(editor)
  if (!swapToNextKey(editor, object, other)) return
  const label = `Swapped ${object.name} and ${other.name} as far as the next keyframe`
  if (place) showNext(editor, before, place, label)
  else editor.say(`${label}.`)
}

/** The object to swap: the only selected one, or the doubtful one here. */
export function swapSubject(editor: Editor): ObjectRecord | null {
  const { selectedObjects } = editor
  if (selectedObjects.length === 1) return selectedObjects[0]!
  return selectedObjects.length === 0 ? (placeHere(editor)?.object ?? null) : null
}

/** Objects with a mask on this frame that the object may have been taken for: the most overlapping first, then the nearest. */
export function swapPartners(editor: Editor, object: ObjectRecord): ObjectRecord[] {
  const own = maskInView(editor, object.id, editor.now.frameIndex)?.box ?? null
  const found = editor.objects.flatMap((other) => {
    const box = other.id === object.id ? null : maskInView(editor, other.id, editor.now.frameIndex)?.box
    return box ? [{ other, overlap: own ? boxIou(own, box) : 0, apart: own ? apart(own, box) : 0 }] : []
  })
  return found.sort((a, b) => b.overlap - a.overlap || a.apart - b.apart).map(({ other }) => other)
}

function apart(a: Box, b: Box): number {
  const middle = ([x, y, width, height]: Box) => ({ x: x + width / 2, y: y + height / 2 })
  return distance(middle(a), middle(b))
}

function answer(editor: Editor, verb: string, build: (edit: Edit, place: DoubtSpan) => void): void {
  const place = placeHere(editor)
  if (place) finish(editor, place, `${verb} ${placeText(place)}`, (edit) => build(edit, place))
}

/** Makes the change and shows what comes next. */
function finish(editor: Editor, place: DoubtSpan | null, label: string, build: (edit: Edit) => void): void {
  const before = reviewQueue(editor)
  editor.toolbox.complete()
  if (editor.edit(label, build)) showNext(editor, before, place, label)
}

/**
 * What came after the answered place in the queue before, as far as it is still asked; else the worst. An answer may
 * change the places around it, so a position in the queue says nothing.
 */
function showNext(
  editor: Editor,
  before: readonly DoubtSpan[],
  answered: DoubtSpan | null,
  label: string,
): void {
  const queue = reviewQueue(editor)
  const later = answered ? before.slice(positionOf(before, answered) + 1) : []
  const next =
    later.map(({ at }) => queue.find((place) => place.at.id === at.id)).find((place) => place) ?? queue[0]
  if (next) showPlace(editor, next)
  editor.say(`${label}. ${leftText(queue.length)}`)
}

function leftText(count: number): string {
  return count === 0 ? 'Nothing doubtful is left.' : `${count.toLocaleString('en-US')} left.`
}
