import type { Bitmap } from '../../../main/core/mask/rle.ts'
import type { Box, ObjectId } from '../../../main/core/records.ts'
import type { Draft } from '../tool.ts'

/** A mask being drawn that knows what changed since the canvas last looked. */
export class LiveMask implements Draft {
  readonly objectId: ObjectId | null
  readonly color: string
  readonly bitmap: Bitmap
  readonly #boxes: Box[] = []

  constructor(objectId: ObjectId | null, color: string, bitmap: Bitmap) {
    this.objectId = objectId
    this.color = color
    this.bitmap = bitmap
  }

  get version(): number {
    return this.#boxes.length
  }

  /** To be called after writing into the bitmap; null: nothing was changed. */
  changed(box: Box | null): void {
    if (box) this.#boxes.push(box)
  }

  changedSince(version: number): Box | null {
    let union: Box | null = null
    for (let i = version; i < this.#boxes.length; i++) union = unionBox(union, this.#boxes[i]!)
    return union
  }
}

function unionBox(a: Box | null, b: Box): Box {
  if (!a) return b
  const x = Math.min(a[0], b[0])
  const y = Math.min(a[1], b[1])
  const right = Math.max(a[0] + a[2], b[0] + b[2])
  const bottom = Math.max(a[1] + a[3], b[1] + b[3])
  return [x, y, right - x, bottom - y]
}
