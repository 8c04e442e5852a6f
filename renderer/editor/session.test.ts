import { describe, expect, it } from 'vitest'
import { emptyDiff } from '../../main/core/diff.ts'
import type { ObjectRecord } from '../../main/core/records.ts'
import { UserError } from '../../main/core/user-error.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { objectRecord, Person, video } from './testing/person.ts'

const dog = objectRecord('dog')

function renamed(name: string, to: string, fields: Partial<ObjectRecord> = {}) {
  return { ...objectRecord(name), name: to, ...fields }
}

async function withDog(host = new MemoryHost([video, dog])): Promise<Person> {
  return Person.sitsDown(host)
}

describe('a session', () => {
  it('shows an edit before the host has answered, and the time of saving after', async () => {
    const person = await withDog()
    person.host.holdAnswers()
    const before = person.editor.now.savedAt
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'puppy' } })
    expect(person.objects.map((object) => object.name)).toEqual(['puppy'])
    expect(person.editor.now.pendingCount).toBe(1)
    expect(person.editor.now.savedAt).toBe(before)
    person.host.letAnswersGo()
    await person.rest()
    expect(person.editor.now.pendingCount).toBe(0)
    expect(person.editor.now.savedAt).toBeGreaterThan(before ?? 0)
  })

  it('takes a refused change back and says why', async () => {
    const person = await withDog()
    person.host.refuseNext = new UserError('disk-full', 'The disk is full: make room and draw again.')
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'puppy' } })
    await person.rest()
    expect(person.objects.map((object) => object.name)).toEqual(['dog'])
    expect(person.sentence).toBe('The disk is full: make room and draw again.')
    expect(person.editor.now.pendingCount).toBe(0)
  })

  it('keeps a later change of the same record when an earlier one is refused', async () => {
    const person = await withDog()
    person.host.holdAnswers()
    person.host.refuseNext = new UserError('disk-full', 'The disk is full.')
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'one' } })
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'two' } })
    person.host.letAnswersGo()
    await person.rest()
    expect(person.objects.map((object) => object.name)).toEqual(['two'])
  })

  it('lets its own pending change win over a foreign one on the same record, and takes the rest', async () => {
    const cat = objectRecord('cat', { order: 2 })
    const person = await withDog(new MemoryHost([video, dog, cat]))
    person.host.holdAnswers()
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'mine' } })
    person.host.writeAs('user', 'Rename both', {
      ...emptyDiff,
      updated: {
        [dog.id]: [dog, renamed('dog', 'theirs')],
        [cat.id]: [cat, renamed('cat', 'tom', { order: 2 })],
      },
    })
    // Foreign events come through while the own answer is still out.
    expect(person.objects.map((object) => object.name)).toEqual(['cat', 'mine'])
    person.host.letAnswersGo()
    await person.rest()
    expect(person.host.store.get(dog.id)?.name).toBe(person.editor.store.get(dog.id)?.name)
    expect(person.editor.store.get(cat.id)?.name).toBe('tom')
  })

  it('falls back to what the host has said meanwhile when a pending change is refused', async () => {
    const person = await withDog()
    person.host.refuseNext = new UserError('disk-full', 'The disk is full.')
    person.host.holdAnswers()
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'mine' } })
    person.host.writeAs('user', 'Rename', {
      ...emptyDiff,
      updated: { [dog.id]: [dog, renamed('dog', 'theirs')] },
    })
    person.host.letAnswersGo()
    await person.rest()
    expect(person.editor.store.get(dog.id)?.name).toBe('theirs')
  })

  it('undoes and redoes through the host, one step a gesture', async () => {
    const person = await withDog()
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'puppy' } })
    await person.editor.run('edit.undo')
    await person.rest()
    expect(person.objects.map((object) => object.name)).toEqual(['dog'])
    await person.editor.run('edit.redo')
    await person.rest()
    expect(person.objects.map((object) => object.name)).toEqual(['puppy'])
    expect(person.editor.now.history.undo).toHaveLength(1)
  })

  it('says how much an undo left alone because it has changed since', async () => {
    const person = await withDog()
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'puppy' } })
    await person.rest()
    const now = person.host.store.get(dog.id) as ObjectRecord
    person.host.history = { undo: person.host.history.undo, redo: [] }
    person.host.store.apply({ ...emptyDiff, updated: { [dog.id]: [now, { ...now, name: 'hound' }] } })
    await person.editor.run('edit.undo')
    expect(person.sentence).toMatch(/1 records were left as they are/)
  })

  it('changes nothing in a read-only project and says why', async () => {
    const host = new MemoryHost([video, dog])
    host.readOnly = 'Another window has this project open.'
    const person = await withDog(host)
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'puppy' } })
    expect(person.sentence).toBe('Another window has this project open.')
    expect(person.host.log).toEqual([])
  })

  it('takes a new snapshot after a lost connection and sends again what had not arrived', async () => {
    const host = new MemoryHost([video, dog])
    let next: MemoryHost | null = null
    const person = await Person.sitsDown(host, {
      reconnect: async () => {
        if (!next) throw new Error('not yet')
        return next.api()
      },
    })
    host.holdAnswers()
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'puppy' } })
    host.cut()
    host.letAnswersGo()
    await person.rest()
    expect(person.editor.now.connection).not.toBe('connected')
    expect(person.objects.map((object) => object.name)).toEqual(['puppy'])
    // The program that comes back never saw the change.
    next = new MemoryHost([video, dog, objectRecord('cat', { order: 2 })])
    await expect.poll(() => person.editor.now.connection).toBe('connected')
    await person.rest()
    expect(person.objects.map((object) => object.name)).toEqual(['cat', 'puppy'])
    expect(next.store.get(dog.id)?.name).toBe('puppy')
    expect(person.editor.now.pendingCount).toBe(0)
  })

  it('does not send again what had arrived before the connection was lost', async () => {
    const host = new MemoryHost([video, dog])
    let next: MemoryHost | null = null
    const person = await Person.sitsDown(host, {
      reconnect: async () => {
        if (!next) throw new Error('not yet')
        return next.api()
      },
    })
    host.holdAnswers()
    await person.editor.run('object.update', { objectId: dog.id, fields: { name: 'puppy' } })
    host.cut()
    host.letAnswersGo()
    next = new MemoryHost([...host.store.all()])
    await expect.poll(() => person.editor.now.connection).toBe('connected')
    await person.rest()
    expect(next.log).toEqual([])
    expect(person.objects.map((object) => object.name)).toEqual(['puppy'])
  })
})
