import { describe, expect, test } from 'vitest'
import { lengthsWithin, reachOf } from './lessons.ts'

describe('how far key masks are carried to learn from the errors', () => {
  test('a single key mask is carried to the ends of the film', () => {
    expect(reachOf([30], 0, 90)).toEqual({ before: 30, after: 59 })
  })

  test('between key masks no farther than to the next, where that is far', () => {
    expect(reachOf([0, 60, 89], 1, 90)).toEqual({ before: 60, after: 29 })
  })

  test('dense key masks are carried 14 frames nevertheless', () => {
    expect(reachOf([40, 43, 47], 1, 90)).toEqual({ before: 14, after: 14 })
  })

  test('without long cycles 14 frames are the most', () => {
    expect(reachOf([5], 0, 90, false)).toEqual({ before: 5, after: 14 })
  })

  test('cycles that are too long are cut short, each length once', () => {
    expect(lengthsWithin([2, 7, 18, 40], 60)).toEqual([2, 7, 18, 40])
    expect(lengthsWithin([2, 7, 18, 40], 14)).toEqual([2, 7, 14])
    expect(lengthsWithin([2, 7, 18, 40], 1)).toEqual([1])
    expect(lengthsWithin([2, 7, 18, 40], 0)).toEqual([])
  })
})
