/** Pure: clicks and strokes as the few points that a network is prompted with. */
import type { MarkedPoint } from '../../../models/image-segmenter.ts'
import type { Mark } from '../../core/api.ts'

/** A network of SAM's kind was taught with a handful of points; a long stroke must not drown the other marks. */
const mostOfOneStroke = 5
/** Points of a stroke are at least so many radii of its tip apart. */
const radiiApart = 4

/**
 * In the order of the marks. A click is its point, a stroke points evenly along it, its ends among them. `most`: that the
 * prompt has room for; then strokes give fewer, and of more marks than that the ones made last speak.
 */
export function pointsOfMarks(marks: readonly Mark[], most: number | null): readonly MarkedPoint[] {
  for (let ofOne = mostOfOneStroke; ofOne >= 1; ofOne--) {
    const points = marks.flatMap((mark) => along(mark, ofOne))
    if (most === null || points.length <= most) return points
    if (ofOne === 1) return points.slice(points.length - most)
  }
  return []
}

function along({ points, radius, inside }: Mark, most: number): readonly MarkedPoint[] {
  const distances = [0]
  for (let i = 2; i + 1 < points.length; i += 2)
    distances.push(
      distances.at(-1)! + Math.hypot(points[i]! - points[i - 2]!, points[i + 1]! - points[i - 1]!),
    )
  const length = distances.at(-1)!
  const count = Math.min(most, 1 + Math.floor(length / (radiiApart * radius)))
  // One point alone stands in the middle of what was marked.
  const places =
    count === 1 ? [length / 2] : Array.from({ length: count }, (_, i) => (length * i) / (count - 1))
  return places.map((place) => {
    const after = Math.max(
      1,
      distances.findIndex((distance) => distance >= place - 1e-6),
    )
    const [x, y] = between(points, distances, Math.min(after, distances.length - 1), place)
    return { x, y, inside }
  })
}

/** The place on the line from the point before `after` to it. */
function between(
  points: readonly number[],
  distances: readonly number[],
  after: number,
  place: number,
): readonly [number, number] {
  if (after === 0) return [points[0]!, points[1]!]
  const [from, to] = [distances[after - 1]!, distances[after]!]
  const part = to > from ? (place - from) / (to - from) : 0
  const at = (axis: 0 | 1) => points[2 * after - 2 + axis]! * (1 - part) + points[2 * after + axis]! * part
  return [at(0), at(1)]
}
