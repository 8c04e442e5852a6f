/** Marks to a mask on one frame of known pixels: the part that knows no project. */
import { availableParallelism } from 'node:os'
import { createPool, type Pool } from '../../../native/index.ts'
import { type Region, regionOf, segmentRegion } from '../../../native/region.ts'
import type { Mark } from '../../core/api.ts'
import { decodeRle, encodeRle, type Rle, rleBounds } from '../../core/mask/rle.ts'
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
/** The same marks give the same mask. */
const seed = 1

export class FrameEngine {
  readonly #regions = new Recent<Region>(regionLimit)
  #pool: Pool | null = null

  /** Throws UserError 'bad-mark'. */
  async segment(frame: FramePixels, { mask, box, marks, colourCounts }: FrameHints): Promise<FrameMask> {
    checkMarks(marks)
    const area = regionBox(frame, box, mask && rleBounds(mask), marksBounds(marks))
    const region = await this.region(frame, area)
    const pixels = markedPixels(marks, area)
    const given = mask && rleBounds(mask) ? decodeRle(mask, area).data : null
    const own = box && {
      left: Math.max(0, box[0] - area[0]),
      top: Math.max(0, box[1] - area[1]),
      right: Math.min(area[2], box[0] + box[2] - area[0]),
      bottom: Math.min(area[3], box[1] + box[3] - area[1]),
    }
    const hints = { box: own, marks: pixels, mask: given, colourCounts }
    const data = await segmentRegion(this.#threads(), region, hints, seed)
    const place = { x: area[0], y: area[1], width: frame.width, height: frame.height }
    const found = encodeRle({ width: area[2], height: area[3], data }, place)
    return {
      mask: found,
      marked: marks.length > 0 ? markedRle(pixels, area, frame) : null,
    }
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
  }

  /** Its own threads: those of a propagation are busy. */
  #threads(): Pool {
    this.#pool ??= createPool(Math.min(8, availableParallelism()))
    return this.#pool
  }
}

function croppedRgb({ width, rgb }: FramePixels, [left, top, columns, rows]: Box): Uint8Array {
  const out = new Uint8Array(columns * rows * 3)
  for (let y = 0; y < rows; y++) {
    const from = ((top + y) * width + left) * 3
    out.set(rgb.subarray(from, from + columns * 3), y * columns * 3)
  }
  return out
}
