/** Mean, recall and decay of a score over the frames of one object, as the DAVIS evaluation has them. */
export interface FrameStatistics {
  readonly mean: number
  /** Share of the frames above 0.5. */
  readonly recall: number
  /** Mean of the first quarter of the frames less that of the last. */
  readonly decay: number
}

/** Null without any frame. Quarters share their border frames, as in the official code. */
export function frameStatistics(values: readonly number[]): FrameStatistics | null {
  const count = values.length
  if (count === 0) return null
  const edges = [0, 1, 2, 3, 4].map(
    (quarter) => roundedHalfToEven(1 + ((count - 1) * quarter) / 4 + 1e-10) - 1,
  )
  const bin = (quarter: number) => mean(values.slice(edges[quarter]!, edges[quarter + 1]! + 1))
  return {
    mean: mean(values),
    recall: values.filter((value) => value > 0.5).length / count,
    decay: bin(0) - bin(3),
  }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function roundedHalfToEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
