/** What lets a polygon cling to the edges of its frame's picture: the live wire from its last vertex. */
import type { RgbaImage } from '../mask/regions.ts'
import { type EdgeWindow, edgeNear, edgesOf, hasPixel } from './edge-window.ts'
import { LiveWire } from './live-wire.ts'
import type { ImagePoint } from './point.ts'
import { simplifiedLine } from './simplify.ts'
import { trainedOn } from './wire-training.ts'

/** Pixels of the picture from a vertex to the rim of the window that its wire knows. */
const windowReach = 256
/** A vertex so near the rim gets a window of its own. */
const windowMargin = 128
/** Pixels a pointer move may search, for a few milliseconds; the next goes on from there. */
const searchBudget = 30_000
/** How far, in pixels, vertices may leave the wire. */
const tolerance = 0.6
/** A wire longer than this many times the straight line follows something else; a half circle is 1.57 times. */
const longestDetour = 1.8

export interface SnappedLine {
  /** Vertices as x0, y0, x1, y1, ... after the one it starts from. */
  readonly points: readonly number[]
  /** False where it is a straight line. */
  readonly followed: boolean
  /** False while the search still goes on and the line is straight for now. */
  readonly done: boolean
}

interface Wire {
  readonly edges: EdgeWindow
  readonly wire: LiveWire
  readonly accepted: readonly number[]
}

export class EdgeSnap {
  readonly #image: RgbaImage
  #edges: EdgeWindow | null = null
  #wire: Wire | null = null

  constructor(image: RgbaImage) {
    this.#image = image
  }

  /** The edge nearest to a click, within `reach` pixels of the picture; the click itself where there is none. */
  snapped(point: ImagePoint, reach: number): ImagePoint {
    return edgeNear(this.#edgesAround(point, Math.ceil(reach)), point, reach)
  }

  /**
   * The vertices up to `to`: along edges, or straight where that is too far away or there is no edge between the two but
   * only a way round. `accepted` are the vertices of the outline so far; the line starts from the last, and all teach what
   * the outline looks like, so they are to lie on it. Without `inSteps` the search is done at once.
   */
  line(accepted: readonly number[], to: ImagePoint, inSteps: boolean): SnappedLine {
    const from = { x: accepted.at(-2)!, y: accepted.at(-1)! }
    const straight = { points: [to.x, to.y], followed: false, done: true }
    const { width, height } = this.#image
    if (from.x < 0 || from.y < 0 || from.x >= width || from.y >= height) return straight
    const { wire, edges } = this.#wireAfter(accepted, from)
    if (!hasPixel(edges, to)) return straight
    const path = wire.pathTo(to, inSteps ? searchBudget : undefined)
    if (!path) return { ...straight, done: false }
    const steps = path.length / 2
    if (steps > longestDetour * Math.hypot(to.x - from.x, to.y - from.y) + 6) return straight
    const points = [...simplifiedLine(path, tolerance).slice(2, -2), to.x, to.y]
    return { points, followed: true, done: true }
  }

  #wireAfter(accepted: readonly number[], from: ImagePoint): Wire {
    const known = this.#wire
    // A vertex that was taken back and set again by another way has taught something else.
    if (known?.accepted.length === accepted.length && known.accepted.every((each, i) => each === accepted[i]))
      return known
    const edges = this.#edgesAround(from, windowMargin)
    this.#wire = {
      edges,
      wire: new LiveWire(edges, from, trainedOn(edges, accepted)),
      accepted: [...accepted],
    }
    return this.#wire
  }

  /** The window there is, where the point lies far enough inside it or the picture ends before it; else a new one. */
  #edgesAround(point: ImagePoint, margin: number): EdgeWindow {
    if (this.#edges && (this.#isWhole(this.#edges) || hasPixel(this.#edges, point, margin)))
      return this.#edges
    const left = Math.floor(point.x) - windowReach
    const top = Math.floor(point.y) - windowReach
    this.#edges = edgesOf(this.#image, [left, top, 2 * windowReach + 1, 2 * windowReach + 1])
    return this.#edges
  }

  #isWhole({ width, height }: EdgeWindow): boolean {
    return width === this.#image.width && height === this.#image.height
  }
}
