/** A drag of one handle of the selected object's outline, shared by the select and the polygon tool. */
import { emptyBitmap, fillBox, fillRings } from '../../../main/core/mask/bitmap.ts'
import { type Bitmap, encodeRle } from '../../../main/core/mask/rle.ts'
import type { MediaRecord, Outline } from '../../../main/core/records.ts'
import { commitDrawing, type DrawingTarget, drawingTarget } from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { maskInView } from '../shown-masks.ts'
import type { Handle, OverlayPath } from '../tool.ts'
import type { Point } from '../view-transform.ts'
import {
  draggedOutline,
  edgeAt,
  handleAt,
  type OutlineHandle,
  type OutlinePart,
  outlineHandles,
  outlineRings,
  outlineWithoutVertex,
} from './outline-edit.ts'

/** How near, in CSS pixels, a press must be to a handle. */
const handleReach = 9
const edgeReach = 5

export interface OutlineDrag {
  readonly target: DrawingTarget
  readonly part: OutlinePart
  /** As it was, and as it is now. */
  readonly before: Outline
  readonly outline: Outline
}

/** The outline that can be changed on this frame: of the one selected object. */
export function editableOutline(
  editor: Editor,
): { readonly outline: Outline; readonly color: string } | null {
  const [object, ...others] = editor.selectedObjects
  if (!object || others.length > 0 || object.hidden) return null
  const outline = maskInView(editor, object.id, editor.now.frameIndex)?.outline
  return outline ? { outline, color: object.color } : null
}

export function outlineHandleAt(editor: Editor, point: Point): OutlineHandle | null {
  const editable = editableOutline(editor)
  const { zoom } = editor.now.view
  return editable && handleAt(editable.outline, point, handleReach / zoom, zoom)
}

/** The same, and an edge where there is no handle: for the polygon tool, to which edges belong. */
export function outlinePartAt(editor: Editor, point: Point): OutlineHandle | null {
  const handle = outlineHandleAt(editor, point)
  const editable = editableOutline(editor)
  return handle ?? (editable && edgeAt(editable.outline, point, edgeReach / editor.now.view.zoom))
}

/** Null, with the reason said, when the object must not change. */
export function beginOutlineDrag(editor: Editor, handle: OutlineHandle, point: Point): OutlineDrag | null {
  const editable = editableOutline(editor)
  const target = editable && drawingTarget(editor)
  if (!editable || !target) return null
  const outline = draggedOutline(editable.outline, handle.part, point)
  // A middle that was taken hold of is a vertex from now on.
  const part: OutlinePart =
    handle.part.type === 'middle'
      ? { type: 'vertex', ring: handle.part.ring, vertex: handle.part.vertex + 1 }
      : handle.part
  return {
    target,
    part,
    before: editable.outline,
    outline: handle.part.type === 'middle' ? outline : editable.outline,
  }
}

export function continueOutlineDrag(drag: OutlineDrag, point: Point): OutlineDrag {
  const base = drag.outline.type === 'box' ? drag.before : drag.outline
  return { ...drag, outline: draggedOutline(base, drag.part, point) }
}

export function commitOutlineDrag(editor: Editor, drag: OutlineDrag): void {
  if (drag.outline !== drag.before) commitOutline(editor, drag.target, drag.outline, 'Change outline')
}

export function deleteVertex(editor: Editor, handle: OutlineHandle): void {
  const editable = editableOutline(editor)
  const target = editable && drawingTarget(editor)
  if (!editable || !target) return
  const outline = outlineWithoutVertex(editable.outline, handle.part)
  if (!outline) {
    editor.say('A polygon needs three vertices: delete the mask instead.', 'refused')
    return
  }
  if (outline !== editable.outline) commitOutline(editor, target, outline, 'Delete vertex')
}

export function commitOutline(editor: Editor, target: DrawingTarget, outline: Outline, label: string): void {
  commitDrawing(editor, target, label, encodeRle(outlineBitmap(outline, target.media)), { outline })
}

export function outlineBitmap(outline: Outline, media: MediaRecord): Bitmap {
  const bitmap = emptyBitmap(media.width, media.height)
  if (outline.type === 'box') fillBox(bitmap, outline.box, 1)
  else fillRings(bitmap, outline.rings, 1)
  return bitmap
}

export function outlinePaths(outline: Outline, color: string): OverlayPath[] {
  return outlineRings(outline).map((points) => ({ points, closed: true, color, dashed: false }))
}

export function shownHandles(outline: Outline, zoom: number, active: OutlinePart | null): Handle[] {
  return outlineHandles(outline, zoom).map(({ part, x, y, kind }) => ({
    x,
    y,
    kind,
    active: samePart(part, active),
  }))
}

function samePart(a: OutlinePart, b: OutlinePart | null): boolean {
  if (a.type !== b?.type) return false
  if (a.type === 'box-handle') return b.type === 'box-handle' && a.handle === b.handle
  return b.type !== 'box-handle' && a.ring === b.ring && a.vertex === b.vertex
}
