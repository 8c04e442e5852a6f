import { describe, expect, it } from 'vitest'
import {
  type ClassId,
  type MaskRecord,
  type MediaId,
  maskId,
  type ObjectId,
  type ObjectRecord,
} from '../../main/core/records.ts'
import { trackOf } from '../../main/core/track/track.ts'
import { doubtSpans } from './doubt-spans.ts'

const object = (id: string): ObjectRecord => ({
  kind: 'object',
  id: id as ObjectId,
  mediaId: 'm' as MediaId,
  classId: null as ClassId | null,
  name: id,
  color: '#e69f00',
  stuff: null,
  order: 0,
  hidden: false,
  locked: false,
  attributes: {},
})

const propagated = (id: string, frameIndex: number, confidence: number): MaskRecord => ({
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
    expect(spans.map(({ worst }) => worst.frameIndex)).toEqual([1, 2, 5])
    expect(spans[1]?.reason).toMatch(/50 ?%/)
  })
})
