/** A click fills like-coloured pixels of the picture that hang together, or the hole of the mask. */
import { floodedRegion, regionAt } from '../../../main/core/mask/regions.ts'
import { type Bitmap, encodeRle } from '../../../main/core/mask/rle.ts'
import {
  combinedRle,
  combineOf,
  commitDrawing,
  type DrawingTarget,
  drawingTarget,
  targetBitmap,
} from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { emptyOverlay, type ImagePoint, type Overlay, type Tool } from '../tool.ts'

export class FillTool implements Tool {
  readonly id = 'fill'
  readonly wantsEveryPoint = false
  readonly cursor = 'crosshair'
  readonly state = { name: 'idle' } as const
  readonly #editor: Editor

  constructor(editor: Editor) {
    this.#editor = editor
  }

  enter(): void {}

  leave(): void {}

  pointerDown(point: ImagePoint): void {
    if (point.button !== 0) return
    const target = drawingTarget(this.#editor)
    if (!target) return
    const x = Math.floor(point.x)
    const y = Math.floor(point.y)
    if (x < 0 || y < 0 || x >= target.media.width || y >= target.media.height) return
    const inHole = this.#editor.now.toolOptions.fillSource === 'hole'
    const region = inHole ? this.#hole(target, x, y) : this.#likeColoured(target, x, y)
    if (!region) return
    const combine = inHole ? 'add' : combineOf(this.#editor, point)
    commitDrawing(
      this.#editor,
      target,
      inHole ? 'Fill hole' : 'Flood fill',
      combinedRle(target.rle, encodeRle(region), combine),
    )
  }

  pointerMove(): void {}

  pointerUp(): void {}

  key(): boolean {
    return false
  }

  cancel(): boolean {
    return false
  }

  complete(): void {}

  stepBack(): boolean {
    return false
  }

  overlay(): Overlay {
    return emptyOverlay
  }

  #likeColoured(target: DrawingTarget, x: number, y: number): Bitmap | null {
    const picture = this.#editor.picturePixels(target.frameIndex)
    if (!picture) {
      this.#editor.say(`The picture of frame ${target.frameIndex} is not here yet.`, 'refused')
      return null
    }
    return floodedRegion(picture, x, y, this.#editor.now.toolOptions.fillTolerance, 4)
  }

  #hole(target: DrawingTarget, x: number, y: number): Bitmap | null {
    const mask = targetBitmap(this.#editor, target)
    const inverse: Bitmap = { ...mask, data: mask.data.map((value) => 1 - value) }
    const region = regionAt(inverse, x, y, 4)
    if (!region.data.includes(1)) {
      this.#editor.say('The mask covers this place already.', 'refused')
      return null
    }
    if (!touchesEdge(region)) return region
    this.#editor.say('This is no hole: it reaches the edge of the picture.', 'refused')
    return null
  }
}

function touchesEdge({ width, height, data }: Bitmap): boolean {
  if (data.subarray(0, width).includes(1) || data.subarray(width * (height - 1)).includes(1)) return true
  for (let i = 0; i < data.length; i += width) if (data[i] || data[i + width - 1]) return true
  return false
}
