import { expect, it } from 'vitest'
import type { HostEvent, JobInfo } from '../core/api.ts'
import { EventBroadcast } from './event-broadcast.ts'

const trouble = (number: number): HostEvent => ({ type: 'trouble', sentence: `${number}` })
const progress = (id: string, done: number): HostEvent => ({ type: 'job', job: { id, done } as JobInfo })
const project = { name: 'Dogs', folder: '/dogs', readOnly: null, savedAt: 1 }

async function taken(events: AsyncIterator<HostEvent>, count: number): Promise<HostEvent[]> {
  const list: HostEvent[] = []
  while (list.length < count) list.push((await events.next()).value)
  return list
}

it('gives every listener every event at its own pace, from when it began to listen', async () => {
  const broadcast = new EventBroadcast(() => null)
  const early = broadcast.subscribe()
  broadcast.send(trouble(1))
  const late = broadcast.subscribe()
  broadcast.send(trouble(2))
  expect(await taken(early, 2)).toEqual([trouble(1), trouble(2)])
  expect(await taken(late, 1)).toEqual([trouble(2)])
  const waiting = early.next()
  broadcast.send(trouble(3))
  expect((await waiting).value).toEqual(trouble(3))
})

it('keeps of a job only the newest state, and what happened between two states', async () => {
  const broadcast = new EventBroadcast(() => null)
  const events = broadcast.subscribe()
  for (const event of [progress('a', 1), progress('a', 2), trouble(1), progress('a', 3), progress('b', 1)])
    broadcast.send(event)
  expect(await taken(events, 4)).toEqual([progress('a', 2), trouble(1), progress('a', 3), progress('b', 1)])
})

it('tells one who has not listened for long to look again, instead of keeping everything', async () => {
  const broadcast = new EventBroadcast(() => project)
  const slow = broadcast.subscribe()
  for (let number = 0; number < 10_002; number++) broadcast.send(trouble(number))
  expect(await taken(slow, 2)).toEqual([{ type: 'project', project }, trouble(10_001)])
})
