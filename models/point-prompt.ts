/** Pure: points and boxes as SAM's graphs take them. */
import { squaredDistances } from '../main/core/mask/distance.ts'
import type { Bitmap } from '../main/core/mask/rle.ts'
import { floatTensor } from './open-pack.ts'
import type { Size } from './placement.ts'
import type { Tensor } from './tensor.ts'

/** SAM's labels of points. */
export const pointLabels = { outside: 0, inside: 1, boxStart: 2, boxEnd: 3, none: -1 } as const

export interface PointPrompt {
  readonly coords: Tensor
  readonly labels: Tensor
}

/** In the input's pixels. */
export type LabelledPoint = readonly [x: number, y: number, label: number]

/** SAM counts from the middle of the first pixel. */
export function pointPrompt(points: readonly LabelledPoint[]): PointPrompt {
  return {
    coords: floatTensor(
      [1, points.length, 2],
      points.flatMap(([x, y, label]) => (label === pointLabels.none ? [0, 0] : [x - 0.5, y - 0.5])),
    ),
    labels: floatTensor(
      [1, points.length],
      points.map(([, , label]) => label),
    ),
  }
}

/** Nothing is pointed at: one point that is none, as SAM 2 pads it. */
export const noPrompt: PointPrompt = pointPrompt([[0, 0, pointLabels.none]])

/** For decoders that take no mask. `scale`: input pixels a pixel of it. */
export function promptOfMask(
  coverage: Float32Array,
  size: Size,
  scale: readonly [number, number],
): PointPrompt {
  const points = pointsOfMask(coverage, size, scale)
  return points.length > 0 ? pointPrompt(points) : noPrompt
}

/** The box around a mask and the point deepest inside; nothing of an empty one. */
export function pointsOfMask(
  coverage: Float32Array,
  { width, height }: Size,
  [sx, sy]: readonly [number, number],
): readonly LabelledPoint[] {
  const mask: Bitmap = { width, height, data: Uint8Array.from(coverage, (part) => (part >= 0.5 ? 1 : 0)) }
  let [left, top, right, bottom] = [width, height, 0, 0]
  let [deepest, depth] = [0, -1]
  // A pixel of frame around it: what touches the edge of the picture ends there.
  const framed = { width: width + 2, height: height + 2, data: new Uint8Array((width + 2) * (height + 2)) }
  for (let y = 0; y < height; y++)
    framed.data.set(mask.data.subarray(y * width, (y + 1) * width), (y + 1) * framed.width + 1)
  const distances = squaredDistances(framed, 0)
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue
    const [x, y] = [i % width, Math.floor(i / width)]
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + 1)
    bottom = Math.max(bottom, y + 1)
    const distance = distances[(y + 1) * framed.width + x + 1]!
    if (distance > depth) [deepest, depth] = [i, distance]
  }
  if (depth < 0) return []
  return [
    [left * sx, top * sy, pointLabels.boxStart],
    [right * sx, bottom * sy, pointLabels.boxEnd],
    [((deepest % width) + 0.5) * sx, (Math.floor(deepest / width) + 0.5) * sy, pointLabels.inside],
  ]
}
