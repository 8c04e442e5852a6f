/**
 * Painting on a bitmap, for the drawing tools. Each painter sets pixels to `value` in place and returns the box that
 * it may have touched, so that only this part of a texture need be sent again; null when it touched nothing.
 * A pixel belongs to a figure when its centre (column + 0.5, row + 0.5) does.
 */
import type { Box, Ring } from '../records.ts'
import type { Bitmap } from './rle.ts'

export function emptyBitmap(width: number, height: number): Bitmap {
  return { width, height, data: new Uint8Array(width * height) }
}

export function copiedBitmap(bitmap: Bitmap): Bitmap {
  return { ...bitmap, data: bitmap.data.slice() }
}

/** Number of set pixels. */
export function bitmapArea(bitmap: Bitmap): number {
  const { data } = bitmap
  let area = 0
  for (let i = 0; i < data.length; i++) area += data[i]!
  return area
}

/** The smallest box around the set pixels; null when there is none. */
export function bitmapBounds(bitmap: Bitmap): Box | null {
  const { width, data } = bitmap
  const first = data.indexOf(1)
  if (first < 0) return null
  const y0 = Math.floor(first / width)
  const y1 = Math.floor(data.lastIndexOf(1) / width)
  let x0 = width - 1
  let x1 = 0
  for (let y = y0; y <= y1; y++) {
    const row = y * width
    for (let x = 0; x < x0; x++) if (data[row + x]) x0 = x
    for (let x = width - 1; x > x1; x--) if (data[row + x]) x1 = x
  }
  if (x1 < x0) x1 = x0
  return [x0, y0, x1 - x0 + 1, y1 - y0 + 1]
}

/** A part of the bitmap as one of its own; what of the box lies outside is 0. */
export function croppedBitmap(bitmap: Bitmap, box: Box): Bitmap {
  const [left, top, width, height] = box
  const data = new Uint8Array(width * height)
  const x0 = Math.max(0, left)
  const x1 = Math.min(bitmap.width, left + width)
  for (let y = Math.max(0, top); y < Math.min(bitmap.height, top + height) && x1 > x0; y++)
    data.set(
      bitmap.data.subarray(y * bitmap.width + x0, y * bitmap.width + x1),
      (y - top) * width + x0 - left,
    )
  return { width, height, data }
}

/** Writes the patch over the bitmap with its left top corner at (left, top); what lies outside is cut off. */
export function pastePatch(bitmap: Bitmap, patch: Bitmap, left: number, top: number): Box | null {
  const x0 = Math.max(0, left)
  const x1 = Math.min(bitmap.width, left + patch.width)
  const y0 = Math.max(0, top)
  const y1 = Math.min(bitmap.height, top + patch.height)
  if (x1 <= x0 || y1 <= y0) return null
  for (let y = y0; y < y1; y++) {
    const from = (y - top) * patch.width - left
    bitmap.data.set(patch.data.subarray(from + x0, from + x1), y * bitmap.width + x0)
  }
  return [x0, y0, x1 - x0, y1 - y0]
}

/** Box in image space, edges anywhere; a pixel counts when its centre lies inside. */
export function fillBox(
  bitmap: Bitmap,
  box: readonly [number, number, number, number],
  value: 0 | 1,
): Box | null {
  const [x, y, width, height] = box
  const x0 = Math.max(0, Math.ceil(Math.min(x, x + width) - 0.5))
  const x1 = Math.min(bitmap.width, Math.ceil(Math.max(x, x + width) - 0.5))
  const y0 = Math.max(0, Math.ceil(Math.min(y, y + height) - 0.5))
  const y1 = Math.min(bitmap.height, Math.ceil(Math.max(y, y + height) - 0.5))
  if (x1 <= x0 || y1 <= y0) return null
  for (let row = y0; row < y1; row++)
    bitmap.data.fill(value, row * bitmap.width + x0, row * bitmap.width + x1)
  return [x0, y0, x1 - x0, y1 - y0]
}

/** Fills the rings by the even-odd rule (a ring inside another is a hole). Rings close by themselves. */
export function fillRings(bitmap: Bitmap, rings: readonly Ring[], value: 0 | 1): Box | null {
  const { width, height, data } = bitmap
  const crossings = rowCrossings(rings, height)
  let x0 = width
  let x1 = 0
  let y0 = height
  let y1 = 0
  for (let y = 0; y < height; y++) {
    const start = crossings.starts[y]!
    const end = crossings.starts[y + 1]!
    if (end === start) continue
    const row = crossings.xs.subarray(start, end).sort()
    for (let i = 0; i + 1 < row.length; i += 2) {
      const from = Math.max(0, Math.ceil(row[i]! - 0.5))
      const to = Math.min(width, Math.ceil(row[i + 1]! - 0.5))
      if (to <= from) continue
      data.fill(value, y * width + from, y * width + to)
      if (from < x0) x0 = from
      if (to > x1) x1 = to
      if (y < y0) y0 = y
      y1 = y + 1
    }
  }
  return y1 === 0 ? null : [x0, y0, x1 - x0, y1 - y0]
}

/** Where the rings' edges cross the middle of each row: `xs[starts[y] .. starts[y + 1]]`, unsorted. */
function rowCrossings(rings: readonly Ring[], height: number): { starts: Uint32Array; xs: Float64Array } {
  const starts = new Uint32Array(height + 1)
  forEachEdge(rings, height, (_x, _y, _slope, from, to) => {
    for (let y = from; y < to; y++) starts[y + 1]!++
  })
  for (let y = 0; y < height; y++) starts[y + 1]! += starts[y]!
  const xs = new Float64Array(starts[height]!)
  const next = starts.slice()
  forEachEdge(rings, height, (x, y, slope, from, to) => {
    for (let row = from; row < to; row++) xs[next[row]!++] = x + (row + 0.5 - y) * slope
  })
  return { starts, xs }
}

/** Each edge from its upper end (x, y) with its slope dx/dy and the rows [from, to) whose middle it crosses. */
function forEachEdge(
  rings: readonly Ring[],
  height: number,
  visit: (x: number, y: number, slope: number, from: number, to: number) => void,
): void {
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const j = i + 3 < ring.length ? i + 2 : 0
      const down = ring[i + 1]! <= ring[j + 1]!
      const x0 = down ? ring[i]! : ring[j]!
      const y0 = down ? ring[i + 1]! : ring[j + 1]!
      const x1 = down ? ring[j]! : ring[i]!
      const y1 = down ? ring[j + 1]! : ring[i + 1]!
      const from = Math.max(0, Math.ceil(y0 - 0.5))
      const to = Math.min(height, Math.ceil(y1 - 0.5))
      if (from < to) visit(x0, y0, (x1 - x0) / (y1 - y0), from, to)
    }
  }
}

/** A place of the brush's tip in image space, with its radius in pixels. */
export interface BrushPoint {
  readonly x: number
  readonly y: number
  readonly radius: number
}

/**
 * What a round tip covers on its way between two places, its radius changing evenly: the convex hull of two discs.
 * The pixels under both centres are always painted, and for tips under a pixel those under the way, so that the
 * thinnest brush draws an unbroken line.
 */
export function strokeBrush(bitmap: Bitmap, from: BrushPoint, to: BrushPoint, value: 0 | 1): Box | null {
  const { width, height, data } = bitmap
  const quad = tangentQuad(from, to)
  const top = Math.max(0, Math.floor(Math.min(from.y - from.radius, to.y - to.radius)))
  const bottom = Math.min(height, Math.ceil(Math.max(from.y + from.radius, to.y + to.radius)))
  const touched = { x0: width, x1: 0, y0: height, y1: 0 }
  for (let y = top; y < bottom; y++) {
    const span = { left: Number.POSITIVE_INFINITY, right: Number.NEGATIVE_INFINITY }
    widenByDisc(span, from, y + 0.5)
    widenByDisc(span, to, y + 0.5)
    if (quad) widenByQuad(span, quad, y + 0.5)
    const start = Math.max(0, Math.ceil(span.left - 0.5))
    const end = Math.min(width, Math.floor(span.right - 0.5) + 1)
    if (end <= start) continue
    data.fill(value, y * width + start, y * width + end)
    if (start < touched.x0) touched.x0 = start
    if (end > touched.x1) touched.x1 = end
    if (y < touched.y0) touched.y0 = y
    if (y + 1 > touched.y1) touched.y1 = y + 1
  }
  paintThinLine(bitmap, from, to, value, touched)
  return touched.y1 === 0 ? null : [touched.x0, touched.y0, touched.x1 - touched.x0, touched.y1 - touched.y0]
}

interface Touched {
  x0: number
  x1: number
  y0: number
  y1: number
}

function paintThinLine(
  bitmap: Bitmap,
  from: BrushPoint,
  to: BrushPoint,
  value: 0 | 1,
  touched: Touched,
): void {
  const thin = Math.min(from.radius, to.radius) < 0.75
  const steps = thin ? Math.max(1, Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y))) : 1
  for (let i = 0; i <= steps; i++) {
    const x = Math.floor((from.x * (steps - i) + to.x * i) / steps)
    const y = Math.floor((from.y * (steps - i) + to.y * i) / steps)
    if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) continue
    bitmap.data[y * bitmap.width + x] = value
    if (x < touched.x0) touched.x0 = x
    if (x >= touched.x1) touched.x1 = x + 1
    if (y < touched.y0) touched.y0 = y
    if (y >= touched.y1) touched.y1 = y + 1
  }
}

interface Span {
  left: number
  right: number
}

function widenByDisc(span: Span, disc: BrushPoint, y: number): void {
  const rest = disc.radius * disc.radius - (y - disc.y) * (y - disc.y)
  if (rest < 0) return
  const half = Math.sqrt(rest)
  if (disc.x - half < span.left) span.left = disc.x - half
  if (disc.x + half > span.right) span.right = disc.x + half
}

function widenByQuad(span: Span, quad: readonly number[], y: number): void {
  for (let i = 0; i < 8; i += 2) {
    const j = (i + 2) & 7
    const y0 = quad[i + 1]!
    const y1 = quad[j + 1]!
    if (y0 <= y === y1 <= y) continue
    const x = quad[i]! + ((y - y0) * (quad[j]! - quad[i]!)) / (y1 - y0)
    if (x < span.left) span.left = x
    if (x > span.right) span.right = x
  }
}

/** Corners where the two common outer tangents touch the discs; null when one disc holds the other. */
function tangentQuad(a: BrushPoint, b: BrushPoint): number[] | null {
  const distance = Math.hypot(b.x - a.x, b.y - a.y)
  if (distance <= Math.abs(a.radius - b.radius)) return null
  const ux = (b.x - a.x) / distance
  const uy = (b.y - a.y) / distance
  const cos = (a.radius - b.radius) / distance
  const sin = Math.sqrt(1 - cos * cos)
  const leftX = ux * cos - uy * sin
  const leftY = uy * cos + ux * sin
  const rightX = ux * cos + uy * sin
  const rightY = uy * cos - ux * sin
  return [
    a.x + a.radius * leftX,
    a.y + a.radius * leftY,
    b.x + b.radius * leftX,
    b.y + b.radius * leftY,
    b.x + b.radius * rightX,
    b.y + b.radius * rightY,
    a.x + a.radius * rightX,
    a.y + a.radius * rightY,
  ]
}
