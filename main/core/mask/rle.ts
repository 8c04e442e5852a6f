/**
 * Run-length masks as COCO defines them (cocoapi maskApi): the picture is scanned column by column, `counts` are run
 * lengths of 0, 1, 0, 1, ... beginning with a run of 0 that may have length 0, and their sum is width x height.
 * A shape's stored bytes are the ASCII of COCO's compressed string (`encodeShape`, `decodeShape`).
 *
 * Every function here returns the canonical form (no empty run but the first), so that equal pixels are equal counts.
 */
import type { Box } from '../records.ts'
import { UserError } from '../user-error.ts'

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

export function emptyRle(width: number, height: number): Rle {
  return { width, height, counts: Uint32Array.of(width * height) }
}

export function fullRle(width: number, height: number): Rle {
  return {
    width,
    height,
    counts: width * height === 0 ? Uint32Array.of(0) : Uint32Array.of(0, width * height),
  }
}

/** Collects runs of 1 in ascending order; runs that touch become one. */
class RunList {
  readonly #width: number
  readonly #height: number
  #counts: Uint32Array
  #length = 0
  #end = 0

  constructor(width: number, height: number, capacity = 64) {
    this.#width = width
    this.#height = height
    this.#counts = new Uint32Array(capacity)
  }

  /** Pixels [start, end) in column order are 1; start must not be before the last end. */
  add(start: number, end: number): void {
    if (end <= start) return
    if (start === this.#end && this.#length > 0) this.#counts[this.#length - 1]! += end - start
    else {
      this.#push(start - this.#end)
      this.#push(end - start)
    }
    this.#end = end
  }

  rle(): Rle {
    const rest = this.#width * this.#height - this.#end
    if (rest > 0 || this.#length === 0) this.#push(rest)
    return { width: this.#width, height: this.#height, counts: this.#counts.slice(0, this.#length) }
  }

  #push(count: number): void {
    if (this.#length === this.#counts.length) {
      const larger = new Uint32Array(this.#counts.length * 2)
      larger.set(this.#counts)
      this.#counts = larger
    }
    this.#counts[this.#length++] = count
  }
}

/** Where a patch lies in a picture: its left top corner and the picture's size. */
export interface PatchPlace {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * The bitmap's runs. With `place` the bitmap is a patch of a larger picture; what lies outside of it is cut off.
 * Reads row by row although runs go down the columns: the changes of each column are counted first, then placed.
 */
export function encodeRle(bitmap: Bitmap, place?: PatchPlace): Rle {
  const {
    x: left,
    y: top,
    width,
    height,
  } = place ?? { x: 0, y: 0, width: bitmap.width, height: bitmap.height }
  const x0 = Math.max(0, -left)
  const y0 = Math.max(0, -top)
  const columns = Math.min(bitmap.width, width - left) - x0
  const rows = Math.min(bitmap.height, height - top) - y0
  if (columns <= 0 || rows <= 0) return emptyRle(width, height)
  const part: Box = [x0, y0, columns, rows]
  const starts = new Uint32Array(columns + 1)
  forEachColumnChange(bitmap, part, (column) => {
    starts[column + 1]!++
  })
  for (let i = 1; i <= columns; i++) starts[i]! += starts[i - 1]!
  const changes = new Uint32Array(starts[columns]!)
  const next = starts.slice()
  forEachColumnChange(bitmap, part, (column, row) => {
    changes[next[column]!++] = row
  })
  const runs = new RunList(width, height, changes.length + 2)
  for (let column = 0; column < columns; column++) {
    const origin = (x0 + column + left) * height + y0 + top
    for (let i = starts[column]!; i < starts[column + 1]!; i += 2)
      runs.add(origin + changes[i]!, origin + changes[i + 1]!)
  }
  return runs.rle()
}

/** Calls, row after row, where a column of the part changes its value; above and below the part all is 0. */
function forEachColumnChange(bitmap: Bitmap, part: Box, visit: (column: number, row: number) => void): void {
  const [left, top, columns, rows] = part
  const { data, width } = bitmap
  const first = top * width + left
  for (let column = 0; column < columns; column++) if (data[first + column]) visit(column, 0)
  for (let row = 1; row < rows; row++) {
    const origin = first + row * width
    for (let column = 0; column < columns; column++)
      if (data[origin + column] !== data[origin + column - width]) visit(column, row)
  }
  const last = first + (rows - 1) * width
  for (let column = 0; column < columns; column++) if (data[last + column]) visit(column, rows)
}

/**
 * The pixels of the runs: the whole picture, or only `box` of it (which may reach outside, where all is 0).
 * Writes only where a column changes, then fills row by row from the row above.
 */
export function decodeRle(rle: Rle, box: Box = [0, 0, rle.width, rle.height]): Bitmap {
  const [left, top, width, height] = box
  const data = new Uint8Array(width * height)
  forEachColumnRun(rle, (x, from, to) => {
    const column = x - left
    if (column < 0 || column >= width) return
    const start = Math.max(0, from - top)
    const end = Math.min(height, to - top)
    if (end <= start) return
    data[start * width + column]! ^= 1
    if (end < height) data[end * width + column]! ^= 1
  })
  for (let i = width; i < data.length; i++) data[i]! ^= data[i - width]!
  return { width, height, data }
}

/** Calls for each stretch of set pixels within one column: rows from (inclusive) to (exclusive). */
export function forEachColumnRun(rle: Rle, visit: (x: number, from: number, to: number) => void): void {
  const { counts, height } = rle
  let position = 0
  for (let i = 0; i < counts.length; i++) {
    const end = position + counts[i]!
    if (i & 1) {
      let x = Math.floor(position / height)
      let from = position - x * height
      while (position < end) {
        const to = Math.min(height, from + end - position)
        visit(x, from, to)
        position += to - from
        from = 0
        x++
      }
    }
    position = end
  }
}

/** Number of set pixels. */
export function rleArea(rle: Rle): number {
  let area = 0
  for (let i = 1; i < rle.counts.length; i += 2) area += rle.counts[i]!
  return area
}

export function isEmptyRle(rle: Rle): boolean {
  return rle.counts.length < 2
}

export function sameRle(a: Rle, b: Rle): boolean {
  if (a.width !== b.width || a.height !== b.height || a.counts.length !== b.counts.length) return false
  for (let i = 0; i < a.counts.length; i++) if (a.counts[i] !== b.counts[i]) return false
  return true
}

/** The smallest box around the set pixels; null when there is none. */
export function rleBounds(rle: Rle): Box | null {
  let x0 = rle.width
  let x1 = -1
  let y0 = rle.height
  let y1 = -1
  forEachColumnRun(rle, (x, from, to) => {
    if (x < x0) x0 = x
    if (x > x1) x1 = x
    if (from < y0) y0 = from
    if (to > y1) y1 = to
  })
  return x1 < 0 ? null : [x0, y0, x1 - x0 + 1, y1 - y0]
}

/** Mean position of the set pixels' centres, in image space; null when there is none. */
export function rleCentroid(rle: Rle): { readonly x: number; readonly y: number } | null {
  let area = 0
  let sumX = 0
  let sumY = 0
  forEachColumnRun(rle, (x, from, to) => {
    const length = to - from
    area += length
    sumX += (x + 0.5) * length
    sumY += ((from + to) / 2) * length
  })
  return area === 0 ? null : { x: sumX / area, y: sumY / area }
}

/** Whether the pixel (column x, row y) is set; false outside of the picture. */
export function rleContains(rle: Rle, x: number, y: number): boolean {
  const column = Math.floor(x)
  const row = Math.floor(y)
  if (column < 0 || row < 0 || column >= rle.width || row >= rle.height) return false
  const wanted = column * rle.height + row
  let end = 0
  for (let i = 0; i < rle.counts.length; i++) {
    end += rle.counts[i]!
    if (wanted < end) return (i & 1) === 1
  }
  return false
}

export function unionRle(a: Rle, b: Rle): Rle {
  return combineRuns(a, b, 0b1110)
}

export function intersectRle(a: Rle, b: Rle): Rle {
  return combineRuns(a, b, 0b1000)
}

/** The pixels of a that are not in b. */
export function subtractRle(a: Rle, b: Rle): Rle {
  return combineRuns(a, b, 0b0010)
}

/** `table` is the truth table: bit (a + 2b) is the result. Walks both run lists once. */
function combineRuns(a: Rle, b: Rle, table: number): Rle {
  checkSameSize(a, b)
  const total = a.width * a.height
  const runs = new RunList(a.width, a.height, a.counts.length + b.counts.length)
  let ia = 0
  let ib = 0
  let endA = a.counts[0] ?? 0
  let endB = b.counts[0] ?? 0
  let position = 0
  while (position < total) {
    while (endA <= position && ia + 1 < a.counts.length) endA += a.counts[++ia]!
    while (endB <= position && ib + 1 < b.counts.length) endB += b.counts[++ib]!
    const end = Math.min(endA, endB)
    if ((table >> ((ia & 1) + 2 * (ib & 1))) & 1) runs.add(position, end)
    position = end
  }
  return runs.rle()
}

/** Number of pixels set in both. */
export function rleOverlap(a: Rle, b: Rle): number {
  return rleArea(intersectRle(a, b))
}

/** Intersection over union in [0, 1]; 1 when both are empty. */
export function rleIou(a: Rle, b: Rle): number {
  const shared = rleOverlap(a, b)
  const union = rleArea(a) + rleArea(b) - shared
  return union === 0 ? 1 : shared / union
}

/** Moved by whole pixels; what leaves the picture is cut off. */
export function translateRle(rle: Rle, dx: number, dy: number): Rle {
  const { width, height } = rle
  const runs = new RunList(width, height, rle.counts.length + 2)
  forEachColumnRun(rle, (x, from, to) => {
    const column = x + dx
    if (column < 0 || column >= width) return
    runs.add(column * height + Math.max(0, from + dy), column * height + Math.min(height, to + dy))
  })
  return runs.rle()
}

function checkSameSize(a: { width: number; height: number }, b: { width: number; height: number }): void {
  if (a.width === b.width && a.height === b.height) return
  throw new RangeError(`Masks of ${a.width}x${a.height} and ${b.width}x${b.height} cannot be combined`)
}

const largestPixelCount = 2 ** 31 - 1

/** Run lengths from outside, made canonical. Throws UserError 'bad-rle' when they do not cover width x height. */
export function rleFromCounts(counts: ArrayLike<number>, width: number, height: number): Rle {
  const total = checkedPixelCount(width, height)
  const runs = new RunList(width, height, counts.length + 1)
  let position = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    if (!Number.isInteger(count) || count < 0 || position + count > total)
      throw new UserError(
        'bad-rle',
        `Run ${i} of a ${width}x${height} mask is ${String(count)}, which does not fit the picture`,
      )
    if (i & 1) runs.add(position, position + count)
    position += count
  }
  if (position !== total)
    throw new UserError(
      'bad-rle',
      `The runs of a ${width}x${height} mask cover ${position} pixels instead of ${total}`,
    )
  return runs.rle()
}

/** COCO's compressed string, as its ASCII bytes (cocoapi rleToString): what is stored and hashed. */
export function encodeShape(rle: Rle): Uint8Array {
  const { counts } = rle
  const bytes = new Uint8Array(counts.length * 7)
  let length = 0
  for (let i = 0; i < counts.length; i++) {
    let value = counts[i]!
    if (i > 2) value -= counts[i - 2]!
    let more = true
    while (more) {
      let group = value & 0x1f
      value >>= 5
      more = group & 0x10 ? value !== -1 : value !== 0
      if (more) group |= 0x20
      bytes[length++] = group + 48
    }
  }
  return bytes.slice(0, length)
}

/** The runs of stored bytes. Throws UserError 'bad-rle' when they are no runs of a picture of this size. */
export function decodeShape(bytes: Uint8Array, width: number, height: number): Rle {
  const counts: number[] = []
  let at = 0
  while (at < bytes.length) {
    let value = 0
    let shift = 0
    let more = true
    while (more) {
      const group = (bytes[at] ?? 0) - 48
      if (at >= bytes.length || group < 0 || group > 63 || shift > 30)
        throw new UserError(
          'bad-rle',
          `The compressed runs of a ${width}x${height} mask are damaged at character ${at}`,
        )
      value |= (group & 0x1f) << shift
      more = (group & 0x20) !== 0
      shift += 5
      at++
      if (!more && group & 0x10 && shift < 32) value |= -1 << shift
    }
    if (counts.length > 2) value += counts[counts.length - 2]!
    counts.push(value)
  }
  return rleFromCounts(counts, width, height)
}

/** COCO's compressed string: the `counts` of a json annotation. */
export function rleString(rle: Rle): string {
  const bytes = encodeShape(rle)
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return text
}

export function rleFromString(text: string, width: number, height: number): Rle {
  const bytes = new Uint8Array(text.length)
  // A character outside of ASCII becomes 0, which no string of runs contains.
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) < 128 ? text.charCodeAt(i) : 0
  return decodeShape(bytes, width, height)
}

function checkedPixelCount(width: number, height: number): number {
  const total = width * height
  if (
    Number.isInteger(width) &&
    Number.isInteger(height) &&
    width > 0 &&
    height > 0 &&
    total <= largestPixelCount
  )
    return total
  throw new UserError('bad-rle', `A mask cannot have the size ${String(width)}x${String(height)}`)
}
