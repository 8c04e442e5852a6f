import type { Tiles } from './noise.ts'
import { inverted, type Matrix, mapped, multiplied, type Outline } from './outline.ts'
import { type Fill, fillShader } from './paint.ts'
import type { Sheet } from './sheet.ts'

/** Draws on a sheet in a space of its own: `at` gives a pen for a part that hangs on this one. */
export class Pen {
  readonly sheet: Sheet
  readonly matrix: Matrix
  readonly tiles: Tiles

  constructor(sheet: Sheet, matrix: Matrix, tiles: Tiles) {
    this.sheet = sheet
    this.matrix = matrix
    this.tiles = tiles
  }

  at(matrix: Matrix): Pen {
    return new Pen(this.sheet, multiplied(this.matrix, matrix), this.tiles)
  }

  fill(outline: Outline, fill: Fill): void {
    this.fillAll([outline], fill)
  }

  /** Several outlines as one shape. */
  fillAll(outlines: readonly Outline[], fill: Fill, inside = false): void {
    const shader = fillShader(fill, inverted(this.matrix))
    this.sheet.fill(
      outlines.map((outline) => mapped(outline, this.matrix)),
      shader,
      inside,
    )
  }

  /** Only on what this sheet shows already: stripes, spots, shading. */
  inside(outline: Outline, fill: Fill): void {
    this.fillAll([outline], fill, true)
  }
}
