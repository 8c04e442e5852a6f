/**
 * What a person's effort buys: `npm run bench -- annotate [FOLDER] [--only a,b | --only all] [--rounds 8] [--minutes 20]
 * [--suggested] [--plot FILE]`. A simulated annotator (annotator.ts) works on every sequence with every method of filling
 * in; J and F are means over all frames, keyframes counted as right, then over sequences. With --suggested also one who
 * goes where the app proposes. No sequence is begun after --minutes. Writes the curves as docs/annotate.svg, with --only
 * as FILE.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { annotatePlot, type Curve } from './annotate-plot.ts'
import { annotated, type Choice, type Round } from './annotator.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder, loadSequence, type Sequence } from './davis-sequence.ts'
import { copying, engine, type FillMethod, flowOnly, interpolating } from './fill-methods.ts'

const targets = [0.8, 0.85, 0.9]
const defaultRounds = 8
/** Of each kind some: people, animals, vehicles; thin, fast, hidden, easy. In this order, should time end the run. */
const subset = [
  'flamingo',
  'bmx-bumps',
  'car-turn',
  'dance-jump',
  'soccerball',
  'tennis',
  'boat',
  'horsejump-low',
  'drift-turn',
  'kite-walk',
  'breakdance-flare',
  'motorbike',
]

interface Contestant {
  readonly name: string
  readonly choice: Choice
  readonly method: (sequence: Sequence) => FillMethod
}

const contestants: readonly Contestant[] = [
  { name: 'copy', choice: 'worst', method: copying },
  { name: 'interpolate', choice: 'worst', method: interpolating },
  { name: 'flow', choice: 'worst', method: ({ source }) => flowOnly(source) },
  { name: 'inbetween', choice: 'worst', method: ({ source }) => engine(source) },
  { name: 'inbetween-suggested', choice: 'suggested', method: ({ source }) => engine(source) },
]

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const folder = args[0] && !args[0].startsWith('--') ? args[0] : davisTrainFolder
  if (!existsSync(folder))
    throw new Error(`There is no folder ${folder}: give one that holds SEQUENCE/frames and SEQUENCE/masks.`)
  const rounds = Number(option('--rounds') ?? defaultRounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${option('--rounds')}: give a whole number of keyframes, 1 or more.`)
  const until = performance.now() + 60_000 * Number(option('--minutes') ?? Number.POSITIVE_INFINITY)
  const names = namesIn(folder, option('--only'))
  const taking = contestants.filter(({ choice }) => choice === 'worst' || args.includes('--suggested'))
  const work = new Map<string, Map<string, Round[]>>(taking.map(({ name }) => [name, new Map()]))
  const taken: string[] = []
  for (const name of names) {
    if (taken.length > 0 && performance.now() > until) break
    taken.push(name)
    const sequence = await loadSequence(folder, name)
    for (const contestant of taking) {
      const method = contestant.method(sequence)
      const done = await annotated(sequence, method, contestant.choice, rounds)
      method.close?.()
      work.get(contestant.name)!.set(name, done)
      const last = done.at(-1)!
      console.error(
        `${name} ${contestant.name}: J ${done.map(({ j }) => (100 * j).toFixed(1)).join(' ')}, ${last.seconds.toFixed(1)} s`,
      )
    }
  }
  const curves = [...work].map(([name, sequences]) => ({
    name,
    points: curveOf([...sequences.values()], rounds),
  }))
  const plot =
    option('--plot') ??
    (args.includes('--only') ? undefined : join(import.meta.dirname, '../docs/annotate.svg'))
  const caption = `Mean of ${taken.length} sequences. Copying takes less than a hundredth of a second.`
  if (plot) writeFileSync(plot, annotatePlot(curves, caption))
  return {
    rows: [...work].flatMap(([name, sequences]) =>
      rowsOf(name, sequences, curves.find((curve) => curve.name === name)!),
    ),
    input:
      `${taken.length} sequences of ${folder.split('/').slice(-2).join('/')} (${taken.join(', ')}), up to ${rounds} ` +
      'keyframes: the first frame, then always the worst one (suggested: the one that the app proposes). J and F over ' +
      'all frames, keyframes counted as right, mean over sequences, those included that never reach a level.',
  }
}

/** Throws where nothing of what is asked for is there. */
function namesIn(folder: string, only: string | undefined): string[] {
  const there = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'masks')))
    .sort()
  const wanted = only === 'all' ? there : (only?.split(',') ?? subset)
  const names = wanted.filter((name) => there.includes(name))
  if (names.length > 0) return names
  // A folder of other sequences: all of them.
  if (only === undefined && there.length > 0) return there
  throw new Error(`${folder} holds none of the sequences asked for (${wanted.join(', ')}).`)
}

/** Means over sequences after 1, 2, ... keyframes. */
function curveOf(sequences: readonly (readonly Round[])[], rounds: number): Curve['points'] {
  return Array.from({ length: rounds }, (_, i) => {
    const at = sequences.map((each) => each[Math.min(i, each.length - 1)]!)
    const mean = (pick: (round: Round) => number) => at.reduce((sum, each) => sum + pick(each), 0) / at.length
    return {
      keys: i + 1,
      j: mean(({ j }) => j),
      f: mean(({ f }) => f),
      seconds: mean((each) => each.seconds),
    }
  })
}

function rowsOf(
  name: string,
  sequences: ReadonlyMap<string, readonly Round[]>,
  { points }: Curve,
): BenchRow[] {
  const rows: BenchRow[] = []
  const add = (metric: string, value: number, unit: string, of = name) =>
    rows.push({ case: of, metric, value: Math.round(value * 100) / 100, unit })
  for (const target of targets) {
    const reached = points.find(({ j }) => j >= target)
    // Not in the file: not reached within the rounds.
    if (reached) add(`keyframes for mean J ${target.toFixed(2)}`, reached.keys, '')
    const count = [...sequences.values()].filter((each) => each.some(({ j }) => j >= target)).length
    add(`sequences that reach J ${target.toFixed(2)}`, count, `of ${sequences.size}`)
  }
  for (const { keys, j, f, seconds } of points) {
    add(`J after ${keys}`, 100 * j, '%')
    add(`F after ${keys}`, 100 * f, '%')
    add(`compute until ${keys}`, seconds, 's')
  }
  rows.push(...stopRows(name, [...sequences.values()]))
  for (const [sequence, rounds] of sequences)
    for (const [i, { j }] of rounds.entries()) add(`J after ${i + 1}`, 100 * j, '%', `${name}/${sequence}`)
  return rows
}

/** Where the app says that no further keyframe pays: how far it came by then. */
function stopRows(name: string, sequences: readonly (readonly Round[])[]): BenchRow[] {
  const stops = sequences.flatMap((rounds) => {
    const at = rounds.findIndex(({ suggestion }) => suggestion?.worth === false)
    return at < 0 ? [] : [{ keys: at + 1, j: rounds[at]!.j, left: rounds.at(-1)!.j - rounds[at]!.j }]
  })
  if (stops.length === 0) return []
  const mean = (pick: (stop: (typeof stops)[number]) => number) =>
    Math.round((100 * stops.reduce((sum, stop) => sum + pick(stop), 0)) / stops.length) / 100
  return [
    {
      case: name,
      metric: 'sequences the app calls done',
      value: stops.length,
      unit: `of ${sequences.length}`,
    },
    { case: name, metric: 'keyframes when called done', value: mean(({ keys }) => keys), unit: '' },
    { case: name, metric: 'J when called done', value: mean(({ j }) => 100 * j), unit: '%' },
    { case: name, metric: 'J the rest of the rounds add', value: mean(({ left }) => 100 * left), unit: '%' },
  ]
}
