/** Paints one lane: confidence as a curve, what is not truth as hatching, key masks as diamonds. */
import type { MaskRecord } from '../../main/core/records.ts'
import {
  isLoneKey,
  type LaneFrames,
  type LaneRun,
  LaneState,
  laneRuns,
  type TimelineLane,
} from './timeline-lane.ts'
import type { TimelineColors, TimelinePicture } from './timeline-paint.ts'
import { xOfFrame } from './timeline-scale.ts'

type Context = CanvasRenderingContext2D

/** Confidence at and below which the curve lies at its lowest. */
const lowestShown = 0.2
const curveBottom = 4
const curveLeast = 2
const curveMost = 14

export function paintLane(
  context: Context,
  picture: TimelinePicture,
  lane: TimelineLane,
  frames: LaneFrames,
  top: number,
): void {
  const { scale, laneHeight, colors } = picture
  if (lane.selected) {
    context.fillStyle = colors.selected
    context.fillRect(0, top, scale.width, laneHeight)
  }
  context.fillStyle = colors.line
  context.fillRect(0, top + laneHeight - 1, scale.width, 1)
  context.globalAlpha = lane.object.hidden ? 0.4 : 1
  const byFrame = scale.pixelsPerFrame >= 1
  const runs = laneRuns(frames, scale.first, scale.pixelsPerFrame, Math.ceil(scale.width))
  for (const [i, run] of runs.entries()) {
    if (isLoneKey(run, runs[i - 1], runs[i + 1])) continue
    const left = byFrame ? xOfFrame(scale, run.start) : run.start
    const right = byFrame ? xOfFrame(scale, run.end) : run.end
    paintRun(context, picture, run, left, Math.max(left + 1, right), top)
  }
  const middle = Math.round(top + (laneHeight - 1) / 2)
  paintKeys(context, picture, lane, middle)
  const { suggestion } = picture
  if (suggestion?.objectId === lane.object.id)
    paintSuggestion(context, colors, xOfFrame(scale, suggestion.frameIndex + 0.5), middle)
  context.globalAlpha = 1
}

/** Height and hatching say again what colour says, for eyes that do not tell the colours apart. */
function paintRun(
  context: Context,
  { colors, laneHeight }: TimelinePicture,
  { state, confidence }: LaneRun,
  left: number,
  right: number,
  top: number,
): void {
  const bottom = top + laneHeight - curveBottom
  switch (state) {
    case LaneState.stale:
      hatch(context, colors.stale, left, right, bottom, 9)
      return
    case LaneState.proposed:
      paintProposed(context, colors.accent, left, right, bottom)
      return
    case LaneState.outside:
      context.fillStyle = colors.lineStrong
      for (let x = Math.ceil(left / 6) * 6; x < right; x += 6) context.fillRect(x, bottom - 1, 1.5, 1)
      return
    case LaneState.hidden:
      context.fillStyle = colors.textFaint
      for (let x = Math.ceil(left / 7) * 7; x < right; x += 7) context.fillRect(x, bottom - 3, 3, 3)
      return
    default: {
      const isComputed = state === LaneState.propagated || state === LaneState.doubtful
      paintCurve(context, colors, isComputed ? confidence : 255, left, right, bottom)
    }
  }
}

function paintCurve(
  context: Context,
  colors: TimelineColors,
  confidence: number,
  left: number,
  right: number,
  bottom: number,
): void {
  const height = curveHeight(confidence)
  const before = context.globalAlpha
  context.fillStyle = confidenceColor(colors, confidence)
  context.globalAlpha = before * 0.3
  context.fillRect(left, bottom - height, right - left, height)
  context.globalAlpha = before
  context.fillRect(left, bottom - height, right - left, 2)
}

/** Pixels above the lane's ground for a confidence in 255ths; one step of the curve is one of `laneRuns`. */
export function curveHeight(confidence: number): number {
  // Runs carry the lower end of their step.
  const share = (Math.min(255, confidence + 15) / 255 - lowestShown) / (1 - lowestShown)
  return Math.round(curveLeast + Math.max(0, share) * (curveMost - curveLeast))
}

export function confidenceColor(colors: TimelineColors, confidence: number): string {
  if (confidence >= 0.85 * 255 - 16) return colors.good
  return confidence >= 0.7 * 255 - 16 ? colors.warn : colors.bad
}

/** Found again and not accepted: hatched in a dashed frame. */
function paintProposed(context: Context, color: string, left: number, right: number, bottom: number): void {
  hatch(context, color, left, right, bottom, 11)
  context.strokeStyle = color
  context.lineWidth = 1
  context.setLineDash([4, 3])
  context.strokeRect(left + 0.5, bottom - 11.5, Math.max(1, right - left - 1), 11)
  context.setLineDash([])
}

function hatch(
  context: Context,
  color: string,
  left: number,
  right: number,
  bottom: number,
  height: number,
): void {
  context.save()
  context.beginPath()
  context.rect(left, bottom - height, right - left, height)
  context.clip()
  context.strokeStyle = color
  context.lineWidth = 1.25
  context.beginPath()
  for (let x = Math.floor((left - height) / 4) * 4; x < right + height; x += 4) {
    context.moveTo(x, bottom + 1)
    context.lineTo(x + height + 1, bottom - height)
  }
  context.stroke()
  context.restore()
}

/** A diamond a key mask: filled, half where only a part is truth, hollow where nothing is to be seen, ticked where confirmed. */
function paintKeys(
  context: Context,
  { scale, colors }: TimelinePicture,
  lane: TimelineLane,
  middle: number,
): void {
  let lastX = Number.NEGATIVE_INFINITY
  for (const key of lane.track.keys) {
    const x = xOfFrame(scale, key.frameIndex + 0.5)
    if (x < -8 || x > scale.width + 8 || x - lastX < 1) continue
    // Where keys crowd, slim bars keep their number visible.
    const crowded = x - lastX < 7
    lastX = x
    paintKey(context, colors, lane, key, x, middle + 0.5, crowded)
  }
}

function paintKey(
  context: Context,
  colors: TimelineColors,
  lane: TimelineLane,
  key: MaskRecord,
  x: number,
  y: number,
  crowded: boolean,
): void {
  const half = crowded ? 1.5 : 5
  const hollow = key.outside || key.shape === null
  const partial = key.marked !== undefined && !crowded
  diamond(context, x, y, half, half)
  context.fillStyle = hollow || partial ? colors.ground : lane.object.color
  context.fill()
  if (partial) {
    diamond(context, x, y, half, 0)
    context.fillStyle = lane.object.color
    context.fill()
    diamond(context, x, y, half, half)
  }
  const quiet = partial ? lane.object.color : colors.ground
  context.strokeStyle = hollow || lane.selected ? colors.text : quiet
  context.lineWidth = 1
  context.stroke()
  if (key.state === 'confirmed' && !crowded) paintTick(context, x, y, hollow ? colors.text : '#000')
}

function paintTick(context: Context, x: number, y: number, color: string): void {
  context.strokeStyle = color
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(x - 2, y)
  context.lineTo(x - 0.5, y + 1.5)
  context.lineTo(x + 2, y - 1.5)
  context.stroke()
}

/** A dashed diamond with a plus: a keyframe that is not there yet. */
function paintSuggestion(context: Context, colors: TimelineColors, x: number, middle: number): void {
  diamond(context, x, middle + 0.5, 7, 7, 7)
  context.fillStyle = colors.ground
  context.fill()
  context.strokeStyle = colors.accent
  context.lineWidth = 1.5
  context.setLineDash([2.5, 2])
  context.stroke()
  context.setLineDash([])
  context.fillStyle = colors.accent
  context.fillRect(x - 2.5, middle, 5, 1)
  context.fillRect(x - 0.5, middle - 2, 1, 5)
}

function diamond(
  context: Context,
  x: number,
  y: number,
  left: number,
  right: number,
  halfHeight = 5.5,
): void {
  context.beginPath()
  context.moveTo(x, y - halfHeight)
  context.lineTo(x + right, y)
  context.lineTo(x, y + halfHeight)
  context.lineTo(x - left, y)
  context.closePath()
}
