/** Pure: what a sweep met on its way from its key mask to a frame. Errors are carried on, so the way tells of the end. */
import type { StepReport } from '../../../../native/index.ts'

export interface Trail {
  /** Frames since the key mask of which something is known. */
  readonly steps: number
  /** Sum over the way of how much each step changed the mask that flow had carried to it: 1 - IoU. */
  readonly drift: number
  /** Sum over the way of how unsure the outline was: 1 - margin. */
  readonly unsure: number
  readonly leastMargin: number
  /** How far the centroid lies from where its motion over the last steps leads, pixels of working size. */
  readonly jump: number
  /** The area as a part of that of the frame before. */
  readonly growth: number
  /** How far a step usually is here, pixels of working size. */
  readonly pace: number
}

export const trailStart: Trail = {
  steps: 0,
  drift: 0,
  unsure: 0,
  leastMargin: 1,
  jump: 0,
  growth: 1,
  pace: 0,
}

/** Over how many steps the usual motion is taken. */
const memory = 4

/** The trail one step on. `reports`: of the last steps, the newest last; null where a frame has none. */
export function longerTrail(before: Trail, reports: readonly (StepReport | null)[]): Trail {
  const report = reports.at(-1)
  if (!report) return { ...before, jump: 0, growth: 1 }
  const last = reports.at(-2)
  const steps = stepsOf(reports)
  const here = steps.at(-1)
  const past = steps.slice(0, -1)
  const usual: Step = past.length > 0 ? { x: middle(past, 'x'), y: middle(past, 'y') } : { x: 0, y: 0 }
  return {
    steps: before.steps + 1,
    drift: before.drift + 1 - report.priorOverlap,
    unsure: before.unsure + 1 - report.margin,
    leastMargin: Math.min(before.leastMargin, report.margin),
    jump: here && past.length > 1 ? Math.hypot(here.x - usual.x, here.y - usual.y) : 0,
    growth: last && last.area >= 1 ? report.area / last.area : 1,
    pace: steps.length > 0 ? Math.hypot(middle(steps, 'x'), middle(steps, 'y')) : 0,
  }
}

/** How many reports `longerTrail` looks at. */
export const trailMemory = memory + 2

interface Step {
  readonly x: number
  readonly y: number
}

function stepsOf(reports: readonly (StepReport | null)[]): Step[] {
  const steps: Step[] = []
  for (const [i, to] of reports.entries()) {
    const from = i > 0 ? reports[i - 1] : null
    if (from && to && from.area >= 1 && to.area >= 1)
      steps.push({ x: to.centroidX - from.centroidX, y: to.centroidY - from.centroidY })
  }
  return steps
}

function middle(steps: readonly Step[], axis: keyof Step): number {
  const values = steps.map((step) => step[axis]).sort((a, b) => a - b)
  return values[values.length >> 1] ?? 0
}
