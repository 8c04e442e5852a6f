/**
 * Whether confidence means expected IoU: `npm run bench -- confidence [--fit] [--only a,b] [--keys 1,2,5] [--cache
 * FOLDER]`. Runs the engine on the sequences of DAVIS-2016 train and of multi/, fits on some and measures on others:
 * two halves, and five folds by sequence. Every sequence counts the same, however many masks it has: one film with forty
 * objects would outweigh twenty with one. --fit writes the weights from all of them. --cache keeps what was collected.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EvidenceName, evidenceSigns } from '../main/host/propagation/doubt/confidence.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { collectEvidence, type EvidenceRow } from './confidence-evidence.ts'
import {
  blankPrior,
  type Example,
  fitModel,
  type Holding,
  holding,
  type Model,
  predicted,
} from './confidence-fit.ts'
import { reliabilitySvg } from './confidence-plot.ts'

const repository = join(import.meta.dirname, '..')
const foldCounts = [2, 5]

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const rows = await collectEvidence({
    only: option('--only')?.split(','),
    keyCounts: (option('--keys') ?? '1,2,5').split(',').map(Number),
    cacheFolder: option('--cache'),
  })
  if (rows.length === 0)
    throw new Error('Nothing to measure on: ../shared/data/davis2016-train and multi are not there.')
  const names = Object.keys(rows.find((row) => row.numbers)!.numbers!) as EvidenceName[]
  const signs = names.map((name) => evidenceSigns[name])
  const shares = sharesOf(rows)
  const examples = rows.map((row, i) => exampleOf(row, names, shares[i]!))
  const sequences = [...new Set(rows.map((row) => row.sequence))]
  const out: BenchRow[] = []
  for (const foldCount of foldCounts) {
    const forecast = heldOut(rows, examples, signs, sequences, foldCount)
    const heldOf = (keeps: (row: EvidenceRow) => boolean, weights: readonly number[] | null = shares) => {
      const of = rows.flatMap((row, i) => (keeps(row) ? [i] : []))
      return holding(
        of.map((i) => forecast[i]!),
        of.map((i) => rows[i]!.iou),
        weights && of.map((i) => weights[i]!),
      )
    }
    const held = heldOf(() => true)
    out.push(...rowsOf(`${foldCount} folds`, held))
    out.push(
      ...rowsOf(
        `${foldCount} folds, every mask the same`,
        heldOf(() => true, null),
      ),
    )
    for (const [name, isMulti] of [
      ['one object', false],
      ['many objects', true],
    ] as const)
      out.push(
        ...rowsOf(
          `${foldCount} folds, films of ${name}`,
          heldOf(({ sequence }) => sequence.startsWith('multi-') === isMulti),
        ),
      )
    for (const keyCount of new Set(rows.map((row) => row.keyCount)))
      out.push(
        ...rowsOf(
          `${foldCount} folds, keys: ${keyCount}`,
          heldOf((row) => row.keyCount === keyCount),
        ),
      )
    if (foldCount !== foldCounts.at(-1)) continue
    mkdirSync(join(repository, 'docs'), { recursive: true })
    writeFileSync(join(repository, 'docs/confidence.svg'), reliabilitySvg(held))
    for (const bin of held.bins)
      console.error(`expected ${bin.predicted.toFixed(3)}, was ${bin.actual.toFixed(3)}, masks: ${bin.count}`)
  }
  out.push(...doubtRows(rows))
  if (args.includes('--fit')) writeWeights(fitModel(examples, signs), names)
  return {
    rows: out,
    input: `${rows.length} masks of ${sequences.length} sequences of DAVIS-2016 train and multi`,
  }
}

function exampleOf(
  { kind, numbers, iou }: EvidenceRow,
  names: readonly EvidenceName[],
  weight: number,
): Example {
  return { kind, numbers: numbers && names.map((name) => numbers[name]), target: iou, weight }
}

/** A weight for every mask, 1 in the mean, with which all sequences count the same. */
function sharesOf(rows: readonly EvidenceRow[]): number[] {
  const counts = new Map<string, number>()
  for (const { sequence } of rows) counts.set(sequence, (counts.get(sequence) ?? 0) + 1)
  return rows.map(({ sequence }) => rows.length / counts.size / counts.get(sequence)!)
}

/** For every row what a model says that has seen no row of its sequence. */
function heldOut(
  rows: readonly EvidenceRow[],
  examples: readonly Example[],
  signs: readonly number[],
  sequences: readonly string[],
  foldCount: number,
): number[] {
  const forecast = new Array<number>(rows.length)
  const foldOf = (row: EvidenceRow) => sequences.indexOf(row.sequence) % foldCount
  for (let fold = 0; fold < foldCount; fold++) {
    const model = fitModel(
      examples.filter((_, i) => foldOf(rows[i]!) !== fold),
      signs,
    )
    for (const [i, row] of rows.entries())
      if (foldOf(row) === fold) forecast[i] = predicted(model, examples[i]!)
  }
  return forecast
}

/** How good the masks are that got a sentence, by its kind, and those that got none. */
function doubtRows(rows: readonly EvidenceRow[]): BenchRow[] {
  const kinds = Map.groupBy(rows, ({ doubt }) => doubt?.replace(/\d+(\.\d+)?/g, 'N') ?? 'no doubt')
  return [...kinds].flatMap(([kind, list]) => [
    { case: kind, metric: 'masks', value: list.length, unit: '' },
    {
      case: kind,
      metric: 'meanIoU',
      value: Math.round((1e3 * list.reduce((sum, row) => sum + row.iou, 0)) / list.length) / 1e3,
      unit: '',
    },
  ])
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

function rowsOf(name: string, held: Holding): BenchRow[] {
  return [
    { case: name, metric: 'calibrationError', value: rounded(held.calibrationError), unit: 'IoU' },
    { case: name, metric: 'meanAbsoluteError', value: rounded(held.meanAbsoluteError), unit: 'IoU' },
    { case: name, metric: 'rankCorrelation', value: rounded(held.rankCorrelation), unit: '' },
  ]
}

function writeWeights(model: Model, names: readonly EvidenceName[]): void {
  const text = `/** Written by \`npm run bench -- confidence --fit\`; do not edit. What each number is: confidence.ts. */
export const confidenceWeights = {
  bias: ${rounded(model.bias)},
  /** Expected where nothing is left of the object, and where it is said to be out of sight. */
  lost: ${rounded(model.blanks.get('lost') ?? blankPrior)},
  hidden: ${rounded(model.blanks.get('hidden') ?? blankPrior)},
  weights: {
${names.map((name, i) => `    ${name}: ${rounded(model.weights[i]!)},`).join('\n')}
  },
}

/** From what the regression says to the IoU that was seen. */
export const confidenceCurve: readonly (readonly [number, number])[] = [
${model.curve.map(([x, y]) => `  [${rounded(x)}, ${rounded(y)}],`).join('\n')}
]
`
  writeFileSync(join(repository, 'main/host/propagation/doubt/confidence-weights.ts'), text)
}
