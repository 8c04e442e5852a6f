/**
 * A path that clings to edges between two places of a picture: intelligent scissors (Mortensen & Barrett, "Intelligent
 * Scissors for Image Composition", SIGGRAPH 1995). A step is cheap where the gradient is strong, where the Laplacian
 * crosses zero, and along the edge rather than across it; once trained, also where the colours to its left and right are
 * those that the accepted part has there. All within a window, so that the cost is bounded.
 */
import { type EdgeWindow, hasPixel } from './edge-window.ts'
import type { ImagePoint } from './point.ts'
import type { WireTraining } from './wire-training.ts'

/** Shares of the three costs in a step, as in the paper. */
const zeroShare = 0.43
const gradientShare = 0.43
const directionShare = 0.14
/** What the colours of both sides take of the whole, fully trained; the three costs keep the rest. */
const sidesShare = 0.4
/** Pixels from the wire at which its sides are looked at. */
const sideDistance = 3
/** Steps cost whole numbers up to this, so that a ring of buckets is the queue (Dial 1969). */
const stepCost = 255
const bucketCount = 512

const dx = [1, 1, 0, -1, -1, -1, 0, 1]
const dy = [0, 1, 1, 1, 0, -1, -1, -1]
const lengths = dx.map((x, i) => Math.hypot(x, dy[i]!))
const unitX = Float64Array.from(dx, (x, i) => x / lengths[i]!)
const unitY = Float64Array.from(dy, (y, i) => y / lengths[i]!)
/** What a step costs at most. Rounded by floor: Math.round made the whole search half as fast again. */
const mostOf = Float64Array.from(lengths, (length) => (stepCost / Math.SQRT2) * length)
const none = 255
/** By the cosine of an angle in 128ths: the angle as a share of a right one. */
const angleShares = Float32Array.from(
  { length: 130 },
  (_, i) => Math.acos(Math.min(1, i / 128)) / (Math.PI / 2),
)

export class LiveWire {
  readonly #edges: EdgeWindow
  /** What each pixel itself adds to a step onto it, in shares. */
  readonly #local: Float32Array
  readonly #directionShare: number
  /** Half of what the sides take; 0 and no odds where nothing was learned. */
  readonly #sideShare: number
  /** By pixel: the chance that its colour lies to the right. */
  readonly #rightOdds: Float32Array
  /** From a pixel to its left side, by step. */
  readonly #leftOffsets: readonly number[]
  readonly #seed: number
  /** Least cost from the seed to a pixel as far as it is known, and the step (0 to 7) that led to it. */
  readonly #costs: Uint32Array
  readonly #steps: Uint8Array
  readonly #settled: Uint8Array
  readonly #offsets: readonly number[]
  readonly #buckets: number[][] = Array.from({ length: bucketCount }, () => [])
  #queued = 0
  #cost = 0

  /** Throws RangeError when the seed's pixel does not lie in the window. */
  constructor(edges: EdgeWindow, seed: ImagePoint, training: WireTraining | null = null) {
    this.#edges = edges
    const { width, height, strength, crossing, colours } = edges
    const sides = training ? sidesShare * training.weight : 0
    this.#directionShare = (1 - sides) * directionShare
    this.#sideShare = sides / 2
    this.#local = new Float32Array(width * height)
    for (let i = 0; i < this.#local.length; i++)
      this.#local[i] = (1 - sides) * (zeroShare * (1 - crossing[i]!) + gradientShare * (1 - strength[i]!))
    this.#rightOdds = new Float32Array(training ? width * height : 0)
    if (training)
      for (let i = 0; i < this.#rightOdds.length; i++) this.#rightOdds[i] = training.rightOdds[colours[i]!]!
    this.#leftOffsets = dx.map(
      (_, i) => Math.round(-sideDistance * unitX[i]!) * width + Math.round(sideDistance * unitY[i]!),
    )
    const pixel = this.#pixelOf(seed)
    if (pixel === null) throw new RangeError('The live wire starts outside of its window.')
    this.#seed = pixel
    this.#costs = new Uint32Array(width * height).fill(0xffffffff)
    this.#steps = new Uint8Array(width * height).fill(none)
    this.#settled = new Uint8Array(width * height)
    this.#offsets = dx.map((step, i) => dy[i]! * width + step)
    this.#costs[pixel] = 0
    this.#push(pixel, 0)
  }

  /**
   * The pixels of the cheapest path from the seed to a point, as x0, y0, x1, y1, ... of their centres, both ends
   * included. Goes on with the search by at most `budget` pixels; null when the point is not reached yet, or lies
   * outside of the window. Asking again goes on from there.
   */
  pathTo(point: ImagePoint, budget = Number.POSITIVE_INFINITY): number[] | null {
    const target = this.#pixelOf(point)
    if (target === null) return null
    this.#search(target, budget)
    if (this.#settled[target] === 0) return null
    const path: number[] = []
    const { left, top, width } = this.#edges
    for (let pixel = target; ; pixel -= this.#offsets[this.#steps[pixel]!]!) {
      path.push(top + Math.floor(pixel / width) + 0.5, left + (pixel % width) + 0.5)
      if (pixel === this.#seed) return path.reverse()
    }
  }

  /** What a path of neighbouring pixels (as from `pathTo`) costs. Infinite where it leaves the window or jumps. */
  costOf(path: readonly number[]): number {
    const { width } = this.#edges
    let cost = 0
    for (let i = 2; i < path.length; i += 2) {
      const from = this.#pixelOf({ x: path[i - 2]!, y: path[i - 1]! })
      const to = this.#pixelOf({ x: path[i]!, y: path[i + 1]! })
      const step = dx.findIndex(
        (x, k) => path[i]! - path[i - 2]! === x && path[i + 1]! - path[i - 1]! === dy[k],
      )
      if (from === null || to === null || step < 0) return Number.POSITIVE_INFINITY
      const isInner = this.#isInner(from % width, Math.floor(from / width))
      cost += this.#stepCost(from, to, step, isInner)
    }
    return cost
  }

  #search(target: number, budget: number): void {
    const { width, height } = this.#edges
    for (let visited = 0; this.#settled[target] === 0 && this.#queued > 0 && visited < budget; ) {
      const bucket = this.#buckets[this.#cost % bucketCount]!
      const pixel = bucket.pop()
      if (pixel === undefined) {
        this.#cost++
        continue
      }
      this.#queued--
      if (this.#settled[pixel] === 1) continue
      this.#settled[pixel] = 1
      visited++
      const x = pixel % width
      const y = (pixel - x) / width
      const isInner = this.#isInner(x, y)
      for (let step = 0; step < 8; step++) {
        const toX = x + dx[step]!
        const toY = y + dy[step]!
        if (toX < 0 || toY < 0 || toX >= width || toY >= height) continue
        const to = pixel + this.#offsets[step]!
        if (this.#settled[to] === 1) continue
        const cost = this.#cost + this.#stepCost(pixel, to, step, isInner)
        if (cost >= this.#costs[to]!) continue
        this.#costs[to] = cost
        this.#steps[to] = step
        this.#push(to, cost)
      }
    }
  }

  #push(pixel: number, cost: number): void {
    this.#buckets[cost % bucketCount]!.push(pixel)
    this.#queued++
  }

  /** From 1: a step that cost nothing would let paths wander along an edge and back. */
  #stepCost(from: number, to: number, step: number, isInner: boolean): number {
    const { edgeX, edgeY } = this.#edges
    const stepX = unitX[step]!
    const stepY = unitY[step]!
    // Cosines of the angles between the step and the edges at both ends; an edge has no head or tail.
    const atFrom = Math.abs(edgeX[from]! * stepX + edgeY[from]! * stepY)
    const atTo = Math.abs(edgeX[to]! * stepX + edgeY[to]! * stepY)
    const across = angleShares[Math.floor(atFrom * 128 + 0.5)]! + angleShares[Math.floor(atTo * 128 + 0.5)]!
    const share = this.#local[to]! + (this.#directionShare / 2) * across
    let sides = 0
    if (this.#sideShare > 0) {
      // How little the colours are those of the left and the right side, 0 to 2.
      const offset = isInner ? this.#leftOffsets[step]! : 0
      sides = this.#sideShare * (this.#rightOdds[to + offset]! + 1 - this.#rightOdds[to - offset]!)
    }
    return Math.floor(mostOf[step]! * (share + sides) + 1.5)
  }

  /** Whether steps from there have both their sides in the window. */
  #isInner(x: number, y: number): boolean {
    const { width, height } = this.#edges
    return (
      x > sideDistance && y > sideDistance && x + sideDistance + 1 < width && y + sideDistance + 1 < height
    )
  }

  #pixelOf(point: ImagePoint): number | null {
    const { left, top, width } = this.#edges
    if (!hasPixel(this.#edges, point)) return null
    return (Math.floor(point.y) - top) * width + Math.floor(point.x) - left
  }
}
