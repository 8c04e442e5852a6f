import { expect, it } from 'vitest'
import type { PackProgress } from '../../core/models.ts'
import { spacedSteps } from './spaced-steps.ts'

const step = (at: string, done: number): PackProgress => ({
  type: 'progress',
  stage: 'fetch',
  at,
  done,
  total: 9999,
})

it('tells each thing at once, and then ten times a second', async () => {
  async function* many(): AsyncGenerator<PackProgress, string> {
    const began = performance.now()
    for (let done = 0; performance.now() - began < 450; done++) {
      yield step('a.onnx', done)
      if (done % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    yield step('b.onnx', 0)
    return 'the result'
  }
  const told: string[] = []
  const steps = spacedSteps(many())
  for (let next = await steps.next(); ; next = await steps.next()) {
    if (next.done) {
      expect(next.value).toBe('the result')
      break
    }
    told.push(next.value.at)
  }
  expect(told[0]).toBe('a.onnx')
  expect(told.at(-1)).toBe('b.onnx')
  expect(told.length).toBeGreaterThan(2)
  expect(told.length).toBeLessThanOrEqual(7)
})

it('ends the work when nobody listens any more', async () => {
  let ended = false
  async function* endless(): AsyncGenerator<PackProgress, void> {
    try {
      for (let i = 0; ; i++) yield step(`${i}`, 0)
    } finally {
      ended = true
    }
  }
  for await (const { at } of spacedSteps(endless())) if (at === '3') break
  expect(ended).toBe(true)
})
