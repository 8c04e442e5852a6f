import { describe, expect, it } from 'vitest'
import { isKey, type MaskRecord } from '../../main/core/records.ts'
import { isStale } from '../../main/core/track/staleness.ts'
import { reviewQueue } from './review.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { objectRecord, Person, video } from './testing/person.ts'

/** A dog that is doubtful on 3 to 5, worst on 4, and a cat on the same frames, sure but for frame 7. */
async function reviewer(): Promise<Person> {
  const host = new MemoryHost([video, objectRecord('dog'), objectRecord('cat', { order: 2 })])
  const person = await Person.sitsDown(host)
  for (const name of ['dog', 'cat']) {
    await person.finds(name, 0, [10, 10, 20, 20])
    await person.finds(name, 10, [40, 10, 20, 20])
  }
  for (let frame = 1; frame < 10; frame++) {
    const dogs = { 3: 0.6, 4: 0.3, 5: 0.5 }[frame] ?? 0.9
    await person.findsPropagated('dog', frame, [10 + frame, 10, 20, 20], dogs)
    await person.findsPropagated('cat', frame, [14 + frame, 12, 20, 20], frame === 7 ? 0.7 : 0.95)
  }
  return person
}

const places = (person: Person) =>
  reviewQueue(person.editor).map(
    ({ object, kind, firstFrame, lastFrame }) => `${object.name} ${kind} ${firstFrame}-${lastFrame}`,
  )

const at = (person: Person) =>
  `${person.editor.selectedObjects.map(({ name }) => name)} ${person.editor.now.frameIndex}`

describe('reviewing by the keyboard', () => {
  it('goes to the worst place, on to the next, round, and back', async () => {
    const person = await reviewer()
    const walked: string[] = []
    for (const key of ['X', 'X', 'X', 'Shift+X']) {
      await person.types(key)
      walked.push(at(person))
    }
    expect(walked).toEqual(['dog 4', 'cat 7', 'dog 4', 'cat 7'])
    expect(person.sentence).toBe('2 of 2: cat, frame 7')
  })

  it('accepts a run by its worst frame, shows what comes next, and says how many are left', async () => {
    const person = await reviewer()
    await person.types('X', 'J')
    expect(person.mask('dog', 4)?.state).toBe('confirmed')
    expect(person.mask('dog', 3)).toMatchObject({ state: 'propagated', confidence: null, doubt: null })
    expect(person.sentence).toBe('Accept dog, frames 3 to 5. 1 left.')
    expect(at(person)).toBe('cat 7')
    await person.types('J')
    expect(person.sentence).toBe('Accept cat, frame 7. Nothing doubtful is left.')
    expect(places(person)).toEqual([])
    await person.types('X')
    expect(person.sentence).toBe('Nothing is doubtful.')
  })

  it('takes each answer back as one step', async () => {
    const person = await reviewer()
    const before = places(person)
    for (const key of ['J', 'Shift+O', 'Shift+W']) {
      await person.types('X', key)
      await person.types('Mod+Z')
      expect(places(person), key).toEqual(before)
      person.editor.showFrame(0)
      person.editor.select([])
    }
  })

  it('answers on the frame that is shown, where the user has stepped within the run', async () => {
    const person = await reviewer()
    await person.types('X', 'F', 'J')
    expect(person.mask('dog', 5)?.state).toBe('confirmed')
    expect(person.mask('dog', 4)?.state).toBe('propagated')
  })

  it('hides the run', async () => {
    const person = await reviewer()
    await person.types('X', 'Shift+O')
    for (const frame of [3, 4, 5])
      expect(person.mask('dog', frame)).toMatchObject({ shape: null, area: 0, occluded: true })
    expect(person.mask('dog', 6)?.area).toBe(400)
  })

  it('takes the smart mask to fix, and what is marked is asked about no more', async () => {
    const person = await reviewer()
    await person.types('X', 'Shift+C')
    expect(person.editor.now.tool).toBe('smart')
    expect(person.sentence).toMatch(/^Mark what dog lacks/)
    expect(at(person)).toBe('dog 4')
    person.press([60, 60]).drag([70, 60]).release()
    await person.rest()
    await person.types('Enter')
    await person.rest()
    expect(isKey(person.mask('dog', 4)!)).toBe(true)
  })

  it('refuses an answer where nothing is doubtful, and says where to go', async () => {
    const person = await reviewer()
    person.selects('dog')
    expect(person.editor.can('review.accept')).toBe('Nothing is doubtful here: X goes to the worst place.')
    await person.types('J')
    expect(person.sentence).toBe('Nothing is doubtful here: X goes to the worst place.')
    await person.types('X', 'L')
    expect(person.editor.can('review.accept')).toBe('dog is locked: unlock it to change it.')
  })
})

describe('swapping from here', () => {
  it('exchanges the masks with the most overlapping object as far as the next keyframe', async () => {
    const person = await reviewer()
    await person.types('X', 'Shift+W')
    expect(person.mask('dog', 4)).toMatchObject({ state: 'keyframe', box: [18, 12, 20, 20] })
    expect(person.mask('cat', 4)).toMatchObject({ state: 'keyframe', box: [14, 10, 20, 20] })
    expect(person.mask('dog', 9)?.box).toEqual([23, 12, 20, 20])
    expect(person.mask('dog', 3)?.box, 'what was before stays').toEqual([13, 10, 20, 20])
    expect(person.mask('dog', 10)?.box, 'a keyframe says who is who').toEqual([40, 10, 20, 20])
    const track = person.editor.tracks.track(person.object('dog').id)
    expect(isStale(track, person.mask('dog', 6)!)).toBe(false)
  })

  it('takes another object when one is named', async () => {
    const person = await reviewer()
    person.editor.edit('Add a bird', (edit) => edit.put(objectRecord('bird', { order: 3 })))
    await person.finds('bird', 4, [150, 60, 10, 10])
    await person.types('X')
    await person.editor.run('review.swap', { otherId: person.object('bird').id })
    expect(person.mask('dog', 4)?.box).toEqual([150, 60, 10, 10])
    expect(person.mask('bird', 4)?.box).toEqual([14, 10, 20, 20])
  })

  it('needs another mask on the frame', async () => {
    const person = await reviewer()
    person.selects('dog')
    person.editor.showFrame(50)
    expect(person.editor.can('review.swap')).toBe('There is no other mask on this frame to swap dog with.')
  })
})

describe('proposals', () => {
  const proposed = async () => {
    const person = await reviewer()
    await person.types('X', 'J', 'J')
    for (const frame of [12, 13, 14]) {
      await person.findsPropagated('dog', frame, [50, 20, 10, 10], 0.9)
      const mask = person.mask('dog', frame) as MaskRecord
      person.editor.edit('Propose', (edit) => edit.put({ ...mask, state: 'proposed' }))
    }
    await person.types('X')
    expect(at(person)).toBe('dog 12')
    return person
  }

  it('are accepted by one key', async () => {
    const person = await proposed()
    await person.types('J')
    expect([12, 13, 14].map((frame) => person.mask('dog', frame)?.state)).toEqual([
      'confirmed',
      'propagated',
      'propagated',
    ])
    expect(places(person)).toEqual([])
  })

  it('are rejected by one key, and come back with undo', async () => {
    const person = await proposed()
    await person.types('Shift+N')
    expect([12, 13, 14].map((frame) => person.mask('dog', frame)?.area)).toEqual([0, 0, 0])
    expect(places(person)).toEqual([])
    await person.types('Mod+Z')
    expect(places(person)).toEqual(['dog proposal 12-14'])
    await person.types('J')
    expect(person.editor.can('review.reject')).not.toBe(true)
  })
})

describe('two results', () => {
  it('are shown where the sides disagree, and the left or right one becomes a keyframe', async () => {
    const person = await reviewer()
    // Two masks elsewhere lend their shapes to the sides.
    await person.finds('cat', 50, [100, 50, 10, 10])
    await person.finds('cat', 51, [120, 50, 20, 10])
    const sides = [person.mask('cat', 50)!.shape, person.mask('cat', 51)!.shape] as const
    const mask = person.mask('dog', 4)!
    person.editor.edit('Disagree', (edit) => edit.put({ ...mask, sides }))
    await person.types('X')
    expect(places(person)[0]).toBe('dog disagreement 3-5')
    await person.types('>')
    expect(person.mask('dog', 4)).toMatchObject({ state: 'keyframe', box: [120, 50, 20, 10], area: 200 })
    expect(person.mask('dog', 4)?.sides).toBeUndefined()
    await person.types('Mod+Z')
    person.editor.showFrame(4)
    person.selects('dog')
    await person.types('<')
    expect(person.mask('dog', 4)).toMatchObject({ state: 'keyframe', box: [100, 50, 10, 10] })
    expect(person.editor.can('review.take-left')).toBe('The keyframes before and after agree here.')
  })
})

describe('the suggested keyframe', () => {
  it('is gone to by one key, with its reason', async () => {
    const person = await reviewer()
    for (let frame = 1; frame < 10; frame++) {
      const mask = person.mask('dog', frame)!
      person.editor.edit('Doubt', (edit) => edit.put({ ...mask, confidence: 0.4 }))
    }
    await person.types('Shift+K')
    expect(person.editor.selectedObjects.map(({ name }) => name)).toEqual(['dog'])
    expect(person.editor.now.frameIndex).toBe(5)
    expect(person.sentence).toMatch(/least certain/)
  })

  it('says when another one is not worth it, or nothing is known yet, and stays', async () => {
    const person = await reviewer()
    for (const name of ['dog', 'cat'])
      for (let frame = 1; frame < 10; frame++) {
        const mask = person.mask(name, frame)!
        person.editor.edit('Sure', (edit) => edit.put({ ...mask, confidence: 0.99 }))
      }
    await person.types('Shift+K')
    expect(person.sentence).toMatch(/not worth it/)
    expect(person.editor.now.frameIndex).toBe(0)
    const empty = await Person.sitsDown(new MemoryHost([video, objectRecord('dog')]))
    await empty.types('Shift+K')
    expect(empty.sentence).toBe('Nothing to suggest yet: propagate first.')
  })
})
