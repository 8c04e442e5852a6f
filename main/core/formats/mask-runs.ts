import { type Rle, rleArea, rleBounds, rleString } from '../mask/rle.ts'
import type { Box } from '../records.ts'

/** One object on one frame, as the json formats write it. */
export interface FrameRuns {
  /** COCO's compressed string. */
  readonly counts: string
  readonly area: number
  readonly box: Box
}

/** What the json formats collect while frames go by: runs by video, object number and frame position. */
export class MaskRuns {
  readonly #runs = new Map<string, FrameRuns>()

  add(videoName: string, objectId: number, position: number, rle: Rle): void {
    const box = rleBounds(rle)
    if (box)
      this.#runs.set(`${videoName}/${objectId}/${position}`, {
        counts: rleString(rle),
        area: rleArea(rle),
        box,
      })
  }

  get(videoName: string, objectId: number, position: number): FrameRuns | null {
    return this.#runs.get(`${videoName}/${objectId}/${position}`) ?? null
  }
}
