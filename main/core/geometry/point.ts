/** Image space: (0, 0) is the left top corner of the left top pixel, in pixels of the media. */
export interface ImagePoint {
  readonly x: number
  readonly y: number
}

export function distance(a: ImagePoint, b: ImagePoint): number {
  return Math.hypot(b.x - a.x, b.y - a.y)
}

/** From a to b, t in [0, 1]. */
export function pointBetween(a: ImagePoint, b: ImagePoint, t: number): ImagePoint {
  return { x: a.x * (1 - t) + b.x * t, y: a.y * (1 - t) + b.y * t }
}
