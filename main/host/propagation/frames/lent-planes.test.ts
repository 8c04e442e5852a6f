import { expect, test } from 'vitest'
import { LentPlanes, SpareArrays } from './lent-planes.ts'

const length = 4
const windowCount = 3
/** Fills what it takes with a number of its own. */
const filledWith = (value: number) => async (take: () => Float32Array) => take().fill(value)

function lending() {
  const spares = new SpareArrays(length, 6)
  return { spares, planes: new LentPlanes(windowCount, spares) }
}

async function walk(planes: LentPlanes, first: number, count: number): Promise<void> {
  for (let i = first; i < first + count; i++)
    await planes.lend(`${i}`, filledWith(i), (array) => expect([...array]).toEqual(new Array(length).fill(i)))
}

test('a walk over a thousand frames takes no more arrays than it may keep, and one on the way', async () => {
  const { planes, spares } = lending()
  await walk(planes, 0, 1000)
  expect(spares.madeCount).toBeLessThanOrEqual(windowCount + 1)
})

test('an array that somebody still looks at keeps its numbers, however far the walk goes on', async () => {
  const { planes, spares } = lending()
  await planes.lend('0', filledWith(7), async (held) => {
    await walk(planes, 1, 100)
    expect([...held]).toEqual([7, 7, 7, 7])
  })
  const before = spares.madeCount
  await walk(planes, 101, 100)
  expect(spares.madeCount).toBe(before)
})

test('two who look at the same array both have to be done with it', async () => {
  const { planes } = lending()
  let done = () => {}
  let held: Float32Array | null = null
  const waiting = planes.lend('0', filledWith(7), (array) => {
    held = array
    return new Promise<void>((resolve) => {
      done = resolve
    })
  })
  await planes.lend('0', filledWith(8), (array) => expect(array).toBe(held))
  await walk(planes, 1, 100)
  expect([...held!]).toEqual([7, 7, 7, 7])
  done()
  await waiting
})

test('an array that was given away is never written again, also where others had borrowed it', async () => {
  const { planes } = lending()
  let given = planes.give('0', filledWith(7))
  await walk(planes, 1, 100)
  expect([...(await given)]).toEqual([7, 7, 7, 7])
  await planes.lend('200', filledWith(8), () => {
    given = planes.give('200', filledWith(9))
  })
  await walk(planes, 300, 100)
  expect([...(await given)]).toEqual([8, 8, 8, 8])
})

test('an array that leaves the window while it is made is whole when it comes', async () => {
  const { planes } = lending()
  let go = () => {}
  const ready = new Promise<void>((resolve) => {
    go = resolve
  })
  const slow = planes.lend(
    'slow',
    async (take) => {
      const array = take()
      await ready
      return array.fill(7)
    },
    async (array) => {
      await walk(planes, 100, 20)
      expect([...array]).toEqual([7, 7, 7, 7])
    },
  )
  await walk(planes, 1, 20)
  go()
  await slow
})

test('what could not be made is tried again, and what somebody failed over is left to them', async () => {
  const { planes } = lending()
  const torn = async (take: () => Float32Array) => {
    take()
    throw new Error('The film is torn.')
  }
  await expect(planes.lend('0', torn, () => {})).rejects.toThrow('The film is torn.')
  let held: Float32Array = new Float32Array()
  const failing = planes.lend('0', filledWith(7), (array) => {
    held = array
    throw new Error('The lamp is broken.')
  })
  await expect(failing).rejects.toThrow('The lamp is broken.')
  await walk(planes, 1, 100)
  expect([...held]).toEqual([7, 7, 7, 7])
})
