/** From the unpacked bytes of a PNG of one number a pixel to the numbers: filters undone, bits split, passes woven. */
import { UserError } from '../user-error.ts'
import type { PngHeader } from './png.ts'

/** Start and step of columns and rows; seven of them when interlaced (Adam7), else one. */
interface Pass {
  readonly x: number
  readonly y: number
  readonly stepX: number
  readonly stepY: number
}

const plainPass: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }]
const adam7: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
]

interface PassSize {
  readonly pass: Pass
  readonly columns: number
  readonly rows: number
  readonly rowBytes: number
}

function passSizes({ width, height, bitDepth, interlaced }: PngHeader): PassSize[] {
  return (interlaced ? adam7 : plainPass)
    .map((pass) => {
      const columns = Math.ceil((width - pass.x) / pass.stepX)
      const rows = Math.ceil((height - pass.y) / pass.stepY)
      return { pass, columns, rows, rowBytes: Math.ceil((columns * bitDepth) / 8) }
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0)
}

/** How many unpacked bytes the picture has. */
export function planeByteLength(header: PngHeader): number {
  return passSizes(header).reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0)
}

/** Overwrites `plain` while undoing the filters. */
export function planeValues(plain: Uint8Array, header: PngHeader, name: string): Uint8Array | Uint16Array {
  const { width, height, bitDepth } = header
  const result = bitDepth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height)
  let offset = 0
  for (const { pass, columns, rows, rowBytes } of passSizes(header)) {
    let previous: Uint8Array | null = null
    for (let row = 0; row < rows; row++) {
      const filter = plain[offset]!
      const line = plain.subarray(offset + 1, offset + 1 + rowBytes)
      unfilterRow(filter, line, previous, bitDepth === 16 ? 2 : 1, name)
      writeRow(line, columns, bitDepth, result, (pass.y + row * pass.stepY) * width + pass.x, pass.stepX)
      previous = line
      offset += rowBytes + 1
    }
  }
  return result
}

function unfilterRow(
  filter: number,
  line: Uint8Array,
  above: Uint8Array | null,
  step: number,
  name: string,
): void {
  if (filter === 0) return
  if (filter > 4)
    throw new UserError('bad-png', `${name} is not a readable PNG: it has a row of unknown kind ${filter}`)
  for (let i = 0; i < line.length; i++) {
    const left = i >= step ? line[i - step]! : 0
    const up = above ? above[i]! : 0
    const corner = above && i >= step ? above[i - step]! : 0
    if (filter === 1) line[i]! += left
    else if (filter === 2) line[i]! += up
    else if (filter === 3) line[i]! += (left + up) >> 1
    else line[i]! += paeth(left, up, corner)
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const toLeft = Math.abs(guess - left)
  const toUp = Math.abs(guess - up)
  const toCorner = Math.abs(guess - corner)
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function writeRow(
  line: Uint8Array,
  columns: number,
  bitDepth: number,
  result: Uint8Array | Uint16Array,
  start: number,
  step: number,
): void {
  if (bitDepth === 8) for (let x = 0; x < columns; x++) result[start + x * step] = line[x]!
  else if (bitDepth === 16)
    for (let x = 0; x < columns; x++) result[start + x * step] = (line[2 * x]! << 8) | line[2 * x + 1]!
  else {
    const mask = (1 << bitDepth) - 1
    for (let x = 0; x < columns; x++) {
      const bit = x * bitDepth
      result[start + x * step] = (line[bit >> 3]! >> (8 - bitDepth - (bit & 7))) & mask
    }
  }
}
