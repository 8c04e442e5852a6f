import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RgbaImage } from '../mask/regions.ts'
import { edgeNear, edgesOf } from './edge-window.ts'
import { LiveWire } from './live-wire.ts'
import { simplifiedLine } from './simplify.ts'

/** A picture of one function of the place, every colour alike, with a little noise that is the same every time. */
function picture(
  width: number,
  height: number,
  grey: (x: number, y: number) => number,
  noise = 0,
): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4)
  let random = 1
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff
      const value = grey(x + 0.5, y + 0.5) + noise * (random / 0x7fffffff - 0.5)
      data.fill(value, i, i + 3)
      data[i + 3] = 255
    }
  }
  return { width, height, data }
}

/** A disc of radius 40 around (80, 60) on a ground that gets lighter to the right. */
const disc = picture(160, 120, (x, y) => (Math.hypot(x - 80, y - 60) < 40 ? 170 : 60) + x / 8, 24)
const discEdges = edgesOf(disc, [0, 0, 160, 120])

function furthestFromDisc(path: readonly number[]): number {
  let furthest = 0
  for (let i = 0; i < path.length; i += 2)
    furthest = Math.max(furthest, Math.abs(Math.hypot(path[i]! - 80, path[i + 1]! - 60) - 40))
  return furthest
}

/** Pixel centres on the straight line between two, one step a pixel of the longer side. */
function straight(x0: number, y0: number, x1: number, y1: number): number[] {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))
  const line: number[] = []
  for (let i = 0; i <= steps; i++) {
    const t = steps === 0 ? 0 : i / steps
    line.push(Math.round(x0 + t * (x1 - x0)) + 0.5, Math.round(y0 + t * (y1 - y0)) + 0.5)
  }
  return line
}

describe('the live wire', () => {
  it('lies on the outline of a disc where a straight line cuts through it', () => {
    const wire = new LiveWire(discEdges, { x: 120, y: 60 })
    const path = wire.pathTo({ x: 80, y: 100 })
    expect(path).not.toBeNull()
    expect(furthestFromDisc(path!)).toBeLessThanOrEqual(1.5)
    expect(furthestFromDisc(straight(120, 60, 80, 100))).toBeGreaterThan(8)
  })

  it('keeps to the outline when it is simplified to a few vertices', () => {
    const path = new LiveWire(discEdges, { x: 120, y: 60 }).pathTo({ x: 80, y: 100 })!
    const vertices = simplifiedLine(path, 0.75)
    expect(vertices.length).toBeLessThan(path.length / 3)
    expect(furthestFromDisc(vertices)).toBeLessThanOrEqual(1.5)
    expect(vertices.slice(0, 2)).toEqual(path.slice(0, 2))
    expect(vertices.slice(-2)).toEqual(path.slice(-2))
  })

  it('joins any two pixels step by step and costs no more than the straight line', () => {
    const noise = picture(48, 40, (x, y) => 128 + 60 * Math.sin(x / 3) * Math.cos(y / 4), 120)
    const edges = edgesOf(noise, [0, 0, 48, 40])
    const place = fc.record({ x: fc.integer({ min: 0, max: 47 }), y: fc.integer({ min: 0, max: 39 }) })
    fc.assert(
      fc.property(place, place, (from, to) => {
        const wire = new LiveWire(edges, from)
        const path = wire.pathTo(to)!
        expect(path.slice(0, 2)).toEqual([from.x + 0.5, from.y + 0.5])
        expect(path.slice(-2)).toEqual([to.x + 0.5, to.y + 0.5])
        const cost = wire.costOf(path)
        expect(Number.isFinite(cost)).toBe(true)
        expect(cost).toBeLessThanOrEqual(wire.costOf(straight(from.x, from.y, to.x, to.y)))
      }),
      { numRuns: 60 },
    )
  })

  it('reaches the same path whether it is asked at once or a little at a time', () => {
    const target = { x: 45, y: 80 }
    const atOnce = new LiveWire(discEdges, { x: 120, y: 60 }).pathTo(target)
    const wire = new LiveWire(discEdges, { x: 120, y: 60 })
    let asked = 1
    let path = wire.pathTo(target, 500)
    for (; path === null; asked++) path = wire.pathTo(target, 500)
    expect(asked).toBeGreaterThan(3)
    expect(path).toEqual(atOnce)
  })

  it('knows nothing outside of its window, nor of the picture', () => {
    const wire = new LiveWire(edgesOf(disc, [60, 40, 500, 500]), { x: 120, y: 60 })
    expect(wire.pathTo({ x: 59, y: 60 })).toBeNull()
    expect(wire.pathTo({ x: 160, y: 60 })).toBeNull()
    expect(wire.pathTo({ x: 159, y: 119 })).not.toBeNull()
    expect(() => new LiveWire(edgesOf(disc, [0, 0, 10, 10]), { x: 50, y: 5 })).toThrow(RangeError)
  })

  it('pulls a click onto the edge beside it, and leaves one on flat ground alone', () => {
    const sharp = picture(160, 120, (x) => (x < 80 ? 40 : 200))
    const edges = edgesOf(sharp, [0, 0, 160, 120])
    expect(Math.abs(edgeNear(edges, { x: 84, y: 50 }, 6).x - 80)).toBeLessThanOrEqual(0.5)
    expect(edgeNear(edges, { x: 40, y: 50 }, 6)).toEqual({ x: 40, y: 50 })
  })
})
