/** Brush and eraser: a round tip at sub-pixel places, its size following a pen's pressure. One stroke is one change. */
import { type BrushPoint, emptyBitmap, strokeBrush } from '../../../main/core/mask/bitmap.ts'
import { type Bitmap, encodeRle } from '../../../main/core/mask/rle.ts'
import {
  commitDrawing,
  type DrawingTarget,
  drawingTarget,
  targetBitmap,
  targetOf,
} from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { maskAtPoint } from '../shown-masks.ts'
import { emptyOverlay, type ImagePoint, type Overlay, type Tool } from '../tool.ts'
import type { Point } from '../view-transform.ts'
import { LiveMask } from './live-mask.ts'

type State =
  | { readonly name: 'idle' }
  | {
      readonly name: 'drawing'
      readonly target: DrawingTarget
      readonly mask: LiveMask
      /** What the stroke went over, where that alone is to be truth. */
      readonly painted: Bitmap | null
      readonly last: BrushPoint
      readonly erases: boolean
    }

export class BrushTool implements Tool {
  readonly id: 'brush' | 'eraser'
  readonly wantsEveryPoint = true
  readonly cursor = 'none'
  state: State = { name: 'idle' }
  readonly #editor: Editor
  #hover: Point | null = null
  /** Where the last stroke ended: Shift draws a straight line from there. */
  #lastEnd: { readonly point: BrushPoint; readonly frameIndex: number } | null = null

  constructor(editor: Editor, id: 'brush' | 'eraser') {
    this.#editor = editor
    this.id = id
  }

  enter(): void {
    this.#lastEnd = null
  }

  leave(): void {
    this.#hover = null
  }

  pointerDown(point: ImagePoint): void {
    if (point.button !== 0 || this.state.name === 'drawing') return
    const erases = (this.id === 'eraser') !== point.alt
    const target = this.#target(point, erases)
    if (!target) return
    const bitmap = targetBitmap(this.#editor, target)
    const mask = new LiveMask(target.isNew ? null : target.object.id, target.object.color, bitmap)
    const tip = this.#tip(point)
    const lineFrom =
      point.shift && this.#lastEnd?.frameIndex === target.frameIndex ? this.#lastEnd.point : tip
    const painted = target.marked && emptyBitmap(bitmap.width, bitmap.height)
    this.#hover = point
    this.state = { name: 'drawing', target, mask, painted, last: tip, erases }
    this.#paint({ ...lineFrom, radius: tip.radius }, tip)
  }

  pointerMove(point: ImagePoint): void {
    this.#hover = point
    if (this.state.name !== 'drawing') return
    const tip = this.#tip(point)
    this.#paint(this.state.last, tip)
    this.state = { ...this.state, last: tip }
  }

  pointerUp(point: ImagePoint): void {
    if (this.state.name !== 'drawing' || point.button !== 0) return
    this.complete()
  }

  key(key: string): boolean {
    return key === 'Escape' && this.cancel()
  }

  cancel(): boolean {
    if (this.state.name !== 'drawing') return false
    this.state = { name: 'idle' }
    return true
  }

  complete(): void {
    if (this.state.name !== 'drawing') return
    const { target, mask, painted, last, erases } = this.state
    this.state = { name: 'idle' }
    this.#lastEnd = { point: last, frameIndex: target.frameIndex }
    if (mask.version === 0) return
    commitDrawing(this.#editor, target, erases ? 'Erase' : 'Brush stroke', encodeRle(mask.bitmap), {
      painted: painted && encodeRle(painted),
    })
  }

  stepBack(): boolean {
    return false
  }

  overlay(): Overlay {
    const { brushSize } = this.#editor.now.toolOptions
    const draft = this.state.name === 'drawing' ? this.state.mask : null
    const erases = this.state.name === 'drawing' ? this.state.erases : this.id === 'eraser'
    const ring = this.#hover && { x: this.#hover.x, y: this.#hover.y, radius: brushSize / 2, erases }
    return { ...emptyOverlay, draft, ring }
  }

  /** With nothing selected the eraser takes from what lies under it: there is nothing to erase from a new object. */
  #target(point: ImagePoint, erases: boolean): DrawingTarget | null {
    const editor = this.#editor
    if (!erases || editor.selectedObjects.length > 0) return drawingTarget(editor)
    const under = maskAtPoint(editor, point, editor.now.frameIndex)
    if (under && editor.media) return targetOf(editor, editor.media, under.object)
    editor.say('There is nothing to erase here: select an object, or begin on its mask.', 'refused')
    return null
  }

  #paint(from: BrushPoint, to: BrushPoint): void {
    if (this.state.name !== 'drawing') return
    const { mask, painted, erases } = this.state
    mask.changed(strokeBrush(mask.bitmap, from, to, erases ? 0 : 1))
    if (painted) strokeBrush(painted, from, to, 1)
  }

  #tip(point: ImagePoint): BrushPoint {
    const { brushSize, brushPressure } = this.#editor.now.toolOptions
    const share = brushPressure ? Math.max(point.pressure, 0.05) : 1
    return { x: point.x, y: point.y, radius: (brushSize / 2) * share }
  }
}
