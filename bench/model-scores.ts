/** J and F with the forest, our network, and both, on films of the training half of DAVIS-2016, measured in parts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { wholeMethod } from '../main/host/propagation/request.ts'
import type { RefineMask } from '../models/refine-mask/refine-mask.ts'
import { type FilmScore, merged } from './ablation-table.ts'
import type { BenchOutcome } from './bench.ts'
import { cases, type How, scored } from './davis.ts'
import { davisTrainFolder, loadSequence } from './davis-sequence.ts'
import { engineCommit } from './engine-commit.ts'
import { openOwnNetwork } from './own-network.ts'

/** Outlines at full size come from a second forest, so the network alone goes without them. */
export const engines: Readonly<Record<string, (network: RefineMask) => How>> = {
  forest: () => ({}),
  network: (network) => ({
    method: { ...wholeMethod, step: 'network', band: false },
    refineNetwork: network,
  }),
  both: (network) => ({ refineNetwork: network }),
}

/**
 * `older` with what it does not hold of this engine yet. `--engine forest,both`, `--case first,five` and `--only FILM,FILM`
 * say what to measure; `--minutes 5` starts no further film after so long.
 */
export async function filmScores(
  args: readonly string[],
  older: readonly FilmScore[],
): Promise<readonly FilmScore[]> {
  const option = (name: string) =>
    args.includes(name) ? args[args.indexOf(name) + 1]?.split(',') : undefined
  if (!existsSync(davisTrainFolder))
    throw new Error(`There is no folder ${davisTrainFolder}: the scores are measured on its films.`)
  const films = option('--only') ?? readdirSync(davisTrainFolder).sort()
  const until = performance.now() + 60_000 * Number(option('--minutes')?.[0] ?? Number.POSITIVE_INFINITY)
  const own = openOwnNetwork()
  const commit = engineCommit()
  let scores = [...older]
  try {
    for (const film of films) {
      const wanted = (option('--case') ?? Object.keys(cases)).flatMap((each) =>
        (option('--engine') ?? Object.keys(engines)).map((row) => ({ row, each })),
      )
      const missing = wanted.filter(
        ({ row, each }) =>
          !scores.some((s) => s.row === row && s.case === each && s.film === film && s.engine === commit),
      )
      if (missing.length === 0 || performance.now() > until) continue
      const sequence = await loadSequence(davisTrainFolder, film)
      for (const { row, each } of missing) {
        const how = engines[row]!(own.network)
        const { j, f, msPerFrame } = await scored(sequence, cases[each]!(sequence.source.frameCount), how)
        scores = merged(scores, [{ row, case: each, film, j, f, engine: commit }])
        console.error(
          `${row} ${each} ${film}: J ${(100 * j).toFixed(1)} F ${(100 * f).toFixed(1)}, ${msPerFrame.toFixed(1)} ms a frame`,
        )
      }
    }
  } finally {
    await own.close()
  }
  return scores
}

/** What bench/results/models.json holds. */
export function earlierModels(): BenchOutcome['rows'] {
  const file = join(import.meta.dirname, 'results/models.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BenchOutcome).rows : []
}

export function isScore(name: string): boolean {
  return Object.keys(engines).some((engine) => name.startsWith(`${engine}/`))
}
