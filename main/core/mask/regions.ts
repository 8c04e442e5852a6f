/** Connected regions of a bitmap: flood fill, holes, islands, components. */
import type { Box } from '../records.ts'
import { bitmapBounds, croppedBitmap, pastePatch } from './bitmap.ts'
import type { Bitmap } from './rle.ts'

export type Connectivity = 4 | 8

/** 8-bit RGBA rows, as ImageData has them. */
export interface RgbaImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
}

/**
 * The region around a pixel whose colours differ from that pixel's by at most `tolerance` (0 to 255) in each of red,
 * green and blue. Empty when the pixel lies outside of the image.
 */
export function floodedRegion(
  image: RgbaImage,
  x: number,
  y: number,
  tolerance: number,
  connectivity: Connectivity,
): Bitmap {
  const { width, height, data } = image
  const similar = new Uint8Array(width * height)
  const seed = (Math.floor(y) * width + Math.floor(x)) * 4
  if (x < 0 || y < 0 || x >= width || y >= height) return { width, height, data: similar }
  const red = data[seed]!
  const green = data[seed + 1]!
  const blue = data[seed + 2]!
  for (let i = 0, p = 0; i < similar.length; i++, p += 4) {
    const dr = data[p]! - red
    const dg = data[p + 1]! - green
    const db = data[p + 2]! - blue
    similar[i] =
      dr <= tolerance &&
      -dr <= tolerance &&
      dg <= tolerance &&
      -dg <= tolerance &&
      db <= tolerance &&
      -db <= tolerance
        ? 1
        : 0
  }
  return regionAt({ width, height, data: similar }, x, y, connectivity)
}

/** The connected set pixels that contain (x, y); empty when that pixel is not set. Fills whole row spans at a time. */
export function regionAt(bitmap: Bitmap, x: number, y: number, connectivity: Connectivity): Bitmap {
  const { width, height, data } = bitmap
  const region = new Uint8Array(width * height)
  const column = Math.floor(x)
  const row = Math.floor(y)
  if (column < 0 || row < 0 || column >= width || row >= height) return { width, height, data: region }
  const reach = connectivity === 8 ? 1 : 0
  const stack = [row * width + column]
  while (stack.length > 0) {
    const pixel = stack.pop()!
    if (!data[pixel] || region[pixel]) continue
    const start = Math.floor(pixel / width) * width
    let left = pixel
    while (left > start && data[left - 1] && !region[left - 1]) left--
    let right = pixel + 1
    while (right < start + width && data[right] && !region[right]) right++
    region.fill(1, left, right)
    const from = Math.max(start, left - reach)
    const to = Math.min(start + width, right + reach)
    if (start > 0) pushSpans(data, region, from - width, to - width, stack)
    if (start + width < data.length) pushSpans(data, region, from + width, to + width, stack)
  }
  return { width, height, data: region }
}

/** One pixel of each unvisited stretch of set pixels in [from, to). */
function pushSpans(data: Uint8Array, region: Uint8Array, from: number, to: number, stack: number[]): void {
  let inside = false
  for (let i = from; i < to; i++) {
    const open = data[i] === 1 && region[i] === 0
    if (open && !inside) stack.push(i)
    inside = open
  }
}

export interface Components {
  /** 0 where nothing is set, else 1, 2, ... in reading order of the first pixel. */
  readonly labels: Int32Array
  /** Entry k is component k + 1. */
  readonly list: readonly { readonly area: number; readonly box: Box }[]
}

/** Labels the connected regions of set pixels: row runs joined by union-find, then numbered in reading order. */
export function connectedComponents(bitmap: Bitmap, connectivity: Connectivity): Components {
  const { width, data } = bitmap
  const labels = new Int32Array(data.length)
  const parents: number[] = [0]
  const reach = connectivity === 8 ? 1 : 0
  for (let row = 0; row < data.length; row += width) {
    const rowEnd = row + width
    for (let i = row; i < rowEnd; i++) {
      if (!data[i]) continue
      let end = i + 1
      while (end < rowEnd && data[end]) end++
      const from = Math.max(row, i - reach) - width
      const to = Math.min(rowEnd, end + reach) - width
      const label = (row > 0 && joinedLabel(labels, parents, from, to)) || parents.push(parents.length) - 1
      labels.fill(label, i, end)
      i = end
    }
  }
  return { labels, list: numberedComponents(labels, parents, width) }
}

/** Joins all labels in [from, to) into one and returns it; 0 when there is none. */
function joinedLabel(labels: Int32Array, parents: number[], from: number, to: number): number {
  let label = 0
  let previous = 0
  for (let i = from; i < to; i++) {
    const other = labels[i]!
    if (other === 0 || other === previous) continue
    previous = other
    label = label === 0 ? rootOf(parents, other) : joined(parents, label, other)
  }
  return label
}

function rootOf(parents: number[], label: number): number {
  let root = label
  while (parents[root] !== root) root = parents[root]!
  let at = label
  while (parents[at] !== root) {
    const next = parents[at]!
    parents[at] = root
    at = next
  }
  return root
}

function joined(parents: number[], a: number, b: number): number {
  const rootA = rootOf(parents, a)
  const rootB = rootOf(parents, b)
  const root = Math.min(rootA, rootB)
  parents[rootA] = root
  parents[rootB] = root
  return root
}

function numberedComponents(
  labels: Int32Array,
  parents: number[],
  width: number,
): { area: number; box: Box }[] {
  const numbers = new Int32Array(parents.length)
  const found: { area: number; x0: number; y0: number; x1: number; y1: number }[] = []
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue
    const root = rootOf(parents, labels[i]!)
    const x = i % width
    const y = (i - x) / width
    if (numbers[root] === 0) numbers[root] = found.push({ area: 0, x0: x, y0: y, x1: x, y1: y })
    labels[i] = numbers[root]!
    const component = found[numbers[root]! - 1]!
    component.area++
    if (x < component.x0) component.x0 = x
    if (x > component.x1) component.x1 = x
    component.y1 = y
  }
  return found.map(({ area, x0, y0, x1, y1 }) => ({ area, box: [x0, y0, x1 - x0 + 1, y1 - y0 + 1] as const }))
}

/**
 * The bitmap with every hole of at most `largestArea` pixels set. A hole is unset, surrounded by set pixels, and
 * connected over edges (4), the complement of set pixels being connected over edges and corners (8).
 */
export function withHolesFilled(bitmap: Bitmap, largestArea = Number.POSITIVE_INFINITY): Bitmap {
  return withinBounds(bitmap, (patch) => {
    const inverse: Bitmap = { ...patch, data: patch.data.map((value) => 1 - value) }
    const { labels, list } = connectedComponents(inverse, 4)
    const hole = list.map(({ area, box: [x, y, width, height] }) => {
      const touchesEdge = x === 0 || y === 0 || x + width === patch.width || y + height === patch.height
      return !touchesEdge && area <= largestArea
    })
    for (let i = 0; i < labels.length; i++) if (labels[i] !== 0 && hole[labels[i]! - 1]) patch.data[i] = 1
  })
}

/** The bitmap without its islands (8-connected regions) of fewer than `smallestArea` pixels. */
export function withoutIslands(bitmap: Bitmap, smallestArea: number): Bitmap {
  return withinBounds(bitmap, (patch) => {
    const { labels, list } = connectedComponents(patch, 8)
    for (let i = 0; i < labels.length; i++)
      if (labels[i] !== 0 && list[labels[i]! - 1]!.area < smallestArea) patch.data[i] = 0
  })
}

/** Only the largest 8-connected region; of equal ones the first in reading order. */
export function largestRegion(bitmap: Bitmap): Bitmap {
  return withinBounds(bitmap, (patch) => {
    const { labels, list } = connectedComponents(patch, 8)
    let largest = 0
    for (let k = 1; k < list.length; k++) if (list[k]!.area > list[largest]!.area) largest = k
    for (let i = 0; i < labels.length; i++) if (labels[i] !== largest + 1) patch.data[i] = 0
  })
}

/** A copy of the bitmap whose set part has been changed by `change`: only the box around the set pixels is worked on. */
function withinBounds(bitmap: Bitmap, change: (patch: Bitmap) => void): Bitmap {
  const result: Bitmap = { ...bitmap, data: bitmap.data.slice() }
  const box = bitmapBounds(bitmap)
  if (!box) return result
  const patch = croppedBitmap(bitmap, box)
  change(patch)
  pastePatch(result, patch, box[0], box[1])
  return result
}
