import { expect, it } from 'vitest'
import type { PackProgress } from '../../main/core/models.ts'
import { FetchPace } from './fetch-pace.ts'

const fetched = (done: number, total: number | null = 100_000_000, at = 'encoder.onnx'): PackProgress => ({
  type: 'progress',
  stage: 'fetch',
  at,
  done,
  total,
})

it('counts what is left by what came since, not by what was here before', () => {
  const pace = new FetchPace()
  expect(pace.secondsLeft(fetched(40_000_000), 1000)).toBeNull()
  expect(pace.secondsLeft(fetched(50_000_000), 6000)).toBe(25)
  expect(pace.secondsLeft(fetched(80_000_000), 11_000)).toBe(5)
})

it('counts neither a file that was here before nor the time between files', () => {
  const pace = new FetchPace()
  pace.secondsLeft(fetched(0), 0)
  expect(pace.secondsLeft(fetched(20_000_000), 10_000)).toBe(40)
  const decoder = (done: number) => fetched(done, 100_000_000, 'decoder.onnx')
  expect(pace.secondsLeft(decoder(60_000_000), 60_000)).toBe(20)
  expect(pace.secondsLeft(decoder(80_000_000), 70_000)).toBe(10)
})

it('says nothing where it knows nothing', () => {
  const pace = new FetchPace()
  expect(pace.secondsLeft(fetched(0), 0)).toBeNull()
  expect(pace.secondsLeft(fetched(1_000_000), 1000)).toBeNull()
  expect(pace.secondsLeft(fetched(0), 9000)).toBeNull()
  expect(pace.secondsLeft(fetched(100_000_000), 9000)).toBeNull()
  expect(pace.secondsLeft(fetched(9_000_000, null), 9000)).toBeNull()
  expect(pace.secondsLeft({ ...fetched(9_000_000), stage: 'copy' }, 9000)).toBeNull()
})
