/** Paints the timeline: ruler above, a lane an object below. Sizes are CSS pixels; the context is already scaled. */

import type { ObjectId } from '../../main/core/records.ts'
import { formatTime, shownTimeUs } from '../../main/core/track/frame-table.ts'
import type { FrameSpan } from '../../main/core/track/track.ts'
import type { LaneFrames, TimelineLane } from './timeline-lane.ts'
import { paintLane } from './timeline-lane-paint.ts'
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
  /** Frames are asked for only of lanes in view. */
  readonly lanes: readonly { readonly lane: TimelineLane; frames(): LaneFrames }[]
  readonly timesUs: Float64Array | null
  readonly playhead: number
  readonly range: FrameSpan | null
  /** The running propagation: where it is, and which frames it has made; null: none. */
  readonly run: { readonly frameIndex: number | null; readonly frames: ReadonlySet<number> } | null
  /** First frames of new shots, ascending. */
  readonly cuts: readonly number[]
  /** The suggested next keyframe, on the lane of its object; null: none that pays. */
  readonly suggestion: { readonly objectId: ObjectId; readonly frameIndex: number } | null
  readonly colors: TimelineColors
}

type Context = CanvasRenderingContext2D

const frameNumber = new Intl.NumberFormat('en-US')

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
      paintLane(context, picture, item.lane, item.frames(), top)
  })
  context.restore()
  paintRuler(context, picture)
  paintCuts(context, picture)
  paintRun(context, picture)
  paintPlayhead(context, picture)
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
    const top = major ? 2 : rulerHeight - 6
    context.fillRect(x, top, 1, rulerHeight - top)
    if (!major || x < -100) continue
    const number = frameNumber.format(frame)
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

/** Where shots meet: a line down the lanes and a notch in the ruler. */
function paintCuts(context: Context, { cuts, scale, height, rulerHeight, colors }: TimelinePicture): void {
  for (const cut of cuts) {
    const x = Math.round(xOfFrame(scale, cut))
    if (x < -6 || x > scale.width + 6) continue
    context.fillStyle = colors.text
    context.beginPath()
    context.moveTo(x - 5, rulerHeight)
    context.lineTo(x, rulerHeight - 7)
    context.lineTo(x + 5, rulerHeight)
    context.fill()
    context.fillStyle = colors.lineStrong
    for (let y = rulerHeight; y < height; y += 6) context.fillRect(x, y, 1, 3)
  }
}

/** The frames that a run has made, as a strip below the ruler's numbers, and a mark where it is. */
function paintRun(context: Context, { run, scale, height, rulerHeight, colors }: TimelinePicture): void {
  if (!run) return
  context.fillStyle = colors.accent
  for (const [left, right] of madeStrips(run.frames, scale))
    context.fillRect(left, rulerHeight - 4, right - left, 3)
  if (run.frameIndex === null) return
  const x = Math.round(xOfFrame(scale, run.frameIndex + 0.5))
  context.fillStyle = colors.warn
  context.fillRect(x - 1, rulerHeight - 6, 2, height)
  context.beginPath()
  context.arc(x, rulerHeight - 5, 4, 0, 2 * Math.PI)
  context.fill()
}

/** The frames as stretches of pixels in view, joined: a run makes thousands of them, in no order. */
export function madeStrips(
  frames: Iterable<number>,
  scale: TimelineScale,
): (readonly [left: number, right: number])[] {
  const columns = new Uint8Array(Math.ceil(scale.width))
  for (const frame of frames) {
    const left = Math.floor(xOfFrame(scale, frame))
    const right = Math.max(left + 1, Math.floor(xOfFrame(scale, frame + 1)))
    if (right > 0) columns.fill(1, Math.max(0, left), right)
  }
  const strips: (readonly [number, number])[] = []
  for (let left = columns.indexOf(1); left >= 0; ) {
    const end = columns.indexOf(0, left)
    const right = end < 0 ? columns.length : end
    strips.push([left, right])
    left = columns.indexOf(1, right)
  }
  return strips
}

function paintPlayhead(
  context: Context,
  { scale, height, rulerHeight, colors, playhead }: TimelinePicture,
): void {
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
