/**
 * What a person's effort buys: `npm run bench -- annotate [FOLDER] [--only a,b] [--rounds 10] [--plot FILE]`.
 * A simulated annotator (annotator.ts) works on every sequence with every method of filling in; J and F are means over
 * all frames, keyframes counted as right, then over sequences. Writes the curves as docs/annotate.svg when all
 * sequences were run, or as FILE.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { annotatePlot, type Curve } from './annotate-plot.ts'
import { annotated, type Choice, type Round } from './annotator.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder, loadSequence, type Sequence } from './davis-sequence.ts'
import { copying, engine, type FillMethod, flowOnly, interpolating } from './fill-methods.ts'

const targets = [0.8, 0.85, 0.9]
const defaultRounds = 10

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
  const wanted = option('--only')?.split(',')
  const rounds = Number(option('--rounds') ?? defaultRounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${option('--rounds')}: give a whole number of keyframes, 1 or more.`)
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'masks')) && (wanted?.includes(name) ?? true))
    .sort()
  if (names.length === 0) throw new Error(`${folder} holds none of the sequences asked for.`)
  const work = new Map<string, Map<string, Round[]>>(contestants.map(({ name }) => [name, new Map()]))
  for (const name of names) {
    const sequence = await loadSequence(folder, name)
    for (const contestant of contestants) {
      const done = await annotated(sequence, contestant.method(sequence), contestant.choice, rounds)
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
  const plot = option('--plot') ?? (wanted ? undefined : join(import.meta.dirname, '../docs/annotate.svg'))
  if (plot) writeFileSync(plot, annotatePlot(curves))
  return {
    rows: [...work].flatMap(([name, sequences]) =>
      rowsOf(name, sequences, curves.find((curve) => curve.name === name)!),
    ),
    input:
      `${names.length} sequences of ${folder.split('/').slice(-2).join('/')}, up to ${rounds} keyframes; the first ` +
      'frame first, then the worst frame (suggested: the frame the app proposes). J and F over all frames, ' +
      'keyframes counted as right, mean over sequences; a sequence with fewer frames than keyframes stays at its last value.',
  }
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
