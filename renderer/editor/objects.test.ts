import { describe, expect, it } from 'vitest'
import { dog, staleFrames, withAnimals } from './testing/animals.ts'

describe('objects', () => {
  it('N makes one, with a free name and colour, ready to draw', async () => {
    const person = await withAnimals()
    await person.types('N')
    expect(person.editor.selectedObjects[0]).toMatchObject({ name: 'object 1', color: '#009e73', order: 3 })
    expect(person.editor.now.tool).toBe('polygon')
  })

  it('Del deletes an object with its masks, and undo brings all back', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.types('Delete')
    expect(person.objects.map(({ name }) => name)).toEqual(['cat'])
    expect(person.editor.store.track(dog.id).size).toBe(0)
    await person.types('Mod+Z')
    expect(person.editor.store.track(dog.id).size).toBe(4)
  })

  it('M merges: union where both are, the rest taken over, nothing newly stale', async () => {
    const person = await withAnimals()
    person.selects('dog', 'cat')
    await person.types('M')
    await person.rest()
    expect(person.objects.map(({ name }) => name)).toEqual(['dog'])
    expect(person.mask('dog', 0)).toMatchObject({ area: 2000, state: 'keyframe' })
    expect(person.mask('dog', 10)?.area).toBe(2000)
    expect(staleFrames(person, 'dog')).toEqual([])
  })

  it('Alt+M splits at the frame: the rest is a new object, nothing newly stale', async () => {
    const person = await withAnimals()
    person.editor.showFrame(10)
    person.selects('dog')
    await person.types('Alt+M')
    const made = person.editor.selectedObjects[0]
    expect(made?.name).toBe('object 1')
    expect([...person.editor.store.track(dog.id).keys()].sort()).toEqual([0, 5])
    expect([...person.editor.store.track(made!.id).keys()].sort()).toEqual([10, 20])
    expect([...staleFrames(person, 'dog'), ...staleFrames(person, 'object 1')]).toEqual([])
  })

  it('splits several at once, each into one with a name and a colour of its own', async () => {
    const person = await withAnimals()
    person.editor.showFrame(10)
    person.selects('dog', 'cat')
    await person.types('Alt+M')
    const made = person.editor.selectedObjects
    expect(made.map(({ name }) => name)).toEqual(['object 1', 'object 2'])
    expect(new Set(made.map(({ color }) => color)).size).toBe(2)
  })

  it('swaps two objects from a frame on; the frame itself becomes a keyframe of both', async () => {
    const person = await withAnimals()
    person.editor.showFrame(10)
    person.selects('dog', 'cat')
    await person.types('Alt+S')
    expect(person.mask('dog', 10)).toMatchObject({ area: 400, state: 'keyframe' })
    expect(person.mask('cat', 10)).toMatchObject({ area: 1600, state: 'keyframe' })
    expect(person.mask('cat', 20)?.area).toBe(1600)
    expect(person.mask('dog', 20)).toBeUndefined()
    expect(person.mask('dog', 0)?.area).toBe(1600)
    await person.types('Mod+Z')
    expect(person.mask('dog', 20)?.area).toBe(1600)
  })

  it('sets a class with a digit, and the name follows while it is a made one', async () => {
    const person = await withAnimals()
    await person.types('N', '1')
    expect(person.editor.selectedObjects[0]).toMatchObject({ name: 'person 1', classId: 'class-person' })
    person.selects('dog')
    await person.types('2')
    expect(person.object('dog').classId).toBe('class-sky')
    await person.types('9')
    expect(person.sentence).toBe('There is no class 9: the list has fewer.')
  })

  it('tells whoever listens once, however many masks go', async () => {
    const person = await withAnimals()
    person.selects('dog')
    let told = 0
    person.editor.store.listen(() => told++)
    await person.types('Delete')
    expect(told).toBe(1)
  })

  it('reorders front to back', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.editor.run('object.to-front')
    expect(person.objects.map(({ name }) => name)).toEqual(['dog', 'cat'])
    await person.editor.run('object.backward')
    expect(person.objects.map(({ name }) => name)).toEqual(['cat', 'dog'])
  })

  it('moves several in front of another as one step', async () => {
    const person = await withAnimals()
    await person.types('N', 'N')
    const names = () => person.objects.map(({ name }) => name)
    expect(names()).toEqual(['object 2', 'object 1', 'cat', 'dog'])
    const idOf = (name: string) => person.object(name).id
    await person.editor.run('object.move-in-order', {
      objectIds: [idOf('dog'), idOf('cat')],
      nearerThan: idOf('object 2'),
    })
    expect(names()).toEqual(['cat', 'dog', 'object 2', 'object 1'])
    await person.types('Mod+Z')
    expect(names()).toEqual(['object 2', 'object 1', 'cat', 'dog'])
    await person.editor.run('object.move-in-order', { objectIds: [idOf('object 2')], nearerThan: null })
    expect(names()).toEqual(['object 1', 'cat', 'dog', 'object 2'])
  })

  it('H hides and L locks what is selected', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.types('H', 'L')
    expect(person.object('dog')).toMatchObject({ hidden: true, locked: true })
    await person.types('Delete')
    expect(person.sentence).toBe('dog is locked: unlock it to delete it.')
  })

  it('deletes a class and leaves its objects without one', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.types('2')
    await person.editor.run('class.delete', { classId: 'class-sky' })
    expect(person.object('dog')).toMatchObject({ classId: null, stuff: true })
  })
})
