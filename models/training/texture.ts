/** Pictures to be sampled at any size: premultiplied, with smaller copies of themselves. */
import type { Bitmap4 } from './materials.ts'

export interface Level {
  readonly width: number
  readonly height: number
  /** RGBA, premultiplied, 0 to 255. */
  readonly data: Uint8ClampedArray
}

export interface Texture {
  readonly width: number
  readonly height: number
  /** Each half as large as the one before. */
  readonly levels: readonly Level[]
  /** Goes on mirrored beyond its edges; otherwise nothing is there. */
  readonly endless: boolean
}

const levelCount = 4

export function textureOf({ width, height, data }: Bitmap4, endless: boolean): Texture {
  const first = new Uint8ClampedArray(data.length)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!
    for (let c = 0; c < 3; c++) first[i + c] = (data[i + c]! * alpha) / 255
    first[i + 3] = alpha
  }
  const levels: Level[] = [{ width, height, data: first }]
  while (levels.length < levelCount && Math.min(levels.at(-1)!.width, levels.at(-1)!.height) >= 8)
    levels.push(halved(levels.at(-1)!))
  return { width, height, levels, endless }
}

function halved({ width, height, data }: Level): Level {
  const [w, h] = [width >> 1, height >> 1]
  const out = new Uint8ClampedArray(w * h * 4)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let c = 0; c < 4; c++) {
        const at = (2 * y * width + 2 * x) * 4 + c
        out[(y * w + x) * 4 + c] =
          (data[at]! + data[at + 4]! + data[at + width * 4]! + data[at + width * 4 + 4]!) / 4
      }
  return { width: w, height: h, data: out }
}

/** The level for a texture that is shrunk by `shrink`. */
export function levelFor(
  texture: Texture,
  shrink: number,
): { readonly level: Level; readonly scale: number } {
  const index = Math.max(0, Math.min(texture.levels.length - 1, Math.round(Math.log2(Math.max(1, shrink)))))
  return { level: texture.levels[index]!, scale: 1 / 2 ** index }
}

/** Writes premultiplied RGBA at (u, v), pixels of `level`, to `out`; zeros where there is nothing. */
export function sampleInto(level: Level, endless: boolean, u: number, v: number, out: Float32Array): void {
  const { width, height, data } = level
  let x = u - 0.5
  let y = v - 0.5
  if (endless) {
    x = mirrored(x, width)
    y = mirrored(y, height)
  } else if (x <= -1 || y <= -1 || x >= width || y >= height) {
    out.fill(0)
    return
  }
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const tx = x - x0
  const ty = y - y0
  // Beyond an edge the weight is nought; the index only has to be one that exists.
  const leftWeight = endless || x0 >= 0 ? 1 - tx : 0
  const rightWeight = endless || x0 + 1 < width ? tx : 0
  const topWeight = endless || y0 >= 0 ? 1 - ty : 0
  const bottomWeight = endless || y0 + 1 < height ? ty : 0
  const left = Math.max(x0, 0)
  const right = x0 + 1 < width ? x0 + 1 : width - 1
  const top = Math.max(y0, 0) * width
  const bottom = (y0 + 1 < height ? y0 + 1 : height - 1) * width
  const a = (top + left) * 4
  const b = (top + right) * 4
  const c = (bottom + left) * 4
  const d = (bottom + right) * 4
  const wa = topWeight * leftWeight
  const wb = topWeight * rightWeight
  const wc = bottomWeight * leftWeight
  const wd = bottomWeight * rightWeight
  out[0] = wa * data[a]! + wb * data[b]! + wc * data[c]! + wd * data[d]!
  out[1] = wa * data[a + 1]! + wb * data[b + 1]! + wc * data[c + 1]! + wd * data[d + 1]!
  out[2] = wa * data[a + 2]! + wb * data[b + 2]! + wc * data[c + 2]! + wd * data[d + 2]!
  out[3] = wa * data[a + 3]! + wb * data[b + 3]! + wc * data[c + 3]! + wd * data[d + 3]!
}

function mirrored(x: number, length: number): number {
  const period = 2 * length
  const at = ((x % period) + period) % period
  return at < length ? at : period - at - 1e-3
}

/** A part of a texture's picture, in the outline of another: `shape`'s alpha, `surface`'s colours from (x, y) on. */
export function dressed(shape: Bitmap4, surface: Bitmap4, x: number, y: number, zoom: number): Bitmap4 {
  const data = new Uint8ClampedArray(shape.data.length)
  for (let row = 0; row < shape.height; row++)
    for (let column = 0; column < shape.width; column++) {
      const sx = Math.floor(mirrored(x + column * zoom, surface.width))
      const sy = Math.floor(mirrored(y + row * zoom, surface.height))
      const from = (sy * surface.width + sx) * 4
      const to = (row * shape.width + column) * 4
      for (let c = 0; c < 3; c++) data[to + c] = surface.data[from + c]!
      data[to + 3] = shape.data[to + 3]!
    }
  return { width: shape.width, height: shape.height, data }
}
