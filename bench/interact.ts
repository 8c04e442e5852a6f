/**
 * One frame, one person, a few marks: `npm run bench -- interact [FOLDER] [--only a,b] [--frames 10] [--minutes 5]
 * [--cache FOLDER] [--times]`. IoU after 1 (the box), 2, 3 and 5 interactions of a simulated annotator, ours beside OpenCV's
 * GrabCut from the same box (`--ours`: without it), on evenly spaced frames; of one frame a sequence the middle one.
 *
 * Frames are measured two at a time and kept in the cache, so that a run can be done in parts: `--minutes` begins none
 * after that time, and the next run goes on from there. The times that a person waits (interact-times.ts) are measured
 * alone afterwards; `--times` measures only these, and takes the rest from the cache.
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bitmapArea } from '../main/core/mask/bitmap.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder, loadFrame, sequenceLength } from './davis-sequence.ts'
import { GrabCut, grabCutMissing } from './grabcut.ts'
import { FrameCache } from './interact-cache.ts'
import { type Annotated, annotate, ours, type Tool, theirs } from './interact-frames.ts'
import { interactTimes } from './interact-times.ts'

const shown = [1, 2, 3, 5]
/** A fall of the IoU by more than this after a further mark is counted. */
const fall = 0.02
/** Frames that are looked at side by side. */
const laneCount = 2
/** GrabCut at full size is several times as slow: one frame of every second sequence. */
const fullSizeStep = 2

interface Measured {
  readonly tool: string
  readonly sequence: string
  readonly index: number
  readonly ious: readonly number[]
}

interface Task {
  readonly sequence: string
  readonly index: number
  readonly tools: readonly string[]
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
  const missing = args.includes('--ours') ? 'GrabCut left out' : grabCutMissing()
  const tasks = tasksOf(folder, names, perSequence, missing === null)
  const minutes = args.includes('--times') ? 0 : Number(option('--minutes') ?? Infinity)
  const cache = option('--cache') ?? join(tmpdir(), 'inbetween-interact')
  const measured = await measureAll(folder, tasks, cache, performance.now() + minutes * 60_000)
  const times = args.includes('--ours') ? { rows: [], input: '' } : await interactTimes(folder, names)
  const frames = new Set(measured.map(({ sequence, index }) => `${sequence}/${index}`))
  const all = new Set(tasks.map(({ sequence, index }) => `${sequence}/${index}`))
  const input = [
    `${frames.size} of ${all.size} frames, ${perSequence} a sequence, of ${folder.split('/').slice(-2).join('/')}: ${names.join(', ')}`,
    'GrabCut from the same boxes on the same part of the frame at the same working size (long side 360), its mask drawn at full size; "GrabCut at full size" works on all pixels of that part',
    tunedOn,
    ...(missing === null ? [] : [missing]),
    times.input,
  ]
  return { rows: [...scoreRows(measured), ...times.rows], input: input.filter(Boolean).join('. ') }
}

const tunedOn =
  'Constants were set on other frames of these sequences (the middle ones, and those 2.5/9 of the way, of every second sequence also 6.5/9), before that on the first frames of 15 sequences, hence the rows without first frames'

/** Evenly spaced frames; a few of them for GrabCut at full size. */
function tasksOf(folder: string, names: readonly string[], perSequence: number, beside: boolean): Task[] {
  return names.flatMap((sequence, s) => {
    const last = sequenceLength(folder, sequence) - 1
    return Array.from({ length: perSequence }, (_, i) => {
      const part = perSequence === 1 ? 0.5 : i / (perSequence - 1)
      const isMiddle = i === Math.floor(perSequence / 2) && s % fullSizeStep === 0
      const tools = beside ? ['ours', 'GrabCut', ...(isMiddle ? ['GrabCut at full size'] : [])] : ['ours']
      return { sequence, index: Math.round(part * last), tools }
    })
  })
}

const sources = (...paths: readonly string[]) => paths.map((path) => join(import.meta.dirname, path))
const sharedSources = sources('interact-frames.ts', '../main/host/segment/region-box.ts')
const ourSources = sources('../main/host/segment', '../native/kernels', '../native/region.ts')
const theirSources = sources('grabcut.ts', '../main/host/segment/marks.ts')

/** What the cache holds afterwards of the tasks. */
async function measureAll(
  folder: string,
  tasks: readonly Task[],
  cacheFolder: string,
  endsAt: number,
): Promise<Measured[]> {
  // The same pictures, by whatever way they are reached.
  const of = realpathSync(folder)
  const own = new FrameCache<Annotated>(cacheFolder, 'ours', [...sharedSources, ...ourSources], of)
  const other = new FrameCache<Annotated>(cacheFolder, 'grabcut', [...sharedSources, ...theirSources], of)
  const cacheOf = (tool: string) => (tool === 'ours' ? own : other)
  const waiting = [...tasks]
  let done = 0
  const lane = async (): Promise<void> => {
    const lent = new LaneTools()
    for (let task = waiting.shift(); task && performance.now() < endsAt; task = waiting.shift()) {
      await measureFrame(folder, task, lent, cacheOf)
      if (++done % 10 === 0) console.error(`${done} of ${tasks.length} frames`)
    }
    lent.close()
  }
  await Promise.all(Array.from({ length: laneCount }, lane))
  return tasks.flatMap(({ sequence, index, tools }) =>
    tools.flatMap((tool) => {
      const known = cacheOf(tool).get(`${tool}/${sequence}/${index}`)
      return known && known.ious.length > 0 ? [{ tool, sequence, index, ious: known.ious }] : []
    }),
  )
}

async function measureFrame(
  folder: string,
  { sequence, index, tools }: Task,
  lent: LaneTools,
  cacheOf: (tool: string) => FrameCache<Annotated>,
): Promise<void> {
  let loaded: ReturnType<typeof loadFrame> | null = null
  for (const name of tools)
    await cacheOf(name).once(`${name}/${sequence}/${index}`, async () => {
      loaded ??= loadFrame(folder, sequence, index)
      const { rgb, truth } = await loaded
      // Nothing is seen of the object: nothing to score.
      if (bitmapArea(truth) === 0) return { ious: [], ms: [] }
      const { width, height } = truth
      return annotate(lent.named(name), { name: `${sequence}/${index}`, width, height, rgb }, truth)
    })
}

/** Those of one lane: its own process of GrabCut, started when it is needed. */
class LaneTools {
  readonly #ours = ours()
  #grabCut: GrabCut | null = null

  named(name: string): Tool {
    if (name === 'ours') return this.#ours
    this.#grabCut ??= new GrabCut()
    return theirs(this.#grabCut, name !== 'GrabCut')
  }

  close(): void {
    this.#grabCut?.close()
  }
}

function scoreRows(measured: readonly Measured[]): BenchRow[] {
  const of = (tool: string, isCounted: (frame: Measured) => boolean = () => true) =>
    measured.filter((frame) => frame.tool === tool && isCounted(frame)).map(({ ious }) => ious)
  const whole = measured.filter(({ tool }) => tool === 'GrabCut at full size')
  const isAlsoWhole = (frame: Measured) =>
    whole.some(({ sequence, index }) => sequence === frame.sequence && index === frame.index)
  return [
    ...iouRows('ours', of('ours')),
    ...iouRows('GrabCut', of('GrabCut')),
    ...['ours', 'GrabCut'].flatMap((tool) =>
      iouRows(
        `${tool}, without first frames`,
        of(tool, ({ index }) => index > 0),
      ),
    ),
    ...['ours', 'GrabCut', 'GrabCut at full size'].flatMap((tool) =>
      iouRows(`${tool}, ${whole.length} frames`, of(tool, isAlsoWhole)),
    ),
  ]
}

function iouRows(name: string, ious: readonly (readonly number[])[]): BenchRow[] {
  if (ious.length === 0) return []
  const percent = (value: number) => Math.round(value * 1000) / 10
  const falls = ious.flatMap((of) => of.slice(1).map((iou, i) => of[i]! - iou))
  return [
    ...shown.map((count) => ({
      case: name,
      metric: `IoU after ${count}`,
      value: percent(ious.reduce((sum, of) => sum + of[count - 1]!, 0) / ious.length),
      unit: '%',
    })),
    {
      case: name,
      metric: `marks that cost over ${100 * fall} points`,
      value: percent(falls.filter((by) => by > fall).length / falls.length),
      unit: '%',
    },
    { case: name, metric: 'worst fall', value: percent(Math.max(0, ...falls)), unit: 'points' },
  ]
}
