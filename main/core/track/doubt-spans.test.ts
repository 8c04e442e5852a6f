import { describe, expect, it } from 'vitest'
import { keyRef, type MaskRecord, maskId, type ObjectId } from '../records.ts'
import { testObject } from '../test-records.ts'
import { doubtSpanAt, doubtSpans } from './doubt-spans.ts'
import { trackOf } from './track.ts'

const object = (id: string) => testObject(id, 'm')

const propagated = (
  id: string,
  frameIndex: number,
  confidence: number,
  fields: Partial<MaskRecord> = {},
): MaskRecord => ({
  kind: 'mask',
  id: maskId(id as ObjectId, frameIndex),
  objectId: id as ObjectId,
  frameIndex,
  state: 'propagated',
  method: 'propagation',
  shape: null,
  box: null,
  area: 0,
  outline: null,
  outside: false,
  occluded: false,
  confidence,
  doubt: null,
  left: null,
  right: null,
  ...fields,
})

describe('doubtful spans', () => {
  const dog = object('dog')
  const cat = object('cat')
  const tracks = new Map([
    [dog.id, trackOf([0.9, 0.6, 0.5, 0.7, 0.9, 0.6].map((value, i) => propagated('dog', i, value)))],
    [cat.id, trackOf([0.95, 0.2].map((value, i) => propagated('cat', i, value)))],
  ])
  const spans = doubtSpans([dog, cat], ({ id }) => tracks.get(id) ?? trackOf([]), 0.75)

  it('joins neighbouring frames of an object and puts the worst first', () => {
    expect(spans.map(({ object, firstFrame, lastFrame }) => [object.name, firstFrame, lastFrame])).toEqual([
      ['cat', 1, 1],
      ['dog', 1, 3],
      ['dog', 5, 5],
    ])
  })

  it('names the worst frame of each', () => {
    expect(spans.map(({ at }) => at.frameIndex)).toEqual([1, 2, 5])
    expect(spans[1]?.reason).toMatch(/50 ?%/)
  })

  it('asks first what was found or lost, last what a run will answer, and keeps the questions apart', () => {
    const lost = { occluded: true, shape: null }
    const track = trackOf([
      propagated('dog', 0, 0.9, { left: keyRef(9, null) }),
      propagated('dog', 1, 0.1),
      propagated('dog', 2, 0.3, { sides: [null, null] }),
      propagated('dog', 3, 0.8, lost),
      propagated('dog', 4, 0.5, lost),
      propagated('dog', 5, 0.9, { state: 'proposed' }),
      propagated('dog', 6, 0.6, { state: 'proposed' }),
    ])
    const found = doubtSpans([dog], () => track, 0.75)
    expect(found.map(({ kind, firstFrame, lastFrame }) => [kind, firstFrame, lastFrame])).toEqual([
      ['hidden', 3, 4],
      ['proposal', 5, 6],
      ['low', 1, 2],
      ['stale', 0, 0],
    ])
    expect(
      found.map(({ at }) => at.frameIndex),
      'where it was lost or found, else the worst',
    ).toEqual([3, 5, 1, 0])
    expect(doubtSpanAt(dog, track, 6, 0.75)?.firstFrame).toBe(5)
    expect(doubtSpanAt(dog, track, 7, 0.75)).toBeNull()
  })
})
