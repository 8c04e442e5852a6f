/**
 * Who owns each pixel: one number a pixel for all masks of a frame, nearer masks over farther ones. The map lies on its
 * side (column by column), because masks are runs down the columns: each run is one fill, and a range of columns is one
 * contiguous piece to upload.
 */
import { forEachColumnRun, type Rle } from '../../main/core/mask/rle.ts'
import type { Box } from '../../main/core/records.ts'

export interface MapEntry {
  /** 1 to 65,535; 0 is nobody. */
  readonly slot: number
  /** Two entries with the same slot and key have the same pixels. */
  readonly key: string
  readonly rle: Rle
  readonly box: Box
}

/** Columns from (inclusive) to (exclusive). */
export interface ColumnRange {
  readonly from: number
  readonly to: number
}

export class MaskMap {
  readonly width: number
  readonly height: number
  /** Slot of the pixel (x, y) at x * height + y. */
  readonly slots: Uint16Array<ArrayBuffer>
  #entries: readonly MapEntry[] = []

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.slots = new Uint16Array(width * height)
  }

  /** Puts the masks, farthest first, in place of what was there. Returns the columns that may have changed, or null. */
  compose(farthestFirst: readonly MapEntry[]): ColumnRange | null {
    const range = changedColumns(this.#entries, farthestFirst, this.width)
    this.#entries = farthestFirst
    if (!range) return null
    const { slots, height } = this
    slots.fill(0, range.from * height, range.to * height)
    for (const { slot, rle, box } of farthestFirst) {
      if (box[0] >= range.to || box[0] + box[2] <= range.from) continue
      forEachColumnRun(rle, (x, from, to) => {
        if (x >= range.from && x < range.to) slots.fill(slot, x * height + from, x * height + to)
      })
    }
    return range
  }

  slotAt(x: number, y: number): number {
    return this.slots[x * this.height + y] ?? 0
  }
}

/** What either list has and the other has not, or has in another place of the order. */
function changedColumns(
  before: readonly MapEntry[],
  after: readonly MapEntry[],
  width: number,
): ColumnRange | null {
  let first = 0
  while (first < before.length && first < after.length && sameEntry(before[first]!, after[first]!)) first++
  let lastBefore = before.length
  let lastAfter = after.length
  while (
    lastBefore > first &&
    lastAfter > first &&
    sameEntry(before[lastBefore - 1]!, after[lastAfter - 1]!)
  ) {
    lastBefore--
    lastAfter--
  }
  let from = width
  let to = 0
  for (const { box } of [...before.slice(first, lastBefore), ...after.slice(first, lastAfter)]) {
    from = Math.min(from, Math.max(0, box[0]))
    to = Math.max(to, Math.min(width, box[0] + box[2]))
  }
  return from < to ? { from, to } : null
}

function sameEntry(a: MapEntry, b: MapEntry): boolean {
  return a.slot === b.slot && a.key === b.key
}
