import { expect, it } from 'vitest'
import type { JobInfo } from '../../main/core/api.ts'
import type { MediaId } from '../../main/core/records.ts'
import { remainingSeconds } from './remaining-time.ts'

const job = (fields: Partial<JobInfo>): JobInfo => ({
  id: 'j',
  spec: { type: 'proxy', mediaId: 'm' as MediaId },
  label: 'Make a proxy',
  state: 'running',
  done: 100,
  total: 240,
  at: '',
  frameIndex: null,
  msPerFrame: 50,
  startedAt: 0,
  endedAt: null,
  sentence: null,
  notes: [],
  report: null,
  ...fields,
})

it('counts what is left by the speed so far', () => {
  expect(remainingSeconds(job({}))).toBe(7)
})

it('says nothing where it knows nothing', () => {
  for (const fields of [{ done: 0 }, { msPerFrame: null }, { total: 100 }, { state: 'done' as const }])
    expect(remainingSeconds(job(fields))).toBeNull()
})
