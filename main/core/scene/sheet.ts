import { Coverage } from './coverage.ts'
import type { Shader } from './paint.ts'

/** A transparent picture to draw one thing on, so that its parts unite before it covers what is behind it. */
export class Sheet {
  readonly width: number
  readonly height: number
  /** Premultiplied red, green, blue (0 to 255) and opacity (0 to 1). */
  readonly pixels: Float32Array
  readonly #coverage: Coverage
  readonly #shade: Float32Array
  #left: number
  #right = 0
  #top: number
  #bottom = 0

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.pixels = new Float32Array(width * height * 4)
    this.#coverage = new Coverage(width, height)
    this.#shade = new Float32Array(width * 4)
    this.#left = width
    this.#top = height
  }

  /** What has been drawn on lies within [left, right) x [top, bottom). */
  bounds(): { left: number; top: number; right: number; bottom: number } {
    return { left: this.#left, top: this.#top, right: this.#right, bottom: this.#bottom }
  }

  /** `inside`: only where something has been drawn already, without changing its outline. */
  fill(outlines: readonly ArrayLike<number>[], shader: Shader, inside = false): void {
    for (const outline of outlines) this.#coverage.add(outline)
    const { pixels, width } = this
    this.#coverage.sweep((y, x0, x1, coverage) => {
      const shade = this.#shade
      shader(y, x0, x1, shade)
      for (let x = x0, s = 0, p = (y * width + x0) * 4; x < x1; x++, s += 4, p += 4) {
        const held = pixels[p + 3]!
        const alpha = coverage[x]! * shade[s + 3]!
        const added = inside ? alpha * held : alpha
        const kept = 1 - alpha
        pixels[p] = shade[s]! * added + pixels[p]! * kept
        pixels[p + 1] = shade[s + 1]! * added + pixels[p + 1]! * kept
        pixels[p + 2] = shade[s + 2]! * added + pixels[p + 2]! * kept
        if (!inside) pixels[p + 3] = alpha + held * kept
      }
      if (!inside) this.#grow(y, x0, x1)
    })
  }

  /** Adds another sheet's pixels times `share`: exposures of one thing that moves. */
  expose(other: Sheet, share: number): void {
    const { left, top, right, bottom } = other.bounds()
    for (let y = top; y < bottom; y++) {
      for (let i = (y * this.width + left) * 4, end = (y * this.width + right) * 4; i < end; i++)
        this.pixels[i]! += other.pixels[i]! * share
      this.#grow(y, left, right)
    }
  }

  clear(): void {
    for (let y = this.#top; y < this.#bottom; y++)
      this.pixels.fill(0, (y * this.width + this.#left) * 4, (y * this.width + this.#right) * 4)
    this.#left = this.width
    this.#top = this.height
    this.#right = 0
    this.#bottom = 0
  }

  #grow(y: number, x0: number, x1: number): void {
    if (x0 < this.#left) this.#left = x0
    if (x1 > this.#right) this.#right = x1
    if (y < this.#top) this.#top = y
    if (y >= this.#bottom) this.#bottom = y + 1
  }
}
