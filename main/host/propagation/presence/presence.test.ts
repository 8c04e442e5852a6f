import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  disappears,
  isBelievable,
  joinOf,
  type Presence,
  presences,
  type Sighting,
  type Substance,
  standingOf,
} from './presence.ts'

const report = {
  priorArea: 400,
  area: 400,
  margin: 0.9,
  residual: 5,
  priorOverlap: 0.9,
  centroidX: 20,
  centroidY: 20,
  borderPart: 0,
}
const key: Substance = { area: 400, sureness: 1, likeness: 3 }
const good: Sighting = {
  area: 0.9,
  likeness: 1,
  sureness: 0.95,
  margin: 0.9,
  colours: 0.97,
  correlation: 0.7,
  settled: 0.97,
}
const anyPresence = fc.constantFrom<Presence | null>(...presences, null)

describe('whether an object has disappeared', () => {
  test('a part of it that is seen well is no reason', () => {
    const part = { area: 40, sureness: 0.9, likeness: 2.6 }
    expect(disappears({ ...report, area: 40 }, part, key, 'seen')).toBe(false)
  })

  test('a small rest of other colours, or one the forest doubts, is', () => {
    const small = { ...report, area: 60 }
    expect(disappears(small, { area: 60, sureness: 0.9, likeness: 0.3 }, key, 'seen')).toBe(true)
    expect(disappears(small, { area: 60, sureness: 0.6, likeness: 2.8 }, key, 'seen')).toBe(true)
    expect(disappears({ ...report, area: 7 }, { area: 3, sureness: 0.9, likeness: 3 }, key, 'seen')).toBe(
      true,
    )
  })

  test('something else in its place is, but a mask that spreads is not', () => {
    const other = { area: 420, sureness: 0.75, likeness: 0.2 }
    expect(disappears({ ...report, margin: 0.6 }, other, key, 'seen')).toBe(true)
    expect(disappears({ ...report, margin: 0.6 }, { ...other, area: 900 }, key, 'seen')).toBe(false)
  })

  test('a proposal has to go on looking like the object', () => {
    const unlike = { area: 400, sureness: 0.95, likeness: 1.2 }
    expect(disappears(report, unlike, key, 'seen')).toBe(false)
    expect(disappears(report, unlike, key, 'proposed')).toBe(true)
  })
})

describe('whether a sighting is believed', () => {
  test('a good one is, within a shot and after a cut', () => {
    expect(isBelievable(good, 'same', 0.5)).toBe(true)
    expect(isBelievable(good, 'cut', 0.5)).toBe(true)
  })

  test('nothing that falls short in one thing alone is', () => {
    for (const poor of [
      { area: 0.1 },
      { area: 6 },
      { likeness: 0.4 },
      { sureness: 0.7 },
      { margin: 0.5 },
      { colours: 0.7 },
      { correlation: 0 },
      { settled: 0.5 },
    ])
      expect(isBelievable({ ...good, ...poor }, 'same', 0), JSON.stringify(poor)).toBe(false)
  })

  test('one that a look-alike on the key frame matches is not', () => {
    expect(isBelievable(good, 'same', 0.93)).toBe(false)
  })

  test('what is believed after a cut is believed within a shot, unless its size changed more', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true })
    const area = fc.double({ min: 0.35, max: 2.2, noNaN: true })
    const sightings = fc.record({
      area,
      likeness: fc.double({ min: 0, max: 2, noNaN: true }),
      sureness: unit,
      margin: unit,
      colours: unit,
      correlation: unit,
      settled: unit,
    })
    fc.assert(
      fc.property(sightings, unit, (sighting, lookAlike) => {
        if (isBelievable(sighting, 'cut', lookAlike))
          expect(isBelievable(sighting, 'same', lookAlike)).toBe(true)
      }),
    )
  })
})

describe('two sides', () => {
  test('the one that followed the object without a break stands', () => {
    fc.assert(
      fc.property(anyPresence, (other) => {
        const standing = standingOf('seen', other)
        expect(standing).toEqual({ presence: 'seen', left: true, right: other === 'seen' })
      }),
    )
  })

  test('are judged alike from left and from right', () => {
    fc.assert(
      fc.property(anyPresence, anyPresence, (a, b) => {
        const [one, other] = [standingOf(a, b), standingOf(b, a)]
        expect(other.presence).toBe(one.presence === 'away' ? other.presence : one.presence)
        expect([other.left, other.right]).toEqual([one.right, one.left])
      }),
    )
  })

  test('are joined where they show the same thing', () => {
    expect(joinOf('seen', 'seen', 0)).toBe('both')
    expect(joinOf('seen', 'proposed', 0.8)).toBe('both')
    expect(joinOf('proposed', 'seen', 0.2)).toBe('one')
    expect(joinOf('proposed', 'proposed', 0.2)).toBe('surer')
    expect(joinOf('hidden', 'seen', 0)).toBe('one')
  })
})
