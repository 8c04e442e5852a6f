import { describe, expect, test } from 'vitest'
import { type FilmScore, merged, rowsOf, scoresIn, tableOf } from './ablation-table.ts'

const score = (row: string, film: string, j: number, engine = 'abc'): FilmScore => ({
  row,
  case: 'first',
  film,
  j,
  f: j / 2,
  engine,
})

describe('an ablation that is measured in parts', () => {
  test('adds what was measured to what was known, and the newer score counts', () => {
    const known = [score('flow', 'tennis', 0.2, 'old'), score('flow', 'hockey', 0.4)]
    expect(merged(known, [score('flow', 'tennis', 0.6)])).toEqual([
      score('flow', 'tennis', 0.6),
      score('flow', 'hockey', 0.4),
    ])
  })

  test('the results file gives back every score with its engine', () => {
    const scores = [score('flow', 'tennis', 0.2, 'old+'), score('forest', 'hockey', 0.5)]
    expect(scoresIn(rowsOf(scores))).toEqual(scores)
  })

  test('means come first, with the number of films', () => {
    expect(rowsOf([score('flow', 'tennis', 0.2), score('flow', 'hockey', 0.4)]).slice(0, 3)).toEqual([
      { case: 'flow/first', metric: 'J', value: 30, unit: '%' },
      { case: 'flow/first', metric: 'F', value: 15, unit: '%' },
      { case: 'flow/first', metric: 'films', value: 2, unit: '' },
    ])
  })

  test('the table says where films are missing or an engine is another', () => {
    const scores = [
      score('flow', 'tennis', 0.2),
      score('flow', 'hockey', 0.4),
      score('forest', 'hockey', 0.5, 'old'),
    ]
    const table = tableOf(
      scores,
      { flow: 'flow only', forest: 'and the forest' },
      ['first', 'five'],
      2,
      'abc',
    )
    expect(table.split('\n').slice(2)).toEqual([
      '| `--row flow`: flow only | 30.0 / 15.0 | - |',
      '| `--row forest`: and the forest | 50.0 / 25.0 (1 of 2 films; of old) | - |',
    ])
  })
})
