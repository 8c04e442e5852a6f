/** Closed rings of corners: [x0, y0, x1, y1, ...], the last joined to the first. */
import type { Ring } from '../records.ts'
import type { FloatBox } from './box.ts'
import type { ImagePoint } from './point.ts'
import { nearestOnSegment } from './segment.ts'

export function ringOf(points: readonly ImagePoint[]): Ring {
  return points.flatMap(({ x, y }) => [x, y])
}

export function ringPoints(ring: Ring): ImagePoint[] {
  const points: ImagePoint[] = []
  for (let i = 0; i + 1 < ring.length; i += 2) points.push({ x: ring[i]!, y: ring[i + 1]! })
  return points
}

/** Area in square pixels; positive when the ring goes clockwise on screen (y points down). */
export function signedArea(ring: Ring): number {
  let twice = 0
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const j = i + 3 < ring.length ? i + 2 : 0
    twice += ring[i]! * ring[j + 1]! - ring[j]! * ring[i + 1]!
  }
  return twice / 2
}

export function isClockwise(ring: Ring): boolean {
  return signedArea(ring) > 0
}

/** Even-odd rule over all rings. */
export function polygonContains(rings: readonly Ring[], point: ImagePoint): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const j = i + 3 < ring.length ? i + 2 : 0
      const y0 = ring[i + 1]!
      const y1 = ring[j + 1]!
      if (y0 <= point.y === y1 <= point.y) continue
      if (ring[i]! + ((point.y - y0) * (ring[j]! - ring[i]!)) / (y1 - y0) <= point.x) inside = !inside
    }
  }
  return inside
}

/** The smallest box around all corners; null without any. */
export function ringsBounds(rings: readonly Ring[]): FloatBox | null {
  let x0 = Number.POSITIVE_INFINITY
  let y0 = Number.POSITIVE_INFINITY
  let x1 = Number.NEGATIVE_INFINITY
  let y1 = Number.NEGATIVE_INFINITY
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      x0 = Math.min(x0, ring[i]!)
      x1 = Math.max(x1, ring[i]!)
      y0 = Math.min(y0, ring[i + 1]!)
      y1 = Math.max(y1, ring[i + 1]!)
    }
  }
  return x1 < x0 ? null : [x0, y0, x1 - x0, y1 - y0]
}

export interface VertexHit {
  readonly ringIndex: number
  /** Which corner of the ring, from 0. */
  readonly vertexIndex: number
  readonly distance: number
}

/** The corner nearest to the point within `reach` pixels, or null. */
export function hitVertex(rings: readonly Ring[], point: ImagePoint, reach: number): VertexHit | null {
  let best: VertexHit | null = null
  for (const [ringIndex, ring] of rings.entries()) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const away = Math.hypot(ring[i]! - point.x, ring[i + 1]! - point.y)
      if (away <= reach && (!best || away < best.distance))
        best = { ringIndex, vertexIndex: i / 2, distance: away }
    }
  }
  return best
}

export interface EdgeHit {
  readonly ringIndex: number
  /** The edge goes from this corner to the next; a corner put on it gets the number after this. */
  readonly edgeIndex: number
  readonly point: ImagePoint
  readonly distance: number
}

/** The place on an edge nearest to the point within `reach` pixels, or null. */
export function hitEdge(rings: readonly Ring[], point: ImagePoint, reach: number): EdgeHit | null {
  let best: EdgeHit | null = null
  for (const [ringIndex, ring] of rings.entries()) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const j = i + 3 < ring.length ? i + 2 : 0
      const near = nearestOnSegment(point, { x: ring[i]!, y: ring[i + 1]! }, { x: ring[j]!, y: ring[j + 1]! })
      if (near.distance <= reach && (!best || near.distance < best.distance))
        best = { ringIndex, edgeIndex: i / 2, point: near.point, distance: near.distance }
    }
  }
  return best
}

/** With a corner moved. */
export function withVertexAt(ring: Ring, vertexIndex: number, point: ImagePoint): Ring {
  return ring.with(vertexIndex * 2, point.x).with(vertexIndex * 2 + 1, point.y)
}

/** With a corner put between the edge's two. */
export function withVertexAfter(ring: Ring, edgeIndex: number, point: ImagePoint): Ring {
  return ring.toSpliced(edgeIndex * 2 + 2, 0, point.x, point.y)
}

export function withoutVertex(ring: Ring, vertexIndex: number): Ring {
  return ring.toSpliced(vertexIndex * 2, 2)
}
