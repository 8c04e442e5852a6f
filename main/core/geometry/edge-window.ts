/** What a live wire knows of a picture: for a window of it, where edges are, how strong, which way they run; and colours. */
import type { RgbaImage } from '../mask/regions.ts'
import type { Box } from '../records.ts'
import type { ImagePoint } from './point.ts'

export interface EdgeWindow {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Strength of the edge in each pixel, 0 to 1, rows of the window; 1 from the strongest hundredth on. */
  readonly strength: Float32Array
  /** 1 where the Laplacian crosses zero: the middle line of an edge. */
  readonly crossing: Uint8Array
  /** Unit vector along the edge; (0, 0) where there is none. */
  readonly edgeX: Float32Array
  readonly edgeY: Float32Array
  /** The colour of each pixel, a little blurred, as a number below `colourCount`. */
  readonly colours: Uint16Array
}

/** Of each of red, green and blue. */
export const colourBits = 4
export const colourCount = 1 << (3 * colourBits)

/** Jumps of the Laplacian smaller than this, of 255 grey levels, are noise. */
const leastCrossing = 3

/** The edges of the part of the window that lies in the picture. Of the three colours the one that changes most counts. */
export function edgesOf(image: RgbaImage, window: Box): EdgeWindow {
  const left = Math.max(0, window[0])
  const top = Math.max(0, window[1])
  const width = Math.max(0, Math.min(image.width, window[0] + window[2]) - left)
  const height = Math.max(0, Math.min(image.height, window[1] + window[3]) - top)
  const size = width * height
  const edgeX = new Float32Array(size)
  const edgeY = new Float32Array(size)
  const squares = new Float32Array(size)
  const grey = new Float32Array(size)
  const plane = new Float32Array(size)
  const colours = new Uint16Array(size)
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0, i = 0; y < height; y++) {
      let from = ((top + y) * image.width + left) * 4 + channel
      for (let x = 0; x < width; x++, i++, from += 4) plane[i] = image.data[from]!
    }
    blur(plane, width, height)
    for (let i = 0; i < size; i++) {
      grey[i]! += plane[i]! / 3
      colours[i] = (colours[i]! << colourBits) | (plane[i]! >> (8 - colourBits))
    }
    addGradient(plane, width, height, squares, edgeX, edgeY)
  }
  const strength = normalised(squares, edgeX, edgeY)
  const crossing = zeroCrossings(grey, width, height)
  return { left, top, width, height, strength, crossing, edgeX, edgeY, colours }
}

/** Whether the point's pixel lies in the window, `margin` pixels from its rim. */
export function hasPixel({ left, top, width, height }: EdgeWindow, point: ImagePoint, margin = 0): boolean {
  const x = Math.floor(point.x) - left
  const y = Math.floor(point.y) - top
  return x >= margin && y >= margin && x < width - margin && y < height - margin
}

/** The strongest edge within `reach` pixels, the nearer of two alike, at a pixel's centre; the point itself where there is none. */
export function edgeNear(edges: EdgeWindow, point: ImagePoint, reach: number): ImagePoint {
  let best = weakest
  let found = point
  for (let y = Math.floor(point.y - reach) + 0.5; y <= point.y + reach; y++) {
    for (let x = Math.floor(point.x - reach) + 0.5; x <= point.x + reach; x++) {
      const away = Math.hypot(x - point.x, y - point.y)
      if (away > reach || !hasPixel(edges, { x, y })) continue
      const pixel = (Math.floor(y) - edges.top) * edges.width + Math.floor(x) - edges.left
      const worth = edges.strength[pixel]! * (1 - (0.5 * away) / reach)
      if (worth <= best) continue
      best = worth
      found = { x, y }
    }
  }
  return found
}

/** Edges weaker than this pull nothing. */
const weakest = 0.1

/** Binomial, three by three, in place; the border is repeated. */
function blur(plane: Float32Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    const row = y * width
    let before = plane[row]!
    for (let x = 0; x < width; x++) {
      const here = plane[row + x]!
      const after = x + 1 < width ? plane[row + x + 1]! : here
      plane[row + x] = (before + 2 * here + after) / 4
      before = here
    }
  }
  const above = plane.slice(0, width)
  for (let y = 0; y < height; y++) {
    const row = y * width
    const below = y + 1 < height ? row + width : row
    for (let x = 0; x < width; x++) {
      const here = plane[row + x]!
      plane[row + x] = (above[x]! + 2 * here + plane[below + x]!) / 4
      above[x] = here
    }
  }
}

/** Takes this plane's Sobel gradient wherever it is larger than what is there, turned to run along the edge. */
function addGradient(
  plane: Float32Array,
  width: number,
  height: number,
  squares: Float32Array,
  edgeX: Float32Array,
  edgeY: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width
    const row = y * width
    const below = Math.min(height - 1, y + 1) * width
    for (let x = 0; x < width; x++) {
      const l = x > 0 ? x - 1 : x
      const r = x + 1 < width ? x + 1 : x
      const nw = plane[above + l]!
      const ne = plane[above + r]!
      const sw = plane[below + l]!
      const se = plane[below + r]!
      const gx = ne + 2 * plane[row + r]! + se - nw - 2 * plane[row + l]! - sw
      const gy = sw + 2 * plane[below + x]! + se - nw - 2 * plane[above + x]! - ne
      const square = gx * gx + gy * gy
      if (square <= squares[row + x]!) continue
      squares[row + x] = square
      edgeX[row + x] = -gy
      edgeY[row + x] = gx
    }
  }
}

/** Lengths as shares of the strongest hundredth; the vectors are made units. */
function normalised(squares: Float32Array, edgeX: Float32Array, edgeY: Float32Array): Float32Array {
  const strength = new Float32Array(squares.length)
  for (let i = 0; i < squares.length; i++) strength[i] = Math.sqrt(squares[i]!)
  const counts = new Uint32Array(256)
  // The Sobel kernels weigh up to 4 x 255 on each axis.
  const binsPerUnit = 255 / (4 * 255 * Math.SQRT2)
  for (let i = 0; i < strength.length; i++) counts[Math.min(255, Math.floor(strength[i]! * binsPerUnit))]!++
  let bin = 255
  for (let above = counts[bin]!; bin > 1 && above < strength.length / 100; ) above += counts[--bin]!
  const strong = (bin + 1) / binsPerUnit
  for (let i = 0; i < strength.length; i++) {
    const length = strength[i]!
    if (length > 0) {
      edgeX[i]! /= length
      edgeY[i]! /= length
    }
    strength[i] = Math.min(1, length / strong)
  }
  return strength
}

/** Of two neighbours with Laplacians of opposite sign the one nearer to zero. */
function zeroCrossings(grey: Float32Array, width: number, height: number): Uint8Array {
  const laplacian = new Float32Array(width * height)
  for (let y = 1; y + 1 < height; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      laplacian[i] = grey[i - 1]! + grey[i + 1]! + grey[i - width]! + grey[i + width]! - 4 * grey[i]!
    }
  }
  const crossing = new Uint8Array(width * height)
  for (let y = 0; y + 1 < height; y++) {
    for (let i = y * width; i < (y + 1) * width - 1; i++) {
      markCrossing(laplacian, i, i + 1, crossing)
      markCrossing(laplacian, i, i + width, crossing)
    }
  }
  return crossing
}

function markCrossing(laplacian: Float32Array, i: number, j: number, crossing: Uint8Array): void {
  const a = laplacian[i]!
  const b = laplacian[j]!
  if (a * b <= 0 && Math.abs(a - b) >= leastCrossing) crossing[Math.abs(a) <= Math.abs(b) ? i : j] = 1
}
