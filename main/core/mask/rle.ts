/**
 * Run-length masks as COCO defines them (cocoapi maskApi): the picture is scanned column by column, `counts` are run
 * lengths of 0, 1, 0, 1, ... beginning with a run of 0 that may have length 0, and their sum is width x height.
 * A shape's stored bytes are the ASCII of COCO's compressed string (`encodeShape`, `decodeShape`).
 */
export interface Rle {
  readonly width: number
  readonly height: number
  readonly counts: Uint32Array
}

/** One byte a pixel, row by row, 0 or 1. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}
