/** What lies over the picture in screen pixels: outlines under way, handles, the brush's tip. Always at screen weight. */
import type { Handle, Overlay, OverlayMark, OverlayPath } from '../editor/tool.ts'
import { screenPointAt, type ViewTransform } from '../editor/view-transform.ts'

const casing = 'rgb(0 0 0 / 0.7)'
const light = 'rgb(255 255 255 / 0.95)'
const accent = '#4c9aff'
const includes = '#008f5a'
const excludes = '#d03a2b'

/** Clears the canvas and draws; `pointerInside` false leaves the brush's ring away. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  overlay: Overlay,
  pointerInside: boolean,
): void {
  context.setTransform(view.pixelRatio, 0, 0, view.pixelRatio, 0, 0)
  context.clearRect(0, 0, view.width, view.height)
  for (const path of overlay.paths) drawPath(context, view, path)
  for (const mark of overlay.marks) drawMark(context, view, mark)
  if (overlay.hint && pointerInside) drawHint(context, view, overlay.hint)
  for (const handle of overlay.handles) drawHandle(context, view, handle)
  if (overlay.ring && pointerInside) drawRing(context, view, overlay.ring)
}

function drawPath(context: CanvasRenderingContext2D, view: ViewTransform, path: OverlayPath): void {
  const { points } = path
  if (points.length < 2) return
  context.beginPath()
  for (let i = 0; i < points.length; i += 2) {
    const { x, y } = screenPointAt(view, { x: points[i]!, y: points[i + 1]! })
    if (i === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  }
  if (path.closed) context.closePath()
  context.lineJoin = 'round'
  context.setLineDash([])
  context.strokeStyle = casing
  context.lineWidth = 4
  context.stroke()
  context.setLineDash(path.dashed ? [6, 5] : [])
  context.strokeStyle = path.color
  context.lineWidth = 2
  context.stroke()
  context.setLineDash([])
}

/** A scribble as wide as it counts, with its sign where it begins; a click is the sign alone. */
function drawMark(context: CanvasRenderingContext2D, view: ViewTransform, mark: OverlayMark): void {
  const { points, radius, inside } = mark
  const color = inside ? includes : excludes
  if (points.length > 2) {
    context.beginPath()
    for (let i = 0; i < points.length; i += 2) {
      const { x, y } = screenPointAt(view, { x: points[i]!, y: points[i + 1]! })
      if (i === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    }
    const width = Math.max(3, 2 * radius * view.zoom)
    context.lineCap = 'round'
    context.lineJoin = 'round'
    context.strokeStyle = casing
    context.lineWidth = inside ? width + 2 : 2
    context.stroke()
    context.setLineDash(inside ? [] : [1, width + 3])
    context.strokeStyle = color
    context.lineWidth = width
    context.stroke()
    context.setLineDash([])
    context.lineCap = 'butt'
  }
  const { x, y } = screenPointAt(view, { x: points[0]!, y: points[1]! })
  drawSign(context, x, y, inside, 7)
}

/** Beside the pointer, so that the place itself stays visible. */
function drawHint(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  hint: NonNullable<Overlay['hint']>,
): void {
  const { x, y } = screenPointAt(view, hint)
  drawSign(context, x + 14, y + 14, hint.inside, 6)
}

/** A plus on a green disc or a minus on a red square: told apart without colour. */
function drawSign(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  inside: boolean,
  radius: number,
): void {
  context.beginPath()
  if (inside) context.arc(x, y, radius, 0, 2 * Math.PI)
  else context.rect(x - radius + 0.5, y - radius + 0.5, 2 * radius - 1, 2 * radius - 1)
  context.fillStyle = inside ? includes : excludes
  context.fill()
  context.strokeStyle = casing
  context.lineWidth = 3
  context.stroke()
  context.strokeStyle = light
  context.lineWidth = 1.25
  context.stroke()
  context.lineWidth = 2
  const arm = radius - 3
  context.beginPath()
  context.moveTo(x - arm, y)
  context.lineTo(x + arm, y)
  if (inside) {
    context.moveTo(x, y - arm)
    context.lineTo(x, y + arm)
  }
  context.stroke()
}

function drawHandle(context: CanvasRenderingContext2D, view: ViewTransform, handle: Handle): void {
  const { x, y } = screenPointAt(view, handle)
  const radius = handle.kind === 'middle' ? 3 : handle.kind === 'first' ? 6 : 4.5
  context.beginPath()
  if (handle.kind === 'box') context.rect(x - radius, y - radius, 2 * radius, 2 * radius)
  else context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = handle.active ? accent : light
  context.globalAlpha = handle.kind === 'middle' && !handle.active ? 0.7 : 1
  context.fill()
  context.globalAlpha = 1
  context.strokeStyle = casing
  context.lineWidth = 1.5
  context.stroke()
}

function drawRing(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  ring: NonNullable<Overlay['ring']>,
): void {
  const { x, y } = screenPointAt(view, ring)
  const radius = Math.max(ring.radius * view.zoom, 1)
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.strokeStyle = casing
  context.lineWidth = 3
  context.stroke()
  context.setLineDash(ring.erases ? [4, 3] : [])
  context.strokeStyle = light
  context.lineWidth = 1.25
  context.stroke()
  context.setLineDash([])
  // A tip smaller than a few pixels would be lost without its cross.
  if (radius > 5) return
  context.beginPath()
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + dx * (radius + 3), y + dy * (radius + 3))
    context.lineTo(x + dx * (radius + 8), y + dy * (radius + 8))
  }
  context.strokeStyle = casing
  context.lineWidth = 3
  context.stroke()
  context.strokeStyle = light
  context.lineWidth = 1.25
  context.stroke()
}
