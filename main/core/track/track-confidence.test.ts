import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MaskRecord, ObjectId } from '../records.ts'
import { testMask } from '../test-records.ts'
import { trackOf } from './track.ts'
import { stretchLength, trackConfidence } from './track-confidence.ts'

const dog = 'dog' as ObjectId

function mask(frameIndex: number, confidence: number | null, state: MaskRecord['state']): MaskRecord {
  return testMask(dog, frameIndex, { state, method: 'propagation', confidence })
}

it('tells the mean and where it is lowest, of computed masks only', () => {
  const values = Array.from({ length: 60 }, (_, i) => (i >= 30 && i < 42 ? 0.4 : 0.9))
  const masks = values.map((value, i) => mask(i, value, 'propagated'))
  const found = trackConfidence(trackOf([...masks, mask(70, null, 'keyframe'), mask(71, null, 'propagated')]))
  expect(found?.mean).toBeCloseTo((48 * 0.9 + 12 * 0.4) / 60)
  expect(found?.worst).toMatchObject({ firstFrame: 30, lastFrame: 30 + stretchLength - 1 })
  expect(found?.worst.mean).toBeCloseTo(0.4)
  expect(trackConfidence(trackOf([mask(0, null, 'keyframe')]))).toBeNull()
})

it('is never surer at its worst than in the mean', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
      (values) => {
        const found = trackConfidence(trackOf(values.map((value, i) => mask(i, value, 'propagated'))))!
        const windows = values.slice(0, Math.max(1, values.length - stretchLength + 1)).map((_, i) => {
          const part = values.slice(i, i + stretchLength)
          return part.reduce((sum, value) => sum + value, 0) / part.length
        })
        expect(found.worst.mean).toBeCloseTo(Math.min(...windows))
      },
    ),
  )
})
