/**
 * The simulated annotator of `npm run bench -- interact`: a box around the object, a little too large, then clicks in the
 * middle of the largest error. Two tools answer it, ours and OpenCV's GrabCut; each is shown its own errors.
 */
import type { Mark } from '../main/core/api.ts'
import { boxWithMargin } from '../main/core/geometry/box.ts'
import { bitmapBounds, emptyBitmap, pastePatch } from '../main/core/mask/bitmap.ts'
import { squaredDistances } from '../main/core/mask/distance.ts'
import { connectedComponents } from '../main/core/mask/regions.ts'
import { type Bitmap, decodeRle } from '../main/core/mask/rle.ts'
import { jaccard } from '../main/core/mask/score.ts'
import type { Box } from '../main/core/records.ts'
import { croppedRgb, FrameEngine, type FramePixels } from '../main/host/segment/frame-engine.ts'
import { markedPixels, marksBounds } from '../main/host/segment/marks.ts'
import { regionBox, regionSize } from '../main/host/segment/region-box.ts'
import type { GrabCut } from './grabcut.ts'

export const interactionCount = 5
/** By how much of its longer side a box is too large, on every side. */
const boxSlack = 0.05

export interface Tool {
  readonly name: string
  segment(frame: FramePixels, box: Box, marks: readonly Mark[]): Promise<{ mask: Bitmap; ms: number }>
}

export interface Annotated {
  /** After the box, and after each click. */
  readonly ious: number[]
  readonly ms: number[]
}

export function ours(): Tool {
  const engine = new FrameEngine()
  return {
    name: 'ours',
    async segment(frame, box, marks) {
      const startedAt = performance.now()
      const answer = await engine.segment(frame, { mask: null, box, marks, colourCounts: null })
      const ms = performance.now() - startedAt
      return { mask: decodeRle(answer.mask), ms }
    },
  }
}

/** On the same part of the frame that ours looks at, at ours' size too unless `wholeSize`. */
export function theirs(grabCut: GrabCut, wholeSize: boolean): Tool {
  return {
    name: wholeSize ? 'GrabCut at full size' : 'GrabCut',
    async segment(frame, box, marks) {
      const area = regionBox(frame, box, null, marksBounds(marks))
      const pixels = markedPixels(marks, area).map((mark) => (mark > 2 ? mark - 2 : mark))
      const own: Box = [box[0] - area[0], box[1] - area[1], box[2], box[3]]
      const rgb = croppedRgb(frame, area)
      const [, , width, height] = area
      const size = wholeSize ? { width, height } : regionSize(area)
      const { mask, ms } = await grabCut.cut({ width, height, rgb, box: own, size, marks: pixels })
      const whole = emptyBitmap(frame.width, frame.height)
      pastePatch(whole, { width, height, data: mask }, area[0], area[1])
      return { mask: whole, ms }
    },
  }
}

/** The box a person would draw. */
export function looseBox(truth: Bitmap): Box {
  const tight = bitmapBounds(truth)!
  const slack = Math.max(3, Math.round(Math.max(tight[2], tight[3]) * boxSlack))
  return boxWithMargin(tight, slack, truth.width, truth.height)
}

export async function annotate(tool: Tool, frame: FramePixels, truth: Bitmap): Promise<Annotated> {
  const box = looseBox(truth)
  const marks: Mark[] = []
  const [ious, times]: [number[], number[]] = [[], []]
  for (let count = 1; count <= interactionCount; count++) {
    const { mask, ms } = await tool.segment(frame, box, marks)
    times.push(ms)
    ious.push(jaccard(mask, truth))
    const next = nextMark(mask, truth)
    if (next) marks.push(next)
  }
  return { ious, ms: times }
}

/** A click in the middle of the largest connected error, half as wide as fits there, at most 5 pixels of radius. */
export function nextMark(mask: Bitmap, truth: Bitmap): Mark | null {
  const { width, height } = truth
  const wrong = [1, 0].map((missing) => {
    const data = truth.data.map((t, i) => (t !== mask.data[i] && t === missing ? 1 : 0))
    const { labels, list } = connectedComponents({ width, height, data }, 8)
    const largest = list.reduce((best, each, i) => (each.area > (list[best]?.area ?? 0) ? i : best), 0)
    const area = list[largest]?.area ?? 0
    return { inside: missing === 1, area, data: data.map((_, i) => (labels[i] === largest + 1 ? 1 : 0)) }
  })
  const error = wrong[0]!.area >= wrong[1]!.area ? wrong[0]! : wrong[1]!
  if (error.area === 0) return null
  const depth = squaredDistances({ width, height, data: error.data }, 0)
  let centre = 0
  for (let i = 0; i < depth.length; i++) if (error.data[i] && depth[i]! > depth[centre]!) centre = i
  const radius = Math.min(5, Math.max(1, Math.sqrt(depth[centre]!) / 2))
  const middle = [(centre % width) + 0.5, Math.floor(centre / width) + 0.5] as const
  return { inside: error.inside, points: [...middle], radius }
}
