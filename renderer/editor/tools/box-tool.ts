/** A rectangle from corner to corner. As the whole mask it stays a box that the select tool can change. */
import { emptyBitmap, fillBox } from '../../../main/core/mask/bitmap.ts'
import { encodeRle } from '../../../main/core/mask/rle.ts'
import {
  combinedRle,
  combineOf,
  commitDrawing,
  type DrawingTarget,
  drawingTarget,
} from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { emptyOverlay, type ImagePoint, type Overlay, type Tool } from '../tool.ts'
import type { Point } from '../view-transform.ts'

type State =
  | { readonly name: 'idle' }
  | {
      readonly name: 'drawing'
      readonly target: DrawingTarget
      readonly start: Point
      readonly end: ImagePoint
    }

/** CSS pixels a press must move to mean a box. */
const smallestDrag = 3

export class BoxTool implements Tool {
  readonly id = 'box'
  readonly wantsEveryPoint = false
  readonly cursor = 'crosshair'
  state: State = { name: 'idle' }
  readonly #editor: Editor

  constructor(editor: Editor) {
    this.#editor = editor
  }

  enter(): void {}

  leave(): void {}

  pointerDown(point: ImagePoint): void {
    if (point.button !== 0) return
    const target = drawingTarget(this.#editor)
    if (target) this.state = { name: 'drawing', target, start: { x: point.x, y: point.y }, end: point }
  }

  pointerMove(point: ImagePoint): void {
    if (this.state.name === 'drawing') this.state = { ...this.state, end: point }
  }

  pointerUp(point: ImagePoint): void {
    if (point.button !== 0) return
    this.pointerMove(point)
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
    const { target, start, end } = this.state
    this.state = { name: 'idle' }
    const { zoom } = this.#editor.now.view
    if (Math.max(Math.abs(end.x - start.x), Math.abs(end.y - start.y)) * zoom < smallestDrag) return
    const box = boxBetween(start, end, target.media)
    const bitmap = emptyBitmap(target.media.width, target.media.height)
    if (!fillBox(bitmap, box, 1)) {
      this.#editor.say('The box holds no pixel.', 'refused')
      return
    }
    const combine = combineOf(this.#editor, end)
    const isWhole = combine === 'replace' || (combine === 'add' && !target.before?.shape)
    const rle = combinedRle(target.rle, encodeRle(bitmap), combine)
    commitDrawing(this.#editor, target, 'Box', rle, isWhole ? { outline: { type: 'box', box } } : {})
  }

  stepBack(): boolean {
    return false
  }

  overlay(): Overlay {
    if (this.state.name !== 'drawing') return emptyOverlay
    const { target, start, end } = this.state
    const [x, y, width, height] = boxBetween(start, end, target.media)
    const points = [x, y, x + width, y, x + width, y + height, x, y + height]
    const { color } = target.object
    return {
      ...emptyOverlay,
      paths: [{ points, closed: true, color, dashed: combineOf(this.#editor, end) === 'subtract' }],
    }
  }
}

/** Within the picture, on whole pixels: what is drawn is what is stored. */
export function boxBetween(
  a: Point,
  b: Point,
  picture: { readonly width: number; readonly height: number },
): readonly [number, number, number, number] {
  const clamp = (value: number, limit: number) => Math.min(Math.max(Math.round(value), 0), limit)
  const x0 = clamp(Math.min(a.x, b.x), picture.width)
  const x1 = clamp(Math.max(a.x, b.x), picture.width)
  const y0 = clamp(Math.min(a.y, b.y), picture.height)
  const y1 = clamp(Math.max(a.y, b.y), picture.height)
  return [x0, y0, x1 - x0, y1 - y0]
}
