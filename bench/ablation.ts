/**
 * What each part of the engine is worth, on films of DAVIS-2016 (training half):
 * `npm run bench -- ablation [--row copy,flow,forest,band] [--case first,first+last,five] [--only a,b]`.
 * Without --only on the ten films below. J and F as in davis.ts: means over frames, then over films.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { cases, type How, type Score, scored } from './davis.ts'
import { davisTrainFolder, loadSequence } from './davis-sequence.ts'

const follow = { followOnly: true } as const

/** Each row has what the one before has, and one part more. */
const rows: Record<string, How> = {
  copy: { ...follow, method: { step: 'copy', band: false } },
  flow: { ...follow, method: { step: 'flow', band: false } },
  forest: { method: { step: 'forest', band: false } },
  band: { method: { step: 'forest', band: true } },
}

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
  const measured: { readonly case: string; readonly score: Score }[] = []
  for (const name of names) {
    const sequence = await loadSequence(davisTrainFolder, name)
    for (const row of chosen('--row', Object.keys(rows)))
      for (const each of chosen('--case', Object.keys(cases))) {
        const score = await scored(sequence, cases[each]!(sequence.source.frameCount), rows[row]!)
        measured.push({ case: `${row}/${each}`, score })
        console.error(`${row} ${each} ${name}: J ${percent(score.j)} F ${percent(score.f)}`)
      }
  }
  const input = `${names.length} films of the training half of DAVIS-2016: ${names.join(', ')}`
  return {
    rows: [...Map.groupBy(measured, (each) => each.case)].flatMap(([name, all]) => means(name, all)),
    input,
  }
}

function means(name: string, all: readonly { readonly score: Score }[]): BenchRow[] {
  const mean = (pick: (score: Score) => number) =>
    all.reduce((sum, { score }) => sum + pick(score), 0) / all.length
  return [
    { case: name, metric: 'J', value: percent(mean(({ j }) => j)), unit: '%' },
    { case: name, metric: 'F', value: percent(mean(({ f }) => f)), unit: '%' },
  ]
}

function percent(value: number): number {
  return Math.round(value * 10000) / 100
}
