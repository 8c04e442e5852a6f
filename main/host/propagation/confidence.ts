/** Pure: how good a propagated mask is expected to be, and why not better. */
import type { StepReport } from '../../../native/index.ts'

/** Pixels of working size below which nothing is left of an object. */
const lostArea = 4
const lostConfidence = 0.25

/** What is known about a mask from one side. */
export interface SideEvidence {
  readonly report: StepReport
  /** Frames since the key mask on that side. */
  readonly distance: number
  /** Area at that key mask, pixels of working size. */
  readonly keyArea: number
  /** Where this side's sweep arrived at the other key mask: IoU with the truth there. Null: not reached or no such key. */
  readonly arrivalIou: number | null
}

export interface MaskEvidence {
  readonly left: SideEvidence | null
  readonly right: SideEvidence | null
  /** IoU of both sides' masks; null with one side. */
  readonly agreement: number | null
  readonly stuff: boolean
}

export interface Judgement {
  /** Expected IoU, 0 to 1. */
  readonly confidence: number
  readonly doubt: string | null
}

export function judged(evidence: MaskEvidence): Judgement {
  const sides = [evidence.left, evidence.right].filter((side) => side !== null)
  const nearest = sides.reduce<SideEvidence | null>(
    (best, side) => (best && best.distance <= side.distance ? best : side),
    null,
  )
  if (!nearest) return { confidence: 0, doubt: 'Nothing is known about it here.' }
  // Out of view, hidden or lost: which of these, nobody knows.
  if (nearest.report.area < lostArea) return { confidence: lostConfidence, doubt: doubtOf(nearest, evidence) }
  const confidence = Math.max(0, Math.min(1, expectedIou(nearest, evidence.agreement, sides)))
  return { confidence, doubt: confidence >= 0.8 ? null : doubtOf(nearest, evidence) }
}

function expectedIou(
  nearest: SideEvidence,
  agreement: number | null,
  sides: readonly SideEvidence[],
): number {
  const { report } = nearest
  const arrivals = sides.map((side) => side.arrivalIou).filter((iou) => iou !== null)
  const arrival = arrivals.length > 0 ? Math.max(...arrivals) : null
  const sure = 0.35 + 0.65 * report.margin
  const calm = 1 - Math.min(0.3, report.residual / 60)
  const steady = Math.min(1, report.priorOverlap + 0.1)
  let estimate = sure * calm * steady
  if (agreement !== null) estimate = 0.5 * estimate + 0.5 * (0.3 + 0.7 * agreement)
  if (arrival !== null) estimate = 0.75 * estimate + 0.25 * arrival
  return estimate * 0.985 ** Math.min(30, Math.max(0, nearest.distance - 1) * (agreement === null ? 1 : 0.5))
}

function doubtOf(nearest: SideEvidence, { agreement }: MaskEvidence): string {
  const { report } = nearest
  if (report.area < lostArea) return 'It was lost: it may be hidden or out of view here.'
  if (agreement !== null && agreement < 0.7)
    return 'The keyframes before and after lead to different masks here.'
  if (report.area < 0.3 * nearest.keyArea) return 'It is much smaller than on its keyframe: it may be hidden.'
  if (report.area > 3 * nearest.keyArea)
    return 'It is much larger than on its keyframe: it may have spread to something else.'
  const jump = report.area / Math.max(1, report.priorArea)
  if (jump < 0.75 || jump > 1.33) return 'Its size changes suddenly here.'
  if (report.residual > 25)
    return 'It looks different from the frame before: fast motion, blur, or something in front.'
  if (report.margin < 0.6) return 'Its outline is hard to tell from the surroundings.'
  return `The nearest keyframe is ${nearest.distance} frames away.`
}
