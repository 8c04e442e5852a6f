/** Where shots meet in the shown media, as far as runs have told. */
import type { JobInfo } from '../../main/core/api.ts'
import type { MediaId } from '../../main/core/records.ts'

/** First frames of new shots, ascending, of every propagation of the media that is still on the list. */
export function shotCuts(jobs: readonly JobInfo[], mediaId: MediaId | null): number[] {
  const cuts = new Set<number>()
  for (const { spec, cuts: met = [] } of jobs)
    if (spec.type === 'propagate' && spec.mediaId === mediaId) for (const frame of met) cuts.add(frame)
  return [...cuts].sort((a, b) => a - b)
}
