import type { Ring } from '../records.ts'
import { nearestOnSegment } from './segment.ts'

/**
 * The ring with fewer corners, none of the left out ones further than `tolerance` pixels from the new outline
 * (Douglas and Peucker 1973). The ring is cut at its first corner and the one furthest from that. Keeps at least
 * three corners where there were three.
 */
export function simplifiedRing(ring: Ring, tolerance: number): Ring {
  const count = ring.length >> 1
  if (count <= 3) return ring
  let far = 1
  let farthest = -1
  for (let i = 1; i < count; i++) {
    const away = Math.hypot(ring[2 * i]! - ring[0]!, ring[2 * i + 1]! - ring[1]!)
    if (away > farthest) {
      farthest = away
      far = i
    }
  }
  const kept = new Uint8Array(count + 1)
  kept[0] = 1
  kept[far] = 1
  keepCorners(ring, 0, far, tolerance, kept)
  keepCorners(ring, far, count, tolerance, kept)
  const result: number[] = []
  for (let i = 0; i < count; i++) if (kept[i]) result.push(ring[2 * i]!, ring[2 * i + 1]!)
  return result.length >= 6 ? result : withFurthestCorner(ring, far, kept)
}

/** The same for a line that is not closed: both its ends stay. */
export function simplifiedLine(line: readonly number[], tolerance: number): number[] {
  const count = line.length >> 1
  const kept = new Uint8Array(count + 1)
  kept[0] = 1
  kept[Math.max(0, count - 1)] = 1
  if (count > 2) keepCorners(line, 0, count - 1, tolerance, kept)
  const result: number[] = []
  for (let i = 0; i < count; i++) if (kept[i]) result.push(line[2 * i]!, line[2 * i + 1]!)
  return result
}

/** Marks the corners between two kept ones that lie too far from the straight line. A stack, as rings can be long. */
function keepCorners(ring: Ring, from: number, to: number, tolerance: number, kept: Uint8Array): void {
  const stack: [number, number][] = [[from, to]]
  for (let span = stack.pop(); span; span = stack.pop()) {
    const [start, end] = span
    const { index, distance } = furthestCorner(ring, start, end)
    if (index < 0 || distance <= tolerance) continue
    kept[index] = 1
    stack.push([start, index], [index, end])
  }
}

function furthestCorner(ring: Ring, start: number, end: number): { index: number; distance: number } {
  const count = ring.length >> 1
  const a = { x: ring[2 * start]!, y: ring[2 * start + 1]! }
  const b = { x: ring[2 * (end % count)]!, y: ring[2 * (end % count) + 1]! }
  let index = -1
  let distance = -1
  for (let i = start + 1; i < end; i++) {
    const away = nearestOnSegment({ x: ring[2 * i]!, y: ring[2 * i + 1]! }, a, b).distance
    if (away > distance) {
      distance = away
      index = i
    }
  }
  return { index, distance }
}

/** Two corners are no area: the third is the one furthest from the line between them. */
function withFurthestCorner(ring: Ring, far: number, kept: Uint8Array): Ring {
  const count = ring.length >> 1
  const before = furthestCorner(ring, 0, far)
  const after = furthestCorner(ring, far, count)
  kept[before.distance > after.distance ? before.index : after.index] = 1
  const result: number[] = []
  for (let i = 0; i < count; i++) if (kept[i]) result.push(ring[2 * i]!, ring[2 * i + 1]!)
  return result
}
