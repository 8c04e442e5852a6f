import { Coverage } from './coverage.ts'
import type { Shader } from './paint.ts'
import type { Sheet } from './sheet.ts'

/** What light and lens do to a finished frame. */
export interface Grade {
  /** Factor a channel. */
  readonly gain: readonly [red: number, green: number, blue: number]
  /** Darkening at the corners, 0 to 1. */
  readonly vignette: number
}

/** The opaque picture and, beside it, which entity each pixel belongs to. */
export class Canvas {
  readonly width: number
  readonly height: number
  /** Red, green, blue, 0 to 255. */
  readonly pixels: Float32Array
  readonly index: Uint8Array
  readonly #coverage: Coverage
  readonly #shade: Float32Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.pixels = new Float32Array(width * height * 3)
    this.index = new Uint8Array(width * height)
    this.#coverage = new Coverage(width, height)
    this.#shade = new Float32Array(width * 4)
  }

  /** Covers whole rows, behind everything that follows. */
  rows(top: number, bottom: number, shader: Shader, entity: number): void {
    const from = Math.max(0, Math.floor(top))
    const to = Math.min(this.height, Math.ceil(bottom))
    for (let y = from; y < to; y++) {
      shader(y, 0, this.width, this.#shade)
      this.#blendRow(y, 0, this.width, null)
      this.index.fill(entity, y * this.width, (y + 1) * this.width)
    }
  }

  /** `entity` null: light and shadow, which belong to nothing. */
  fill(outlines: readonly ArrayLike<number>[], shader: Shader, entity: number | null): void {
    for (const outline of outlines) this.#coverage.add(outline)
    this.#coverage.sweep((y, x0, x1, coverage) => {
      shader(y, x0, x1, this.#shade)
      this.#blendRow(y, x0, x1, coverage)
      if (entity === null) return
      for (let x = x0, i = y * this.width + x0; x < x1; x++, i++)
        if (coverage[x]! >= 0.5) this.index[i] = entity
    })
  }

  /** Lays a sheet over the picture; `truth` says whose pixels are the entity's (opacity at least a half). */
  lay(sheet: Sheet, truth: Sheet, entity: number): void {
    const { left, top, right, bottom } = sheet.bounds()
    const { pixels, index, width } = this
    const above = sheet.pixels
    const owner = truth.pixels
    for (let y = top; y < bottom; y++) {
      for (let x = left, i = y * width + left; x < right; x++, i++) {
        const alpha = above[i * 4 + 3]!
        if (alpha > 0) {
          pixels[i * 3] = above[i * 4]! + pixels[i * 3]! * (1 - alpha)
          pixels[i * 3 + 1] = above[i * 4 + 1]! + pixels[i * 3 + 1]! * (1 - alpha)
          pixels[i * 3 + 2] = above[i * 4 + 2]! + pixels[i * 3 + 2]! * (1 - alpha)
        }
        if (owner[i * 4 + 3]! >= 0.5) index[i] = entity
      }
    }
  }

  /** The frame as bytes; a fixed pattern of half a step hides the steps of gradients. */
  developed(grade: Grade, out: Uint8Array): void {
    const { width, height, pixels } = this
    const [red, green, blue] = grade.gain
    for (let y = 0, i = 0; y < height; y++) {
      const ny = (y / height) * 2 - 1
      for (let x = 0; x < width; x++, i += 3) {
        const nx = (x / width) * 2 - 1
        const light = 1 - grade.vignette * (nx * nx + ny * ny) * 0.5
        const dither = (((x * 7 + y * 13) & 15) + 0.5) / 16
        out[i] = byteOf(pixels[i]! * light * red, dither)
        out[i + 1] = byteOf(pixels[i + 1]! * light * green, dither)
        out[i + 2] = byteOf(pixels[i + 2]! * light * blue, dither)
      }
    }
  }

  #blendRow(y: number, x0: number, x1: number, coverage: Float32Array | null): void {
    const { pixels } = this
    const shade = this.#shade
    for (let x = x0, s = 0, p = (y * this.width + x0) * 3; x < x1; x++, s += 4, p += 3) {
      const alpha = coverage === null ? shade[s + 3]! : coverage[x]! * shade[s + 3]!
      if (alpha === 1) {
        pixels[p] = shade[s]!
        pixels[p + 1] = shade[s + 1]!
        pixels[p + 2] = shade[s + 2]!
        continue
      }
      pixels[p]! += (shade[s]! - pixels[p]!) * alpha
      pixels[p + 1]! += (shade[s + 1]! - pixels[p + 1]!) * alpha
      pixels[p + 2]! += (shade[s + 2]! - pixels[p + 2]!) * alpha
    }
  }
}

function byteOf(value: number, dither: number): number {
  const whole = (value + dither) | 0
  return whole < 0 ? 0 : Math.min(whole, 255)
}
