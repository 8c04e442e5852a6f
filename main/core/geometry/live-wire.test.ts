import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RgbaImage } from '../mask/regions.ts'
import { EdgeSnap } from './edge-snap.ts'
import { edgeNear, edgesOf } from './edge-window.ts'
import { LiveWire } from './live-wire.ts'
import { simplifiedLine } from './simplify.ts'
import { trainedOn, trainingLength, type WireTraining } from './wire-training.ts'

/** A picture of one function of the place, with a little noise that is the same every time. */
function colouredPicture(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [red: number, green: number, blue: number],
  noise = 0,
): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4)
  let random = 1
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff
      const value = colour(x + 0.5, y + 0.5)
      for (let channel = 0; channel < 3; channel++)
        data[i + channel] = value[channel]! + noise * (random / 0x7fffffff - 0.5)
      data[i + 3] = 255
    }
  }
  return { width, height, data }
}

function picture(
  width: number,
  height: number,
  grey: (x: number, y: number) => number,
  noise = 0,
): RgbaImage {
  return colouredPicture(
    width,
    height,
    (x, y) => {
      const value = grey(x, y)
      return [value, value, value]
    },
    noise,
  )
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

describe('a live wire that the accepted outline trains', () => {
  const turn = 2 * Math.PI
  const noise = picture(48, 40, (x, y) => 128 + 60 * Math.sin(x / 3) * Math.cos(y / 4), 120)
  const noiseEdges = edgesOf(noise, [0, 0, 48, 40])
  const place = fc.record({ x: fc.integer({ min: 0, max: 47 }), y: fc.integer({ min: 0, max: 39 }) })
  const line = fc.array(place, { minLength: 2, maxLength: 5 }).map((all) => all.flatMap(({ x, y }) => [x, y]))

  const outlineAt = (angle: number) => 100 + 15 * Math.cos(3 * angle)
  /** A blob around (200, 150) in red and white stripes, eight pixels each, on green. */
  function striped(along: (x: number, y: number) => number): RgbaImage {
    return colouredPicture(
      400,
      300,
      (x, y) => {
        const [u, v] = [x - 200, y - 150]
        if (Math.hypot(u, v) >= outlineAt(Math.atan2(v, u))) return [90, 120, 80]
        return Math.floor(along(u, v) / 8) % 2 === 0 ? [240, 235, 225] : [220, 60, 50]
      },
      12,
    )
  }

  /** Pixels off the outline of what is drawn from click to click around the blob: on average, and the share beyond 3. */
  function drawnAround(image: RgbaImage, trained: boolean, start: number): { mean: number; beyond: number } {
    const snap = new EdgeSnap(image)
    const clicks = Array.from({ length: 12 }, (_, i) => {
      const reach = outlineAt((turn * (start + i)) / 12)
      return {
        x: 200 + reach * Math.cos((turn * (start + i)) / 12),
        y: 150 + reach * Math.sin((turn * (start + i)) / 12),
      }
    }).map((click) => snap.snapped(click, 3))
    const points = [clicks[0]!.x, clicks[0]!.y]
    for (let i = 1; i <= clicks.length; i++)
      points.push(...snap.line(trained ? points : points.slice(-2), clicks[i % clicks.length]!, false).points)
    const pixels: number[] = []
    for (let i = 2; i < points.length; i += 2)
      pixels.push(
        ...straight(points[i - 2]! - 0.5, points[i - 1]! - 0.5, points[i]! - 0.5, points[i + 1]! - 0.5),
      )
    const away = Array.from({ length: pixels.length / 2 }, (_, i) => {
      const [u, v] = [pixels[2 * i]! - 200, pixels[2 * i + 1]! - 150]
      return Math.abs(Math.hypot(u, v) - outlineAt(Math.atan2(v, u)))
    })
    const mean = away.reduce((sum, each) => sum + each, 0) / away.length
    return { mean, beyond: away.filter((each) => each > 3).length / away.length }
  }

  // Begun where the first line, which nothing has taught yet, is right: a person would have mended one that is not.
  it.each([
    ['oblique', (x: number, y: number) => (x + y) / Math.SQRT2, 5],
    ['upright', (x: number) => x, 0],
  ])(
    'keeps to the outline of a striped thing where an untrained one follows its stripes: %s',
    (_name, along, start) => {
      const image = striped(along)
      const [untrained, trained] = [drawnAround(image, false, start), drawnAround(image, true, start)]
      expect(untrained.beyond).toBeGreaterThan(0.1)
      expect(trained.beyond).toBeLessThan(0.01)
      expect(trained.mean).toBeLessThan(0.5 * untrained.mean)
    },
  )

  it('joins any two pixels step by step, and no straight line is cheaper', () => {
    fc.assert(
      fc.property(line, place, (accepted, to) => {
        const from = { x: accepted.at(-2)!, y: accepted.at(-1)! }
        const wire = new LiveWire(noiseEdges, from, trainedOn(noiseEdges, accepted))
        const path = wire.pathTo(to)!
        expect(path.slice(0, 2)).toEqual([from.x + 0.5, from.y + 0.5])
        expect(path.slice(-2)).toEqual([to.x + 0.5, to.y + 0.5])
        expect(wire.costOf(path)).toBeLessThanOrEqual(wire.costOf(straight(from.x, from.y, to.x, to.y)))
        // Every further pixel costs something, and never more than the queue has room for.
        for (let end = 4; end <= path.length; end += 2) {
          const step = wire.costOf(path.slice(0, end)) - wire.costOf(path.slice(0, end - 2))
          expect(step).toBeGreaterThanOrEqual(1)
          expect(step).toBeLessThanOrEqual(256)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is the untrained one where nothing is accepted yet, and counts for more the more there is', () => {
    expect(trainedOn(noiseEdges, [20, 20])).toBeNull()
    expect(trainedOn(noiseEdges, [20, 20, 20, 20])).toBeNull()
    expect(trainedOn(noiseEdges, [20, 20, 80, 20])).toBeNull()
    const unsure: WireTraining = { ...trainedOn(noiseEdges, [4, 4, 40, 30])!, weight: 0 }
    fc.assert(
      fc.property(place, place, (from, to) => {
        const path = new LiveWire(noiseEdges, from).pathTo(to)
        expect(new LiveWire(noiseEdges, from, unsure).pathTo(to)).toEqual(path)
      }),
      { numRuns: 30 },
    )
    const weights = [2, 10, 30, 40].map((x) => trainedOn(noiseEdges, [1, 20, x, 20])!.weight)
    expect(weights).toEqual([...weights].sort((a, b) => a - b))
    expect(trainedOn(noiseEdges, [1, 1, 46, 1, 46, 38, 1, 38])!.weight).toBe(1)
  })

  it('learns from the end of the outline only, and the other way round if it is drawn so', () => {
    const half = colouredPicture(200, 100, (_x, y) => (y < 50 ? [200, 40, 40] : [40, 40, 200]))
    const edges = edgesOf(half, [0, 0, 200, 100])
    const red = edges.colours[20 * 200 + 100]!
    const toTheRight = trainedOn(edges, [10, 50, 190, 50])!
    expect(toTheRight.rightOdds[red]).toBeLessThan(0.1)
    expect(trainedOn(edges, [190, 50, 10, 50])!.rightOdds[red]).toBeGreaterThan(0.9)
    const farAway = [10, 50, 10, 90, 190, 90, 190, 50, 190 - trainingLength - 10, 50]
    expect(trainedOn(edges, farAway)!.rightOdds).toEqual(
      trainedOn(edges, [190, 50, 190 - trainingLength - 10, 50])!.rightOdds,
    )
  })
})
