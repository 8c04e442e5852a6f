/** Pure: why a mask is to be doubted, in words. The first guard that fires speaks. */
import { lostArea, type MaskEvidence, type SideEvidence } from './mask-evidence.ts'

/** Masks expected to be better than this need no reason, unless something is plainly wrong. */
const doubtBelow = 0.75

type Guard = (evidence: MaskEvidence, side: SideEvidence) => string | null

/** These speak whatever the expected IoU is: they see what a probability does not. */
const alarms: readonly Guard[] = [lost, contested, disagreeing, covering, resized, jumped, unlike]
/** These only explain a low expectation. */
const reasons: readonly Guard[] = [vanishing, spreading, moving, unsure, small]

export function doubtOf(evidence: MaskEvidence, side: SideEvidence, confidence: number): string | null {
  for (const guard of confidence < doubtBelow ? [...alarms, ...reasons] : alarms) {
    const sentence = guard(evidence, side)
    if (sentence) return sentence
  }
  if (confidence >= doubtBelow) return null
  return side.distance === 1
    ? 'It changes much from its keyframe to here.'
    : `The nearest keyframe is ${side.distance} frames away.`
}

function lost({ area }: MaskEvidence): string | null {
  return area < lostArea ? 'It was lost: it may be hidden or out of view here.' : null
}

function contested({ contest }: MaskEvidence): string | null {
  return contest && contest.part > 0.2 ? `Claims the same place as ${contest.name}.` : null
}

function disagreeing({ agreement }: MaskEvidence): string | null {
  if (agreement === null || agreement >= 0.5) return null
  return `The keyframes before and after lead to different masks: ${Math.round(100 * agreement)} % in common.`
}

/** Leaked into the surroundings: along the border, or over much of the picture, as on no keyframe. */
function covering({ area }: MaskEvidence, { report, keyArea }: SideEvidence): string | null {
  if (area < 2 * keyArea) return null
  if (report.borderPart > 1.5) return 'It has spread along the border of the picture.'
  return area > 4 * keyArea ? `It is ${Math.round(area / keyArea)} times as large as on its keyframe.` : null
}

function jumped({ area, scale }: MaskEvidence, { trail, report }: SideEvidence): string | null {
  if (atBorder(report) || trail.jump < 3 || trail.jump < 0.35 * Math.sqrt(area)) return null
  return `It jumped ${Math.round(trail.jump * scale)} px from the frame before.`
}

function resized(_: MaskEvidence, { trail, report }: SideEvidence): string | null {
  const change = trail.growth
  if (atBorder(report)) return null
  if (change < 0.6) return `It shrank to ${Math.round(100 * change)} % of its size from the frame before.`
  if (change > 1.6) return `It grew to ${Math.round(100 * change)} % of its size from the frame before.`
  return null
}

/** There it may just be leaving, or coming in. */
function atBorder({ borderPart }: SideEvidence['report']): boolean {
  return borderPart > 0.3
}

function unlike({ alike }: MaskEvidence): string | null {
  return alike !== null && alike < 0.5 ? 'Its colours are unlike those on its keyframes.' : null
}

function vanishing({ area }: MaskEvidence, { keyArea }: SideEvidence): string | null {
  if (area >= 0.4 * keyArea) return null
  return `Only ${Math.max(1, Math.round((100 * area) / keyArea))} % of its size on the keyframe is left: it may be hidden.`
}

function spreading({ area }: MaskEvidence, { keyArea }: SideEvidence): string | null {
  return area > 2.2 * keyArea
    ? `It is ${(area / keyArea).toFixed(1)} times as large as on its keyframe: it may have spread.`
    : null
}

function moving({ area, scale }: MaskEvidence, { report, trail }: SideEvidence): string | null {
  const pace = trail.pace * scale
  if (trail.pace > 6 && trail.pace > 0.2 * Math.sqrt(area))
    return `It moves fast, ${Math.round(pace)} px a frame: blur or a wrong place.`
  return report.residual > 25
    ? 'It looks different from the frame before: blur, a turn, or something in front.'
    : null
}

function unsure(_: MaskEvidence, { report }: SideEvidence): string | null {
  return report.margin < 0.7 ? 'Its outline is hard to tell from the surroundings.' : null
}

function small({ area }: MaskEvidence): string | null {
  return area < 150 ? 'It is very small here.' : null
}
