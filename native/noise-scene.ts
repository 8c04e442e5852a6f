/**
 * A made-up film whose truth is known: textured discs that move, each its own way, over a textured ground that pans.
 * Tests and measurements use it where they must not depend on anybody's video. Any frame can be asked for at any time.
 */

export interface Disc {
  readonly radius: number
  /** Centre on frame t. */
  readonly at: (t: number) => readonly [x: number, y: number]
  /** Mean colour; the texture varies about it. */
  readonly rgb: readonly [number, number, number]
}

export interface NoiseSceneOptions {
  readonly width: number
  readonly height: number
  readonly frameCount: number
  readonly discs: readonly Disc[]
  /** Pan of the ground, pixels a frame. */
  readonly pan?: readonly [x: number, y: number]
  readonly groundRgb?: readonly [number, number, number]
  /** From this frame on the ground and the discs are others: a shot cut. */
  readonly cutFrame?: number
  readonly seed?: number
}

const tileSize = 256

export class NoiseScene {
  readonly width: number
  readonly height: number
  readonly frameCount: number
  private readonly options: NoiseSceneOptions
  private readonly tiles = new Map<number, Float32Array>()

  constructor(options: NoiseSceneOptions) {
    this.options = options
    this.width = options.width
    this.height = options.height
    this.frameCount = options.frameCount
  }

  /** RGB24 of a frame. */
  rgb(t: number): Uint8Array {
    const {
      width,
      height,
      discs,
      pan = [0, 0],
      groundRgb = [110, 120, 90],
      cutFrame,
      seed = 1,
    } = this.options
    const shot = cutFrame !== undefined && t >= cutFrame ? 1 : 0
    const rgb = new Uint8Array(width * height * 3)
    const ground = shot ? [200 - groundRgb[0], 210 - groundRgb[1], 220 - groundRgb[2]] : groundRgb
    this.paint(rgb, ground, seed + 100 * shot, pan[0] * t, pan[1] * t, () => true)
    if (shot) return rgb
    discs.forEach((disc, index) => {
      const [x, y] = disc.at(t)
      this.paint(
        rgb,
        disc.rgb,
        seed + 1 + index,
        -x,
        -y,
        (px, py) => Math.hypot(px - x, py - y) <= disc.radius,
      )
    })
    return rgb
  }

  read(frameIndex: number): Promise<Uint8Array> {
    return Promise.resolve(this.rgb(frameIndex))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** Pixels of a disc that are seen on a frame: later discs lie over earlier ones. One byte a pixel, row by row. */
  truth(t: number, index: number): { width: number; height: number; data: Uint8Array } {
    const { width, height, discs, cutFrame } = this.options
    const data = new Uint8Array(width * height)
    if (cutFrame !== undefined && t >= cutFrame) return { width, height, data }
    const centres = discs.map((disc) => disc.at(t))
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const top = discs.findLastIndex(
          (disc, i) => Math.hypot(x - centres[i]![0], y - centres[i]![1]) <= disc.radius,
        )
        data[y * width + x] = top === index ? 1 : 0
      }
    return { width, height, data }
  }

  /** A texture, shifted, wherever `inside` says. */
  private paint(
    out: Uint8Array,
    mean: readonly number[],
    seed: number,
    shiftX: number,
    shiftY: number,
    inside: (x: number, y: number) => boolean,
  ): void {
    const tile = this.tile(seed)
    for (let y = 0; y < this.height; y++)
      for (let x = 0; x < this.width; x++) {
        if (!inside(x, y)) continue
        const value = sampled(tile, x + shiftX, y + shiftY)
        for (let c = 0; c < 3; c++)
          out[(y * this.width + x) * 3 + c] = Math.max(0, Math.min(255, Math.round(mean[c]! + value)))
      }
  }

  private tile(seed: number): Float32Array {
    let tile = this.tiles.get(seed)
    if (!tile) {
      tile = noiseTile(seed)
      this.tiles.set(seed, tile)
    }
    return tile
  }
}

/** Smooth noise of several sizes, about +-50, repeating every `tileSize` pixels. */
function noiseTile(seed: number): Float32Array {
  const tile = new Float32Array(tileSize * tileSize)
  for (const [cell, strength] of [
    [4, 25],
    [16, 35],
    [64, 30],
  ] as const) {
    const cells = tileSize / cell
    const lattice = Float32Array.from(
      { length: cells * cells },
      (_, i) => hashed(seed * 977 + cell, i) * 2 - 1,
    )
    for (let y = 0; y < tileSize; y++)
      for (let x = 0; x < tileSize; x++) {
        const gx = x / cell
        const gy = y / cell
        const [x0, y0] = [Math.floor(gx), Math.floor(gy)]
        const [fx, fy] = [smooth(gx - x0), smooth(gy - y0)]
        const at = (dx: number, dy: number) => lattice[((y0 + dy) % cells) * cells + ((x0 + dx) % cells)]!
        const upper = at(0, 0) + fx * (at(1, 0) - at(0, 0))
        const lower = at(0, 1) + fx * (at(1, 1) - at(0, 1))
        tile[y * tileSize + x]! += strength * (upper + fy * (lower - upper))
      }
  }
  return tile
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t)
}

/** In [0, 1), from the two numbers alone. */
function hashed(seed: number, index: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f)
  h = Math.imul(h ^ (h >>> 13), 0x165667b1)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

function sampled(tile: Float32Array, x: number, y: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const fx = x - x0
  const fy = y - y0
  const wrap = tileSize - 1
  const at = (dx: number, dy: number) => tile[((y0 + dy) & wrap) * tileSize + ((x0 + dx) & wrap)]!
  const upper = at(0, 0) + fx * (at(1, 0) - at(0, 0))
  const lower = at(0, 1) + fx * (at(1, 1) - at(0, 1))
  return upper + fy * (lower - upper)
}
