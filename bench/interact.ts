/**
 * One frame, one person, a few marks: `npm run bench -- interact [FOLDER] [--only a,b] [--frames 10] [--minutes 5]`. A
 * simulated annotator draws a box around the object, a little too large, and then clicks in the middle of the largest
 * error. IoU after 1 (the box), 2, 3 and 5 interactions, ours beside OpenCV's GrabCut from the same box (`--ours`: without
 * it); each is shown its own errors. Frames are evenly spaced; of one frame a sequence it is the middle one. `--minutes`
 * begins no further sequence after that time.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Mark } from '../main/core/api.ts'
import { boxWithMargin } from '../main/core/geometry/box.ts'
import { bitmapArea, bitmapBounds, emptyBitmap, pastePatch } from '../main/core/mask/bitmap.ts'
import { squaredDistances } from '../main/core/mask/distance.ts'
import { connectedComponents } from '../main/core/mask/regions.ts'
import { type Bitmap, decodeRle } from '../main/core/mask/rle.ts'
import { jaccard } from '../main/core/mask/score.ts'
import type { Box } from '../main/core/records.ts'
import { croppedRgb, FrameEngine, type FramePixels } from '../main/host/segment/frame-engine.ts'
import { markedPixels, marksBounds } from '../main/host/segment/marks.ts'
import { regionBox } from '../main/host/segment/region-box.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder, loadFrame, sequenceLength } from './davis-sequence.ts'
import { GrabCut, grabCutMissing } from './grabcut.ts'

const most = 5
const shown = [1, 2, 3, 5]
/** By how much of its longer side a box is too large, on every side. */
const boxSlack = 0.05

interface Tool {
  readonly name: string
  readonly ious: number[][]
  readonly ms: number[]
  segment(frame: FramePixels, box: Box, marks: readonly Mark[]): Promise<{ mask: Bitmap; ms: number }>
}

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const folder = args[0] && !args[0].startsWith('--') ? args[0] : davisTrainFolder
  if (!existsSync(folder))
    throw new Error(`There is no folder ${folder}: give one that holds SEQUENCE/frames and SEQUENCE/masks.`)
  const wanted = option('--only')?.split(',')
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'masks')) && (wanted?.includes(name) ?? true))
    .sort()
  const perSequence = Number(option('--frames') ?? 10)
  const endsAt = performance.now() + Number(option('--minutes') ?? Infinity) * 60_000
  const missing = args.includes('--ours') ? 'GrabCut left out' : grabCutMissing()
  const grabCut = missing === null ? new GrabCut() : null
  const tools = [ours(), ...(grabCut ? [theirs(grabCut)] : [])]
  let frameCount = 0
  const done: string[] = []
  for (const name of names) {
    if (performance.now() > endsAt) break
    done.push(name)
    const from = tools.map((tool) => tool.ious.length)
    for (let i = 0; i < perSequence; i++) {
      const part = perSequence === 1 ? 0.5 : i / (perSequence - 1)
      const index = Math.round(part * (sequenceLength(folder, name) - 1))
      const { rgb, truth } = await loadFrame(folder, name, index)
      if (bitmapArea(truth) === 0) continue
      frameCount++
      const frame = { name: `${name}/${index}`, width: truth.width, height: truth.height, rgb }
      for (const tool of tools) await annotate(tool, frame, truth)
    }
    const means = tools.map((tool, t) => `${tool.name} ${meansOf(tool.ious.slice(from[t])).join(' ')}`)
    console.error(`${name.padEnd(20)} ${means.join('   ')}`)
  }
  grabCut?.close()
  const rows = tools.flatMap(rowsOf)
  const counted = `${frameCount} frames, ${perSequence} a sequence, of ${folder.split('/').slice(-2).join('/')}`
  const input = `${counted}: ${done.join(', ')}. Ten frames of every sequence: npm run bench -- interact`
  return { rows, input: missing === null ? input : `${input}. ${missing}` }
}

function ours(): Tool {
  const engine = new FrameEngine()
  return {
    name: 'ours',
    ious: [],
    ms: [],
    async segment(frame, box, marks) {
      const startedAt = performance.now()
      const answer = await engine.segment(frame, { mask: null, box, marks, colourCounts: null })
      const ms = performance.now() - startedAt
      return { mask: decodeRle(answer.mask), ms }
    },
  }
}

function theirs(grabCut: GrabCut): Tool {
  return {
    name: 'GrabCut',
    ious: [],
    ms: [],
    async segment(frame, box, marks) {
      // On the same part of the frame that ours looks at: it is four times as fast there as on the whole.
      const area = regionBox(frame, box, null, marksBounds(marks))
      const pixels = markedPixels(marks, area).map((mark) => (mark > 2 ? mark - 2 : mark))
      const own: Box = [box[0] - area[0], box[1] - area[1], box[2], box[3]]
      const rgb = croppedRgb(frame, area)
      const [, , width, height] = area
      const { mask, ms } = await grabCut.cut({ width, height, rgb, box: own, marks: pixels })
      const whole = emptyBitmap(frame.width, frame.height)
      pastePatch(whole, { width, height, data: mask }, area[0], area[1])
      return { mask: whole, ms }
    },
  }
}

async function annotate(tool: Tool, frame: FramePixels, truth: Bitmap): Promise<void> {
  const tight = bitmapBounds(truth)!
  const slack = Math.max(3, Math.round(Math.max(tight[2], tight[3]) * boxSlack))
  const box = boxWithMargin(tight, slack, frame.width, frame.height)
  const marks: Mark[] = []
  const ious: number[] = []
  for (let count = 1; count <= most; count++) {
    const { mask, ms } = await tool.segment(frame, box, marks)
    tool.ms.push(ms)
    ious.push(jaccard(mask, truth))
    const next = nextMark(mask, truth)
    if (next) marks.push(next)
  }
  tool.ious.push(ious)
}

/** A click in the middle of the largest connected error, half as wide as fits there, at most 5 pixels of radius. */
export function nextMark(mask: Bitmap, truth: Bitmap): Mark | null {
  const { width, height } = truth
  const wrong = [1, 0].map((missing) => {
    const data = truth.data.map((t, i) => (t !== mask.data[i] && t === missing ? 1 : 0))
    const { labels, list } = connectedComponents({ width, height, data }, 8)
    const largest = list.reduce((best, each, i) => (each.area > (list[best]?.area ?? 0) ? i : best), 0)
    const area = list[largest]?.area ?? 0
    return { inside: missing === 1, area, data: data.map((_, i) => (labels[i] === largest + 1 ? 1 : 0)) }
  })
  const error = wrong[0]!.area >= wrong[1]!.area ? wrong[0]! : wrong[1]!
  if (error.area === 0) return null
  const depth = squaredDistances({ width, height, data: error.data }, 0)
  let centre = 0
  for (let i = 0; i < depth.length; i++) if (error.data[i] && depth[i]! > depth[centre]!) centre = i
  const radius = Math.min(5, Math.max(1, Math.sqrt(depth[centre]!) / 2))
  const middle = [(centre % width) + 0.5, Math.floor(centre / width) + 0.5] as const
  return { inside: error.inside, points: [...middle], radius }
}

function meansOf(ious: readonly number[][]): string[] {
  return shown.map((count) => mean(ious.map((of) => of[count - 1]!)).toFixed(3))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function rowsOf({ name, ious, ms }: Tool): BenchRow[] {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
  const percent = (value: number) => Math.round(value * 1000) / 10
  return [
    ...shown.map((count) => ({
      case: name,
      metric: `IoU after ${count}`,
      value: percent(mean(ious.map((of) => of[count - 1]!))),
      unit: '%',
    })),
    { case: name, metric: 'p50', value: Math.round(at(0.5)), unit: 'ms' },
    { case: name, metric: 'p95', value: Math.round(at(0.95)), unit: 'ms' },
  ]
}
