/**
 * Whether the suggested keyframe pays: `npm run bench -- suggest [--only a,b] [--most 8] [--davis a,b] [--rules even,suggested,median,worst] [--cache FOLDER]`. Mean
 * IoU after 2, 3, ... keyframes an object with even spacing, where suggestKeyframe says, and on the frame of least
 * confidence; on generated long uneven clips and on sequences of DAVIS-2016 train. All frames count, labelled ones as right.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encodeRle } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import { type UnevenClipSpec, unevenClip, unevenClips } from '../main/core/scene/uneven-clips.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder, loadSequence } from './davis-sequence.ts'
import { type Clip, type Round, type Rule, roundsOf } from './suggest-run.ts'

const davisNames = ['bmx-bumps', 'surf']

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const only = option('--only')?.split(',')
  const most = Number(option('--most') ?? 8)
  const rules = (option('--rules') ?? 'even,suggested,worst').split(',') as Rule[]
  const cache = option('--cache')
  const groups: [group: string, clips: (() => Promise<Clip>)[]][] = [
    [
      'uneven',
      unevenClips.filter(({ name }) => only?.includes(name) ?? true).map((spec) => async () => clipOf(spec)),
    ],
    [
      'davis',
      (option('--davis')?.split(',') ?? (only ? [] : davisNames))
        .filter((name) => existsSync(join(davisTrainFolder, name)))
        .map((name) => () => davisClip(name)),
    ],
  ]
  const rows: BenchRow[] = []
  for (const [group, clips] of groups) {
    const results = new Map<string, Round[][]>(rules.map((rule) => [rule, []]))
    for (const load of clips) {
      const clip = await load()
      for (const rule of rules) {
        const rounds = await cachedRounds(cache && join(cache, `${clip.name}-${rule}-${most}.json`), () =>
          roundsOf(clip, rule, most),
        )
        results.get(rule)!.push(rounds)
        rows.push(...rowsOf(`${group}/${clip.name}/${rule}`, rounds))
        const list = rounds.map(
          ({ iou, advisedAgainst }) => (100 * iou).toFixed(1) + (advisedAgainst ? '.' : ''),
        )
        const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0)
        console.error(`${group} ${clip.name} ${rule}: ${list.join(' ')} (${seconds.toFixed(0)} s)`)
      }
    }
    for (const rule of rules) rows.push(...rowsOf(`${group}/mean/${rule}`, meanRounds(results.get(rule)!)))
    rows.push(...adviceRows(group, results.get('suggested')!))
  }
  return {
    rows,
    input: `${groups.map(([group, clips]) => `${clips.length} ${group}`).join(', ')} clips, up to ${most} keyframes`,
  }
}

async function cachedRounds(file: string | undefined, make: () => Promise<Round[]>): Promise<Round[]> {
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Round[]
  const rounds = await make()
  if (!file) return rounds
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(rounds))
  return rounds
}

async function davisClip(name: string): Promise<Clip> {
  const { source, truths } = await loadSequence(davisTrainFolder, name)
  return { name, source, truths: new Map([['object' as ObjectId, truths.map((truth) => encodeRle(truth))]]) }
}

/** Every frame painted once. */
function clipOf(spec: UnevenClipSpec): Clip {
  const { width, height, frameCount, name, followed } = spec
  const clip = unevenClip(spec)
  const frames = Array.from({ length: frameCount }, (_, frame) => clip.frame(frame))
  const truths = followed.map(
    (entity) =>
      [
        `${entity}` as ObjectId,
        frames.map(({ index }) =>
          encodeRle({ width, height, data: index.map((owner) => Number(owner === entity)) }),
        ),
      ] as const,
  )
  const read = async (frame: number) => frames[frame]!.rgb
  return { name, source: { width, height, frameCount, read, close: async () => {} }, truths: new Map(truths) }
}

function meanRounds(lists: readonly (readonly Round[])[]): Round[] {
  const count = Math.min(...lists.map((list) => list.length))
  return Array.from({ length: Number.isFinite(count) ? count : 0 }, (_, i) => ({
    ...lists[0]![i]!,
    iou: lists.reduce((sum, list) => sum + list[i]!.iou, 0) / lists.length,
  }))
}

function rowsOf(name: string, rounds: readonly Round[]): BenchRow[] {
  return rounds.map(({ keyCount, iou }) => ({
    case: name,
    metric: `J after ${keyCount} keyframes`,
    value: Math.round(iou * 1e4) / 100,
    unit: '%',
  }))
}

/** What a keyframe gained on average, and was said to, while the suggestion was for it and after it was against it. */
function adviceRows(group: string, lists: readonly (readonly Round[])[]): BenchRow[] {
  const steps = lists.flatMap((rounds) =>
    rounds.slice(1).map((round, i) => ({ ...round, gained: round.iou - rounds[i]!.iou })),
  )
  const mean = (of: readonly number[]) =>
    Math.round((1e4 * of.reduce((a, b) => a + b, 0)) / Math.max(1, of.length)) / 100
  return [false, true].flatMap((against) => {
    const list = steps.filter(({ advisedAgainst }) => advisedAgainst === against)
    // A mean over nothing would read as "gained nothing".
    if (list.length === 0) return []
    const name = `${group}/${against ? 'said not to be worth it' : 'said to be worth it'}`
    return [
      { case: name, metric: 'keyframes', value: list.length, unit: '' },
      { case: name, metric: 'gain', value: mean(list.map((step) => step.gained)), unit: 'points of J' },
      { case: name, metric: 'promised', value: mean(list.map((step) => step.promised)), unit: 'points of J' },
    ]
  })
}
