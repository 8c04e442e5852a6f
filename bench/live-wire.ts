/**
 * `npm run bench -- live-wire [FOLDER] [--times]`: how near the polygon that snaps to edges comes to true outlines, when a person
 * clicks every 60 pixels along them, with what the accepted part teaches and without; and what a move of the pointer takes
 * on a 1920 x 1080 picture (`--times`: only that). Constants were set on the first and middle frames of every third sequence.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { EdgeSnap } from '../main/core/geometry/edge-snap.ts'
import type { ImagePoint } from '../main/core/geometry/point.ts'
import { simplifiedRing } from '../main/core/geometry/simplify.ts'
import { emptyBitmap } from '../main/core/mask/bitmap.ts'
import { contourRings } from '../main/core/mask/contour.ts'
import { squaredDistances } from '../main/core/mask/distance.ts'
import type { RgbaImage } from '../main/core/mask/regions.ts'
import type { Bitmap } from '../main/core/mask/rle.ts'
import type { Ring } from '../main/core/records.ts'
import { sceneOf } from '../main/core/scene/scene.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder, loadFrame, sequenceLength } from './davis-sequence.ts'

/** Pixels of outline from click to click, and from which an edge pulls one. */
const spacing = 60
const clickReach = 3
/** Further than this from the outline the wire is off it, pixels. */
const offAfter = 3
const framesASequence = 4
const tunedEvery = 3
/** A mean distance that differs by less, in pixels, is the same. */
const alike = 0.1

/** How many anchors, and moves of the pointer away from each, are timed. */
const timedAnchors = 24
const movesAnAnchor = 12

type Way = 'untrained' | 'trained'
const ways: readonly Way[] = ['untrained', 'trained']

interface Frame {
  readonly name: string
  readonly isTuned: boolean
  readonly image: RgbaImage
  readonly truth: Bitmap
}

interface Drawn {
  /** Of the line's pixels from the true outline. */
  readonly meanDistance: number
  readonly shareOff: number
}

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const timed = 'times on one rendered 1920 x 1080 picture, untrained and trained by turns'
  if (args.includes('--times')) return { input: timed, rows: moveRows() }
  const folder = args[0] ?? davisTrainFolder
  if (!existsSync(folder))
    throw new Error(`There is no folder ${folder}: give one that holds SEQUENCE/frames and SEQUENCE/masks.`)
  const results: { frame: Pick<Frame, 'name' | 'isTuned'>; drawn: Record<Way, Drawn> }[] = []
  for await (const frame of framesOf(folder)) {
    const clicks = clicksAlong(frame.truth)
    if (clicks.length < 4) continue
    const away = squaredDistances(rimOf(frame.truth), 1)
    const score = (way: Way) => distances(drawnLine(frame.image, clicks, way), away, frame.truth)
    results.push({ frame, drawn: { untrained: score('untrained'), trained: score('trained') } })
  }
  const unseen = results.filter(({ frame }) => !frame.isTuned)
  return {
    input: `${results.length} outlines of ${framesASequence} frames a sequence, ${unseen.length} of them of sequences that no constant was set on; a click every ${spacing} px; ${timed}`,
    rows: [
      ...accuracyRows(
        'all',
        results.map(({ drawn }) => drawn),
      ),
      ...accuracyRows(
        'sequences not tuned on',
        unseen.map(({ drawn }) => drawn),
      ),
      ...moveRows(),
    ],
  }
}

async function* framesOf(folder: string): AsyncGenerator<Frame> {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'masks')))
  for (const [s, name] of names.sort().entries()) {
    const last = sequenceLength(folder, name) - 1
    for (let i = 0; i < framesASequence; i++) {
      const { rgb, truth } = await loadFrame(folder, name, Math.round((i * last) / (framesASequence - 1)))
      const image = withAlpha(rgb, truth.width, truth.height)
      yield { name, isTuned: s % tunedEvery === 0, image, truth }
    }
  }
}

function withAlpha(rgb: Uint8Array, width: number, height: number): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i)
  return { width, height, data }
}

/** Evenly along the longest outline of the mask. */
function clicksAlong(truth: Bitmap): ImagePoint[] {
  const longest = contourRings(truth).reduce<Ring>(
    (best, ring) => (ring.length > best.length ? ring : best),
    [],
  )
  // Pixel edges go up and down where the outline is oblique: they would make it look longer than it is.
  const ring = simplifiedRing(longest, 1)
  const clicks: ImagePoint[] = []
  let untilNext = 0
  for (let i = 0; i < ring.length; i += 2) {
    const [x, y] = [ring[i]!, ring[i + 1]!]
    const [byX, byY] = [ring[(i + 2) % ring.length]! - x, ring[(i + 3) % ring.length]! - y]
    const length = Math.hypot(byX, byY)
    for (; untilNext < length; untilNext += spacing) {
      const t = untilNext / length
      clicks.push({
        x: Math.min(truth.width - 1, x + t * byX),
        y: Math.min(truth.height - 1, y + t * byY),
      })
    }
    untilNext -= length
  }
  return clicks
}

/** The line from click to click and back to the first, as the polygon tool draws it at 100 %. */
function drawnLine(image: RgbaImage, clicks: readonly ImagePoint[], way: Way): number[] {
  const snap = new EdgeSnap(image)
  const snapped = clicks.map((click) => snap.snapped(click, clickReach))
  const line = [snapped[0]!.x, snapped[0]!.y]
  let edgeFrom = 0
  for (let i = 1; i <= snapped.length; i++) {
    const taught = way === 'trained' ? line.slice(edgeFrom) : line.slice(-2)
    const { points, followed } = snap.line(taught, snapped[i % snapped.length]!, false)
    line.push(...points)
    if (!followed) edgeFrom = line.length - 2
  }
  return line
}

/** The pixels of the object that touch what is not. */
function rimOf({ width, height, data }: Bitmap): Bitmap {
  const rim = emptyBitmap(width, height)
  for (let i = 0; i < data.length; i++) {
    const x = i % width
    const isInner = x > 0 && x + 1 < width && i >= width && i + width < data.length
    const neighbours = isInner ? data[i - 1]! & data[i + 1]! & data[i - width]! & data[i + width]! : 0
    rim.data[i] = data[i]! & (1 - neighbours)
  }
  return rim
}

function distances(line: readonly number[], away: Float64Array, { width, height }: Bitmap): Drawn {
  let [sum, off, count] = [0, 0, 0]
  for (let i = 2; i < line.length; i += 2) {
    const [x, y, byX, byY] = [
      line[i - 2]!,
      line[i - 1]!,
      line[i]! - line[i - 2]!,
      line[i + 1]! - line[i - 1]!,
    ]
    const steps = Math.max(1, Math.round(Math.hypot(byX, byY)))
    for (let step = 1; step <= steps; step++, count++) {
      const column = Math.min(width - 1, Math.floor(x + (step / steps) * byX))
      const row = Math.min(height - 1, Math.floor(y + (step / steps) * byY))
      const distance = Math.sqrt(away[row * width + column]!)
      sum += distance
      if (distance > offAfter) off++
    }
  }
  return { meanDistance: sum / count, shareOff: off / count }
}

function accuracyRows(name: string, drawn: readonly Record<Way, Drawn>[]): BenchRow[] {
  const mean = (way: Way, of: keyof Drawn) =>
    drawn.reduce((sum, each) => sum + each[way][of], 0) / drawn.length
  const gains = drawn.map(({ untrained, trained }) => untrained.meanDistance - trained.meanDistance)
  return [
    ...ways.flatMap((way) => [
      row(`${name}, ${way}`, 'mean distance', mean(way, 'meanDistance'), 'px'),
      row(`${name}, ${way}`, `further than ${offAfter} px`, 100 * mean(way, 'shareOff'), '%'),
    ]),
    row(name, 'outlines nearer when trained', gains.filter((gain) => gain > alike).length, 'outlines'),
    row(name, 'outlines further when trained', gains.filter((gain) => gain < -alike).length, 'outlines'),
  ]
}

/** From each anchor the pointer moves away a little at a time, as far as a window reaches. */
function moveRows(): BenchRow[] {
  const size = { width: 1920, height: 1080 }
  const scene = sceneOf({
    name: 'wire',
    ...size,
    frameCount: 1,
    framesPerSecond: 24,
    objectCount: 6,
    seed: 3,
    events: [],
  })
  const image = withAlpha(scene.frame(0).rgb, size.width, size.height)
  const times: Record<Way, number[]> = { untrained: [], trained: [] }
  for (let i = -2; i < timedAnchors; i++) {
    const from = { x: 400 + ((i + 2) % 6) * 200, y: 300 + Math.floor((i + 2) / 6) * 120 }
    const before = [from.x - 48, from.y - 40, from.x - 20, from.y - 30]
    for (const way of i % 2 === 0 ? ways : ways.toReversed()) {
      const snap = new EdgeSnap(image)
      snap.snapped(from, clickReach)
      const accepted = [...(way === 'trained' ? before : []), from.x, from.y]
      for (let move = 1; move <= movesAnAnchor; move++) {
        const to = { x: from.x + (move * 200) / movesAnAnchor, y: from.y + (move * 120) / movesAnAnchor }
        const startedAt = performance.now()
        snap.line(accepted, to, true)
        // The first anchors warm the compiler up.
        if (i >= 0) times[way].push(performance.now() - startedAt)
      }
    }
  }
  return ways.flatMap((way) => {
    const sorted = times[way].sort((a, b) => a - b)
    const total = sorted.reduce((sum, ms) => sum + ms, 0)
    return [
      row(`pointer moves, ${way}`, 'mean', total / sorted.length, 'ms'),
      row(`pointer moves, ${way}`, 'p95', sorted[Math.floor(0.95 * sorted.length)]!, 'ms'),
    ]
  })
}

function row(name: string, metric: string, value: number, unit: string): BenchRow {
  return { case: name, metric, value: Math.round(value * 1000) / 1000, unit }
}
