/** Frames across the width of the timeline. Frame i covers the pixels from its left edge to the next frame's. */
export interface TimelineScale {
  /** Frame at the left edge; may be fractional. */
  readonly first: number
  readonly pixelsPerFrame: number
  /** CSS pixels. */
  readonly width: number
  readonly frameCount: number
}

const widestFrame = 48
const tickSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]

/** The whole clip, with a short one not stretched beyond reason. */
export function wholeScale(width: number, frameCount: number): TimelineScale {
  return within({ first: 0, pixelsPerFrame: 0, width, frameCount })
}

/** Left edge of a frame; its middle is at frame + 0.5. */
export function xOfFrame(scale: TimelineScale, frame: number): number {
  return (frame - scale.first) * scale.pixelsPerFrame
}

/** The frame under a pixel, never outside the clip. */
export function frameAtX(scale: TimelineScale, x: number): number {
  const frame = Math.floor(scale.first + x / scale.pixelsPerFrame)
  return Math.min(Math.max(0, frame), Math.max(0, scale.frameCount - 1))
}

/** Larger by `factor`, with what is under `x` staying there. */
export function zoomedScale(scale: TimelineScale, x: number, factor: number): TimelineScale {
  const under = scale.first + x / scale.pixelsPerFrame
  const pixelsPerFrame = Math.min(widestFrame, scale.pixelsPerFrame * factor)
  const zoomed = within({ ...scale, pixelsPerFrame })
  return within({ ...zoomed, first: under - x / zoomed.pixelsPerFrame })
}

export function scrolledScale(scale: TimelineScale, byPixels: number): TimelineScale {
  return within({ ...scale, first: scale.first + byPixels / scale.pixelsPerFrame })
}

/** Scrolled no more than it takes to have the frame in view, with a margin ahead of it. */
export function scaleShowing(scale: TimelineScale, frame: number): TimelineScale {
  const x = xOfFrame(scale, frame)
  if (x < 0) return scrolledScale(scale, x - scale.width * 0.1)
  const right = x + scale.pixelsPerFrame
  return right > scale.width ? scrolledScale(scale, right - scale.width * 0.9) : scale
}

/** Another width or number of frames: what showed the whole clip goes on doing so. */
export function resizedScale(scale: TimelineScale, width: number, frameCount: number): TimelineScale {
  if (scale.width <= 0 || scale.frameCount === 0) return wholeScale(width, frameCount)
  const whole = scale.pixelsPerFrame <= smallestFrame(scale.width, scale.frameCount) * 1.001
  return within({ ...scale, width, frameCount, pixelsPerFrame: whole ? 0 : scale.pixelsPerFrame })
}

/** Frames between numbered ticks that lie at least `room` pixels apart. */
export function tickStep(scale: TimelineScale, room: number): number {
  return tickSteps.find((step) => step * scale.pixelsPerFrame >= room) ?? tickSteps.at(-1)!
}

function smallestFrame(width: number, frameCount: number): number {
  return Math.min(widestFrame / 2, width / Math.max(1, frameCount))
}

function within(scale: TimelineScale): TimelineScale {
  const pixelsPerFrame = Math.max(scale.pixelsPerFrame, smallestFrame(scale.width, scale.frameCount))
  const last = Math.max(0, scale.frameCount - scale.width / pixelsPerFrame)
  return { ...scale, pixelsPerFrame, first: Math.min(Math.max(0, scale.first), last) }
}
