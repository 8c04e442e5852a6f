import { expect, it } from 'vitest'
import { isSameReading } from './same-reading.ts'

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
