/** Pure: what a step of a network says about its own result, in the terms in which the forest's does. */
import type { Size, StepReport } from '../../../../native/index.ts'

/** Pixels on either side of an outline that count as near it. */
const nearOutline = 8

export interface Step {
  readonly size: Size
  /** The mask before, moved to this frame; all 0 where nothing leads here. */
  readonly prior: Float32Array
  readonly mask: Float32Array
  /** Planes as in native.picturePlanes; of Lab the first three after the first. Null across a cut. */
  readonly seen: {
    readonly picture: Float32Array
    readonly neighbour: Float32Array
    /** From this frame to its neighbour. */
    readonly flow: Float32Array
  } | null
}

/** In single precision, as reports are kept: a resumed run must judge by the same numbers. */
export function stepReport({ size, prior, mask, seen }: Step): StepReport {
  const { width, height } = size
  let [priorArea, area, inside, both, either, border, sumX, sumY, residual] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < mask.length; i++) {
    const p = mask[i]!
    const isIn = p > 0.5
    const wasIn = prior[i]! > 0.5
    priorArea += prior[i]!
    if (isIn && wasIn) both++
    if (isIn || wasIn) either++
    if (p === 0) continue
    const x = i % width
    const y = Math.floor(i / width)
    area += p
    sumX += p * x
    sumY += p * y
    if (!isIn) continue
    inside++
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) border++
    if (seen) residual += difference(seen, size, x, y)
  }
  return {
    priorArea: Math.fround(priorArea),
    area: Math.fround(area),
    margin: Math.fround(marginOf(size, mask)),
    residual: Math.fround(inside === 0 ? 0 : residual / inside),
    priorOverlap: Math.fround(either === 0 ? 1 : both / either),
    centroidX: Math.fround(area > 0 ? sumX / area : 0),
    centroidY: Math.fround(area > 0 ? sumY / area : 0),
    borderPart: Math.fround(inside === 0 ? 0 : border / Math.sqrt(inside)),
  }
}

/** Of a pixel's colour and that of the neighbour's pixel which flow leads to, summed over Lab. */
function difference(
  { picture, neighbour, flow }: NonNullable<Step['seen']>,
  { width, height }: Size,
  x: number,
  y: number,
): number {
  const length = width * height
  const here = y * width + x
  const there = {
    x: Math.max(0, Math.min(width - 1, Math.round(x + flow[here]!))),
    y: Math.max(0, Math.min(height - 1, Math.round(y + flow[length + here]!))),
  }
  const from = there.y * width + there.x
  let sum = 0
  for (let plane = 1; plane <= 3; plane++)
    sum += Math.abs(picture[plane * length + here]! - neighbour[plane * length + from]!)
  return sum
}

/** Mean |2p - 1| near the outline; 1 where there is none. */
function marginOf(size: Size, mask: Float32Array): number {
  const near = nearOutlines(size, mask)
  let [sum, count] = [0, 0]
  for (let i = 0; i < mask.length; i++) {
    if (near[i] === 0) continue
    sum += Math.abs(2 * mask[i]! - 1)
    count++
  }
  return count === 0 ? 1 : sum / count
}

/** 1 where an outline is at most `nearOutline` away along both axes. */
function nearOutlines({ width, height }: Size, mask: Float32Array): Uint8Array {
  const rows = new Uint8Array(mask.length)
  const isIn = (i: number) => mask[i]! > 0.5
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const edge =
        (x + 1 < width && isIn(i) !== isIn(i + 1)) || (y + 1 < height && isIn(i) !== isIn(i + width))
      if (edge) rows.fill(1, i - Math.min(x, nearOutline), i + 1 + Math.min(width - 1 - x, nearOutline))
    }
  }
  const near = new Uint8Array(mask.length)
  for (let y = 0; y < height; y++) {
    const [first, last] = [Math.max(0, y - nearOutline), Math.min(height - 1, y + nearOutline)]
    for (let x = 0; x < width; x++) {
      if (rows[y * width + x] === 0) continue
      for (let row = first; row <= last; row++) near[row * width + x] = 1
    }
  }
  return near
}
