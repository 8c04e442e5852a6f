/**
 * `npm run bench -- designs --design memory=DIR,stateless=DIR,nearest=DIR`: the designs of our own network that were
 * trained, beside each other. Each DIR is a folder of models/training/train.py (curve.json) with what export.py made of it
 * in DIR/onnx. One step from the forest's own masks, as training saw it, and the bare walk over the films of the training
 * half of DAVIS-2016, none of which is learnt from; `--only FILM,FILM` walks those alone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { meanOf, namedFolders, type WalkScores, walkScores } from '../models/training/closed-loop.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { davisTrainFolder } from './davis-sequence.ts'

/** As train.py writes it; overlaps in percent. */
interface CurvePoint {
  readonly step: number
  readonly seconds: number
  readonly film: number
  readonly forest: number
  readonly clip: number
  readonly clipForest: number
}

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const given = args[args.indexOf('--design') + 1]
  if (!args.includes('--design') || !given)
    throw new Error('--design NAME=DIR,NAME=DIR: folders of models/training/train.py with DIR/onnx.')
  if (!existsSync(davisTrainFolder))
    throw new Error(`There is no folder ${davisTrainFolder}: the designs are measured on its films.`)
  const designs = namedFolders(given)
  const networks = designs.map(([name, folder]) => [name, join(folder, 'onnx')] as const)
  const films: { readonly film: string; readonly scores: WalkScores }[] = []
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined
  const names = only ?? readdirSync(davisTrainFolder).sort()
  for await (const scored of walkScores(davisTrainFolder, names, networks, 2)) {
    films.push(scored)
    console.error(scored.film, scored.scores)
  }
  return {
    rows: [
      ...designs.flatMap(([name, folder]) => curveRows(name, curveOf(folder))),
      ...walkRows('walk', meanOf(films.map(({ scores }) => scores))),
      ...films.flatMap(({ film, scores }) => walkRows(`walk/${film}`, scores)),
    ],
    input: `${films.length} sequences of DAVIS-2016 train, first frame given, working size, no outlines at full size, nothing noticed to be hidden; training as each curve says`,
  }
}

function curveOf(folder: string): readonly CurvePoint[] {
  return JSON.parse(readFileSync(join(folder, 'curve.json'), 'utf8')) as CurvePoint[]
}

function curveRows(name: string, curve: readonly CurvePoint[]): BenchRow[] {
  return curve.flatMap(({ step, seconds, film, forest, clip, clipForest }) => {
    const at = `one step, ${name}, after ${step} steps`
    return [
      row(at, 'minutes of training', seconds / 60, 'min'),
      row(at, 'films', film, '%'),
      row(at, 'films, forest', forest, '%'),
      row(at, 'clips', clip, '%'),
      row(at, 'clips, forest', clipForest, '%'),
    ]
  })
}

function walkRows(name: string, scores: WalkScores): BenchRow[] {
  return Object.entries(scores).map(([engine, j]) => row(name, engine, j, '%'))
}

function row(name: string, metric: string, value: number, unit: string): BenchRow {
  return { case: name, metric, value: Number(value.toFixed(2)), unit }
}
