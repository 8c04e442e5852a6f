import type { ImagePoint } from './point.ts'

export interface NearestOnSegment {
  /** Position along the segment, 0 at its start and 1 at its end. */
  readonly t: number
  readonly point: ImagePoint
  readonly distance: number
}

/** The point of the segment from a to b that is nearest to `point`. */
export function nearestOnSegment(point: ImagePoint, a: ImagePoint, b: ImagePoint): NearestOnSegment {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const squaredLength = dx * dx + dy * dy
  const along = squaredLength === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / squaredLength
  const t = Math.min(1, Math.max(0, along))
  const nearest = { x: a.x + t * dx, y: a.y + t * dy }
  return { t, point: nearest, distance: Math.hypot(point.x - nearest.x, point.y - nearest.y) }
}
