import type { Box } from '../records.ts'
import type { ImagePoint } from './point.ts'

/** [x, y, width, height] in image space; edges anywhere. `Box` is the kind with integers. */
export type FloatBox = readonly [x: number, y: number, width: number, height: number]

/** The box with these two opposite corners, whichever they are. */
export function boxBetween(a: ImagePoint, b: ImagePoint): FloatBox {
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(b.x - a.x), Math.abs(b.y - a.y)]
}

/** The smallest box around both; one that is null counts for nothing. */
export function boxUnion<B extends FloatBox>(a: B | null, b: B | null): B | null {
  if (!a || !b) return a ?? b
  const x = Math.min(a[0], b[0])
  const y = Math.min(a[1], b[1])
  return [
    x,
    y,
    Math.max(a[0] + a[2], b[0] + b[2]) - x,
    Math.max(a[1] + a[3], b[1] + b[3]) - y,
  ] as FloatBox as B
}

/** What lies in both; null where they share no area. */
export function boxIntersection<B extends FloatBox>(a: B, b: B): B | null {
  const x = Math.max(a[0], b[0])
  const y = Math.max(a[1], b[1])
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - x
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - y
  return width > 0 && height > 0 ? ([x, y, width, height] as FloatBox as B) : null
}

/** Whether the point lies inside; left and top edge count, right and bottom do not. */
export function boxContains(box: FloatBox, point: ImagePoint): boolean {
  return point.x >= box[0] && point.y >= box[1] && point.x < box[0] + box[2] && point.y < box[1] + box[3]
}

export function boxArea(box: FloatBox): number {
  return box[2] * box[3]
}

/** Intersection over union in [0, 1]; 1 for two boxes without area at one place. */
export function boxIou(a: FloatBox, b: FloatBox): number {
  const shared = boxIntersection(a, b)
  const sharedArea = shared ? boxArea(shared) : 0
  const union = boxArea(a) + boxArea(b) - sharedArea
  return union === 0 ? Number(a[0] === b[0] && a[1] === b[1]) : sharedArea / union
}

/** The smallest box of whole pixels that holds the box, cut to a picture; null when it lies outside. */
export function pixelBox(box: FloatBox, width: number, height: number): Box | null {
  const x = Math.max(0, Math.floor(box[0]))
  const y = Math.max(0, Math.floor(box[1]))
  const right = Math.min(width, Math.ceil(box[0] + box[2]))
  const bottom = Math.min(height, Math.ceil(box[1] + box[3]))
  return right > x && bottom > y ? [x, y, right - x, bottom - y] : null
}

/** The box with a margin of pixels on every side, cut to a picture. */
export function boxWithMargin(box: Box, margin: number, width: number, height: number): Box {
  const x = Math.max(0, box[0] - margin)
  const y = Math.max(0, box[1] - margin)
  const right = Math.min(width, box[0] + box[2] + margin)
  const bottom = Math.min(height, box[1] + box[3] + margin)
  return [x, y, Math.max(0, right - x), Math.max(0, bottom - y)]
}
