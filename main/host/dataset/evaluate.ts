import { type DavisScores, davisTable, evaluateDavis } from './evaluate-davis.ts'
import { evaluateViposeg, type ViposegScores, viposegTable } from './evaluate-viposeg.ts'

export type Metric = 'davis' | 'viposeg'
export type Scores = DavisScores | ViposegScores

/** Scores masks in `resultFolder` against those in `truthFolder`; see the two metrics for what is scored. */
export async function evaluate(
  resultFolder: string,
  truthFolder: string,
  metric: Metric,
  signal: AbortSignal,
  onFrame?: (done: number, total: number) => void,
): Promise<Scores> {
  return metric === 'davis'
    ? await evaluateDavis(resultFolder, truthFolder, signal, onFrame)
    : await evaluateViposeg(resultFolder, truthFolder, signal, onFrame)
}

export function scoreTable(scores: Scores): string {
  return scores.metric === 'davis' ? davisTable(scores) : viposegTable(scores)
}
