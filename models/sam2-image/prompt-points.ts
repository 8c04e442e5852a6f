/** Pure: marks and box as the points that SAM 2's prompt is made of. */

import type { ImagePrompt } from '../image-segmenter.ts'
import { type Placement, pointInInput } from '../placement.ts'
import { type LabelledPoint, pointLabels } from '../point-prompt.ts'

/** Corners of the box, then the marks, in the network's input. */
export function promptPoints({ points, box }: ImagePrompt, placement: Placement): readonly LabelledPoint[] {
  const marks = points.map(({ inside, ...point }): LabelledPoint => {
    const { x, y } = pointInInput(placement, point)
    return [x, y, inside ? pointLabels.inside : pointLabels.outside]
  })
  if (!box) return marks
  const start = pointInInput(placement, { x: box[0], y: box[1] })
  const end = pointInInput(placement, { x: box[0] + box[2], y: box[1] + box[3] })
  return [[start.x, start.y, pointLabels.boxStart], [end.x, end.y, pointLabels.boxEnd], ...marks]
}

/**
 * For graphs that take a box in an input of its own and know no corners: the box's middle is the object, unless a mark
 * says where it is. Public exports have that input and pass over it.
 */
export function withoutCorners(points: readonly LabelledPoint[]): readonly LabelledPoint[] {
  const start = points.find(([, , label]) => label === pointLabels.boxStart)
  const end = points.find(([, , label]) => label === pointLabels.boxEnd)
  const marks = points.filter((point) => point !== start && point !== end)
  if (!start || !end || marks.some(([, , label]) => label === pointLabels.inside)) return marks
  return [[(start[0] + end[0]) / 2, (start[1] + end[1]) / 2, pointLabels.inside], ...marks]
}

/** As many points as the graph takes: the corners and the marks made last; what is missing points at nothing. */
export function fitted(points: readonly LabelledPoint[], count: number | null): readonly LabelledPoint[] {
  const nothing: LabelledPoint = [0, 0, pointLabels.none]
  if (count === null) return points.length > 0 ? points : [nothing]
  const isCorner = ([, , label]: LabelledPoint) =>
    label === pointLabels.boxStart || label === pointLabels.boxEnd
  const corners = points.filter(isCorner)
  const marks = points.filter((point) => !isCorner(point))
  const shown = [...corners, ...marks.slice(Math.max(0, marks.length - (count - corners.length)))]
  return [...shown, ...new Array<LabelledPoint>(Math.max(0, count - shown.length)).fill(nothing)]
}
