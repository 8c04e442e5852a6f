/** What lets a polygon cling to the edges of its frame's picture: the live wire from its last vertex. */
import { type EdgeWindow, edgeNear, edgesOf, hasPixel } from '../../../main/core/geometry/edge-window.ts'
import { LiveWire } from '../../../main/core/geometry/live-wire.ts'
import { simplifiedLine } from '../../../main/core/geometry/simplify.ts'
import type { RgbaImage } from '../../../main/core/mask/regions.ts'
import type { Point } from '../view-transform.ts'

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

export class EdgeSnap {
  readonly #image: RgbaImage
  #edges: EdgeWindow | null = null
  #wire: { readonly edges: EdgeWindow; readonly wire: LiveWire } | null = null

  constructor(image: RgbaImage) {
    this.#image = image
  }

  /** The edge nearest to a click, within `reach` pixels of the picture; the click itself where there is none. */
  snapped(point: Point, reach: number): Point {
    return edgeNear(this.#edgesAround(point, Math.ceil(reach)), point, reach)
  }

  /**
   * The vertices after `from` up to `to`: along edges, or straight where that is too far away or
   * there is no edge between the two but only a way round. `done` is false while
   * the search still goes on and the line is straight for now; without `inSteps` it is done at once.
   */
  line(
    from: Point,
    to: Point,
    inSteps: boolean,
  ): { readonly points: readonly number[]; readonly done: boolean } {
    const straight = [to.x, to.y]
    const { width, height } = this.#image
    if (from.x < 0 || from.y < 0 || from.x >= width || from.y >= height)
      return { points: straight, done: true }
    const { wire, edges } = this.#wireFrom(from)
    if (!hasPixel(edges, to)) return { points: straight, done: true }
    const path = wire.pathTo(to, inSteps ? searchBudget : undefined)
    if (!path) return { points: straight, done: false }
    const steps = path.length / 2
    if (steps > longestDetour * Math.hypot(to.x - from.x, to.y - from.y) + 6)
      return { points: straight, done: true }
    return { points: [...simplifiedLine(path, tolerance).slice(2, -2), to.x, to.y], done: true }
  }

  #wireFrom(from: Point): { readonly edges: EdgeWindow; readonly wire: LiveWire } {
    const known = this.#wire
    if (known && known.wire.seed.x === from.x && known.wire.seed.y === from.y) return known
    const edges = this.#edgesAround(from, windowMargin)
    this.#wire = { edges, wire: new LiveWire(edges, from) }
    return this.#wire
  }

  /** The window there is, where the point lies far enough inside it or the picture ends before it; else a new one. */
  #edgesAround(point: Point, margin: number): EdgeWindow {
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
