import { describe, expect, it } from 'vitest'
import { rleArea } from '../../main/core/mask/rle.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { objectRecord, Person, pictureHeight, pictureWidth, video } from './testing/person.ts'

const dog = objectRecord('dog')

/** Keyframes at 0 and 40, propagated masks at 10, 20 and 30, the person at frame 20 with the dog selected. */
async function atAPropagatedFrame(correctionDelayMs = 0): Promise<Person> {
  const person = await Person.sitsDown(new MemoryHost([video, dog]), { correctionDelayMs })
  await person.finds('dog', 0, [10, 10, 40, 40])
  await person.finds('dog', 40, [10, 10, 40, 40])
  for (const frame of [10, 20, 30]) await person.findsPropagated('dog', frame, [10, 10, 40, 40])
  await person.editor.run('tool.set-options', { brushSize: 10 })
  person.editor.showFrame(20)
  return person.selects('dog')
}

/** Number of pixels that alone are truth; null: all are. */
function markedArea(person: Person, frame = 20): number | null {
  const marked = person.mask('dog', frame)?.marked
  return marked ? rleArea(person.editor.shapes.rle(marked, pictureWidth, pictureHeight)!) : null
}

describe('a stroke on a propagated mask', () => {
  it('is truth where it went, and nowhere else', async () => {
    const person = await atAPropagatedFrame()
    person.takes('brush').click([60, 30])
    expect(person.mask('dog')).toMatchObject({ state: 'keyframe', left: null, right: null })
    expect(markedArea(person)).toBeGreaterThan(70)
    expect(markedArea(person)).toBeLessThan(90)
    expect(person.covers('dog', [60, 30])).toBe(true)
    expect(person.covers('dog', [20, 20])).toBe(true)
  })

  it('adds to the strokes before it, those of the eraser too', async () => {
    const person = await atAPropagatedFrame()
    person.takes('brush').click([60, 30])
    const first = markedArea(person)!
    person.takes('eraser').click([20, 20])
    expect(markedArea(person)).toBe(2 * first)
    expect(person.covers('dog', [20, 20])).toBe(false)
  })

  it('leaves a keyframe that is whole as whole as it was, and a mask drawn from nothing too', async () => {
    const person = await atAPropagatedFrame()
    person.editor.showFrame(0)
    person.takes('brush').click([60, 30])
    person.editor.showFrame(50)
    person.click([60, 30])
    expect([markedArea(person, 0), markedArea(person, 50)]).toEqual([null, null])
  })

  it('is undone to the very record', async () => {
    const person = await atAPropagatedFrame()
    const before = person.mask('dog')
    person.takes('brush').press([60, 30]).drag([80, 30]).release()
    await person.types('Mod+Z')
    expect(person.mask('dog')).toEqual(before)
    await person.types('Mod+Shift+Z')
    expect(markedArea(person)).toBeGreaterThan(200)
  })

  it.each([
    ['Toggle keyframe', 'K', 'keyframe'],
    ['Accept whole mask', 'Alt+K', 'keyframe'],
    ['Confirm', 'Enter', 'confirmed'],
  ])('becomes truth as a whole by %s', async (_name, key, state) => {
    const person = await atAPropagatedFrame()
    person.takes('brush').click([60, 30])
    const { shape } = person.mask('dog')!
    await person.types(key)
    expect(person.mask('dog')).toMatchObject({ state, shape })
    expect(person.mask('dog')).not.toHaveProperty('marked')
  })

  it('offers to accept the whole mask only where a part is truth', async () => {
    const person = await atAPropagatedFrame()
    expect(person.editor.can('mask.accept-whole')).toBe('The selected mask is no partial keyframe.')
    person.takes('brush').click([60, 30])
    expect(person.editor.can('mask.accept-whole')).toBe(true)
  })

  it('is a computed mask again, with nothing marked, when its keyframe is taken away', async () => {
    const person = await atAPropagatedFrame()
    person.takes('brush').click([60, 30])
    await person.types('K', 'K')
    expect(person.mask('dog')).toMatchObject({ state: 'propagated' })
    expect(person.mask('dog')).not.toHaveProperty('marked')
  })

  it('copies to other frames as whole masks', async () => {
    const person = await atAPropagatedFrame()
    person.takes('brush').click([60, 30])
    await person.editor.run('mask.copy-to-frames', { firstFrame: 50, lastFrame: 51 })
    expect(person.mask('dog', 50)).toMatchObject({ method: 'copy' })
    expect(person.mask('dog', 50)).not.toHaveProperty('marked')
  })
})

describe('after a correction', () => {
  it('the stale frames between its neighbouring keyframes are propagated again, outward from it', async () => {
    const person = await atAPropagatedFrame()
    person.takes('brush').click([60, 30])
    await person.rest()
    expect(person.host.startedJobs).toEqual([
      {
        type: 'propagate',
        mediaId: video.id,
        objectIds: [dog.id],
        direction: 'both',
        reach: 'stale',
        range: [1, 39],
        playheadFrame: 20,
      },
    ])
  })

  it('corrections in quick succession are one run', async () => {
    const person = await atAPropagatedFrame()
    person.takes('brush').click([60, 30]).click([70, 30]).click([80, 30])
    await person.rest()
    expect(person.host.startedJobs).toHaveLength(1)
  })

  it('nothing is run where nothing is stale', async () => {
    const person = await atAPropagatedFrame()
    person.editor.showFrame(60)
    person.takes('brush').click([60, 30])
    await person.rest()
    expect(person.host.startedJobs).toEqual([])
  })

  it('nothing is run for what was undone at once', async () => {
    const person = await atAPropagatedFrame(100)
    person.takes('brush').click([60, 30])
    await person.types('Mod+Z')
    expect(person.mask('dog')).toMatchObject({ state: 'propagated' })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(person.host.startedJobs).toEqual([])
  })

  it('nothing is run when the person has switched it off', async () => {
    const person = await atAPropagatedFrame()
    await person.editor.run('propagate.after-correction')
    expect(person.editor.action('propagate.after-correction').checked?.(person.editor)).toBe(false)
    person.takes('brush').click([60, 30])
    await person.rest()
    expect(person.host.startedJobs).toEqual([])
  })
})
