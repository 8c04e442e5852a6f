/**
 * Pure: where a picture lies in a network's input, and the way back. Picture and input are measured in pixels whose
 * corners are whole numbers: pixel 0 goes from 0 to 1.
 */
import type { FloatBox } from '../main/core/geometry/box.ts'
import type { Preprocessing } from './manifest.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Input = picture * scale + offset, an axis each. */
export interface Placement {
  readonly picture: Size
  readonly input: Size
  readonly scaleX: number
  readonly scaleY: number
  /** Below 0 where the input shows the middle of the picture only. */
  readonly left: number
  readonly top: number
}

/**
 * `stretch`: both sides to the input's. `letterbox`: as large as it fits, at the top left, as SAM's and most exporters'
 * code has it. `short-side`: as small as covers the input, then its middle.
 */
export function placementOf({ resize, width, height }: Preprocessing, picture: Size): Placement {
  const input = { width, height }
  const x = width / picture.width
  const y = height / picture.height
  if (resize === 'stretch') return { picture, input, scaleX: x, scaleY: y, left: 0, top: 0 }
  const scale = resize === 'letterbox' ? Math.min(x, y) : Math.max(x, y)
  const middle = resize === 'letterbox' ? 0 : 0.5
  return {
    picture,
    input,
    scaleX: scale,
    scaleY: scale,
    left: (width - picture.width * scale) * middle,
    top: (height - picture.height * scale) * middle,
  }
}

export interface PlacedPoint {
  readonly x: number
  readonly y: number
}

export function pointInInput({ scaleX, scaleY, left, top }: Placement, { x, y }: PlacedPoint): PlacedPoint {
  return { x: x * scaleX + left, y: y * scaleY + top }
}

export function pointInPicture({ scaleX, scaleY, left, top }: Placement, { x, y }: PlacedPoint): PlacedPoint {
  return { x: (x - left) / scaleX, y: (y - top) / scaleY }
}

export function boxInInput({ scaleX, scaleY, left, top }: Placement, [x, y, w, h]: FloatBox): FloatBox {
  return [x * scaleX + left, y * scaleY + top, w * scaleX, h * scaleY]
}

export function boxInPicture({ scaleX, scaleY, left, top }: Placement, [x, y, w, h]: FloatBox): FloatBox {
  return [(x - left) / scaleX, (y - top) / scaleY, w / scaleX, h / scaleY]
}
