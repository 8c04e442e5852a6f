import { expect, test } from 'vitest'
import { networkIn } from './davis.ts'

test('the 30 sequences are scored as the app comes, without a network, unless one is asked for', () => {
  expect(networkIn([])).toBeNull()
  expect(networkIn(['films', '--seed', '2'])).toBeNull()
  expect(networkIn(['--network', 'shipped'])).toBe('shipped')
  expect(networkIn(['--network', 'packs/round-two', '--seed', '2'])).toBe('packs/round-two')
  expect(() => networkIn(['--network', '--seed', '2'])).toThrow('shipped or the folder of a pack')
})
