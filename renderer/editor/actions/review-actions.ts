/** Going through what is doubtful by the keyboard, worst first. */
import type { ObjectId } from '../../../main/core/records.ts'
import { doubtKind } from '../../../main/core/track/doubt.ts'
import { type Action, type Availability, action } from '../action.ts'
import { allOf, canWriteMedia, hasMedia } from '../availability.ts'
import { refusalToChange } from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { doubtHere, walkQueue } from '../review.ts'
import {
  acceptPlace,
  hidePlace,
  rejectPlace,
  sidesHere,
  swapHere,
  swapPartners,
  swapSubject,
  takeSide,
} from '../review-answers.ts'
import { showSuggestedKeyframe } from '../suggested-keyframe.ts'

const menu = { name: 'review', group: 1 } as const

/** Takes the smart mask in hand, which needs a mark where the brush needs an outline; the brush where it cannot run. */
function fixPlace(editor: Editor): void {
  const here = doubtHere(editor)
  if (!here) return
  editor.select([here.object.id])
  const { name } = here.object
  if (editor.can('tool.smart') !== true) {
    editor.toolbox.choose('brush')
    editor.say(`Paint what ${name} lacks; the eraser (${editor.keymap.labelOf('tool.eraser')}) takes away.`)
    return
  }
  editor.toolbox.choose('smart')
  editor.say(
    here.mask.shape === null
      ? `Drag a box round ${name}, or mark what belongs to it.`
      : `Mark what ${name} lacks; the right button marks what does not belong. ${editor.keymap.labelOf('tool.brush')} is the brush.`,
  )
}

export const reviewActions: readonly Action[] = [
  action({
    id: 'review.next',
    label: 'Next doubtful place',
    keys: ['X'],
    menu,
    when: hasMedia,
    run: (editor) => walkQueue(editor, 1),
  }),
  action({
    id: 'review.previous',
    label: 'Previous doubtful place',
    keys: ['Shift+X'],
    menu,
    when: hasMedia,
    run: (editor) => walkQueue(editor, -1),
  }),
  action({
    id: 'review.accept',
    label: 'Accept: the masks here are right',
    keys: ['J'],
    menu: { ...menu, group: 2 },
    when: canAnswer,
    run: acceptPlace,
  }),
  action({
    id: 'review.reject',
    label: 'Reject the proposal',
    keys: ['Shift+N'],
    menu: { ...menu, group: 2 },
    when: (editor) => allOf(canAnswer(editor), isProposalHere(editor) || 'Nothing is proposed here.'),
    run: rejectPlace,
  }),
  action({
    id: 'review.fix',
    label: 'Fix: correct the mask here',
    keys: ['Shift+C'],
    menu: { ...menu, group: 2 },
    when: canAnswer,
    run: fixPlace,
  }),
  action({
    id: 'review.hide',
    label: 'Hide: the object is out of sight here',
    keys: ['Shift+O'],
    menu: { ...menu, group: 2 },
    when: canAnswer,
    run: hidePlace,
  }),
  action<{ otherId?: ObjectId }>({
    id: 'review.swap',
    label: 'Swap from here: two objects were confused',
    keys: ['Shift+W'],
    menu: { ...menu, group: 2 },
    when: (editor) => allOf(canWriteMedia(editor), canSwap(editor)),
    run: (editor, { otherId }) => swapHere(editor, otherId),
  }),
  action({
    id: 'review.suggested-keyframe',
    label: 'Go to the suggested keyframe',
    keys: ['Shift+K'],
    menu,
    when: (editor) =>
      allOf(
        hasMedia(editor),
        editor.objects.length > 0 || 'There is no object yet: draw one on a frame first.',
      ),
    run: showSuggestedKeyframe,
  }),
  side('left', '<'),
  side('right', '>'),
]

function side(which: 'left' | 'right', key: string): Action {
  return action({
    id: `review.take-${which}`,
    label: `Take the ${which} result`,
    keys: [key],
    menu: { ...menu, group: 3 },
    when: (editor) => allOf(canWriteMedia(editor), hasSides(editor)),
    run: (editor) => takeSide(editor, which),
  })
}

function canAnswer(editor: Editor): Availability {
  const writable = canWriteMedia(editor)
  if (writable !== true) return writable
  const here = doubtHere(editor)
  if (here) return refusalToChange(here.object) ?? true
  return `Nothing is doubtful here: ${editor.keymap.labelOf('review.next')} goes to the worst place.`
}

function isProposalHere(editor: Editor): boolean {
  const here = doubtHere(editor)
  if (!here) return false
  return doubtKind(editor.tracks.track(here.object.id), here.mask, editor.now.doubtThreshold) === 'proposal'
}

function canSwap(editor: Editor): Availability {
  const object = swapSubject(editor)
  if (!object) return 'Select one object to swap it with another.'
  const refusal = refusalToChange(object)
  if (refusal) return refusal
  return (
    swapPartners(editor, object).length > 0 ||
    `There is no other mask on this frame to swap ${object.name} with.`
  )
}

function hasSides(editor: Editor): Availability {
  const here = sidesHere(editor)
  if (!here) return 'The keyframes before and after agree here.'
  return refusalToChange(here.object) ?? true
}
