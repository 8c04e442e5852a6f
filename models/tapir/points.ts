/** Pure: points as TAPIR takes them, and whether it sees them. */
import { floatTensor, floatValues } from '../open-pack.ts'
import { type PlacedPoint, type Placement, pointInInput } from '../placement.ts'
import type { Tensor } from '../tensor.ts'

/** In groups of at most `most`, in their order. */
export function batches<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, i) =>
    items.slice(i * most, (i + 1) * most),
  )
}

/** [1, points, 2], y before x, in the input's pixels. A number that is fixed is filled up with the first point. */
export function pointQueries(
  points: readonly PlacedPoint[],
  placement: Placement,
  fixedCount: number | null,
): Tensor {
  const count = fixedCount ?? points.length
  const values = Array.from({ length: count }, (_, i) => {
    const { x, y } = pointInInput(placement, points[i] ?? points[0]!)
    return [y, x]
  })
  return floatTensor([1, count, 2], values.flat())
}

/**
 * Of the i-th point, 0 to 1. Exports say it themselves, as a probability or yes and no, or give two logits: that the point
 * is hidden, and that it is not where it is said to be. In sight is a point that is neither, as TAPIR's own code has it.
 */
export function visibility(
  visible: Tensor | null,
  occlusion: Tensor | null,
  farOff: Tensor | null,
): (index: number) => number {
  if (visible) {
    const values = floatValues(visible)
    return (i) => values[i]!
  }
  const [hidden, far] = [occlusion, farOff].map((logits) => logits && floatValues(logits))
  const not = (logits: Float32Array | null | undefined, i: number) =>
    logits ? 1 / (1 + Math.exp(logits[i]!)) : 1
  return (i) => not(hidden, i) * not(far, i)
}
