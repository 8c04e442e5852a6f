/**
 * How an object looked on a frame, and where on another frame something looks like that: its colours against the rest
 * (histogram back-projection, Swain and Ballard 1991), then its picture point by point (normalised correlation), at
 * several scales. Pure, over picture planes of working size (native.picturePlanes).
 */
import { colourBins, type Size } from '../../../../native/index.ts'

/** Points at which a template is compared, at most: inside the object and around it. */
const insidePoints = 220
const ringPoints = 72
/** The ring lies this many object radii outside the outline's box. */
const ringWidth = 0.3
/** How much smaller and larger than it was an object may come back. */
export const scales = [0.55, 0.7, 0.84, 1, 1.19, 1.42, 1.75] as const

/** One frame's template of an object: colours and brightness at points about its centre. */
export interface Template {
  readonly frameIndex: number
  readonly mask: Float32Array
  /** Pixels with a mask of at least one half. */
  readonly area: number
  readonly x: number
  readonly y: number
  /** dx, dy of each point; L, a, b there. */
  readonly inside: Float32Array
  readonly ring: Float32Array
  readonly colours: Float32Array
  readonly histogram: Float32Array
}

/** A place where the object may be, as the centre and the scale of a template put there. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly scale: number
  /** Mean colour ratio inside less that around. */
  readonly score: number
}

/** What is searched: pixels of working size, inclusive left and top, exclusive right and bottom. */
export interface Window {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The colour bin of a colour of Lab, as the kernels count them. */
export function binOf(l: number, a: number, b: number): number {
  const clamped = (value: number) => Math.max(0, Math.min(15, Math.trunc(value)))
  const i = clamped(l * 0.16)
  return (i << 8) | (clamped(((a + 60) * 16) / 120) << 4) | clamped(((b + 60) * 16) / 120)
}

/** Colour bin of every pixel, as the kernels count them. */
export function binsOf(size: Size, picture: Float32Array): Uint16Array {
  const length = size.width * size.height
  const bins = new Uint16Array(length)
  for (let i = 0; i < length; i++)
    bins[i] = binOf(picture[length + i]!, picture[2 * length + i]!, picture[3 * length + i]!)
  return bins
}

/** Share of every colour bin in a mask's pixels of at least one half; zeros where there are none. */
export function histogramOf(bins: Uint16Array, mask: Float32Array): Float32Array {
  const counts = new Float32Array(colourBins)
  let total = 0
  for (let i = 0; i < mask.length; i++)
    if (mask[i]! >= 0.5) {
      counts[bins[i]!]!++
      total++
    }
  const smooth = smoothed(counts)
  if (total > 0) for (let i = 0; i < smooth.length; i++) smooth[i]! /= total
  return smooth
}

/** Spreads each bin over its neighbours along the three axes, as the kernels do. */
function smoothed(counts: Float32Array): Float32Array {
  let from = counts
  for (const step of [256, 16, 1]) {
    const to = new Float32Array(from.length)
    for (let i = 0; i < from.length; i++) {
      const at = Math.floor(i / step) % 16
      to[i] = 0.6 * from[i]! + 0.2 * (from[at > 0 ? i - step : i]! + from[at < 15 ? i + step : i]!)
    }
    from = to
  }
  return from
}

/** Bhattacharyya coefficient of two histograms: 1 alike, 0 nothing in common. */
export function alikeColours(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.sqrt(a[i]! * b[i]!)
  return sum
}

/** Null where the mask has too few pixels to be recognised by. */
export function templateOf(
  size: Size,
  picture: Float32Array,
  mask: Float32Array,
  frameIndex: number,
): Template | null {
  const { width, height } = size
  const length = width * height
  let [area, sumX, sumY, left, top, right, bottom] = [0, 0, 0, width, height, 0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x]! < 0.5) continue
      area++
      sumX += x
      sumY += y
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  if (area < 24) return null
  const [x, y] = [sumX / area, sumY / area]
  const inside: number[] = []
  const colours: number[] = []
  const stride = Math.max(1, Math.sqrt(area / insidePoints))
  for (let py = top; py <= bottom; py += stride)
    for (let px = left; px <= right; px += stride) {
      const at = Math.trunc(py) * width + Math.trunc(px)
      if (mask[at]! < 0.5) continue
      inside.push(Math.trunc(px) - x, Math.trunc(py) - y)
      for (const plane of [4, 5, 6]) colours.push(picture[plane * length + at]!)
    }
  const margin = ringWidth * Math.sqrt(area)
  return {
    frameIndex,
    mask,
    area,
    x,
    y,
    inside: Float32Array.from(inside),
    ring: ringAround(mask, width, height, { left, top, right, bottom }, margin, x, y),
    colours: Float32Array.from(colours),
    histogram: histogramOf(binsOf(size, picture), mask),
  }
}

/** Points outside the mask in its box and a margin about it. */
function ringAround(
  mask: Float32Array,
  width: number,
  height: number,
  box: Window,
  margin: number,
  x: number,
  y: number,
): Float32Array {
  const points: number[] = []
  const [w, h] = [box.right - box.left + 2 * margin, box.bottom - box.top + 2 * margin]
  const stride = Math.max(1, Math.sqrt((w * h) / ringPoints / 2))
  for (let py = box.top - margin; py <= box.bottom + margin; py += stride)
    for (let px = box.left - margin; px <= box.right + margin; px += stride) {
      const [ix, iy] = [Math.trunc(px), Math.trunc(py)]
      const within = ix >= 0 && iy >= 0 && ix < width && iy < height
      if (within && mask[iy * width + ix]! > 0.2) continue
      points.push(px - x, py - y)
    }
  return Float32Array.from(points)
}

/** Mean of a map at points put down at a place; points beyond the border count as `outside`. */
function meanAt(
  map: Float32Array,
  { width, height }: Size,
  points: Float32Array,
  place: Omit<Place, 'score'>,
  outside: number,
): number {
  let sum = 0
  for (let i = 0; i < points.length; i += 2) {
    const px = Math.round(place.x + place.scale * points[i]!)
    const py = Math.round(place.y + place.scale * points[i + 1]!)
    sum += px >= 0 && py >= 0 && px < width && py < height ? map[py * width + px]! : outside
  }
  return points.length === 0 ? 0 : sum / (points.length / 2)
}

/** The places in the window where colours fit best, best first, none near another. `map`: colour ratio a pixel. */
export function placesByColour(
  size: Size,
  map: Float32Array,
  template: Template,
  window: Window,
  count: number,
): Place[] {
  const found: Place[] = []
  const radius = Math.sqrt(template.area)
  const sparse = everyOther(template.inside, Math.max(1, Math.floor(template.inside.length / 2 / 64)))
  for (const scale of scales) {
    const stride = Math.max(2, (radius * scale) / 7)
    for (let y = window.top; y < window.bottom; y += stride)
      for (let x = window.left; x < window.right; x += stride) {
        const place = { x, y, scale }
        const inside = meanAt(map, size, sparse, place, -1)
        if (inside < 0.2) continue
        const score = inside - 0.5 * Math.max(-2, meanAt(map, size, template.ring, place, -1))
        found.push({ ...place, score })
      }
  }
  found.sort((a, b) => b.score - a.score || a.y - b.y || a.x - b.x || a.scale - b.scale)
  return apart(found, radius, count)
}

function everyOther(points: Float32Array, step: number): Float32Array {
  const out: number[] = []
  for (let i = 0; i < points.length; i += 2 * step) out.push(points[i]!, points[i + 1]!)
  return Float32Array.from(out)
}

/** The first `count` of a list, leaving out what lies within half an object of one taken before. */
function apart(sorted: readonly Place[], radius: number, count: number): Place[] {
  const taken: Place[] = []
  for (const place of sorted) {
    if (taken.length === count) break
    const near = taken.some(
      (other) => Math.hypot(other.x - place.x, other.y - place.y) < 0.45 * radius * other.scale,
    )
    if (!near) taken.push(place)
  }
  return taken
}

/**
 * How alike the picture at a place is to a template: correlation of brightness over the object's points (-1 to 1), and mean
 * colour difference there (Lab units, blurred by 2 pixels).
 */
export function alikeAt(
  { width, height }: Size,
  picture: Float32Array,
  template: Template,
  place: Omit<Place, 'score'>,
): { readonly correlation: number; readonly difference: number } {
  const length = width * height
  let [n, a, b, aa, bb, ab, difference] = [0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < template.inside.length / 2; i++) {
    const px = Math.round(place.x + place.scale * template.inside[2 * i]!)
    const py = Math.round(place.y + place.scale * template.inside[2 * i + 1]!)
    if (px < 0 || py < 0 || px >= width || py >= height) continue
    const at = py * width + px
    const [l0, a0, b0] = [
      template.colours[3 * i]!,
      template.colours[3 * i + 1]!,
      template.colours[3 * i + 2]!,
    ]
    const l = picture[4 * length + at]!
    n++
    a += l0
    b += l
    aa += l0 * l0
    bb += l * l
    ab += l0 * l
    const other = Math.abs(a0 - picture[5 * length + at]!) + Math.abs(b0 - picture[6 * length + at]!)
    difference += 0.5 * Math.abs(l0 - l) + other
  }
  if (n < template.inside.length / 8) return { correlation: 0, difference: 100 }
  const variance = Math.max(1e-3, (aa - (a * a) / n) * (bb - (b * b) / n))
  return { correlation: (ab - (a * b) / n) / Math.sqrt(variance), difference: difference / n }
}

/** The template's mask put down at a place. */
export function maskAt(
  { width, height }: Size,
  template: Template,
  place: Omit<Place, 'score'>,
): Float32Array {
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const fy = template.y + (y - place.y) / place.scale
    if (fy < 0 || fy > height - 1) continue
    for (let x = 0; x < width; x++) {
      const fx = template.x + (x - place.x) / place.scale
      if (fx < 0 || fx > width - 1) continue
      out[y * width + x] = template.mask[Math.round(fy) * width + Math.round(fx)]!
    }
  }
  return out
}
