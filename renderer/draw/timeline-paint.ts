/** Paints the timeline: ruler above, a lane an object below. Sizes are CSS pixels; the context is already scaled. */
import { formatTime, shownTimeUs } from '../../main/core/track/frame-table.ts'
import type { FrameSpan } from '../../main/core/track/track.ts'
import { type LaneFrames, LaneState, laneRuns, type TimelineLane } from './timeline-lane.ts'
import { frameAtX, type TimelineScale, tickStep, xOfFrame } from './timeline-scale.ts'

/** The window's colours, read from its tokens, so that themes need nothing here. */
export interface TimelineColors {
  readonly ground: string
  readonly ruler: string
  readonly line: string
  readonly lineStrong: string
  readonly text: string
  readonly textFaint: string
  readonly accent: string
  readonly onAccent: string
  readonly selected: string
  readonly good: string
  readonly warn: string
  readonly bad: string
  readonly stale: string
  readonly font: string
}

export interface TimelinePicture {
  readonly scale: TimelineScale
  readonly height: number
  readonly rulerHeight: number
  readonly laneHeight: number
  /** Pixels of the lanes hidden above the ruler. */
  readonly scrollTop: number
  readonly lanes: readonly { readonly lane: TimelineLane; readonly frames: LaneFrames }[]
  readonly timesUs: Float64Array | null
  readonly playhead: number
  readonly range: FrameSpan | null
  /** Where a running job is; null: none. */
  readonly jobFrame: number | null
  readonly colors: TimelineColors
}

type Context = CanvasRenderingContext2D

export function paintTimeline(context: Context, picture: TimelinePicture): void {
  const { scale, height, colors, rulerHeight } = picture
  context.fillStyle = colors.ground
  context.fillRect(0, 0, scale.width, height)
  context.save()
  context.beginPath()
  context.rect(0, rulerHeight, scale.width, height - rulerHeight)
  context.clip()
  paintRange(context, picture, rulerHeight, height)
  picture.lanes.forEach((item, row) => {
    const top = rulerHeight + row * picture.laneHeight - picture.scrollTop
    if (top < height && top + picture.laneHeight > rulerHeight)
      paintLane(context, picture, item.lane, item.frames, top)
  })
  context.restore()
  paintRuler(context, picture)
  paintPlayhead(context, picture)
}

function paintLane(
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
  const middle = Math.round(top + (laneHeight - 1) / 2)
  for (const run of laneRuns(frames, scale.first, scale.pixelsPerFrame, Math.ceil(scale.width))) {
    const left = scale.pixelsPerFrame >= 1 ? xOfFrame(scale, run.start) : run.start
    const right = scale.pixelsPerFrame >= 1 ? xOfFrame(scale, run.end) : run.end
    paintRun(context, picture, run.state, run.confidence, left, right, middle)
  }
  paintKeys(context, picture, lane, middle)
  context.globalAlpha = 1
}

/** Height and hatching say again what colour says, for eyes that do not tell the colours apart. */
function paintRun(
  context: Context,
  { colors }: TimelinePicture,
  state: number,
  confidence: number,
  left: number,
  right: number,
  middle: number,
): void {
  if (state === LaneState.stale) {
    hatch(context, colors.stale, left, right, middle)
    return
  }
  if (state === LaneState.outside) {
    context.fillStyle = colors.lineStrong
    for (let x = Math.ceil(left / 6) * 6; x < right; x += 6) context.fillRect(x, middle, 1.5, 1)
    return
  }
  const thickness = state === LaneState.doubtful ? 5 : 3
  context.fillStyle = confidenceColor(
    colors,
    state === LaneState.propagated || state === LaneState.doubtful ? confidence : 255,
  )
  context.fillRect(left, middle - thickness / 2 + 0.5, Math.max(1, right - left), thickness)
}

export function confidenceColor(colors: TimelineColors, confidence: number): string {
  if (confidence >= 0.85 * 255 - 16) return colors.good
  return confidence >= 0.7 * 255 - 16 ? colors.warn : colors.bad
}

function hatch(context: Context, color: string, left: number, right: number, middle: number): void {
  context.save()
  context.beginPath()
  context.rect(left, middle - 3.5, Math.max(1, right - left), 8)
  context.clip()
  context.strokeStyle = color
  context.lineWidth = 1.25
  context.beginPath()
  for (let x = Math.floor((left - 8) / 4) * 4; x < right + 8; x += 4) {
    context.moveTo(x, middle + 5)
    context.lineTo(x + 9, middle - 4)
  }
  context.stroke()
  context.restore()
}

/** A diamond a key mask: filled, half where only a part is truth, hollow where the object leaves, ticked where confirmed. */
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
    const half = crowded ? 1.5 : 5
    const partial = key.marked !== undefined && !crowded
    diamond(context, x, middle + 0.5, half, half)
    context.fillStyle = key.outside || partial ? colors.ground : lane.object.color
    context.fill()
    if (partial) {
      diamond(context, x, middle + 0.5, half, 0)
      context.fillStyle = lane.object.color
      context.fill()
      diamond(context, x, middle + 0.5, half, half)
    }
    const quiet = partial ? lane.object.color : colors.ground
    context.strokeStyle = key.outside || lane.selected ? colors.text : quiet
    context.lineWidth = 1
    context.stroke()
    if (key.state === 'confirmed' && !crowded) paintTick(context, x, middle + 0.5)
  }
}

function diamond(context: Context, x: number, y: number, left: number, right: number): void {
  context.beginPath()
  context.moveTo(x, y - 5.5)
  context.lineTo(x + right, y)
  context.lineTo(x, y + 5.5)
  context.lineTo(x - left, y)
  context.closePath()
}

function paintTick(context: Context, x: number, y: number): void {
  context.strokeStyle = '#000'
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(x - 2, y)
  context.lineTo(x - 0.5, y + 1.5)
  context.lineTo(x + 2, y - 1.5)
  context.stroke()
}

function paintRuler(context: Context, picture: TimelinePicture): void {
  const { scale, rulerHeight, colors, timesUs } = picture
  context.fillStyle = colors.ruler
  context.fillRect(0, 0, scale.width, rulerHeight)
  if (picture.range) paintRange(context, picture, 0, rulerHeight)
  const step = tickStep(scale, 120)
  const minor = Math.max(1, step / (step % 5 === 0 ? 5 : 2))
  const end = frameAtX(scale, scale.width)
  context.font = `11px ${colors.font}`
  context.textBaseline = 'middle'
  for (let frame = Math.floor(scale.first / step) * step; frame <= end; frame += minor) {
    const x = Math.round(xOfFrame(scale, frame + 0.5))
    const major = frame % step === 0
    context.fillStyle = major ? colors.lineStrong : colors.line
    context.fillRect(x, major ? 2 : rulerHeight - 6, 1, rulerHeight)
    if (!major || x < -100) continue
    const number = frame.toLocaleString('en-US')
    context.fillStyle = colors.text
    context.fillText(number, x + 5, rulerHeight / 2)
    if (!timesUs || frame >= timesUs.length) continue
    const numberWidth = context.measureText(number).width
    context.fillStyle = colors.textFaint
    context.fillText(formatTime(shownTimeUs(timesUs, frame)), x + 12 + numberWidth, rulerHeight / 2)
  }
  context.fillStyle = colors.line
  context.fillRect(0, rulerHeight - 1, scale.width, 1)
}

function paintRange(
  context: Context,
  { range, scale, colors }: TimelinePicture,
  top: number,
  bottom: number,
): void {
  if (!range) return
  const left = xOfFrame(scale, range.firstFrame)
  context.globalAlpha = 0.18
  context.fillStyle = colors.accent
  context.fillRect(left, top, xOfFrame(scale, range.lastFrame + 1) - left, bottom - top)
  context.globalAlpha = 1
}

function paintPlayhead(
  context: Context,
  { scale, height, rulerHeight, colors, playhead, jobFrame }: TimelinePicture,
): void {
  if (jobFrame !== null) {
    context.fillStyle = colors.warn
    context.fillRect(Math.round(xOfFrame(scale, jobFrame + 0.5)), rulerHeight - 4, 2, height)
  }
  const x = xOfFrame(scale, playhead + 0.5)
  // The frame's whole width is lit where it has one, so that it is clear which frame the line means.
  if (scale.pixelsPerFrame > 3) {
    context.globalAlpha = 0.12
    context.fillStyle = colors.accent
    context.fillRect(xOfFrame(scale, playhead), rulerHeight, scale.pixelsPerFrame, height)
    context.globalAlpha = 1
  }
  context.fillStyle = colors.accent
  context.fillRect(Math.round(x - 0.75), 0, 1.5, height)
  context.beginPath()
  context.moveTo(x - 6, 0)
  context.lineTo(x + 6, 0)
  context.lineTo(x + 6, rulerHeight - 9)
  context.lineTo(x, rulerHeight - 2)
  context.lineTo(x - 6, rulerHeight - 9)
  context.fill()
}
