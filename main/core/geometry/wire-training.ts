/**
 * What the accepted part of an outline teaches a live wire about the rest: which colours lie to its left and which to its
 * right ("on-the-fly training" of Mortensen & Barrett, "Interactive Segmentation with Intelligent Scissors", 1998).
 * Theirs also learns how strong the edge is; on stripes and on films that made the wire worse, so ours does not.
 */
import { colourBits, colourCount, type EdgeWindow } from './edge-window.ts'

/** Pixels of outline, from its end, that teach; with fewer the training counts for less. */
export const trainingLength = 64
/** How far from the outline colours are taken, in pixels. */
const sampleDistances = [2, 4, 6, 8]
/** Pixels before and after one that tell which way the outline runs there. */
const tangentReach = 2
/** Counts that every colour starts with on both sides: what was seen once or never says little. */
const priorCount = 0.2

export interface WireTraining {
  /** 0 to 1: by how many pixels of outline have taught. */
  readonly weight: number
  /** By colour (of an `EdgeWindow`): the chance that it lies to the right rather than to the left. */
  readonly rightOdds: Float32Array
}

/**
 * Learns from the last pixels of a line (x0, y0, x1, y1, ... as clicked and followed) as far back as they lie in the
 * window. Null where there is nothing to learn from: a single vertex, or a line that ends outside.
 */
export function trainedOn(edges: EdgeWindow, line: readonly number[]): WireTraining | null {
  const left = new Float32Array(colourCount)
  const right = new Float32Array(colourCount)
  const path = lastPixels(line, trainingLength + 1)
  const count = path.length / 2
  let taught = 0
  for (let i = 0; i + 1 < count && colourAt(edges, path[2 * i]!, path[2 * i + 1]!) >= 0; i++, taught++) {
    const later = 2 * Math.max(0, i - tangentReach)
    const earlier = 2 * Math.min(count - 1, i + tangentReach)
    const alongX = path[later]! - path[earlier]!
    const alongY = path[later + 1]! - path[earlier + 1]!
    const length = Math.hypot(alongX, alongY)
    if (length === 0) continue
    for (const distance of sampleDistances) {
      const awayX = Math.round((alongY / length) * distance)
      const awayY = Math.round((-alongX / length) * distance)
      addColour(left, colourAt(edges, path[2 * i]! + awayX, path[2 * i + 1]! + awayY))
      addColour(right, colourAt(edges, path[2 * i]! - awayX, path[2 * i + 1]! - awayY))
    }
  }
  if (taught === 0) return null
  smooth(left)
  smooth(right)
  const rightOdds = right.map((seen, i) => (seen + priorCount) / (seen + left[i]! + 2 * priorCount))
  return { weight: taught / trainingLength, rightOdds }
}

/** Up to so many pixels of a line, from its end back, each a neighbour of the one before. */
function lastPixels(line: readonly number[], most: number): number[] {
  const path: number[] = []
  for (let i = line.length - 2; i >= 2; i -= 2) {
    const x = Math.floor(line[i]!)
    const y = Math.floor(line[i + 1]!)
    const byX = Math.floor(line[i - 2]!) - x
    const byY = Math.floor(line[i - 1]!) - y
    const steps = Math.max(Math.abs(byX), Math.abs(byY))
    for (let step = path.length === 0 ? 0 : 1; step <= steps; step++) {
      if (path.length === 2 * most) return path
      path.push(Math.round(x + (step / steps) * byX), Math.round(y + (step / steps) * byY))
    }
  }
  return path
}

/** -1 outside of the window. */
function colourAt({ left, top, width, height, colours }: EdgeWindow, x: number, y: number): number {
  if (x < left || y < top || x >= left + width || y >= top + height) return -1
  return colours[(y - top) * width + x - left]!
}

function addColour(counts: Float32Array, colour: number): void {
  if (colour >= 0) counts[colour]! += 1 / sampleDistances.length
}

/** Binomial over neighbouring colours, along blue, green and red; what would leave at either end stays there. */
function smooth(counts: Float32Array): void {
  const levels = 1 << colourBits
  for (let stride = 1; stride < colourCount; stride *= levels) {
    const old = counts.slice()
    for (let i = 0; i < colourCount; i++) {
      const level = Math.floor(i / stride) % levels
      const below = old[level > 0 ? i - stride : i]!
      const above = old[level + 1 < levels ? i + stride : i]!
      counts[i] = (below + 2 * old[i]! + above) / 4
    }
  }
}
