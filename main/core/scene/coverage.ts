/** Uncovered pixels between two stretches from which on it is cheaper to visit them apart. */
const gapLimit = 8

/**
 * Exact anti-aliasing: the share of each pixel that a polygon covers, by accumulating signed areas along its edges
 * and summing them along each row (the method of font rasterisers). Overlapping outlines of one sweep unite.
 */
export class Coverage {
  readonly width: number
  readonly height: number
  readonly #stride: number
  readonly #areas: Float32Array
  readonly #row: Float32Array
  #left = Infinity
  #right = -Infinity
  #top = Infinity
  #bottom = -Infinity

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.#stride = width + 2
    this.#areas = new Float32Array(this.#stride * height)
    this.#row = new Float32Array(width)
  }

  /** Adds a closed outline: x0, y0, x1, y1, ... in pixels, turned so that all outlines count the same way. */
  add(points: ArrayLike<number>): void {
    const count = points.length
    if (count < 6) return
    const sign = signedArea(points) < 0 ? -1 : 1
    let x0 = points[count - 2]!
    let y0 = points[count - 1]!
    for (let i = 0; i < count; i += 2) {
      const x1 = points[i]!
      const y1 = points[i + 1]!
      this.#grow(x1, y1)
      this.#edge(x0, y0, x1, y1, sign)
      x0 = x1
      y0 = y1
    }
  }

  /** Visits stretches of each touched row with coverage in [0, 1] for columns [x0, x1), then forgets everything added. */
  sweep(visit: (y: number, x0: number, x1: number, coverage: Float32Array) => void): void {
    const x0 = Math.max(0, Math.floor(this.#left))
    const x1 = Math.min(this.width, Math.ceil(this.#right) + 1)
    const y0 = Math.max(0, Math.floor(this.#top))
    const y1 = Math.min(this.height, Math.ceil(this.#bottom) + 1)
    for (let y = y0; y < y1 && x1 > x0; y++) this.#sweepRow(y, x0, x1, visit)
    this.#left = this.#top = Infinity
    this.#right = this.#bottom = -Infinity
  }

  /** Gaps are left out, so that scattered blades of grass cost no more than they cover. */
  #sweepRow(y: number, x0: number, x1: number, visit: Parameters<Coverage['sweep']>[0]): void {
    const areas = this.#areas
    const row = this.#row
    const start = y * this.#stride
    let sum = 0
    let first = -1
    let last = x0
    for (let x = x0; x < x1; x++) {
      sum += areas[start + x]!
      const cover = Math.min(Math.abs(sum), 1)
      row[x] = cover
      if (cover > 0.002) {
        if (first < 0) first = x
        last = x + 1
      } else if (first >= 0 && x - last > gapLimit) {
        visit(y, first, last, row)
        first = -1
      }
    }
    areas.fill(0, start + x0, start + Math.min(this.#stride, x1 + 2))
    if (first >= 0) visit(y, first, last, row)
  }

  #grow(x: number, y: number): void {
    if (x < this.#left) this.#left = x
    if (x > this.#right) this.#right = x
    if (y < this.#top) this.#top = y
    if (y > this.#bottom) this.#bottom = y
  }

  #edge(ax: number, ay: number, bx: number, by: number, sign: number): void {
    if (ay === by) return
    const down = ay < by
    const topX = down ? ax : bx
    const topY = down ? ay : by
    const bottomX = down ? bx : ax
    const bottomY = down ? by : ay
    if (bottomY <= 0 || topY >= this.height) return
    const slope = (bottomX - topX) / (bottomY - topY)
    const winding = down ? sign : -sign
    const y0 = Math.max(0, topY)
    const y1 = Math.min(this.height, bottomY)
    let x = topX + (y0 - topY) * slope
    for (let y = Math.floor(y0); y < y1; y++) {
      const height = Math.min(y + 1, y1) - Math.max(y, y0)
      const next = x + slope * height
      this.#rowEdge(y * this.#stride, this.#clamped(x), this.#clamped(next), height * winding)
      x = next
    }
  }

  #clamped(x: number): number {
    return x < 0 ? 0 : Math.min(x, this.width)
  }

  /** Spreads one row's part of an edge over the pixels it crosses. */
  #rowEdge(start: number, xa: number, xb: number, d: number): void {
    const areas = this.#areas
    const x0 = Math.min(xa, xb)
    const x1 = Math.max(xa, xb)
    const i0 = Math.floor(x0)
    const i1 = Math.ceil(x1)
    if (i1 <= i0 + 1) {
      const middle = 0.5 * (x0 + x1) - i0
      areas[start + i0]! += d - d * middle
      areas[start + i0 + 1]! += d * middle
      return
    }
    const s = 1 / (x1 - x0)
    const f0 = x0 - i0
    const a0 = 0.5 * s * (1 - f0) * (1 - f0)
    const f1 = x1 - i1 + 1
    const am = 0.5 * s * f1 * f1
    areas[start + i0]! += d * a0
    if (i1 === i0 + 2) areas[start + i0 + 1]! += d * (1 - a0 - am)
    else {
      const a1 = s * (1.5 - f0)
      areas[start + i0 + 1]! += d * (a1 - a0)
      for (let i = i0 + 2; i < i1 - 1; i++) areas[start + i]! += d * s
      areas[start + i1 - 1]! += d * (1 - (a1 + (i1 - i0 - 3) * s) - am)
    }
    areas[start + i1]! += d * am
  }
}

function signedArea(points: ArrayLike<number>): number {
  let area = 0
  let x0 = points[points.length - 2]!
  let y0 = points[points.length - 1]!
  for (let i = 0; i < points.length; i += 2) {
    const x1 = points[i]!
    const y1 = points[i + 1]!
    area += x0 * y1 - x1 * y0
    x0 = x1
    y0 = y1
  }
  return area
}
