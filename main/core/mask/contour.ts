import type { Ring } from '../records.ts'
import { bitmapBounds, croppedBitmap } from './bitmap.ts'
import type { Bitmap } from './rle.ts'

const east = 0
const south = 1
const west = 2
const north = 3
const stepX = [1, 0, -1, 0]
const stepY = [0, 1, 0, -1]

/**
 * The mask's outlines along the edges between pixels, as rings with a corner wherever the outline turns: outer rings
 * clockwise on screen, holes the other way round. Filling them by the even-odd rule gives the mask back exactly.
 * Set pixels that touch only at a corner belong to one ring (8-connected).
 */
export function contourRings(bitmap: Bitmap): Ring[] {
  const box = bitmapBounds(bitmap)
  if (!box) return []
  const patch = croppedBitmap(bitmap, box)
  const edges = directedEdges(patch)
  const stride = patch.width + 1
  const rings: Ring[] = []
  for (let corner = 0; corner < edges.length; corner++) {
    // Each ring has a corner with an edge to the east, so looking for those finds all.
    while (edges[corner]! & (1 << east)) rings.push(tracedRing(edges, corner, stride, box[0], box[1]))
  }
  return rings
}

/** For each pixel corner the directions in which an edge leaves it, as bits; the set pixel is on the edge's right. */
function directedEdges({ width, height, data }: Bitmap): Uint8Array {
  const stride = width + 1
  const edges = new Uint8Array(stride * (height + 1))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x
      if (!data[pixel]) continue
      const corner = y * stride + x
      if (y === 0 || !data[pixel - width]) edges[corner]! |= 1 << east
      if (x === width - 1 || !data[pixel + 1]) edges[corner + 1]! |= 1 << south
      if (y === height - 1 || !data[pixel + width]) edges[corner + stride + 1]! |= 1 << west
      if (x === 0 || !data[pixel - 1]) edges[corner + stride]! |= 1 << north
    }
  }
  return edges
}

/** Follows edges from a corner, taking them away, until it is back where and as it began. */
function tracedRing(edges: Uint8Array, start: number, stride: number, left: number, top: number): Ring {
  const ring: number[] = []
  let corner = start
  let direction = east
  let previous = -1
  do {
    if (direction !== previous) ring.push(left + (corner % stride), top + Math.floor(corner / stride))
    edges[corner]! &= ~(1 << direction)
    corner += stepX[direction]! + stepY[direction]! * stride
    previous = direction
    // The edge it began with counts again at the start, so that a ring passing there twice closes at the right time.
    const leaving = edges[corner]! | (corner === start ? 1 << east : 0)
    // Where two outlines meet at a corner, turning left first joins the pixels that touch there.
    direction = nextDirection(leaving, direction)
  } while (corner !== start || direction !== east)
  // The start lies in the middle of a straight edge when the ring comes back in its own first direction.
  if (previous === east) ring.splice(0, 2)
  return ring
}

function nextDirection(leaving: number, direction: number): number {
  const leftTurn = (direction + 3) & 3
  if (leaving & (1 << leftTurn)) return leftTurn
  if (leaving & (1 << direction)) return direction
  return (direction + 1) & 3
}
