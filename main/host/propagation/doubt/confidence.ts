/**
 * Pure: how good a propagated mask is expected to be. A logistic regression of the IoU with the truth on the evidence,
 * put right by a monotone curve (isotonic regression); both are in confidence-weights.ts, which
 * `npm run bench -- confidence --fit` writes.
 */
import { confidenceCurve, confidenceWeights } from './confidence-weights.ts'
import { doubtOf } from './guards.ts'
import { lostArea, type MaskEvidence, nearestSide, type SideEvidence } from './mask-evidence.ts'

export interface Judgement {
  /** Expected IoU, 0 to 1. */
  readonly confidence: number
  readonly doubt: string | null
}

export function judged(evidence: MaskEvidence): Judgement {
  const side = nearestSide(evidence)
  if (!side) return { confidence: 0, doubt: 'Nothing is known about it here.' }
  // Out of view, hidden or lost: which of these, nobody knows.
  const confidence =
    evidence.area < lostArea ? confidenceWeights.lost : (guessed(evidence) ?? expectedIou(evidence))
  return { confidence, doubt: doubtOf(evidence, side, confidence) }
}

/** A network's own guess speaks for its mask: what else is known was weighed on masks of the forest. Null: no network. */
function guessed(evidence: MaskEvidence): number | null {
  let sum = 0
  for (const [{ guess }, share] of weighedSides(evidence)) {
    if (guess === undefined) return null
    sum += share * guess
  }
  return sum
}

export type EvidenceName = keyof typeof confidenceWeights.weights

/** Numbers about a mask, each of the order of 1, of which the expected IoU is made. */
export function evidenceNumbers(evidence: MaskEvidence): Readonly<Record<EvidenceName, number>> {
  const { agreement, softIou, alike, area } = evidence
  const sides = weighedSides(evidence)
  const mean = (of: (side: SideEvidence) => number) =>
    sides.reduce((sum, [side, weight]) => sum + weight * of(side), 0)
  const arrivals = sides.flatMap(([{ arrivalIou }]) => (arrivalIou === null ? [] : [arrivalIou]))
  const distance = Math.min(...sides.map(([side]) => side.distance))
  const two = agreement === null ? 0 : 1
  const ratio = (now: number, before: number) =>
    Math.abs(Math.log(Math.max(0.05, Math.min(20, now / Math.max(1, before)))))
  return {
    soft: logit(softIou),
    margin: mean(({ report }) => report.margin),
    overlap: mean(({ report }) => logit(report.priorOverlap)),
    drift: mean(({ trail }) => Math.log1p(trail.drift)),
    unsure: mean(({ trail }) => trail.unsure / Math.max(1, trail.steps)),
    leastMargin: mean(({ trail }) => trail.leastMargin),
    areaChange: mean(({ keyArea }) => ratio(area, keyArea)),
    areaStep: mean(({ report }) => ratio(report.area, report.priorArea)),
    growth: mean(({ trail }) => ratio(trail.growth * 100, 100)),
    jump: mean(({ trail }) => Math.min(1, trail.jump / Math.sqrt(Math.max(16, area)))),
    residual: mean(({ report }) => Math.min(4, report.residual / 10)),
    border: mean(({ report }) => Math.min(2, report.borderPart)),
    smallness: Math.min(1, 16 / Math.sqrt(Math.max(1, area))),
    unlike: alike === null ? 0.2 : 1 - alike,
    contest: evidence.contest?.part ?? 0,
    far: (1 - two) * Math.log1p(distance),
    farBetween: two * Math.log1p(distance),
    two,
    agreement: two * logit(agreement ?? 0.5),
    arrived: arrivals.length > 0 ? 1 : 0,
    arrival: arrivals.length > 0 ? logit(Math.max(...arrivals)) : 0,
  }
}

/** Which way each number can only count; 0: either. */
export const evidenceSigns: Readonly<Record<EvidenceName, -1 | 0 | 1>> = {
  soft: 1,
  margin: 1,
  overlap: 1,
  drift: -1,
  unsure: -1,
  leastMargin: 1,
  areaChange: -1,
  areaStep: -1,
  growth: -1,
  jump: -1,
  residual: -1,
  border: -1,
  smallness: -1,
  unlike: -1,
  contest: -1,
  far: -1,
  farBetween: -1,
  two: 0,
  agreement: 1,
  arrived: 0,
  arrival: 1,
}

/** The sides with the shares they are joined with, by what they have got wrong so far. */
function weighedSides({ left, right }: MaskEvidence): (readonly [SideEvidence, number])[] {
  const error = (side: SideEvidence) => side.distance * (1.05 - (side.arrivalIou ?? 0.8))
  if (!left || !right) return [left, right].flatMap((side) => (side ? [[side, 1] as const] : []))
  const share = error(right) / Math.max(1e-6, error(left) + error(right))
  return [
    [left, share],
    [right, 1 - share],
  ]
}

function logit(p: number): number {
  const q = Math.max(0.02, Math.min(0.98, p))
  return Math.log(q / (1 - q))
}

function expectedIou(evidence: MaskEvidence): number {
  const numbers = evidenceNumbers(evidence)
  let sum = confidenceWeights.bias
  for (const name of Object.keys(confidenceWeights.weights) as EvidenceName[])
    sum += confidenceWeights.weights[name] * numbers[name]
  return onCurve(confidenceCurve, 1 / (1 + Math.exp(-sum)))
}

/** A piecewise linear curve through (x, y), x ascending, level beyond its ends. */
export function onCurve(curve: readonly (readonly [number, number])[], x: number): number {
  const next = curve.findIndex(([at]) => at >= x)
  if (next <= 0) return (next === 0 ? curve[0] : curve.at(-1))?.[1] ?? x
  const [[x0, y0], [x1, y1]] = [curve[next - 1]!, curve[next]!]
  return y0 + ((y1 - y0) * (x - x0)) / Math.max(1e-9, x1 - x0)
}
