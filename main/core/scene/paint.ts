import { type Tile, tileAt } from './noise.ts'
import type { Matrix } from './outline.ts'

/** 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number]
/** 256 steps of red, green, blue (0 to 255) and opacity (0 to 1). */
export type Ramp = Float32Array

/** Writes red, green, blue, opacity of the pixels [x0, x1) of row y to `out`, from its beginning. */
export type Shader = (y: number, x0: number, x1: number, out: Float32Array) => void

export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export function mixed(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

export type Stop = readonly [at: number, color: Rgb, opacity?: number]

/** Colours between stops with ascending positions in [0, 1]. */
export function ramp(...stops: readonly Stop[]): Ramp {
  const out = new Float32Array(256 * 4)
  for (let i = 0; i < 256; i++) {
    const t = i / 255
    let k = 0
    while (k < stops.length - 2 && t > stops[k + 1]![0]) k++
    const from = stops[k]!
    const to = stops[Math.min(stops.length - 1, k + 1)]!
    const span = to[0] - from[0]
    const share = span <= 0 ? 0 : Math.min(1, Math.max(0, (t - from[0]) / span))
    out.set(
      [...mixed(from[1], to[1], share), (from[2] ?? 1) + ((to[2] ?? 1) - (from[2] ?? 1)) * share],
      i * 4,
    )
  }
  return out
}

const remembered = new Map<string, Ramp>()

/** The ramp of a key, made once: actors ask for the same few in every frame. */
export function rememberedRamp(key: string, make: () => Ramp): Ramp {
  let made = remembered.get(key)
  if (made === undefined) {
    made = make()
    remembered.set(key, made)
  }
  return made
}

export function flat(hex: string, opacity = 1): Ramp {
  return rememberedRamp(`${hex} ${opacity}`, () => ramp([0, rgb(hex), opacity]))
}

export interface Grain {
  readonly tile: Tile
  /** Tile pixels a unit of the shape's own space. */
  readonly scaleX: number
  readonly scaleY: number
  /** 0.3: brightness varies by 15 % each way. */
  readonly strength: number
}

/** How a shape is filled, in its own space: along `from` to `to`, or around `from` out to `to`. */
export interface Fill {
  readonly ramp: Ramp
  readonly from?: readonly [x: number, y: number]
  readonly to?: readonly [x: number, y: number]
  readonly radial?: boolean
  readonly grain?: Grain
}

/** `toShape` maps pixels to the shape's own space. */
export function fillShader(fill: Fill, toShape: Matrix): Shader {
  const [fx, fy] = fill.from ?? [0, 0]
  const [tx, ty] = fill.to ?? fill.from ?? [0, 0]
  const dx = tx - fx
  const dy = ty - fy
  const lengthSquared = dx * dx + dy * dy
  const scale = lengthSquared === 0 ? 0 : 1 / lengthSquared
  const radial = fill.radial === true
  const colors = fill.ramp
  const [a, b, c, d, e, f] = toShape
  return (y, x0, x1, out) => {
    let u = a * (x0 + 0.5) + c * (y + 0.5) + e - fx
    let v = b * (x0 + 0.5) + d * (y + 0.5) + f - fy
    for (let x = x0, o = 0; x < x1; x++, o += 4, u += a, v += b) {
      const t = radial ? Math.sqrt((u * u + v * v) * scale) : (u * dx + v * dy) * scale
      const i = (t <= 0 ? 0 : t >= 1 ? 255 : (t * 255 + 0.5) | 0) << 2
      out[o] = colors[i]!
      out[o + 1] = colors[i + 1]!
      out[o + 2] = colors[i + 2]!
      out[o + 3] = colors[i + 3]!
    }
    if (fill.grain) applyGrain(fill.grain, toShape, y, x0, x1, out)
  }
}

function applyGrain(
  grain: Grain,
  toShape: Matrix,
  y: number,
  x0: number,
  x1: number,
  out: Float32Array,
): void {
  const { tile, scaleX, scaleY, strength } = grain
  const [a, b, c, d, e, f] = toShape
  let u = (a * (x0 + 0.5) + c * (y + 0.5) + e) * scaleX
  let v = (b * (x0 + 0.5) + d * (y + 0.5) + f) * scaleY
  const stepU = a * scaleX
  const stepV = b * scaleY
  for (let x = x0, o = 0; x < x1; x++, o += 4, u += stepU, v += stepV) {
    const k = 1 + (tileAt(tile, u, v) - 0.5) * strength
    out[o]! *= k
    out[o + 1]! *= k
    out[o + 2]! *= k
  }
}
