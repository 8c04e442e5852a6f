/**
 * A click picks the nearest object under the pointer (Shift adds or takes away); a drag moves its mask; handles change a
 * polygon or a box, Alt and a click delete a vertex.
 */
import { decodeRle, encodeRle, isEmptyRle, type Rle, translateRle } from '../../../main/core/mask/rle.ts'
import { commitDrawing, type DrawingTarget, drawingTarget } from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { maskAtPoint } from '../shown-masks.ts'
import { emptyOverlay, type ImagePoint, type Overlay, type Tool } from '../tool.ts'
import { LiveMask } from './live-mask.ts'
import {
  beginOutlineDrag,
  commitOutlineDrag,
  continueOutlineDrag,
  deleteVertex,
  editableOutline,
  type OutlineDrag,
  outlineBitmap,
  outlineHandleAt,
  outlinePaths,
  shownHandles,
} from './outline-drag.ts'
import { movedOutline } from './outline-edit.ts'

type State =
  | { readonly name: 'idle' }
  /** Pressed on a mask: a click unless the pointer moves on. */
  | { readonly name: 'pressed'; readonly start: ImagePoint }
  | {
      readonly name: 'moving'
      readonly start: ImagePoint
      readonly target: DrawingTarget
      readonly mask: LiveMask
      readonly dx: number
      readonly dy: number
    }
  | { readonly name: 'reshaping'; readonly drag: OutlineDrag }

/** CSS pixels a press must move to mean a drag. */
const smallestDrag = 4

export class SelectTool implements Tool {
  readonly id = 'select'
  readonly wantsEveryPoint = false
  state: State = { name: 'idle' }
  readonly #editor: Editor
  #hover: ImagePoint | null = null

  constructor(editor: Editor) {
    this.#editor = editor
  }

  get cursor(): string {
    if (this.state.name === 'moving') return 'move'
    if (this.#hover && outlineHandleAt(this.#editor, this.#hover)) return 'pointer'
    return 'default'
  }

  enter(): void {}

  leave(): void {
    this.#hover = null
    this.#editor.set({ hoverObjectId: null })
  }

  pointerDown(point: ImagePoint): void {
    const editor = this.#editor
    if (point.button !== 0) return
    const handle = outlineHandleAt(editor, point)
    if (handle && point.alt && handle.part.type === 'vertex') {
      deleteVertex(editor, handle)
      return
    }
    if (handle) {
      const drag = beginOutlineDrag(editor, handle, point)
      if (drag) this.state = { name: 'reshaping', drag }
      return
    }
    this.#pick(point)
    this.state = { name: 'pressed', start: point }
  }

  pointerMove(point: ImagePoint): void {
    this.#hover = point
    const { state } = this
    if (state.name === 'idle') {
      this.#tellHover(point)
      return
    }
    if (state.name === 'reshaping') {
      this.state = { name: 'reshaping', drag: continueOutlineDrag(state.drag, point) }
      return
    }
    const far =
      Math.hypot(point.screenX - state.start.screenX, point.screenY - state.start.screenY) >= smallestDrag
    if (state.name === 'pressed' && far) this.#beginMove(state.start)
    if (this.state.name === 'moving') this.#move(point)
  }

  pointerUp(point: ImagePoint): void {
    if (point.button === 0) this.complete()
  }

  key(key: string): boolean {
    if (key === 'Escape') return this.cancel()
    if ((key === 'Delete' || key === 'Backspace') && this.#hover) {
      const handle = outlineHandleAt(this.#editor, this.#hover)
      if (handle?.part.type === 'vertex') {
        deleteVertex(this.#editor, handle)
        return true
      }
    }
    return false
  }

  cancel(): boolean {
    const busy = this.state.name === 'moving' || this.state.name === 'reshaping'
    this.state = { name: 'idle' }
    return busy
  }

  complete(): void {
    const { state } = this
    this.state = { name: 'idle' }
    if (state.name === 'reshaping') commitOutlineDrag(this.#editor, state.drag)
    if (state.name !== 'moving' || (state.dx === 0 && state.dy === 0)) return
    const { target, dx, dy } = state
    const moved = movedMask(target, dx, dy)
    if (isEmptyRle(moved.rle))
      this.#editor.say('The mask would leave the picture: mark it outside (O) instead.', 'refused')
    else commitDrawing(this.#editor, target, 'Move mask', moved.rle, { outline: moved.outline })
  }

  stepBack(): boolean {
    return false
  }

  overlay(): Overlay {
    const { state } = this
    const { zoom } = this.#editor.now.view
    if (state.name === 'moving') return { ...emptyOverlay, draft: state.mask }
    if (state.name === 'reshaping') {
      const { outline, target, part } = state.drag
      return {
        ...emptyOverlay,
        paths: outlinePaths(outline, target.object.color),
        handles: shownHandles(outline, zoom, part),
      }
    }
    const editable = editableOutline(this.#editor)
    if (!editable) return emptyOverlay
    const under = this.#hover && outlineHandleAt(this.#editor, this.#hover)
    return { ...emptyOverlay, handles: shownHandles(editable.outline, zoom, under?.part ?? null) }
  }

  /** A press on one of several selected objects keeps them all, so that they can be acted on together. */
  #pick(point: ImagePoint): void {
    const editor = this.#editor
    const found = maskAtPoint(editor, point, editor.now.frameIndex)?.object.id
    const { selectedObjectIds } = editor.now
    if (!found) {
      point.shift ? undefined : editor.select([])
      return
    }
    if (!point.shift) {
      selectedObjectIds.includes(found) ? undefined : editor.select([found])
      return
    }
    editor.select(
      selectedObjectIds.includes(found)
        ? selectedObjectIds.filter((id) => id !== found)
        : [...selectedObjectIds, found],
    )
  }

  #tellHover(point: ImagePoint): void {
    const hoverObjectId = maskAtPoint(this.#editor, point, this.#editor.now.frameIndex)?.object.id ?? null
    if (hoverObjectId !== this.#editor.now.hoverObjectId) this.#editor.set({ hoverObjectId })
  }

  #beginMove(start: ImagePoint): void {
    this.state = { name: 'idle' }
    const editor = this.#editor
    const found = maskAtPoint(editor, start, editor.now.frameIndex)
    if (
      !found ||
      editor.now.selectedObjectIds.length !== 1 ||
      found.object.id !== editor.now.selectedObjectIds[0]
    )
      return
    const target = drawingTarget(editor)
    if (!target) return
    const mask = liveCopy(target, 0, 0)
    this.state = { name: 'moving', start, target, mask, dx: 0, dy: 0 }
  }

  #move(point: ImagePoint): void {
    if (this.state.name !== 'moving') return
    const { start, target } = this.state
    const dx = Math.round(point.x - start.x)
    const dy = Math.round(point.y - start.y)
    if (dx === this.state.dx && dy === this.state.dy) return
    this.state = { ...this.state, mask: liveCopy(target, dx, dy), dx, dy }
  }
}

function liveCopy(target: DrawingTarget, dx: number, dy: number): LiveMask {
  return new LiveMask(target.object.id, target.object.color, decodeRle(movedMask(target, dx, dy).rle))
}

function movedMask(
  target: DrawingTarget,
  dx: number,
  dy: number,
): { rle: Rle; outline: DrawingTargetOutline } {
  const outline = target.before?.outline ? movedOutline(target.before.outline, dx, dy) : null
  const rle = outline ? encodeRle(outlineBitmap(outline, target.media)) : translateRle(target.rle, dx, dy)
  return { rle, outline }
}

type DrawingTargetOutline = ReturnType<typeof movedOutline> | null
