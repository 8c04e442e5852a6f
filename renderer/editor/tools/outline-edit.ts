/** Changing a mask that is still a polygon or a box: which handle lies under the pointer, and what dragging it gives. */
import type { Outline, Ring } from '../../../main/core/records.ts'
import type { Handle } from '../tool.ts'
import type { Point } from '../view-transform.ts'

type BoxNumbers = readonly [number, number, number, number]

/** `middle` is between a vertex and the next: dragging it makes a vertex. Box handles go round from the left top corner. */
export type OutlinePart =
  | { readonly type: 'vertex'; readonly ring: number; readonly vertex: number }
  | { readonly type: 'middle'; readonly ring: number; readonly vertex: number }
  | { readonly type: 'box-handle'; readonly handle: number }

export interface OutlineHandle {
  readonly part: OutlinePart
  readonly x: number
  readonly y: number
  readonly kind: Handle['kind']
}

/** Edges shorter than this many CSS pixels get no handle in the middle. */
const shortestSplitEdge = 24

export function outlineHandles(outline: Outline, zoom: number): OutlineHandle[] {
  if (outline.type === 'box') return boxHandles(outline.box)
  const handles: OutlineHandle[] = []
  outline.rings.forEach((ring, r) => {
    const count = ring.length / 2
    for (let v = 0; v < count; v++) {
      const x = ring[2 * v]!
      const y = ring[2 * v + 1]!
      const nextX = ring[(2 * v + 2) % ring.length]!
      const nextY = ring[(2 * v + 3) % ring.length]!
      handles.push({ part: { type: 'vertex', ring: r, vertex: v }, x, y, kind: 'vertex' })
      if (Math.hypot(nextX - x, nextY - y) * zoom < shortestSplitEdge) continue
      handles.push({
        part: { type: 'middle', ring: r, vertex: v },
        x: (x + nextX) / 2,
        y: (y + nextY) / 2,
        kind: 'middle',
      })
    }
  })
  return handles
}

/** The nearest handle within `reach` picture pixels; vertices before middles. */
export function handleAt(outline: Outline, point: Point, reach: number, zoom: number): OutlineHandle | null {
  let best: OutlineHandle | null = null
  let bestDistance = reach
  for (const handle of outlineHandles(outline, zoom)) {
    const distance =
      Math.hypot(handle.x - point.x, handle.y - point.y) + (handle.kind === 'middle' ? reach / 4 : 0)
    if (distance > bestDistance) continue
    best = handle
    bestDistance = distance
  }
  return best
}

/** The nearest edge of a polygon within `reach` picture pixels, as the middle that a vertex at that place would come of. */
export function edgeAt(outline: Outline, point: Point, reach: number): OutlineHandle | null {
  if (outline.type !== 'polygon') return null
  let best: OutlineHandle | null = null
  let bestDistance = reach
  outline.rings.forEach((ring, r) => {
    for (let v = 0; v < ring.length / 2; v++) {
      const a = { x: ring[2 * v]!, y: ring[2 * v + 1]! }
      const b = { x: ring[(2 * v + 2) % ring.length]!, y: ring[(2 * v + 3) % ring.length]! }
      const { x, y } = nearestOnSegment(a, b, point)
      const distance = Math.hypot(x - point.x, y - point.y)
      if (distance > bestDistance) continue
      best = { part: { type: 'middle', ring: r, vertex: v }, x, y, kind: 'middle' }
      bestDistance = distance
    }
  })
  return best
}

function nearestOnSegment(a: Point, b: Point, point: Point): Point {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const lengthSquared = dx * dx + dy * dy
  const along = lengthSquared === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / lengthSquared
  const t = Math.min(Math.max(along, 0), 1)
  return { x: a.x + t * dx, y: a.y + t * dy }
}

/** The outline with a part dragged to a point; a middle becomes a vertex there. */
export function draggedOutline(outline: Outline, part: OutlinePart, to: Point): Outline {
  if (outline.type === 'box')
    return part.type === 'box-handle'
      ? { type: 'box', box: draggedBox(outline.box, part.handle, to) }
      : outline
  if (part.type === 'box-handle') return outline
  return withRing(outline.rings, part.ring, (ring) => {
    const at = 2 * part.vertex
    return part.type === 'vertex'
      ? [...ring.slice(0, at), to.x, to.y, ...ring.slice(at + 2)]
      : [...ring.slice(0, at + 2), to.x, to.y, ...ring.slice(at + 2)]
  })
}

/** Without a vertex; a ring of three goes as a whole. Null: nothing is left. */
export function outlineWithoutVertex(outline: Outline, part: OutlinePart): Outline | null {
  if (outline.type !== 'polygon' || part.type !== 'vertex') return outline
  const ring = outline.rings[part.ring]
  if (ring && ring.length > 6) {
    const at = 2 * part.vertex
    return withRing(outline.rings, part.ring, (numbers) => [
      ...numbers.slice(0, at),
      ...numbers.slice(at + 2),
    ])
  }
  const rings = outline.rings.filter((_, i) => i !== part.ring)
  return rings.length > 0 ? { type: 'polygon', rings } : null
}

export function movedOutline(outline: Outline, dx: number, dy: number): Outline {
  if (outline.type === 'box') {
    const [x, y, width, height] = outline.box
    return { type: 'box', box: [x + dx, y + dy, width, height] }
  }
  const rings = outline.rings.map((ring) => ring.map((number, i) => number + (i % 2 === 0 ? dx : dy)))
  return { type: 'polygon', rings }
}

export function outlineRings(outline: Outline): readonly Ring[] {
  if (outline.type === 'polygon') return outline.rings
  const [x, y, width, height] = outline.box
  return [[x, y, x + width, y, x + width, y + height, x, y + height]]
}

function withRing(rings: readonly Ring[], index: number, change: (ring: Ring) => Ring): Outline {
  return { type: 'polygon', rings: rings.map((ring, i) => (i === index ? change(ring) : ring)) }
}

/** Handles 0 to 7: left top, top, right top, right, right bottom, bottom, left bottom, left. */
const boxPlaces = [
  [0, 0],
  [0.5, 0],
  [1, 0],
  [1, 0.5],
  [1, 1],
  [0.5, 1],
  [0, 1],
  [0, 0.5],
] as const

function boxHandles([x, y, width, height]: BoxNumbers): OutlineHandle[] {
  return boxPlaces.map(([fx, fy], handle) => ({
    part: { type: 'box-handle', handle },
    x: x + fx * width,
    y: y + fy * height,
    kind: 'box',
  }))
}

function draggedBox([x, y, width, height]: BoxNumbers, handle: number, to: Point): BoxNumbers {
  const place = boxPlaces[handle]
  if (!place) return [x, y, width, height]
  const [fx, fy] = place
  const left = fx === 0 ? to.x : x
  const right = fx === 1 ? to.x : x + width
  const top = fy === 0 ? to.y : y
  const bottom = fy === 1 ? to.y : y + height
  return [Math.min(left, right), Math.min(top, bottom), Math.abs(right - left), Math.abs(bottom - top)]
}
