/** A logistic regression of a part in [0, 1] on numbers, with a monotone curve over it, and how well such a forecast holds. */
import { onCurve } from '../main/host/propagation/doubt/confidence.ts'

export type Curve = readonly (readonly [x: number, y: number])[]

export interface Model {
  readonly bias: number
  readonly weights: readonly number[]
  readonly curve: Curve
  /** Mean of the targets without numbers, by kind. */
  readonly blanks: ReadonlyMap<string, number>
}

export interface Example {
  readonly kind: string
  /** Null: judged by its kind alone. */
  readonly numbers: readonly number[] | null
  readonly target: number
  /** How many examples it counts for; 1 where it is not said. */
  readonly weight?: number
}

const weightOf = ({ weight }: Pick<Example, 'weight'>) => weight ?? 1

const rounds = 60
const curveBins = 20
/** What is expected without any numbers, and how many masks that is worth. */
export const blankPrior = 0.5
const blankWeight = 20

/**
 * Ridge-regularised, by Newton's steps along one weight after another. `signs`: 1 or -1 where a weight may only be
 * positive or negative, so that no accident of the sequences lets bad evidence raise the forecast; 0 where it is free.
 * Throws where there is no example.
 */
export function fitModel(examples: readonly Example[], signs: readonly number[], ridge = 30): Model {
  const known = examples.flatMap((each) => (each.numbers ? [{ ...each, numbers: each.numbers }] : []))
  if (known.length === 0) throw new Error('There is nothing to fit the confidence to.')
  const targets = Float64Array.from(known, ({ target }) => target)
  const shares = Float64Array.from(known, weightOf)
  const scale = signs.map((_, k) =>
    spread(
      known.map(({ numbers }) => numbers[k]!),
      shares,
    ),
  )
  const columns = scale.map(({ mean, deviation }, k) =>
    Float64Array.from(known, ({ numbers }) => (numbers[k]! - mean) / deviation),
  )
  const beta = constrained(
    [new Float64Array(known.length).fill(1), ...columns],
    targets,
    shares,
    [0, ...signs],
    ridge,
  )
  const weights = scale.map(({ deviation }, k) => beta[k + 1]! / deviation)
  const bias = beta[0]! - scale.reduce((sum, { mean }, k) => sum + weights[k]! * mean, 0)
  const raw = known.map(({ numbers }) => logistic(bias, weights, numbers))
  const blanks = Map.groupBy(
    examples.filter((example) => example.numbers === null),
    (example) => example.kind,
  )
  const meanOf = (list: readonly Example[]) =>
    (blankPrior * blankWeight + list.reduce((sum, each) => sum + weightOf(each) * each.target, 0)) /
    (blankWeight + list.reduce((sum, each) => sum + weightOf(each), 0))
  return {
    bias,
    weights,
    curve: monotone(raw, [...targets], shares),
    blanks: new Map([...blanks].map(([kind, list]) => [kind, meanOf(list)])),
  }
}

function constrained(
  columns: readonly Float64Array[],
  targets: Float64Array,
  shares: Float64Array,
  signs: readonly number[],
  ridge: number,
): number[] {
  const count = targets.length
  const beta = columns.map(() => 0)
  const sums = new Float64Array(count)
  for (let round = 0; round < rounds; round++)
    for (const [k, column] of columns.entries()) {
      const penalty = k === 0 ? 0 : ridge
      let [slope, curvature] = [-penalty * beta[k]!, penalty + 1e-9]
      for (let n = 0; n < count; n++) {
        const p = 1 / (1 + Math.exp(-sums[n]!))
        slope += shares[n]! * (targets[n]! - p) * column[n]!
        curvature += shares[n]! * p * (1 - p) * column[n]! ** 2
      }
      const free = beta[k]! + slope / curvature
      const next = signs[k]! * free < 0 ? 0 : free
      const step = next - beta[k]!
      beta[k] = next
      if (step !== 0) for (let n = 0; n < count; n++) sums[n]! += step * column[n]!
    }
  return beta
}

export function predicted(model: Model, { kind, numbers }: Omit<Example, 'target'>): number {
  if (numbers === null) return model.blanks.get(kind) ?? blankPrior
  return onCurve(model.curve, logistic(model.bias, model.weights, numbers))
}

function logistic(bias: number, weights: readonly number[], numbers: readonly number[]): number {
  return 1 / (1 + Math.exp(-numbers.reduce((sum, x, k) => sum + x * weights[k]!, bias)))
}

type Weights = ArrayLike<number> | null

const total = (values: readonly number[], weights: Weights) =>
  values.reduce((sum, value, i) => sum + (weights?.[i] ?? 1) * value, 0)

function spread(values: readonly number[], weights: Weights = null): { mean: number; deviation: number } {
  const count = total(
    values.map(() => 1),
    weights,
  )
  const mean = total(values, weights) / count
  const square =
    total(
      values.map((value) => (value - mean) ** 2),
      weights,
    ) / count
  return { mean, deviation: Math.sqrt(square) || 1 }
}

/** Pool adjacent violators over bins of equal count: the rising curve nearest to the data. Weights are above 0. */
export function monotone(x: readonly number[], y: readonly number[], weights: Weights = null): Curve {
  const order = x.map((_, i) => i).sort((a, b) => x[a]! - x[b]!)
  const pools: { x: number; y: number; count: number }[] = []
  const binCount = Math.min(curveBins, order.length)
  for (let bin = 0; bin < binCount; bin++) {
    const members = order.slice(
      Math.floor((bin * order.length) / binCount),
      Math.floor(((bin + 1) * order.length) / binCount),
    )
    const shares = members.map((i) => weights?.[i] ?? 1)
    const weight = shares.reduce((sum, share) => sum + share, 0)
    const mean = (of: readonly number[]) =>
      total(
        members.map((i) => of[i]!),
        shares,
      ) / weight
    let pool = { x: mean(x), y: mean(y), count: weight }
    for (let last = pools.at(-1); last && last.y >= pool.y; last = pools.at(-1)) {
      pools.pop()
      const count = last.count + pool.count
      const joined = (a: number, b: number) => (a * last.count + b * pool.count) / count
      pool = { x: joined(last.x, pool.x), y: joined(last.y, pool.y), count }
    }
    pools.push(pool)
  }
  return pools.map((pool) => [pool.x, pool.y])
}

export interface Bin {
  readonly predicted: number
  readonly actual: number
  readonly count: number
  /** Sum of the weights; the count where there are none. */
  readonly share: number
}

export interface Holding {
  readonly bins: readonly Bin[]
  /** Weighted mean over the examples of |predicted - actual| of their bin. */
  readonly calibrationError: number
  readonly meanAbsoluteError: number
  /** Spearman's, of the forecast with what came true. */
  readonly rankCorrelation: number
}

/** How a forecast holds, in ten bins of equal width. The correlation leaves weights out. */
export function holding(
  forecast: readonly number[],
  actual: readonly number[],
  weights: Weights = null,
): Holding {
  const shareOf = (i: number) => weights?.[i] ?? 1
  const members = Array.from({ length: 10 }, () => [] as number[])
  for (const [i, p] of forecast.entries()) members[Math.min(9, Math.floor(p * 10))]!.push(i)
  const bins = members.map((list) => {
    const share = list.reduce((sum, i) => sum + shareOf(i), 0)
    const mean = (of: readonly number[]) =>
      list.reduce((sum, i) => sum + shareOf(i) * of[i]!, 0) / Math.max(1e-9, share)
    return { predicted: mean(forecast), actual: mean(actual), count: list.length, share }
  })
  const all = Math.max(
    1e-9,
    bins.reduce((sum, { share }) => sum + share, 0),
  )
  return {
    bins,
    calibrationError:
      bins.reduce((sum, bin) => sum + bin.share * Math.abs(bin.predicted - bin.actual), 0) / all,
    meanAbsoluteError: forecast.reduce((sum, p, i) => sum + shareOf(i) * Math.abs(p - actual[i]!), 0) / all,
    rankCorrelation: correlation(ranks(forecast), ranks(actual)),
  }
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const result = new Array<number>(values.length)
  for (let i = 0; i < order.length; ) {
    let end = i
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[i]!]) end++
    for (let k = i; k <= end; k++) result[order[k]!] = (i + end) / 2
    i = end + 1
  }
  return result
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [spread(a), spread(b)]
  const product = a.reduce((sum, value, i) => sum + (value - x.mean) * (b[i]! - y.mean), 0)
  return product / Math.max(1e-12, a.length * x.deviation * y.deviation)
}
