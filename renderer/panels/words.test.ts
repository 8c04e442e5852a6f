import { expect, it } from 'vitest'
import {
  bytesText,
  countOf,
  countText,
  dayText,
  msText,
  percentText,
  secondsText,
  smallPercentText,
} from './words.ts'

it('writes numbers with thousands separators and units with a space', () => {
  expect(countText(1_376)).toBe('1,376')
  expect(countOf(1, 'frame')).toBe('1 frame')
  expect(countOf(20_000, 'frame')).toBe('20,000 frames')
  expect(msText(4.26)).toBe('4.3 ms')
  expect(msText(121.4)).toBe('121 ms')
  expect(percentText(0.345)).toBe('35 %')
})

it('writes a part with as many decimals as matter', () => {
  expect([0, 0.0004, 0.0123, 0.0999, 0.256].map(smallPercentText)).toEqual([
    '0.0 %',
    'under 0.1 %',
    '1.2 %',
    '10 %',
    '26 %',
  ])
})

it('writes bytes in the unit that keeps them short', () => {
  expect([999, 1_000, 999_400, 999_600, 184e6, 3.2e12].map(bytesText)).toEqual([
    '999 B',
    '1.0 kB',
    '999 kB',
    '1.0 MB',
    '184 MB',
    '3.2 TB',
  ])
})

it('writes durations as a person would say them', () => {
  expect([0.2, 63, 130, 3_900].map(secondsText)).toEqual(['1 s', '63 s', '2 min 10 s', '1 h 5 min'])
})

it('writes a day by its distance from now', () => {
  const now = new Date(2026, 2, 3, 15, 30).getTime()
  expect(dayText(new Date(2026, 2, 3, 9, 5).getTime(), now)).toBe('today 09:05')
  expect(dayText(new Date(2026, 2, 2, 23, 0).getTime(), now)).toBe('yesterday')
  expect(dayText(new Date(2025, 11, 24).getTime(), now)).toBe('24 December 2025')
})
