/** Draws ghosts over the picture, each told apart by colour, by dashes and by its label. */
import type { Ring } from '../../main/core/records.ts'
import type { Ghost } from '../editor/ghosts.ts'
import { screenPointAt, type ViewTransform } from '../editor/view-transform.ts'

const casing = 'rgb(0 0 0 / 0.75)'
/** Both bright on any picture, and apart for every kind of colour vision. */
const looks = {
  left: { color: '#4fd8ff', dash: [9, 4] },
  right: { color: '#ffb000', dash: [2, 3] },
} as const

const paths = new WeakMap<readonly Ring[], Path2D>()

export function drawGhosts(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  ghosts: readonly Ghost[],
): void {
  for (const ghost of ghosts) {
    if (ghost.type === 'hidden') drawHidden(context, view, ghost)
    else drawSide(context, view, ghost)
  }
}

function drawSide(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  { type, rings, label }: Extract<Ghost, { type: 'left' | 'right' }>,
): void {
  const { color, dash } = looks[type]
  const path = pathOf(rings)
  const { zoom, panX, panY, pixelRatio } = view
  context.save()
  context.setTransform(pixelRatio * zoom, 0, 0, pixelRatio * zoom, pixelRatio * panX, pixelRatio * panY)
  context.lineJoin = 'round'
  context.strokeStyle = casing
  context.lineWidth = 4 / zoom
  context.stroke(path)
  context.strokeStyle = color
  context.lineWidth = 2 / zoom
  context.setLineDash(dash.map((length) => length / zoom))
  context.stroke(path)
  context.restore()
  const anchor = cornerOf(rings, type)
  if (anchor)
    drawLabel(context, screenPointAt(view, anchor), label, color, type === 'left' ? 'right' : 'left')
}

function drawHidden(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  { box: [x, y, width, height], color, label }: Extract<Ghost, { type: 'hidden' }>,
): void {
  const from = screenPointAt(view, { x, y })
  context.strokeStyle = casing
  context.lineWidth = 3
  context.strokeRect(from.x, from.y, width * view.zoom, height * view.zoom)
  context.setLineDash([3, 4])
  context.strokeStyle = color
  context.lineWidth = 1.5
  context.strokeRect(from.x, from.y, width * view.zoom, height * view.zoom)
  context.setLineDash([])
  drawLabel(context, from, label, '#ffffff', 'left')
}

function drawLabel(
  context: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number },
  text: string,
  color: string,
  align: 'left' | 'right',
): void {
  context.font = '600 11px "Inter Variable", system-ui, sans-serif'
  context.textBaseline = 'middle'
  const width = context.measureText(text).width + 10
  const left = align === 'left' ? at.x : at.x - width
  context.fillStyle = casing
  context.fillRect(left, at.y - 20, width, 16)
  context.fillStyle = color
  context.fillText(text, left + 5, at.y - 12)
}

/** Where the label goes: above the outline's left end for the left result, above its right end for the right one. */
function cornerOf(rings: readonly Ring[], type: 'left' | 'right'): { x: number; y: number } | null {
  let corner: { x: number; y: number } | null = null
  for (const ring of rings)
    for (let i = 0; i < ring.length; i += 2) {
      const [x, y] = [ring[i]!, ring[i + 1]!]
      if (!corner) corner = { x, y }
      else
        corner = {
          x: type === 'left' ? Math.min(corner.x, x) : Math.max(corner.x, x),
          y: Math.min(corner.y, y),
        }
    }
  return corner
}

function pathOf(rings: readonly Ring[]): Path2D {
  const known = paths.get(rings)
  if (known) return known
  const path = new Path2D()
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      if (i === 0) path.moveTo(ring[i]!, ring[i + 1]!)
      else path.lineTo(ring[i]!, ring[i + 1]!)
    }
    path.closePath()
  }
  paths.set(rings, path)
  return path
}
