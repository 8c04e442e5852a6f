import { type Random, randomFrom } from './random.ts'

/** A square of values in [0, 1] that repeats in both directions: the grain of every surface. */
export interface Tile {
  readonly values: Float32Array
  /** Side minus one; the side is a power of two. */
  readonly mask: number
  readonly shift: number
}

const side = 256
const shift = 8

/** Fractal value noise, `cells` cells a side in the coarsest octave; `stretch` draws the cells out along x. */
export function fractalTile(seed: number, cells: number, octaves: number, stretch = 1): Tile {
  const random = randomFrom(seed)
  const values = new Float32Array(side * side)
  let amplitude = 1
  for (let octave = 0; octave < octaves; octave++) {
    const down = Math.min(side, cells << octave)
    addOctave(values, Math.max(1, Math.round(down / stretch)), down, amplitude, random)
    amplitude *= 0.55
  }
  return { values: normalised(values), mask: side - 1, shift }
}

function addOctave(
  values: Float32Array,
  across: number,
  down: number,
  amplitude: number,
  random: Random,
): void {
  const lattice = Float32Array.from({ length: across * down }, () => random() * amplitude)
  for (let y = 0; y < side; y++) {
    const v = (y * down) / side
    const y0 = Math.floor(v)
    const fy = smooth(v - y0)
    const row0 = (y0 % down) * across
    const row1 = ((y0 + 1) % down) * across
    for (let x = 0; x < side; x++) {
      const u = (x * across) / side
      const x0 = Math.floor(u)
      const fx = smooth(u - x0)
      const x1 = (x0 + 1) % across
      const top = lattice[row0 + x0]! * (1 - fx) + lattice[row0 + x1]! * fx
      const bottom = lattice[row1 + x0]! * (1 - fx) + lattice[row1 + x1]! * fx
      values[y * side + x]! += top * (1 - fy) + bottom * fy
    }
  }
}

function normalised(values: Float32Array): Float32Array {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return values.map((value) => (value - low) / (high - low))
}

export function smooth(t: number): number {
  return t * t * (3 - 2 * t)
}

/** Bilinear value at (u, v) in tile pixels. */
export function tileAt(tile: Tile, u: number, v: number): number {
  const { values, mask, shift } = tile
  const x = Math.floor(u)
  const y = Math.floor(v)
  const fx = u - x
  const fy = v - y
  const x0 = x & mask
  const x1 = (x + 1) & mask
  const row0 = (y & mask) << shift
  const row1 = ((y + 1) & mask) << shift
  const top = values[row0 + x0]! + (values[row0 + x1]! - values[row0 + x0]!) * fx
  const bottom = values[row1 + x0]! + (values[row1 + x1]! - values[row1 + x0]!) * fx
  return top + (bottom - top) * fy
}

/** A smooth curve through seeded values at whole x, in [-1, 1]. */
export function wander(seed: number, x: number): number {
  const at = Math.floor(x)
  const a = hash(seed, at)
  const b = hash(seed, at + 1)
  return (a + (b - a) * smooth(x - at)) * 2 - 1
}

export function hash(seed: number, index: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index | 0, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

export interface Tiles {
  readonly cloud: Tile
  readonly soil: Tile
  readonly ripple: Tile
  readonly fine: Tile
}

export function tilesFrom(seed: number): Tiles {
  return {
    cloud: fractalTile(seed + 1, 4, 6, 1),
    soil: fractalTile(seed + 2, 8, 5, 1),
    ripple: fractalTile(seed + 3, 16, 4, 4),
    fine: fractalTile(seed + 4, 32, 3, 1),
  }
}
