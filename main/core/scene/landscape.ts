import { horizonY, nearness, rowOf, stageHeight, stageY, toPixels, type View } from './camera.ts'
import type { Canvas } from './canvas.ts'
import { hash, smooth, type Tiles, tileAt, wander } from './noise.ts'
import { ellipse, inverted, mapped, type Outline } from './outline.ts'
import { fillShader, flat, type Shader } from './paint.ts'
import type { Place } from './place.ts'

/** Where the water ends, about. */
const shoreY = 322

/** Which number each region of the landscape has in the index image. */
export interface StuffIds {
  readonly sky: number
  readonly mountain: number
  readonly hill: number
  readonly water: number
  readonly meadow: number
  readonly tree: number
}

export interface Moment {
  readonly canvas: Canvas
  readonly view: View
  readonly place: Place
  readonly tiles: Tiles
  readonly ids: StuffIds
  readonly seconds: number
  readonly seed: number
}

/** Everything behind the actors on land: sky, mountains, hills and water. */
export function paintFarLand(moment: Moment): void {
  const { canvas, view, place, tiles, ids } = moment
  const horizon = rowOf(view, horizonY)
  canvas.rows(0, horizon, skyShader(moment), ids.sky)
  const { glow } = place
  const far = toPixels(view, 0.06)
  canvas.fill(
    [mapped(aboveHorizon(ellipse(glow.x, glow.y, glow.radius)), far)],
    fillShader(
      { ramp: glow.ramp, from: [glow.x, glow.y], to: [glow.x + glow.radius, glow.y], radial: true },
      inverted(far),
    ),
    null,
  )
  const range = toPixels(view, 0.14)
  canvas.fill(
    [
      mapped(
        ridge(view, 0.14, (x) => horizonY - 14 - 74 * peaks(moment.seed, x / 150)),
        range,
      ),
    ],
    fillShader(
      {
        ramp: place.mountain,
        from: [0, 112],
        to: [0, horizonY],
        grain: { tile: tiles.soil, scaleX: 0.9, scaleY: 1.5, strength: 0.3 },
      },
      inverted(range),
    ),
    ids.mountain,
  )
  canvas.rows(horizon, rowOf(view, shoreY + 20), waterShader(moment), ids.water)
  const shore = toPixels(view, 0.3)
  const wood = ridge(view, 0.3, (x) => horizonY - 9 - 13 * (1 + wander(moment.seed + 5, x / 120)))
  canvas.fill(
    [mapped(wood, shore), ...pines(moment).map((pine) => mapped(pine, shore))],
    fillShader(
      {
        ramp: place.hill,
        from: [0, 168],
        to: [0, horizonY + 3],
        grain: { tile: tiles.fine, scaleX: 2.4, scaleY: 1.6, strength: 0.45 },
      },
      inverted(shore),
    ),
    ids.hill,
  )
}

/** The outline pressed flat where it would reach below the horizon, which the water covers anyway. */
function aboveHorizon(outline: Outline): Outline {
  return outline.map((value, i) => (i % 2 === 1 ? Math.min(value, horizonY + 12) : value))
}

/** The near ground, from the shore to the lower edge. */
export function paintMeadow(moment: Moment): void {
  const { canvas, view, place, ids, seed } = moment
  const near = nearness(330)
  const edge = (x: number) => shoreY + 9 * wander(seed + 8, x / 130) + 3 * wander(seed + 9, x / 37)
  const ground = toPixels(view, near)
  const [r, g, b] = place.sand
  const sand: Shader = (_y, x0, x1, out) => {
    for (let i = 0; i < (x1 - x0) * 4; i += 4) {
      out[i] = r
      out[i + 1] = g
      out[i + 2] = b
      out[i + 3] = 1
    }
  }
  canvas.fill(
    [
      mapped(
        ridge(view, near, (x) => edge(x) - 5, shoreY + 24),
        ground,
      ),
    ],
    sand,
    ids.meadow,
  )
  canvas.fill([mapped(ridge(view, near, edge, stageHeight + 60), ground)], meadowShader(moment), ids.meadow)
  paintPlants(moment)
}

/** A closed outline under the line y(x), as wide as the picture. */
function ridge(view: View, near: number, y: (x: number) => number, bottom = horizonY + 3): Outline {
  const half = view.width / 2 / view.scale + 12
  const middle = view.x * near
  const step = 3
  const first = Math.floor((middle - half) / step) * step
  const out: number[] = []
  for (let x = first; x <= middle + half + step; x += step) out.push(x, y(x))
  out.push(middle + half + step * 2, bottom, first, bottom)
  return out
}

/** Sharp crests: folded noise, in [0, 1]. */
function peaks(seed: number, x: number): number {
  const crest = 1 - Math.abs(wander(seed + 3, x))
  return (
    0.72 * crest * crest +
    0.2 * (1 - Math.abs(wander(seed + 4, x * 3.1))) +
    0.08 * (1 + wander(seed + 6, x * 9.3)) * 0.5
  )
}

function pines(moment: Moment): Outline[] {
  const { view, seed } = moment
  const half = view.width / 2 / view.scale + 20
  const out: Outline[] = []
  const spacing = 9
  const middle = view.x * 0.3
  for (let i = Math.floor((middle - half) / spacing); i * spacing < middle + half; i++) {
    if (hash(seed + 20, i) < 0.22) continue
    const x = (i + hash(seed + 21, i) * 0.8) * spacing
    const foot = horizonY - 4 - 13 * (1 + wander(seed + 5, x / 120)) * hash(seed + 23, i)
    const height = 13 + 17 * hash(seed + 22, i)
    out.push(pine(x, foot, height))
  }
  return out
}

function pine(x: number, foot: number, height: number): Outline {
  const right: number[] = []
  const left: number[] = []
  const tiers = 4
  for (let i = 0; i < tiers; i++) {
    const y = foot - height + (height * (i + 1)) / tiers
    const reach = height * (0.07 + (0.2 * (i + 1)) / tiers)
    right.push(x + reach, y, x + reach * 0.55, y - 0.6)
    left.unshift(x - reach * 0.55, y - 0.6, x - reach, y)
  }
  return [x, foot - height - 1, ...right, ...left]
}

/** Offset of a ramp's colour at t. */
function rampOffset(t: number): number {
  return (t <= 0 ? 0 : t >= 1 ? 255 : Math.round(t * 255)) << 2
}

function skyShader(moment: Moment): Shader {
  const { view, place, tiles, seconds } = moment
  const [cr, cg, cb] = place.cloud
  const step = 1 / view.scale
  return (row, x0, x1, out) => {
    const y = stageY(view, row)
    const t = Math.max(0, y / horizonY)
    const i = rampOffset(t)
    const [r, g, b] = [place.sky[i]!, place.sky[i + 1]!, place.sky[i + 2]!]
    const squeeze = 0.34 + 0.5 * t
    const v = 70 * t * (1.2 + t) + 18
    let u = ((x0 + 0.5 - view.width / 2) * step + view.x * 0.06) * squeeze * 0.62 + seconds * 1.1
    const du = step * squeeze * 0.62
    const fade = t > 0.8 ? Math.max(0, 1 - (t - 0.8) / 0.2) : 1
    for (let x = x0, o = 0; x < x1; x++, o += 4, u += du) {
      const n = (tileAt(tiles.cloud, u, v) - 0.5) * 3.4
      const k = n <= 0 ? 0 : smooth(Math.min(n, 1)) * 0.85 * fade
      out[o] = r + (cr - r) * k
      out[o + 1] = g + (cg - g) * k
      out[o + 2] = b + (cb - b) * k
      out[o + 3] = 1
    }
  }
}

/** A lake in perspective: what stands behind it mirrored near the far shore, ripples, and glints below the sun. */
function waterShader(moment: Moment): Shader {
  const { view, place, tiles, seconds } = moment
  const [sr, sg, sb] = place.shade
  const [gr, gg, gb] = place.glint
  const step = 1 / view.scale
  return (row, x0, x1, out) => {
    const y = stageY(view, row)
    const near = nearness(y)
    const t = Math.min(1, (y - horizonY) / 120)
    const i = rampOffset(t)
    const [r, g, b] = [place.water[i]!, place.water[i + 1]!, place.water[i + 2]!]
    const v = 900 / near
    const du = (step / near) * 0.5
    let u = (((x0 + 0.5 - view.width / 2) * step) / near) * 0.5 + view.x * 0.5
    for (let x = x0, o = 0; x < x1; x++, o += 4, u += du) {
      const n = tileAt(tiles.ripple, u + seconds * 2.2, v + seconds * 5)
      const m = tileAt(tiles.ripple, u * 1.7 - seconds * 3.1, v * 1.6 + seconds * 3)
      const wave = n + m - 1
      const mirrored = Math.min(0.8, Math.max(0, 1.05 - (y - horizonY + wave * 26) / 34))
      const fromSun = (x * step - (view.width / 2) * step - place.glow.x + view.x * 0.06) / (26 + 90 * t)
      const sun = Math.max(0, 1 - fromSun * fromSun)
      const glint = Math.min(1, Math.max(0, wave - 0.26 + sun * 0.3) * 5) * (0.22 + 0.62 * sun)
      const light = 1 + wave * 0.3
      const red = (r + (sr - r) * mirrored) * light
      const green = (g + (sg - g) * mirrored) * light
      const blue = (b + (sb - b) * mirrored) * light
      out[o] = red + (gr - red) * glint
      out[o + 1] = green + (gg - green) * glint
      out[o + 2] = blue + (gb - blue) * glint
      out[o + 3] = 1
    }
  }
}

function meadowShader(moment: Moment): Shader {
  const { view, place, tiles } = moment
  const step = 1 / view.scale
  return (row, x0, x1, out) => {
    const y = stageY(view, row)
    const near = nearness(y)
    const t = (y - 318) / (stageHeight - 318)
    const v = 620 / near
    const du = (step / near) * 0.9
    let u = (((x0 + 0.5 - view.width / 2) * step) / near + view.x) * 0.9
    for (let x = x0, o = 0; x < x1; x++, o += 4, u += du) {
      const broad = tileAt(tiles.soil, u * 0.35, v * 0.35) - 0.5
      const narrow = tileAt(tiles.fine, u * 1.3, v * 0.8) - 0.5
      const i = rampOffset(t + broad * 0.55)
      const light = 1 + narrow * 0.34
      out[o] = place.meadow[i]! * light
      out[o + 1] = place.meadow[i + 1]! * light
      out[o + 2] = place.meadow[i + 2]! * light
      out[o + 3] = 1
    }
  }
}

/** Tufts that bend in the wind, and flowers among them. */
function paintPlants(moment: Moment): void {
  const { canvas, view, place, seed, seconds, ids } = moment
  const dark: Float64Array[] = []
  const light: Float64Array[] = []
  const petals: readonly [Float64Array[], Float64Array[]] = [[], []]
  for (let i = 0; i < 150; i++) {
    const y = 338 + 138 * hash(seed + 31, i)
    const near = nearness(y)
    const x = (hash(seed + 32, i) * 2 - 1) * 560
    const place = toPixels(view, near)
    const size = 4 + 12 * near * near
    const bend = size * (0.25 * wander(seed + i, seconds * 0.8 + x * 0.01) + 0.2 * (hash(seed + 33, i) - 0.5))
    const blades = [
      blade(x, y, bend, size, near),
      blade(x + 3 * near, y + 0.5, bend * 0.6 + near, size * 0.7, near),
      blade(x - 2 * near, y, bend * 0.5 - 3 * near, size * 0.62, near),
    ]
    const list = hash(seed + 34, i) < 0.55 ? dark : light
    for (const outline of blades) list.push(mapped(outline, place))
    if (i % 4 === 0)
      petals[(i >> 2) % 2]!.push(mapped(ellipse(x + bend, y - size, 2.3 * near, 2 * near, 10), place))
  }
  const solid = (hex: string) => fillShader({ ramp: flat(hex) }, inverted(toPixels(view, 1)))
  canvas.fill(dark, solid(place.blades[0]), ids.meadow)
  canvas.fill(light, solid(place.blades[1]), ids.meadow)
  canvas.fill(petals[0], solid(place.flowers[0]), ids.meadow)
  canvas.fill(petals[1], solid(place.flowers[1]), ids.meadow)
}

/** A blade of grass from (x, y), bent sideways at its tip. */
function blade(x: number, y: number, bend: number, size: number, near: number): Outline {
  const half = 0.9 * near
  const [mx, my] = [x + bend * 0.35, y - size * 0.55]
  return [x - half, y, mx - half * 0.75, my, x + bend, y - size, mx + half * 0.75, my, x + half, y]
}
