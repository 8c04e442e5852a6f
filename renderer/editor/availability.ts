/** The reasons why an action cannot run now, as sentences. */
import type { MaskRecord, ObjectRecord } from '../../main/core/records.ts'
import type { Availability } from './action.ts'
import { refusalToChange } from './drawing-target.ts'
import type { Editor } from './editor.ts'
import { maskInView } from './shown-masks.ts'

/** The first reason against, or true. */
export function allOf(...checks: readonly Availability[]): Availability {
  return checks.find((check) => check !== true) ?? true
}

export function always(): Availability {
  return true
}

export function hasProject(editor: Editor): Availability {
  return editor.now.project ? true : 'No project is open.'
}

export function canWrite(editor: Editor): Availability {
  return allOf(hasProject(editor), editor.readOnly ?? true)
}

export function hasMedia(editor: Editor): Availability {
  return allOf(hasProject(editor), editor.media ? true : 'There is no video yet: import one first.')
}

export function canWriteMedia(editor: Editor): Availability {
  return allOf(hasMedia(editor), editor.readOnly ?? true)
}

export function hasSelection(editor: Editor): Availability {
  return allOf(hasMedia(editor), editor.selectedObjects.length > 0 ? true : 'Select an object first.')
}

export function canChangeSelection(editor: Editor): Availability {
  return allOf(hasSelection(editor), editor.readOnly ?? true)
}

/** Every selected object may have its pixels changed. */
export function canDrawSelection(editor: Editor): Availability {
  const refusal = editor.selectedObjects.map(refusalToChange).find((sentence) => sentence !== null)
  return allOf(canChangeSelection(editor), refusal ?? true)
}

/** Masks of the selected objects on the current frame. */
export function selectedMasks(
  editor: Editor,
): { readonly object: ObjectRecord; readonly mask: MaskRecord }[] {
  return editor.selectedObjects.flatMap((object) => {
    const mask = maskInView(editor, object.id, editor.now.frameIndex)
    return mask ? [{ object, mask }] : []
  })
}

export function canDrawSelectedMasks(editor: Editor): Availability {
  return allOf(
    canDrawSelection(editor),
    selectedMasks(editor).some(({ mask }) => mask.shape !== null)
      ? true
      : 'The selected object has no mask on this frame.',
  )
}

/** Made once: whether actions can run is asked at every change, and making a format takes longer than all the rest. */
const counts = new Intl.NumberFormat('en-US')

/** 'dog' or '3 objects'. */
export function objectsText(objects: readonly ObjectRecord[]): string {
  return objects.length === 1 ? objects[0]!.name : `${counts.format(objects.length)} objects`
}
