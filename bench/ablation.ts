/**
 * What each part of the engine is worth, on films of DAVIS-2016 (training half):
 * `npm run bench -- ablation [--row copy,forest] [--case first,five] [--only FILM,FILM] [--minutes 3] [--again] [--table]`.
 * Measures what bench/results/ablation.json does not hold of this engine yet, and adds to it: it can be run in parts.
 * --again measures that anew, too; --minutes starts no further film after so long; --table only prints the table of
 * native/README.md. Without --only on the ten films below. J and F as in davis.ts: means over frames, then over films.
 * Without our network, which the app does not use unless it is chosen: `bench -- models --scores` measures that.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PropagationMethod, wholeMethod } from '../main/host/propagation/request.ts'
import { type FilmScore, merged, rowsOf, scoresIn, tableOf } from './ablation-table.ts'
import type { BenchOutcome } from './bench.ts'
import { cases, type How, scored } from './davis.ts'
import { davisTrainFolder, loadSequence } from './davis-sequence.ts'
import { engineCommit } from './engine-commit.ts'

const partly = (more: Partial<PropagationMethod>): How => ({
  method: { ...wholeMethod, band: false, ...more },
})

const rows: Readonly<Record<string, { readonly words: string; readonly how: How }>> = {
  copy: { words: 'copy of the nearest key', how: { ...partly({ step: 'copy' }), followOnly: true } },
  flow: { words: 'flow only', how: { ...partly({ step: 'flow' }), followOnly: true } },
  short: { words: 'forest, taught errors of up to 14 frames', how: partly({ longCycles: false }) },
  forest: { words: 'forest, taught errors of up to 40 frames', how: partly({}) },
  self: { words: 'forest and self-training', how: partly({ selfTraining: true }) },
  prior: { words: 'forest and a prior from generated scenes', how: partly({ prior: true }) },
  band: { words: 'forest and outlines at full size: the default', how: partly({ band: true }) },
}

/** From the hardest, of which half is lost, to nearly solved ones. */
const films = [
  ...['bmx-bumps', 'flamingo', 'hockey', 'horsejump-low', 'kite-walk'],
  ...['mallard-fly', 'rollerblade', 'scooter-gray', 'soccerball', 'tennis'],
]

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const chosen = (name: string, all: readonly string[], known: readonly string[] | null = all) => {
    const given = args.includes(name) ? (args[args.indexOf(name) + 1]?.split(',') ?? []) : all
    const strange = given.find((each) => known && !known.includes(each))
    if (strange !== undefined) throw new Error(`${name} ${strange}: it is one of ${all.join(', ')}.`)
    return given
  }
  const names = chosen('--only', films, null)
  const missing = names.find((name) => !existsSync(join(davisTrainFolder, name, 'masks')))
  if (missing !== undefined)
    throw new Error(`There is no film ${missing} in ${davisTrainFolder}: --only takes its folders' names.`)
  const engine = engineCommit()
  let scores = earlierScores()
  const isDone = (row: string, each: string, film: string) =>
    !args.includes('--again') &&
    scores.some((s) => s.row === row && s.case === each && s.film === film && s.engine === engine)
  const until = args.includes('--minutes') ? minutesOf(args) : Number.POSITIVE_INFINITY
  const started = performance.now()
  const asked = chosen('--row', Object.keys(rows))
  for (const film of args.includes('--table') ? [] : names) {
    const wanted = asked.flatMap((row) =>
      chosen('--case', Object.keys(cases))
        .filter((each) => !isDone(row, each, film))
        .map((each) => ({ row, each })),
    )
    if (wanted.length === 0) continue
    const sequence = await loadSequence(davisTrainFolder, film)
    for (const { row, each } of wanted) {
      if (performance.now() - started > until * 60_000) break
      const { j, f } = await scored(sequence, cases[each]!(sequence.source.frameCount), rows[row]!.how)
      scores = merged(scores, [{ row, case: each, film, j, f, engine }])
      console.error(`${row} ${each} ${film}: J ${(100 * j).toFixed(1)} F ${(100 * f).toFixed(1)}`)
    }
  }
  const words = Object.fromEntries(Object.entries(rows).map(([row, { words }]) => [row, words]))
  console.error(tableOf(scores, words, Object.keys(cases), films.length, engine))
  return { rows: rowsOf(scores), input: `Films of the training half of DAVIS-2016: ${films.join(', ')}` }
}

function minutesOf(args: readonly string[]): number {
  const given = args[args.indexOf('--minutes') + 1]
  const minutes = Number(given)
  if (!(minutes > 0)) throw new Error(`--minutes ${given ?? ''}: say for how long, as in --minutes 3.`)
  return minutes
}

function earlierScores(): FilmScore[] {
  const file = join(import.meta.dirname, 'results/ablation.json')
  if (!existsSync(file)) return []
  try {
    return scoresIn((JSON.parse(readFileSync(file, 'utf8')) as BenchOutcome).rows)
  } catch (error) {
    throw new Error(`${file} cannot be read (${String(error)}): delete it to measure from the beginning.`)
  }
}
