import { expect, it } from 'vitest'
import type { JobInfo } from '../../main/core/api.ts'
import type { MediaId } from '../../main/core/records.ts'
import { shotCuts } from './shot-cuts.ts'

const clip = 'clip' as MediaId

function propagation(mediaId: MediaId, cuts?: readonly number[]): JobInfo {
  return {
    id: 'job',
    spec: {
      type: 'propagate',
      mediaId,
      objectIds: null,
      direction: 'both',
      range: null,
      reach: 'all',
      playheadFrame: 0,
    },
    label: 'Propagate',
    state: 'done',
    done: 1,
    total: 1,
    at: '',
    frameIndex: null,
    msPerFrame: null,
    startedAt: null,
    endedAt: null,
    sentence: null,
    notes: [],
    ...(cuts ? { cuts } : {}),
    report: null,
  }
}

it('gathers the cuts that the runs of a media have met', () => {
  const jobs = [propagation(clip, [40, 90]), propagation(clip), propagation(clip, [12, 40])]
  expect(shotCuts([...jobs, propagation('other' as MediaId, [5])], clip)).toEqual([12, 40, 90])
  expect(shotCuts(jobs, null)).toEqual([])
})
