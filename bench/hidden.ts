/**
 * Out of sight: `npm run bench -- hidden [--only a,b] [--scenes] [--films] [--cache FOLDER]`. Every film with one key mask an object, on
 * the first frame that shows it, twice: following only (as before), and with what notices that an object disappears and
 * looks for it. Truth: scenes made here, and DAVIS-2016 train and multi/ where they are on this machine. With
 * `--cache FOLDER` what was measured of a film is kept there, so that a long run can be done in parts.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { emptyRle, encodeRle, type Rle, rleArea, rleIou } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import { sceneOf } from '../main/core/scene/scene.ts'
import { type SceneClipName, sceneClip } from '../main/core/scene/scene-clips.ts'
import type { FrameSource } from '../main/host/media/frame-source.ts'
import { propagate } from '../main/host/propagation/propagate.ts'
import type { PropagatedMask, PropagationObject } from '../main/host/propagation/request.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { benchFolder } from './bench-folder.ts'
import { loadFilm, multiFolder } from './confidence-evidence.ts'
import { davisTrainFolder } from './davis-sequence.ts'

const sceneNames: readonly SceneClipName[] = [
  'hidden-test',
  'twins-test',
  'next-shot-test',
  'absent-test',
  'exit-test',
  'cut-test',
  'crowd-test',
]
/** Smaller than this part of its key mask an object is hardly in view: nothing is counted there. */
const hardlyInView = 0.1
const foundIou = 0.5
const falseIou = 0.3
/** A return counts as found if a mask fits it within so many frames. */
const soon = 12

interface NamedFilm {
  readonly name: string
  load(): Film | Promise<Film>
}

interface Film {
  readonly source: FrameSource
  /** An object each: its truth on every frame. The first one with pixels is the key mask. */
  readonly truths: readonly (readonly Rle[])[]
}

const zero = {
  frames: 0,
  iouSum: 0,
  visible: 0,
  visibleHidden: 0,
  gone: 0,
  invented: 0,
  returns: 0,
  returnsFound: 0,
  proposed: 0,
  falselyProposed: 0,
  proposedIou: 0,
}
type Tally = Record<keyof typeof zero, number>

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined
  const cache = args.includes('--cache') ? args[args.indexOf('--cache') + 1] : undefined
  const totals = new Map<string, Tally>()
  const rows: BenchRow[] = []
  let count = 0
  for (const film of films(args, only)) {
    count++
    for (const way of ['before', 'now'] as const) {
      const tally = await kept(cache && join(cache, `${film.name.replace('/', '-')}-${way}.json`), async () =>
        tallied(await film.load(), way === 'before'),
      )
      const kind = film.name.includes('/') ? film.name.split('/')[0]! : 'scenes'
      for (const name of [`${kind} ${way}`, `all ${way}`]) {
        const total = totals.get(name) ?? { ...zero }
        totals.set(name, total)
        for (const key of Object.keys(zero) as (keyof Tally)[]) total[key] += tally[key]
      }
      rows.push(...rowsOf(`${film.name} ${way}`, tally))
      console.error(
        `${film.name} ${way}: J ${percent(tally.iouSum, tally.frames)}, hidden though in view ${tally.visibleHidden}/${tally.visible}, invented ${tally.invented}/${tally.gone}, returns ${tally.returnsFound}/${tally.returns}, proposed ${tally.proposed}, falsely ${tally.falselyProposed}`,
      )
    }
  }
  for (const [name, tally] of totals) rows.push(...rowsOf(name, tally))
  return { rows, input: `${count} films, one key mask an object` }
}

function films(args: readonly string[], only: readonly string[] | undefined): readonly NamedFilm[] {
  const scenes = sceneNames.map((name): NamedFilm => ({ name, load: () => sceneFilm(name) }))
  const kinds = [
    ['davis', davisTrainFolder],
    ['multi', multiFolder],
  ] as const
  const filmed = kinds.flatMap(([kind, folder]) =>
    (existsSync(folder) ? readdirSync(folder).sort() : [])
      .filter((name) => existsSync(join(folder, name, 'masks')))
      .map((name): NamedFilm => ({ name: `${kind}/${name}`, load: () => realFilm(folder, name) })),
  )
  const chosen = [...(args.includes('--films') ? [] : scenes), ...(args.includes('--scenes') ? [] : filmed)]
  return chosen.filter(({ name }) => only?.includes(name) ?? true)
}

async function realFilm(folder: string, name: string): Promise<Film> {
  const { source, truths } = await loadFilm(folder, name)
  const empty = emptyRle(source.width, source.height)
  const whole = [...truths.values()].map((own) =>
    Array.from({ length: source.frameCount }, (_, frame) => own[frame] ?? empty),
  )
  return { source, truths: whole }
}

async function kept(path: string | undefined, make: () => Promise<Tally>): Promise<Tally> {
  if (path && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Tally
  const tally = await make()
  if (path) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(tally))
  }
  return tally
}

function sceneFilm(name: SceneClipName): Film {
  const { spec, entities, frame } = sceneOf(sceneClip(name))
  const { width, height } = spec
  const frames = Array.from({ length: spec.frameCount }, (_, i) => frame(i))
  const truthOf = (index: number) =>
    frames.map((each) =>
      encodeRle({ width, height, data: each.index.map((value) => (value === index ? 1 : 0)) }),
    )
  const source: FrameSource = {
    width,
    height,
    frameCount: spec.frameCount,
    read: async (index) => frames[index]!.rgb,
    close: async () => {},
  }
  const things = entities.filter((entity) => !entity.stuff).map(({ index }) => truthOf(index))
  return { source, truths: things.filter(([first]) => rleArea(first!) >= 60) }
}

function keyFrameOf(truths: readonly Rle[]): number {
  return truths.findIndex((truth) => rleArea(truth) > 0)
}

async function tallied(film: Film, followOnly: boolean): Promise<Tally> {
  const { source, truths } = film
  const objects = truths.map(
    (own, i): PropagationObject => ({
      id: `object ${i}` as ObjectId,
      name: `object ${i}`,
      stuff: false,
      order: i,
      keys: [{ frameIndex: keyFrameOf(own), rle: own[keyFrameOf(own)]!, outside: false }],
    }),
  )
  const spillFolder = benchFolder()
  const masks = new Map<string, PropagatedMask>()
  const whole = {
    firstFrame: 0,
    lastFrame: source.frameCount - 1,
    direction: 'both',
    playheadFrame: 0,
  } as const
  const fixed = { seed: 1, threadCount: 2, spillFolder, followOnly, isTaken: () => false }
  for await (const event of propagate({ source, objects, ...whole, ...fixed }, new AbortController().signal))
    if (event.type === 'frame')
      for (const mask of event.masks) masks.set(`${mask.objectId}@${event.frameIndex}`, mask)
  rmSync(spillFolder, { recursive: true, force: true })
  const tally: Tally = { ...zero }
  for (const [i, own] of truths.entries())
    addObject(tally, own, (frame) => masks.get(`object ${i}@${frame}`) ?? null)
  return tally
}

function addObject(tally: Tally, truths: readonly Rle[], maskAt: (frame: number) => PropagatedMask | null) {
  const keyFrame = keyFrameOf(truths)
  const keyArea = rleArea(truths[keyFrame]!)
  let goneSince: number | null = null
  let waiting: number | null = null
  for (let frame = keyFrame + 1; frame < truths.length; frame++) {
    const truth = truths[frame]!
    const area = rleArea(truth)
    const mask = maskAt(frame)
    const iou = scoreOf(mask, truth)
    const isEmpty = isEmptyMask(mask)
    tally.frames++
    tally.iouSum += iou
    if (area === 0) {
      tally.gone++
      if (!isEmpty) tally.invented++
      goneSince ??= frame
    } else if (area >= hardlyInView * keyArea) {
      tally.visible++
      if (isEmpty) tally.visibleHidden++
      if (goneSince !== null) {
        tally.returns++
        waiting = frame
        goneSince = null
      }
      if (waiting !== null && frame - waiting <= soon && iou >= foundIou) {
        tally.returnsFound++
        waiting = null
      }
    }
    if (mask?.proposed) addProposal(tally, iou)
  }
}

function isEmptyMask(mask: PropagatedMask | null): boolean {
  return mask === null || rleArea(mask.rle) === 0
}

function scoreOf(mask: PropagatedMask | null, truth: Rle): number {
  if (rleArea(truth) === 0) return isEmptyMask(mask) ? 1 : 0
  return mask === null ? 0 : rleIou(mask.rle, truth)
}

function addProposal(tally: Tally, iou: number): void {
  tally.proposed++
  tally.proposedIou += iou
  if (iou < falseIou) tally.falselyProposed++
}

function rowsOf(name: string, tally: Tally): BenchRow[] {
  const count = (metric: string, value: number) => ({ case: name, metric, value, unit: 'frames' })
  return [
    { case: name, metric: 'J', value: percent(tally.iouSum, tally.frames), unit: '%' },
    {
      case: name,
      metric: 'visibleCalledHidden',
      value: percent(tally.visibleHidden, tally.visible),
      unit: '%',
    },
    count('visible', tally.visible),
    count('goneInTruth', tally.gone),
    count('inventedThere', tally.invented),
    { case: name, metric: 'returns', value: tally.returns, unit: 'times' },
    { case: name, metric: 'returnsFound', value: tally.returnsFound, unit: 'times' },
    count('proposed', tally.proposed),
    count('falselyProposed', tally.falselyProposed),
    { case: name, metric: 'proposedIou', value: percent(tally.proposedIou, tally.proposed), unit: '%' },
  ]
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((10000 * part) / whole) / 100
}
