import { expect, it } from 'vitest'
import { MemoryHost } from './testing/memory-host.ts'
import { objectRecord, Person, video } from './testing/person.ts'
import { unlabelledHere } from './unlabelled.ts'

/** Sky above, road below, on a picture of 200 x 100. */
async function withStreet(roadWidth: number): Promise<Person> {
  const host = new MemoryHost([video, objectRecord('sky'), objectRecord('road', { order: 2 })])
  const person = await Person.sitsDown(host)
  await person.finds('sky', 0, [0, 0, 200, 50])
  await person.finds('road', 0, [0, 50, roadWidth, 50])
  return person
}

it('says how much of the frame is nobody’s where the keyframes are labelled all over', async () => {
  const person = await withStreet(180)
  expect(unlabelledHere(person.editor)).toBeCloseTo(0.05)
  await person.findsPropagated('sky', 4, [0, 0, 200, 40])
  await person.findsPropagated('road', 4, [0, 60, 200, 40])
  person.editor.showFrame(4)
  expect(unlabelledHere(person.editor)).toBeCloseTo(0.2)
  const road = person.mask('road', 4)!
  person.editor.edit('Propose', (edit) => edit.put({ ...road, state: 'proposed' }))
  expect(unlabelledHere(person.editor), 'nobody has accepted the road').toBeCloseTo(0.6)
})

it('counts what is hidden from view, and says nothing of frames without masks', async () => {
  const person = await withStreet(200)
  person.selects('sky')
  await person.types('H')
  expect(unlabelledHere(person.editor)).toBe(0)
  person.editor.showFrame(9)
  expect(unlabelledHere(person.editor)).toBeNull()
})

it('says nothing where a keyframe leaves much to the background', async () => {
  const person = await withStreet(80)
  expect(unlabelledHere(person.editor)).toBeNull()
  await person.finds('road', 7, [0, 50, 190, 50])
  await person.finds('sky', 7, [0, 0, 200, 50])
  expect(unlabelledHere(person.editor), 'one full keyframe tells what is meant').toBeCloseTo(0.3)
})
