/** What is to be seen of the objects on a frame. */
import { rleContains } from '../../main/core/mask/rle.ts'
import type { MaskRecord, ObjectId, ObjectRecord } from '../../main/core/records.ts'
import { trackState } from '../../main/core/track/track.ts'
import type { Editor } from './editor.ts'
import type { Point } from './view-transform.ts'

export interface ShownMask {
  readonly object: ObjectRecord
  readonly mask: MaskRecord
}

/** Masks with pixels of the objects that are not hidden, nearest first. */
export function shownMasks(editor: Editor, frameIndex: number): ShownMask[] {
  const shown: ShownMask[] = []
  for (const object of editor.objects) {
    if (object.hidden) continue
    const mask = maskInView(editor, object.id, frameIndex)
    if (mask?.shape) shown.push({ object, mask })
  }
  return shown
}

/** The object's mask on the frame; null where it has none or is outside. An outside key mask itself is returned. */
export function maskInView(editor: Editor, objectId: ObjectId, frameIndex: number): MaskRecord | null {
  const state = trackState(editor.tracks.track(objectId), frameIndex)
  return state.type === 'mask' ? state.mask : null
}

/** The nearest shown mask that has the point's pixel. A shape that is not here yet counts as its box. */
export function maskAtPoint(editor: Editor, point: Point, frameIndex: number): ShownMask | null {
  const { media } = editor
  if (!media) return null
  const x = Math.floor(point.x)
  const y = Math.floor(point.y)
  for (const shown of shownMasks(editor, frameIndex)) {
    const { box, shape } = shown.mask
    if (!box || !shape || x < box[0] || y < box[1] || x >= box[0] + box[2] || y >= box[1] + box[3]) continue
    const rle = editor.shapes.rle(shape, media.width, media.height)
    if (!rle || rleContains(rle, x, y)) return shown
  }
  return null
}
