import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isKey, keyRef, type MaskRecord, maskId, type ObjectId, type ShapeHash } from '../records.ts'
import { testMask } from '../test-records.ts'
import { answeredProposal, proposalsOf } from './proposals.ts'
import { isStale } from './staleness.ts'
import { presentRefs, type Track, trackOf } from './track.ts'

const fox = 'fox' as ObjectId
const shape = 'f00d'.padEnd(32, '0') as ShapeHash

/** A letter a frame: k key mask, s seen and propagated, h hidden, p proposed, . nothing. */
function trackFrom(text: string): Track {
  const bare = [...text].flatMap((letter, frameIndex): MaskRecord[] => {
    if (letter === '.') return []
    const hidden = letter === 'h'
    return [
      {
        ...testMask(fox, frameIndex),
        id: maskId(fox, frameIndex),
        state: letter === 'k' ? 'keyframe' : letter === 'p' ? 'proposed' : 'propagated',
        method: letter === 'k' ? 'drawn' : 'propagation',
        shape: hidden ? null : shape,
        box: hidden ? null : [0, 0, 4, 4],
        area: hidden ? 0 : 16,
        occluded: hidden,
        confidence: letter === 'k' ? null : 0.8,
        doubt: letter === 'p' ? 'It was found again.' : null,
      },
    ]
  })
  const track = trackOf(bare)
  return trackOf(
    bare.map((mask) => (isKey(mask) ? mask : { ...mask, ...presentRefs(track, mask.frameIndex) })),
  )
}

function answered(track: Track, frameIndex: number, answer: 'accept' | 'reject'): Track {
  const { updated } = answeredProposal(track, frameIndex, answer)
  return trackOf(track.masks.map((mask) => (updated[mask.id]?.[1] as MaskRecord | undefined) ?? mask))
}

const letters = fc.array(fc.constantFrom(...'sshhpp.'), { minLength: 1, maxLength: 24 })
const tracks = fc.tuple(letters, letters).map(([a, b]) => trackFrom(`k${a.join('')}k${b.join('')}`))

describe('proposals of a track', () => {
  test('are runs of frames, with the frame on which the object was found', () => {
    const found = proposalsOf(trackFrom('kshhppphhpk'))
    expect(found).toEqual([
      { objectId: fox, firstFrame: 4, lastFrame: 6, foundFrame: 4, confidence: 0.8 },
      { objectId: fox, firstFrame: 9, lastFrame: 9, foundFrame: 9, confidence: 0.8 },
    ])
  })

  test('found from later frames begin at their end', () => {
    expect(proposalsOf(trackFrom('ppphhsk'))).toMatchObject([{ firstFrame: 0, lastFrame: 2, foundFrame: 2 }])
  })

  test('accepting makes one mask the user’s own and the rest propagated, and nothing stale', () => {
    fc.assert(
      fc.property(tracks, (track) => {
        for (const { firstFrame, lastFrame, foundFrame } of proposalsOf(track)) {
          const after = answered(track, foundFrame, 'accept')
          for (const mask of after.masks) {
            const inside = mask.frameIndex >= firstFrame && mask.frameIndex <= lastFrame
            const before = track.masks.find((each) => each.frameIndex === mask.frameIndex)!
            expect(isStale(after, mask)).toBe(false)
            expect(mask.shape).toBe(before.shape)
            if (!inside) expect(mask).toBe(before)
            else expect(mask.state).toBe(mask.frameIndex === foundFrame ? 'confirmed' : 'propagated')
          }
        }
      }),
    )
  })

  test('rejecting leaves no mask on the run and nothing proposed there', () => {
    fc.assert(
      fc.property(tracks, (track) => {
        for (const { firstFrame, lastFrame, foundFrame } of proposalsOf(track)) {
          const after = answered(track, foundFrame, 'reject')
          for (const mask of after.masks) {
            const inside = mask.frameIndex >= firstFrame && mask.frameIndex <= lastFrame
            if (inside) expect(mask).toMatchObject({ shape: null, area: 0, outside: false })
          }
          expect(proposalsOf(after)).toHaveLength(proposalsOf(track).length - 1)
        }
      }),
    )
  })

  test('an answer where nothing is proposed changes nothing', () => {
    expect(answeredProposal(trackFrom('kss'), 1, 'accept').updated).toEqual({})
  })

  test('a mask made from other key masks stays stale when its run is accepted around it', () => {
    const track = trackFrom('khhpp')
    const old = { ...track.masks[1]!, left: keyRef(0, null) }
    const after = answered(trackOf([track.masks[0]!, old, ...track.masks.slice(2)]), 3, 'accept')
    expect(isStale(after, old)).toBe(true)
  })
})
