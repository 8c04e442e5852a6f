/** Marks to a mask on one frame of known pixels: the part that knows no project. */
import { availableParallelism } from 'node:os'
import { createPool, type Pool } from '../../../native/index.ts'
import { type Region, regionOf, segmentRegion } from '../../../native/region.ts'
import type { Mark } from '../../core/api.ts'
import { decodeRle, encodeRle, encodeShape, type Rle, rleBounds } from '../../core/mask/rle.ts'
import { murmur128, shapeHash } from '../../core/mask/shape-hash.ts'
import type { Box } from '../../core/records.ts'
import { Recent } from '../recent.ts'
import { checkMarks, markedPixels, markedRle, marksBounds } from './marks.ts'
import { regionBox, regionSize } from './region-box.ts'

/** One frame. `name` tells it from every other one, as long as it is in memory. */
export interface FramePixels {
  readonly name: string
  readonly width: number
  readonly height: number
  /** RGB, 8 bits a sample. */
  readonly rgb: Uint8Array
}

export interface FrameHints {
  /** The mask to correct, full size, or null. */
  readonly mask: Rle | null
  readonly box: Box | null
  readonly marks: readonly Mark[]
  /** Colours of the object's key masks (`countRegionColours`), or null. */
  readonly colourCounts: Float32Array | null
}

export interface FrameMask {
  /** Full size. */
  readonly mask: Rle
  /** The pixels under the marks; null without marks. */
  readonly marked: Rle | null
}

/** Pictures of regions that are kept: a few objects of one frame, or one object on a few. */
const regionLimit = 6
const stepLimit = 16
/** The same marks give the same mask. */
const seed = 1

export class FrameEngine {
  readonly #regions = new Recent<Region>(regionLimit)
  /** Masks in regions, mark by mark. */
  readonly #steps = new Recent<Uint8Array>(stepLimit)
  #pool: Pool | null = null

  /**
   * First the mask that the box alone gives, then one correction a mark, in their order: a further mark never undoes what
   * the ones before have achieved elsewhere. Throws UserError 'bad-mark'.
   */
  async segment(frame: FramePixels, hints: FrameHints): Promise<FrameMask> {
    const { marks, mask } = hints
    checkMarks(marks)
    const area = regionBox(frame, hints.box, mask && rleBounds(mask), marksBounds(marks))
    const found = await this.#after(frame, hints, area, marks.length)
    const place = { x: area[0], y: area[1], width: frame.width, height: frame.height }
    const cut = encodeRle({ width: area[2], height: area[3], data: found }, place)
    return {
      mask: cut,
      marked: marks.length > 0 ? markedRle(markedPixels(marks, area), area, frame) : null,
    }
  }

  /** The mask after the first `count` marks, in the region. */
  #after(frame: FramePixels, hints: FrameHints, area: Box, count: number): Promise<Uint8Array> {
    const marks = hints.marks.slice(0, count)
    const name = `${frame.name}/${area.join(',')}/${stepName(hints, marks)}`
    return this.#steps.get(name, async () => {
      const { box, mask, colourCounts } = hints
      const given = mask && rleBounds(mask) ? decodeRle(mask, area).data : null
      // Without a box and a mask the first mark is all there is to begin with.
      const isFirst = count <= (box || given ? 0 : 1)
      if (isFirst && given) return given
      const before = isFirst ? null : await this.#after(frame, hints, area, count - 1)
      const region = await this.region(frame, area)
      const told = {
        box: box && within(box, area),
        marks: markedPixels(marks, area),
        mask: before,
        colourCounts,
      }
      return segmentRegion(this.#threads(), region, told, seed)
    })
  }

  /** A part of a frame, ready to be looked at; computed once. */
  region(frame: FramePixels, area: Box): Promise<Region> {
    return this.#regions.get(`${frame.name}/${area.join(',')}`, () =>
      regionOf(
        this.#threads(),
        croppedRgb(frame, area),
        { width: area[2], height: area[3] },
        regionSize(area),
      ),
    )
  }

  /** Lets go of everything whose name begins so. */
  forget(prefix: string): void {
    this.#regions.forget(prefix)
    this.#steps.forget(prefix)
  }

  /** Its own threads: those of a propagation are busy. */
  #threads(): Pool {
    this.#pool ??= createPool(Math.min(8, availableParallelism()))
    return this.#pool
  }
}

/** Tells one way to a mask from every other on the same frame. */
export function stepName({ mask, box, colourCounts }: FrameHints, marks: readonly Mark[]): string {
  const known = mask && shapeHash(encodeShape(mask), mask.width, mask.height)
  const colours = colourCounts && murmur128(new Uint8Array(colourCounts.buffer), 0)
  return JSON.stringify([known, colours, box, marks])
}

function within(box: Box, area: Box) {
  return {
    left: Math.max(0, box[0] - area[0]),
    top: Math.max(0, box[1] - area[1]),
    right: Math.min(area[2], box[0] + box[2] - area[0]),
    bottom: Math.min(area[3], box[1] + box[3] - area[1]),
  }
}

/** A part of a frame, RGB. */
export function croppedRgb({ width, rgb }: FramePixels, [left, top, columns, rows]: Box): Uint8Array {
  const out = new Uint8Array(columns * rows * 3)
  for (let y = 0; y < rows; y++) {
    const from = ((top + y) * width + left) * 3
    out.set(rgb.subarray(from, from + columns * 3), y * columns * 3)
  }
  return out
}
