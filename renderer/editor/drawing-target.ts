/** What a drawing tool draws on, and how the pixels it made become a key mask. */
import { copiedBitmap, emptyBitmap } from '../../main/core/mask/bitmap.ts'
import {
  type Bitmap,
  emptyRle,
  intersectRle,
  isEmptyRle,
  type Rle,
  sameRle,
  subtractRle,
  unionRle,
} from '../../main/core/mask/rle.ts'
import {
  isKey,
  type MaskMethod,
  type MaskRecord,
  type MediaRecord,
  type ObjectRecord,
  type Outline,
} from '../../main/core/records.ts'
import type { Edit } from './edit.ts'
import type { Editor } from './editor.ts'
import { newObject } from './new-object.ts'
import { maskInView, shownMasks } from './shown-masks.ts'
import type { ImagePoint } from './tool.ts'

export interface DrawingTarget {
  readonly media: MediaRecord
  readonly object: ObjectRecord
  /** The object is made by the gesture. */
  readonly isNew: boolean
  readonly frameIndex: number
  /** What the object has on the frame; null: nothing. */
  readonly before: MaskRecord | null
  /** The pixels of `before`; empty when there are none. */
  readonly rle: Rle
  /**
   * The pixels of `before` that are the user's, where the rest was computed: strokes on such a mask are partial truth.
   * Null where the mask is the user's as a whole, or there is none.
   */
  readonly marked: Rle | null
}

/** What a gesture made, apart from the pixels. */
export interface DrawnAs {
  readonly outline?: Outline | null
  readonly method?: MaskMethod
  /** The pixels the gesture went over, of which the user is sure; null: of the whole mask. */
  readonly painted?: Rle | null
}

/** The selected object, or a new one when nothing is selected. Null, and the reason is said, when it cannot be drawn on. */
export function drawingTarget(editor: Editor): DrawingTarget | null {
  const { media } = editor
  const selected = editor.selectedObjects
  const refuse = (sentence: string) => {
    editor.say(sentence, 'refused')
    return null
  }
  if (!media) return refuse('There is no picture to draw on: import a video first.')
  if (editor.readOnly) return refuse(editor.readOnly)
  if (selected.length > 1) return refuse(`${selected.length} objects are selected: select one to draw on it.`)
  const object = selected[0]
  const { frameIndex } = editor.now
  if (!object) {
    const made = newObject(editor, media.id, editor.now.toolOptions.classId)
    const rle = emptyRle(media.width, media.height)
    return { media, object: made, isNew: true, frameIndex, before: null, rle, marked: null }
  }
  return targetOf(editor, media, object)
}

/** The same for a certain object. */
export function targetOf(editor: Editor, media: MediaRecord, object: ObjectRecord): DrawingTarget | null {
  const refusal = editor.readOnly ?? refusalToChange(object)
  if (refusal) {
    editor.say(refusal, 'refused')
    return null
  }
  const { frameIndex } = editor.now
  const before = maskInView(editor, object.id, frameIndex)
  const rle = before?.shape
    ? editor.shapes.rle(before.shape, media.width, media.height)
    : emptyRle(media.width, media.height)
  const marked = markedOf(editor, media, before)
  if (rle && marked !== undefined) return { media, object, isNew: false, frameIndex, before, rle, marked }
  const isMissing = [before?.shape, before?.marked].some((hash) => hash && editor.shapes.isMissing(hash))
  editor.say(
    isMissing
      ? `The pixels of ${object.name} on frame ${frameIndex} are missing in the project: delete the mask and draw it again.`
      : `The mask of ${object.name} on frame ${frameIndex} is still being loaded.`,
    'refused',
  )
  return null
}

/** As in DrawingTarget; undefined while the pixels are on their way. */
function markedOf(editor: Editor, media: MediaRecord, mask: MaskRecord | null): Rle | null | undefined {
  if (!mask?.shape) return null
  if (!isKey(mask)) return emptyRle(media.width, media.height)
  return mask.marked ? editor.shapes.rle(mask.marked, media.width, media.height) : null
}

export function refusalToChange(object: ObjectRecord): string | null {
  if (object.locked) return `${object.name} is locked: unlock it to change it.`
  if (object.hidden) return `${object.name} is hidden: show it to change it.`
  return null
}

/** The target's pixels, to be written into. */
export function targetBitmap(editor: Editor, target: DrawingTarget): Bitmap {
  const shape = target.before?.shape
  const { width, height } = target.media
  const known = shape && editor.shapes.bitmap(shape, width, height)
  return known ? copiedBitmap(known) : emptyBitmap(width, height)
}

export type Combine = 'add' | 'subtract' | 'replace'

/** What a gesture does to the mask: Shift adds, Alt subtracts, else as the tool's option says. */
export function combineOf(editor: Editor, point: Pick<ImagePoint, 'shift' | 'alt'>): Combine {
  if (point.alt) return 'subtract'
  return point.shift ? 'add' : editor.now.toolOptions.combine
}

export function combinedRle(before: Rle, drawn: Rle, combine: Combine): Rle {
  if (combine === 'replace') return drawn
  return combine === 'add' ? unionRle(before, drawn) : subtractRle(before, drawn)
}

/**
 * Commits the pixels as the object's key mask on the frame and selects the object. Nothing happens for nothing drawn.
 * Where the mask was computed and the gesture painted only a part of it, that part alone becomes truth.
 */
export function commitDrawing(
  editor: Editor,
  target: DrawingTarget,
  label: string,
  rle: Rle,
  { outline = null, method = 'drawn', painted = null }: DrawnAs = {},
): boolean {
  if (isEmptyRle(rle) && !target.before?.shape) return false
  const done = editor.edit(label, (edit) => {
    if (target.isNew) edit.put(target.object)
    const settled = settleOverlap(editor, edit, target, rle)
    edit.draw({
      objectId: target.object.id,
      frameIndex: target.frameIndex,
      rle: settled,
      outline: settled === rle ? outline : null,
      method,
      marked: target.marked && painted && unionRle(target.marked, painted),
    })
  })
  if (done) editor.corrections.drawn(target.object.id, target.frameIndex)
  if (done && target.isNew) editor.set({ selectedObjectIds: [target.object.id] })
  return done
}

/** Who gets the pixels that others have: by order nobody loses any; else they are taken, or kept off. Locked ones keep theirs. */
function settleOverlap(editor: Editor, edit: Edit, target: DrawingTarget, drawn: Rle): Rle {
  const { overlap } = editor.now.toolOptions
  if (overlap === 'order') return drawn
  const { width, height } = target.media
  let settled = drawn
  for (const { object, mask } of shownMasks(editor, target.frameIndex)) {
    if (object.id === target.object.id || !mask.shape) continue
    const other = editor.shapes.rle(mask.shape, width, height)
    if (!other) continue
    const added = subtractRle(settled, target.rle)
    if (overlap === 'keep' || object.locked) {
      const blocked = intersectRle(added, other)
      if (!isEmptyRle(blocked)) settled = subtractRle(settled, blocked)
      continue
    }
    const rest = subtractRle(other, added)
    if (sameRle(rest, other)) continue
    edit.put({ ...mask, ...edit.pixels(rest), outline: null })
  }
  return settled
}
