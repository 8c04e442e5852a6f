/** The ablation's results, gathered run by run: each score is of one row, case and film, and says of which engine. */
import type { BenchRow } from './bench.ts'

export interface FilmScore {
  readonly row: string
  readonly case: string
  readonly film: string
  /** Parts of 1. */
  readonly j: number
  readonly f: number
  /** Commit of the engine that was measured. */
  readonly engine: string
}

const nameOf = (score: FilmScore) => `${score.row}/${score.case}/${score.film}`

/** `older` with what was measured since; a newer score of the same row, case and film replaces the older. */
export function merged(older: readonly FilmScore[], newer: readonly FilmScore[]): FilmScore[] {
  return [...new Map([...older, ...newer].map((score) => [nameOf(score), score])).values()]
}

/** As a results file keeps them: means over the films first, then every film, with the engine's commit. */
export function rowsOf(scores: readonly FilmScore[]): BenchRow[] {
  const means = [...Map.groupBy(scores, (score) => `${score.row}/${score.case}`)].flatMap(([name, all]) => [
    { case: name, metric: 'J', value: percent(meanOf(all, 'j')), unit: '%' },
    { case: name, metric: 'F', value: percent(meanOf(all, 'f')), unit: '%' },
    { case: name, metric: 'films', value: all.length, unit: '' },
  ])
  const films = scores.flatMap((score) => [
    { case: nameOf(score), metric: `J of ${score.engine}`, value: percent(score.j), unit: '%' },
    { case: nameOf(score), metric: `F of ${score.engine}`, value: percent(score.f), unit: '%' },
  ])
  return [...means, ...films]
}

/** The scores that a results file holds; means are left out, as they are made anew. */
export function scoresIn(rows: readonly BenchRow[]): FilmScore[] {
  const scores = new Map<string, FilmScore>()
  for (const { case: name, metric, value } of rows) {
    const [row, each, film] = name.split('/')
    const [, kind, engine] = /^([JF]) of (.+)$/.exec(metric) ?? []
    if (!row || !each || !film || !kind || !engine) continue
    const known = scores.get(name) ?? { row, case: each, film, j: 0, f: 0, engine }
    scores.set(name, { ...known, [kind.toLowerCase()]: value / 100, engine })
  }
  return [...scores.values()]
}

/**
 * A Markdown table, a line a row and a column a case, J / F. Means over other than `filmCount` films say over how many,
 * and those of another engine than `engine` say of which.
 */
export function tableOf(
  scores: readonly FilmScore[],
  rows: Readonly<Record<string, string>>,
  cases: readonly string[],
  filmCount: number,
  engine: string,
): string {
  const cell = (row: string, each: string) => {
    const all = scores.filter((score) => score.row === row && score.case === each)
    if (all.length === 0) return '-'
    const engines = [...new Set(all.map((score) => score.engine))].filter((name) => name !== engine)
    const notes = [
      ...(all.length === filmCount ? [] : [`${all.length} of ${filmCount} films`]),
      ...(engines.length === 0 ? [] : [`of ${engines.join(', ')}`]),
    ]
    const means = (['j', 'f'] as const).map((kind) => (100 * meanOf(all, kind)).toFixed(1)).join(' / ')
    return notes.length === 0 ? means : `${means} (${notes.join('; ')})`
  }
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(['`npm run bench -- ablation`', ...cases]),
    line(['---', ...cases.map(() => '---')]),
    ...Object.entries(rows).map(([row, words]) =>
      line([`\`--row ${row}\`: ${words}`, ...cases.map((each) => cell(row, each))]),
    ),
  ].join('\n')
}

function meanOf(scores: readonly FilmScore[], kind: 'j' | 'f'): number {
  return scores.reduce((sum, score) => sum + score[kind], 0) / scores.length
}

function percent(value: number): number {
  return Math.round(value * 10000) / 100
}
