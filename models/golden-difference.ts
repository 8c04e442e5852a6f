import { halfValue } from './half.ts'
import type { Tensor } from './tensor.ts'

export interface GoldenDifference {
  /** The largest absolute one; infinite where one of the two is no number. */
  readonly most: number
  /** Where it is, a number a dimension. */
  readonly at: readonly number[]
  readonly wanted: number
  readonly found: number
}

/** The largest difference between two tensors of the same type and dims. */
export function goldenDifference(wanted: Tensor, found: Tensor): GoldenDifference {
  let [most, index] = [0, 0]
  for (let i = 0; i < wanted.data.length; i++) {
    const difference = differenceOf(valueAt(wanted, i), valueAt(found, i))
    if (difference <= most) continue
    ;[most, index] = [difference, i]
  }
  const is = (tensor: Tensor) => (tensor.data.length > 0 ? valueAt(tensor, index) : 0)
  return { most, at: placeOf(index, wanted.dims), wanted: is(wanted), found: is(found) }
}

function differenceOf(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0
  const difference = Math.abs(a - b)
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
}

function valueAt({ type, data }: Tensor, index: number): number {
  const value = Number(data[index])
  return type === 'float16' ? halfValue(value) : value
}

function placeOf(index: number, dims: readonly number[]): number[] {
  const place: number[] = []
  let rest = index
  for (const dim of dims.toReversed()) {
    place.unshift(dim === 0 ? 0 : rest % dim)
    rest = dim === 0 ? 0 : Math.floor(rest / dim)
  }
  return place
}
