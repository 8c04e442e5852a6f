/** Pure: which part of a frame has to be looked at to mark an object, and at which size. */
import { boxUnion, boxWithMargin, type FloatBox } from '../../core/geometry/box.ts'
import type { Box } from '../../core/records.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** Long side of a region at working size. */
const longestSide = 360
/** Regions begin and end on multiples of this many pixels, so that the next mark often finds one that is known. */
const gridStep = 32
/** How much of its surroundings an object is told from, as a part of its own size. */
const boxMargin = 0.4
const maskMargin = 0.25
/** How far an object may reach from a mark, as a part of the picture's long side, when nothing else is known. */
const markReach = 0.25

/** `box`, `mask` and `marks` are bounds of what a person has given, at least one of them. */
export function regionBox(
  picture: Size,
  box: FloatBox | null,
  mask: FloatBox | null,
  marks: FloatBox | null,
): Box {
  const known = boxUnion(box, mask)
  const long = (of: FloatBox) => Math.max(of[2], of[3])
  const margin = known
    ? long(known) * (mask ? maskMargin : boxMargin) + gridStep / 2
    : Math.max(picture.width, picture.height) * markReach
  const whole = boxUnion(known, marks) ?? [0, 0, picture.width, picture.height]
  const x = Math.floor((whole[0] - margin) / gridStep) * gridStep
  const y = Math.floor((whole[1] - margin) / gridStep) * gridStep
  const right = Math.ceil((whole[0] + whole[2] + margin) / gridStep) * gridStep
  const bottom = Math.ceil((whole[1] + whole[3] + margin) / gridStep) * gridStep
  return boxWithMargin([x, y, right - x, bottom - y], 0, picture.width, picture.height)
}

/** The size at which a region is compared: its long side at most 360, never larger than it is. */
export function regionSize([, , width, height]: Box): Size {
  const scale = Math.min(1, longestSide / Math.max(width, height))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}
