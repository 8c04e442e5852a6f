import { describe, expect, test } from 'vitest'
import type { PropagateSpec } from '../core/api.ts'
import type { MediaId, ObjectId } from '../core/records.ts'
import { takenOver } from './takeover.ts'

function stale(
  more: Partial<Omit<PropagateSpec, 'objectIds'>> & { objects?: string[] | null } = {},
): PropagateSpec {
  const { objects = ['dog'], ...rest } = more
  return {
    type: 'propagate',
    mediaId: 'm1' as MediaId,
    objectIds: objects as ObjectId[] | null,
    direction: 'both',
    range: [0, 20],
    reach: 'stale',
    playheadFrame: 10,
    ...rest,
  }
}

describe('a run after a correction takes over from the one before', () => {
  test('with the frames of both, around the newer correction', () => {
    const spec = takenOver(stale({ range: [11, 30], playheadFrame: 15 }), stale({ range: [0, 20] }))
    expect(spec).toEqual(stale({ range: [0, 30], playheadFrame: 15 }))
  })

  test('over the whole video where either was', () => {
    expect(takenOver(stale({ range: null }), stale())?.range).toBeNull()
    expect(takenOver(stale(), stale({ range: null }))?.range).toBeNull()
  })

  test('of the same objects in any order, and of no others', () => {
    expect(takenOver(stale({ objects: ['a', 'b'] }), stale({ objects: ['b', 'a'] }))).not.toBeNull()
    expect(takenOver(stale({ objects: ['a'] }), stale({ objects: ['a', 'b'] }))).toBeNull()
    expect(takenOver(stale({ objects: null }), stale())).toBeNull()
    expect(takenOver(stale({ objects: null }), stale({ objects: null }))).not.toBeNull()
  })

  test('but not from a run that was asked for more than stale frames, nor on another video', () => {
    expect(takenOver(stale(), stale({ reach: 'all' }))).toBeNull()
    expect(takenOver(stale({ reach: 'all' }), stale())).toBeNull()
    expect(takenOver(stale(), stale({ mediaId: 'm2' as MediaId }))).toBeNull()
    expect(takenOver(stale(), stale({ direction: 'forward' }))).toBeNull()
    expect(takenOver(stale(), { type: 'proxy', mediaId: 'm1' as MediaId })).toBeNull()
  })
})
