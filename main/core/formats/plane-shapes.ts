import { type Rle, rleFromCounts } from '../mask/rle.ts'

/** The runs of every number but 0 in a plane of numbers (row by row), by number. Looks at each pixel once. */
export function planeShapes(values: ArrayLike<number>, width: number, height: number): Map<number, Rle> {
  const counts = new Map<number, { list: number[]; end: number }>()
  for (let x = 0; x < width; x++) {
    let from = 0
    let current = values[x]!
    for (let y = 1; y <= height; y++) {
      const value = y < height ? values[y * width + x]! : -1
      if (value === current) continue
      if (current !== 0) addRun(counts, current, x * height + from, x * height + y)
      current = value
      from = y
    }
  }
  const shapes = new Map<number, Rle>()
  for (const [id, { list, end }] of counts)
    shapes.set(id, rleFromCounts([...list, width * height - end], width, height))
  return shapes
}

function addRun(
  counts: Map<number, { list: number[]; end: number }>,
  id: number,
  start: number,
  end: number,
): void {
  let own = counts.get(id)
  if (!own) {
    own = { list: [], end: 0 }
    counts.set(id, own)
  }
  own.list.push(start - own.end, end - start)
  own.end = end
}
