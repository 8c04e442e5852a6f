import { describe, expect, test } from 'vitest'
import { type RoundPlace, sweepOutward } from './outward.ts'
import type { StretchSweep, SweepPhase } from './stretch-sweep.ts'

const corrected = 100

/** A sweep away from the corrected frame that makes no masks: only the order of frames is looked at here. */
function away(step: 1 | -1, count: number): StretchSweep {
  const frames = Array.from({ length: count }, (_, i) => corrected + step * (i + 1))
  const sweep: Pick<StretchSweep, 'phases' | 'knows' | 'run'> = {
    phases: ['left', 'right', 'both'],
    knows: () => true,
    async *run(phase: SweepPhase, after: number | null) {
      if (phase !== 'left') return
      const begin = after === null ? 0 : frames.indexOf(after) + 1
      for (const frameIndex of frames.slice(begin)) yield { type: 'frame', frameIndex, masks: [] }
    },
  }
  return sweep as StretchSweep
}

async function order(resume: RoundPlace | null, stopAfter = Number.POSITIVE_INFINITY) {
  const frames: number[] = []
  let place: RoundPlace | null = null
  for await (const event of sweepOutward([away(1, 70), away(-1, 70)], resume)) {
    if (event.type !== 'frame') continue
    frames.push(event.frameIndex - corrected)
    place = event.place
    if (frames.length === stopAfter) break
  }
  return { frames, place }
}

const upTo = (first: number, last: number) => {
  const step = Math.sign(last - first)
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => first + step * i)
}

describe('the frames around a correction', () => {
  test('come in turns of 8, 16, 32 on either side', async () => {
    const { frames } = await order(null)
    const turns = [upTo(1, 8), upTo(-1, -8), upTo(9, 24), upTo(-9, -24), upTo(25, 56), upTo(-25, -56)]
    expect(frames).toEqual([...turns, upTo(57, 70), upTo(-57, -70)].flat())
  })

  test.each([1, 8, 9, 20, 47])('go on in that order after number %i', async (stopAfter) => {
    const { frames } = await order(null)
    const { place } = await order(null, stopAfter)
    const rest = await order(JSON.parse(JSON.stringify(place)))
    expect(rest.frames).toEqual(frames.slice(stopAfter))
  })
})
