/** How much of a picture masks leave without an owner. */
import { isEmptyRle, type Rle, rleArea, unionRle } from './rle.ts'

/**
 * Keyframes that leave more than this part of the picture unlabelled say nothing about the frames between: what is left
 * there may be the background. With less, a person labelled all over, things and stuff.
 */
export const mostUnlabelled = 0.25

/** Part of the picture that none of the masks covers, 0 to 1; null where none has a pixel. They are of one size. */
export function uncoveredPart(masks: Iterable<Rle>): number | null {
  let covered: Rle | null = null
  for (const rle of masks) if (!isEmptyRle(rle)) covered = covered ? unionRle(covered, rle) : rle
  return covered && 1 - rleArea(covered) / (covered.width * covered.height)
}
