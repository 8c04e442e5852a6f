import { expect, it } from 'vitest'
import { isSameReading, steadyReading } from './same-reading.ts'

it('sees the same rows where every item is the same', () => {
  const record = { kind: 'object', id: 'dog' }
  const rows = (state: string) => [{ id: 'dog', object: record, state, confidence: 0.5 }]
  expect(isSameReading(rows('stale'), rows('stale'))).toBe(true)
  expect(isSameReading(rows('stale'), rows('keyframe'))).toBe(false)
  expect(isSameReading(rows('stale'), [])).toBe(false)
  expect(isSameReading([], {})).toBe(false)
  expect(isSameReading(null, null)).toBe(true)
  expect(isSameReading({ a: undefined }, { b: undefined })).toBe(false)
})

it('takes another record for another one, whatever it holds', () => {
  const rows = () => [{ id: 'dog', object: { kind: 'object', id: 'dog' } }]
  expect(isSameReading(rows(), rows())).toBe(false)
})

it('keeps the rows that show the same, wherever they have moved', () => {
  const row = (id: string, state: string) => ({ id, object: { kind: 'object', id }, state })
  const before = [row('dog', 'stale'), row('cat', 'stale')]
  const after = [row('bird', 'keyframe'), { ...before[1]! }, { ...before[0]!, state: 'keyframe' }]
  const steady = steadyReading(before, after)
  expect(steady).toEqual(after)
  expect(steady[1]).toBe(before[1])
  expect(steady[2]).not.toBe(before[0])
  expect(steadyReading(before, [{ ...before[0]! }, { ...before[1]! }])).toBe(before)
  expect(steadyReading<unknown>(before, null)).toBe(null)
})
