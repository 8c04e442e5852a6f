/** A trace of three frames, written by hand. */
import { expect, it } from 'vitest'
import { frameWork } from './frame-work.ts'

const page = { pid: 7, tid: 1, ph: 'X' }
const ms = (value: number) => value * 1000

function event(name: string, start: number, clock: number, processor = clock, more: object = {}) {
  return { ...page, name, ts: ms(start), dur: ms(clock), tdur: ms(processor), ...more }
}

const trace = Buffer.from(
  JSON.stringify({
    traceEvents: [
      // A frame of 16 ms in which nothing happens.
      event('RunTask', 0, 1),
      event('FireAnimationFrame', 0.5, 0.2),
      // One in which a pointer moves the picture, which the graphics draw for 40 ms.
      event('RunTask', 16, 60, 15),
      event('EventDispatch', 16, 10, 8, { args: { data: { type: 'pointermove' } } }),
      event('FunctionCall', 17, 8, 6),
      event('MinorGC', 18, 2, 2),
      event('FireAnimationFrame', 27, 2, 2),
      event('Commit', 30, 45, 3),
      event('GLES2::ReadPixels', 31, 40, 0.5),
      // Another page's frames and this one's raster thread.
      { ...event('FireAnimationFrame', 30, 500), pid: 8 },
      { ...event('RasterTask', 20, 9, 5), tid: 2 },
      event('RunTask', 80, 1),
      event('FireAnimationFrame', 80.5, 0.2),
    ],
  }),
)

it('says how long frames were, what the main thread did and how long it waited for the graphics', () => {
  const { frames, tasks, rasterMs } = frameWork(trace)
  expect(frames.map((frame) => frame.ms)).toEqual([26.5, 53.5])
  expect(frames.reduce((sum, { graphicsMs }) => sum + graphicsMs, 0)).toBe(40)
  expect(frames.reduce((sum, { processorMs }) => sum + processorMs, 0)).toBe(16)
  const [, moved] = tasks
  expect(moved).toMatchObject({ ms: 60, graphicsMs: 40, processorMs: 15, cause: 'pointermove' })
  expect(moved!.work).toEqual({
    script: 6,
    style: 0,
    layout: 0,
    paint: 3,
    input: 2,
    garbage: 2,
    other: 2,
  })
  expect(rasterMs).toBe(5)
})

it('refuses a trace without frames', () => {
  expect(() => frameWork(Buffer.from('{"traceEvents":[]}'))).toThrow('The trace shows no frame.')
})
