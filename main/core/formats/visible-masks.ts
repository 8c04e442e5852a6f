import { forEachColumnRun, isEmptyRle, type Rle, rleArea, subtractRle, unionRle } from '../mask/rle.ts'
import type { DatasetMask, DatasetVideo } from './dataset.ts'

export interface VisibleMask {
  readonly objectIndex: number
  /** What no nearer object covers; never empty. */
  readonly rle: Rle
}

export interface VisibleMasks {
  /** In the order of the objects. */
  readonly masks: readonly VisibleMask[]
  /** Pixels that two or more objects claimed, each counted once for every object that lost it. */
  readonly lostPixelCount: number
}

/** The frame's masks without overlaps: a pixel belongs to the nearest object that claims it. */
export function visibleMasks(video: DatasetVideo, masks: readonly DatasetMask[]): VisibleMasks {
  const nearestFirst = masks
    .filter(({ area }) => area > 0)
    .sort(
      (a, b) =>
        video.objects[b.objectIndex]!.order - video.objects[a.objectIndex]!.order ||
        b.objectIndex - a.objectIndex,
    )
  let covered: Rle | null = null
  let lostPixelCount = 0
  const visible: VisibleMask[] = []
  for (const mask of nearestFirst) {
    const shape = mask.shape()
    if (!shape) continue
    const rle: Rle = covered ? subtractRle(shape, covered) : shape
    lostPixelCount += rleArea(shape) - rleArea(rle)
    covered = covered ? unionRle(covered, shape) : shape
    if (!isEmptyRle(rle)) visible.push({ objectIndex: mask.objectIndex, rle })
  }
  return { masks: visible.sort((a, b) => a.objectIndex - b.objectIndex), lostPixelCount }
}

/** One byte a pixel, row by row: the number of the object that owns it, 0 where none does. */
export function numberPlane(
  width: number,
  height: number,
  masks: readonly { readonly id: number; readonly rle: Rle }[],
): Uint8Array {
  const plane = new Uint8Array(width * height)
  for (const { id, rle } of masks) {
    forEachColumnRun(rle, (x, from, to) => {
      for (let i = from * width + x; i < to * width; i += width) plane[i] = id
    })
  }
  return plane
}
