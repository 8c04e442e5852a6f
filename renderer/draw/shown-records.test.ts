import { expect, it } from 'vitest'
import { MemoryHost } from '../editor/testing/memory-host.ts'
import { objectRecord, Person, video } from '../editor/testing/person.ts'
import { ShownRecords } from './shown-records.ts'

it('stays the same while a run works on other frames, and changes with what is drawn', async () => {
  const person = await Person.sitsDown(new MemoryHost([video, objectRecord('dog')]))
  const { editor } = person
  await person.finds('dog', 0, [10, 10, 20, 20])
  const records = new ShownRecords()
  const before = records.of(editor, 5)
  await person.findsPropagated('dog', 6, [12, 10, 20, 20])
  expect(records.of(editor, 5)).toBe(before)
  await person.findsPropagated('dog', 5, [12, 10, 20, 20])
  const withMask = records.of(editor, 5)
  expect(withMask).not.toBe(before)
  person.selects('dog')
  await person.types('H')
  expect(records.of(editor, 5), 'the object is hidden').not.toBe(withMask)
  editor.setLook({ onionSkin: true })
  const withOnion = records.of(editor, 5)
  await person.finds('dog', 3, [11, 10, 20, 20])
  expect(records.of(editor, 5), 'another keyframe shines through').not.toBe(withOnion)
})
