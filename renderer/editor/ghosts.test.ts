import { expect, it } from 'vitest'
import { ghosts } from './ghosts.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { objectRecord, Person, video } from './testing/person.ts'

async function withSides(): Promise<Person> {
  const host = new MemoryHost([video, objectRecord('dog'), objectRecord('cat', { order: 2 })])
  const person = await Person.sitsDown(host)
  await person.finds('cat', 50, [10, 10, 20, 20])
  await person.finds('cat', 51, [40, 10, 20, 20])
  await person.finds('dog', 0, [10, 10, 20, 20])
  await person.findsPropagated('dog', 4, [20, 10, 20, 20])
  const sides = [person.mask('cat', 50)!.shape, person.mask('cat', 51)!.shape] as const
  const mask = person.mask('dog', 4)!
  person.editor.edit('Disagree', (edit) => edit.put({ ...mask, sides }))
  return person
}

it('shows both results where the sides disagree, with the key that takes each', async () => {
  const person = await withSides()
  expect(ghosts(person.editor, 4)).toEqual([
    { type: 'left', rings: [[10, 10, 30, 10, 30, 30, 10, 30]], label: 'left <' },
    { type: 'right', rings: [[40, 10, 60, 10, 60, 30, 40, 30]], label: 'right >' },
  ])
  expect(ghosts(person.editor, 3)).toEqual([])
  person.selects('cat')
  expect(ghosts(person.editor, 4), 'of what is selected only').toEqual([])
})

it('shows none when they are switched off', async () => {
  const person = await withSides()
  await person.types('Shift+T')
  expect(ghosts(person.editor, 4)).toEqual([])
})

it('shows where a hidden object was seen last', async () => {
  const person = await withSides()
  await person.findsPropagated('dog', 5, null)
  const mask = person.mask('dog', 5)!
  person.editor.edit('Lose', (edit) => edit.put({ ...mask, occluded: true }))
  expect(ghosts(person.editor, 5)).toEqual([
    { type: 'hidden', box: [20, 10, 20, 20], color: '#e69f00', label: 'dog hidden since 5' },
  ])
})
