/** A free outline whose inside is added to or taken from the mask. */
import { emptyBitmap, fillRings } from '../../../main/core/mask/bitmap.ts'
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

type State =
  | { readonly name: 'idle' }
  | {
      readonly name: 'drawing'
      readonly target: DrawingTarget
      readonly points: number[]
      readonly last: ImagePoint
    }

export class LassoTool implements Tool {
  readonly id = 'lasso'
  readonly wantsEveryPoint = true
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
    if (target) this.state = { name: 'drawing', target, points: [point.x, point.y], last: point }
  }

  pointerMove(point: ImagePoint): void {
    if (this.state.name !== 'drawing') return
    const { points } = this.state
    points.push(point.x, point.y)
    this.state = { ...this.state, last: point }
  }

  pointerUp(point: ImagePoint): void {
    if (point.button !== 0 || this.state.name !== 'drawing') return
    this.state = { ...this.state, last: point }
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
    const { target, points, last } = this.state
    this.state = { name: 'idle' }
    if (points.length < 6) return
    const bitmap = emptyBitmap(target.media.width, target.media.height)
    if (!fillRings(bitmap, [points], 1)) return
    const combine = combineOf(this.#editor, last)
    const label = combine === 'subtract' ? 'Lasso away' : 'Lasso'
    commitDrawing(this.#editor, target, label, combinedRle(target.rle, encodeRle(bitmap), combine))
  }

  stepBack(): boolean {
    return false
  }

  overlay(): Overlay {
    if (this.state.name !== 'drawing') return emptyOverlay
    const { points, target, last } = this.state
    const dashed = combineOf(this.#editor, last) === 'subtract'
    return { ...emptyOverlay, paths: [{ points, closed: true, color: target.object.color, dashed }] }
  }
}
