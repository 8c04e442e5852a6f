/** What a person says about a mask on a frame, apart from its pixels. */
import { isKey, type MaskRecord, maskId, type ObjectRecord } from '../../../main/core/records.ts'
import { asKey } from '../../../main/core/track/answers.ts'
import { keyNeighbours, maskAt, maskPosition, trackState } from '../../../main/core/track/track.ts'
import { type Action, action } from '../action.ts'
import {
  allOf,
  canChangeSelection,
  canWriteMedia,
  hasMedia,
  objectsText,
  selectedMasks,
} from '../availability.ts'
import type { Edit } from '../edit.ts'
import type { Editor } from '../editor.ts'
import { maskInView } from '../shown-masks.ts'

const hasMaskHere = (editor: Editor) =>
  allOf(canChangeSelection(editor), unlocked(editor), selectedMasks(editor).length > 0 || noMask(editor))

export const keyframeActions: readonly Action[] = [
  action({
    id: 'mask.keyframe',
    label: 'Toggle keyframe',
    keys: ['K'],
    menu: { name: 'object', group: 1 },
    checked: (editor) => selectedMasks(editor).some(({ mask }) => isWholeKey(mask)),
    when: hasMaskHere,
    run: toggleKeyframe,
  }),
  action({
    id: 'mask.accept-whole',
    label: 'Accept whole mask',
    keys: ['Alt+K'],
    menu: { name: 'object', group: 1 },
    when: (editor) =>
      allOf(
        hasMaskHere(editor),
        partialHere(editor).length > 0 || 'The selected mask is no partial keyframe.',
      ),
    run: (editor) => {
      editor.edit('Accept whole mask', (edit) => {
        for (const mask of partialHere(editor)) edit.put(asKey(mask, 'keyframe'))
      })
    },
  }),
  action({
    id: 'mask.outside',
    label: 'Outside from here',
    keys: ['O'],
    menu: { name: 'object', group: 1 },
    checked: (editor) => editor.selectedObjects.some((object) => isOutside(editor, object)),
    when: (editor) => allOf(canChangeSelection(editor), unlocked(editor)),
    run: toggleOutside,
  }),
  action({
    id: 'mask.occluded',
    label: 'Occluded',
    keys: ['Q'],
    menu: { name: 'object', group: 1 },
    checked: (editor) => selectedMasks(editor).some(({ mask }) => mask.occluded),
    when: hasMaskHere,
    run: (editor) => {
      const found = selectedMasks(editor)
      const occluded = !found.every(({ mask }) => mask.occluded)
      editor.edit(occluded ? 'Mark occluded' : 'Mark not occluded', (edit) => {
        for (const { mask } of found) edit.put({ ...mask, occluded })
      })
    },
  }),
  action({
    id: 'mask.confirm',
    label: 'Confirm',
    keys: ['Enter'],
    menu: { name: 'object', group: 1 },
    when: (editor) =>
      allOf(
        canWriteMedia(editor),
        confirmable(editor).length > 0 || 'There is nothing to confirm on this frame.',
      ),
    run: (editor) => {
      const found = confirmable(editor)
      editor.edit(`Confirm ${objectsText(found.map(({ object }) => object))}`, (edit) => {
        for (const { mask } of found) edit.put(asKey(mask, 'confirmed'))
      })
    },
  }),
  action({
    id: 'mask.unconfirm',
    label: 'Take the confirmation back',
    keys: ['Shift+Enter'],
    menu: { name: 'object', group: 1 },
    when: (editor) =>
      allOf(hasMaskHere(editor), confirmedHere(editor).length > 0 || 'The selected mask is not confirmed.'),
    run: (editor) => {
      editor.edit('Take the confirmation back', (edit) => {
        for (const mask of confirmedHere(editor)) edit.put({ ...mask, state: 'keyframe' })
      })
    },
  }),
  action<{ firstFrame: number; lastFrame: number }>({
    id: 'mask.confirm-range',
    label: 'Confirm a range of frames',
    keys: [],
    needsArgs: true,
    when: (editor) => allOf(hasMedia(editor), canChangeSelection(editor)),
    run: confirmRange,
  }),
]

/** Pixels stay, but they are a computed mask's again, or of nothing when a person drew them: a job may write over them. */
function asComputed(mask: MaskRecord): MaskRecord {
  const { marked: _, ...own } = mask
  return { ...own, state: 'propagated', outline: null, confidence: null }
}

function unlocked(editor: Editor) {
  const locked = editor.selectedObjects.find((object) => object.locked)
  return locked ? `${locked.name} is locked: unlock it to change it.` : true
}

function noMask(editor: Editor): string {
  const { frameIndex } = editor.now
  return `There is no mask of ${objectsText(editor.selectedObjects)} on frame ${frameIndex}.`
}

function toggleKeyframe(editor: Editor): void {
  const found = selectedMasks(editor)
  const makeKey = found.some(({ mask }) => !isWholeKey(mask))
  editor.edit(makeKey ? 'Set keyframe' : 'Remove keyframe', (edit) => {
    for (const { mask } of found) {
      if (makeKey && !isWholeKey(mask)) edit.put(asKey(mask, 'keyframe'))
      // An empty key mask that is no key says nothing at all.
      else if (!makeKey && !mask.shape) edit.remove(mask.id)
      else if (!makeKey) edit.put(asComputed(mask))
    }
  })
}

/** A partial keyframe is made whole before it is taken away. */
function isWholeKey(mask: MaskRecord): boolean {
  return isKey(mask) && !mask.marked
}

function isOutside(editor: Editor, object: ObjectRecord): boolean {
  return trackState(editor.tracks.track(object.id), editor.now.frameIndex).type === 'outside'
}

/** Where the object leaves, or the leaving taken back on the very frame. What was computed behind it goes. */
function toggleOutside(editor: Editor): void {
  const { frameIndex } = editor.now
  const objects = editor.selectedObjects
  const inView = objects.filter((object) => !isOutside(editor, object))
  if (inView.length > 0) {
    editor.edit(`${objectsText(inView)} outside from frame ${frameIndex}`, (edit) => {
      for (const object of inView) putOutside(editor, edit, object, frameIndex)
    })
    return
  }
  const here = objects
    .map((object) => maskAt(editor.tracks.track(object.id), frameIndex))
    .filter((mask) => mask?.outside)
  if (here.length === 0) {
    const state = trackState(editor.tracks.track(objects[0]!.id), frameIndex)
    const since = state.type === 'outside' ? state.since : frameIndex
    editor.say(
      `${objects[0]!.name} is outside since frame ${since}: draw it here to bring it back.`,
      'refused',
    )
    return
  }
  editor.edit('Back in view', (edit) => {
    for (const mask of here) edit.remove(mask!.id)
  })
}

function putOutside(editor: Editor, edit: Edit, object: ObjectRecord, frameIndex: number): void {
  const track = editor.tracks.track(object.id)
  const { right } = keyNeighbours(track, frameIndex)
  for (let i = maskPosition(track.masks, frameIndex + 1); i < track.masks.length; i++) {
    const mask = track.masks[i]!
    if (right && mask.frameIndex >= right.frameIndex) break
    edit.remove(mask.id)
  }
  edit.put({
    kind: 'mask',
    id: maskId(object.id, frameIndex),
    objectId: object.id,
    frameIndex,
    state: 'keyframe',
    method: 'drawn',
    shape: null,
    box: null,
    area: 0,
    outline: null,
    outside: true,
    occluded: false,
    confidence: null,
    doubt: null,
    left: null,
    right: null,
  })
}

/** Masks that are not confirmed yet: of the selected objects, of all when nothing is selected. */
function confirmable(editor: Editor): { readonly object: ObjectRecord; readonly mask: MaskRecord }[] {
  const objects = editor.now.selectedObjectIds.length > 0 ? editor.selectedObjects : editor.objects
  return objects.flatMap((object) => {
    const mask = maskAt(editor.tracks.track(object.id), editor.now.frameIndex)
    if (!mask || mask.state === 'confirmed' || object.locked) return []
    return mask.outside || maskInView(editor, object.id, editor.now.frameIndex) ? [{ object, mask }] : []
  })
}

function partialHere(editor: Editor): MaskRecord[] {
  return selectedMasks(editor).flatMap(({ mask }) => (isKey(mask) && mask.marked ? [mask] : []))
}

function confirmedHere(editor: Editor): MaskRecord[] {
  return selectedMasks(editor).flatMap(({ mask }) => (mask.state === 'confirmed' ? [mask] : []))
}

function confirmRange(editor: Editor, range: { firstFrame: number; lastFrame: number }): void {
  const objects = editor.selectedObjects.filter((object) => !object.locked)
  editor.edit(`Confirm frames ${range.firstFrame} to ${range.lastFrame}`, (edit) => {
    for (const object of objects) {
      for (const mask of editor.tracks.track(object.id).masks) {
        if (mask.frameIndex < range.firstFrame || mask.frameIndex > range.lastFrame) continue
        if (mask.state !== 'confirmed') edit.put(asKey(mask, 'confirmed'))
      }
    }
  })
}
