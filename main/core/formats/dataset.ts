/**
 * What an export reads: videos with objects, masks and pixels, wherever they come from (a project, the command line, a
 * test). Formats see only this.
 */
import type { Rle } from '../mask/rle.ts'
import type { MaskState } from '../records.ts'

export interface DatasetSource {
  readonly videos: readonly DatasetVideo[]
  /** In the order of the class list. */
  readonly classes: readonly DatasetClass[]
}

export interface DatasetClass {
  readonly name: string
  readonly stuff: boolean
  /** Category number to write; null: numbered by order. */
  readonly exportId: number | null
}

export interface DatasetObject {
  readonly name: string
  /** Position in the source's classes; null: without a class. */
  readonly classIndex: number | null
  readonly stuff: boolean
  /** `#rrggbb`, for the overlay video. */
  readonly color: string
  /** Larger is nearer: where two objects overlap, the nearer one owns the pixel. */
  readonly order: number
}

export interface DatasetMask {
  /** Position in the video's objects. */
  readonly objectIndex: number
  readonly state: MaskState
  /** Number of pixels; 0: known to be absent here (empty or outside). */
  readonly area: number
  /** The pixels, of the video's size; null when area is 0. */
  shape(): Rle | null
}

export interface RgbFrame {
  readonly frameIndex: number
  /** width x height x 3 bytes, row by row. */
  readonly rgb: Uint8Array
}

export interface DatasetVideo {
  readonly name: string
  readonly width: number
  readonly height: number
  /** Presentation times in microseconds, ascending, one a frame. */
  readonly timesUs: Float64Array
  readonly objects: readonly DatasetObject[]
  /** Where the media is a folder of images: their absolute paths in frame order; else null. */
  readonly imageFiles: readonly string[] | null
  /** Every mask the frame has, also those that say the object is absent; empty where nothing is labelled. */
  masksAt(frameIndex: number): readonly DatasetMask[]
  /** Pixels of the frames asked for, in ascending order. */
  frames(frameIndexes: readonly number[], signal: AbortSignal): AsyncIterable<RgbFrame>
}
