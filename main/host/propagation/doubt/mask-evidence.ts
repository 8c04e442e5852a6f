/** Pure: what is known about a propagated mask when it is judged. */
import type { StepReport } from '../../../../native/index.ts'
import type { Trail } from './trail.ts'

/** Pixels of working size below which nothing is left of an object. */
export const lostArea = 4
/** What is known about a mask from one side. */
export interface SideEvidence {
  readonly report: StepReport
  readonly trail: Trail
  /** Frames since the key mask on that side. */
  readonly distance: number
  /** Area at that key mask, pixels of working size. */
  readonly keyArea: number
  /** Where this side's sweep arrived at the other key mask: IoU with the truth there. Null: not reached or no such key. */
  readonly arrivalIou: number | null
  /** What the network that came this way expects the IoU to be; absent: no network did. */
  readonly guess?: number
}

export interface MaskEvidence {
  readonly left: SideEvidence | null
  readonly right: SideEvidence | null
  /** IoU of both sides' masks; null with one side. */
  readonly agreement: number | null
  /** Of the joined mask: the expected IoU if every pixel's probability were right, and its pixels of working size. */
  readonly softIou: number
  readonly area: number
  /** How like the colours under it are those of the key masks it comes from, 0 to 1; null without any. */
  readonly alike: number | null
  /** Another object that claims part of it. */
  readonly contest: { readonly part: number; readonly name: string } | null
  /** Pixels of the video a pixel of working size. */
  readonly scale: number
}

export function nearestSide({ left, right }: MaskEvidence): SideEvidence | null {
  if (!left || !right) return left ?? right
  return left.distance <= right.distance ? left : right
}
