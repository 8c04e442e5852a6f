import { describe, expect, test } from 'vitest'
import type { ObjectId } from '../../../core/records.ts'
import type { Presence } from './presence.ts'
import { presenceNotes } from './presence-notes.ts'

const fox = { id: 'fox' as ObjectId, name: 'Fox' }
const letters: Record<string, Presence | null> = {
  s: 'seen',
  h: 'hidden',
  p: 'proposed',
  a: 'away',
  '.': null,
}

/** A letter a frame from frame 1 on, for each side. */
function told(left: string, right: string | null = null): (readonly [number | null, string])[] {
  const span = {
    objectIndex: 0,
    leftKey: 0,
    rightKey: right === null ? null : left.length + 1,
    first: 1,
    last: left.length,
  }
  const at = (side: 'left' | 'right', frame: number) =>
    letters[(side === 'left' ? left : (right ?? ''))[frame - 1] ?? '.'] ?? null
  return [...presenceNotes(fox, span, at)].map(({ frameIndex, sentence }) => [frameIndex, sentence])
}

describe('what is said of an object between two key masks', () => {
  test('nothing while it is seen', () => {
    expect(told('sssss')).toEqual([])
  })

  test('hidden, and found again', () => {
    expect(told('sshhhpps')).toEqual([
      [
        6,
        'Fox was hidden or out of view from frame 3 to 5; found again at frame 6: accept it there, or delete it.',
      ],
    ])
  })

  test('hidden to the end', () => {
    expect(told('sshhh')).toEqual([
      [3, 'Fox is hidden or out of view from frame 3 on: label it where it comes back.'],
    ])
  })

  test('hidden between what both sides saw: the proposal of one is not needed', () => {
    expect(told('sshhhppp', '....hsss')).toEqual([[3, 'Fox was hidden or out of view from frame 3 to 5.']])
  })

  test('left behind at a cut, or found beyond it', () => {
    expect(told('ssaaa')).toEqual([
      [3, 'Fox was not carried over the shot cut at frame 3: label it once in the next shot.'],
    ])
    expect(told('ssaapp')).toEqual([
      [5, 'Fox was found again at frame 5, beyond a shot cut: accept it there, or delete it.'],
    ])
  })

  test('from the right: found before it was hidden', () => {
    expect(told('.....', 'pphhs')).toEqual([
      [
        2,
        'Fox was hidden or out of view from frame 3 to 4; found again at frame 2: accept it there, or delete it.',
      ],
    ])
  })
})
