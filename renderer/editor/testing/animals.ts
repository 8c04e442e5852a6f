/** A dog with keyframes and computed masks, and a cat: what tests of actions on objects begin with. */
import { isStale } from '../../../main/core/track/staleness.ts'
import { MemoryHost } from './memory-host.ts'
import { classRecord, objectRecord, Person, video } from './person.ts'

export const dog = objectRecord('dog', { order: 1 })
export const cat = objectRecord('cat', { order: 2, color: '#56b4e9' })

export async function withAnimals(): Promise<Person> {
  const records = [video, dog, cat, classRecord('person', 0), classRecord('sky', 1, true)]
  const person = await Person.sitsDown(new MemoryHost(records))
  await person.finds('dog', 0, [10, 10, 40, 40])
  await person.finds('dog', 20, [30, 10, 40, 40])
  await person.findsPropagated('dog', 5, [15, 10, 40, 40])
  await person.findsPropagated('dog', 10, [20, 10, 40, 40], 0.4)
  await person.finds('cat', 0, [100, 10, 20, 20])
  await person.findsPropagated('cat', 10, [100, 10, 20, 20])
  return person
}

export function staleFrames(person: Person, name: string): number[] {
  const track = person.editor.tracks.track(person.object(name).id)
  return track.masks.filter((mask) => isStale(track, mask)).map((mask) => mask.frameIndex)
}
