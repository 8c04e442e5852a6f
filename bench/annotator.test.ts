import { describe, expect, test } from 'vitest'
import type { Bitmap } from '../main/core/mask/rle.ts'
import { emptyRle } from '../main/core/mask/rle.ts'
import { NoiseScene } from '../native/noise-scene.ts'
import { annotatePlot } from './annotate-plot.ts'
import { annotated } from './annotator.ts'
import type { Sequence } from './davis-sequence.ts'
import { copying, type FillMethod, flowOnly, interpolating } from './fill-methods.ts'

const size = { width: 120, height: 80 }
const frameCount = 9

/** A disc that goes straight to the right; out of view on the frames of `hidden`. */
function sequence(hidden: readonly number[] = []): Sequence {
  const disc = { radius: 12, at: (t: number) => [24 + 8 * t, 40] as const, rgb: [190, 80, 70] as const }
  const film = new NoiseScene({ ...size, frameCount, pan: [0, 0], discs: [disc] })
  const none: Bitmap = { ...size, data: new Uint8Array(size.width * size.height) }
  const truths = Array.from({ length: frameCount }, (_, t) => (hidden.includes(t) ? none : film.truth(t, 0)))
  return { name: 'disc', source: film, truths }
}

/** Remembers on which keys it was asked to fill which frames. */
function watched(method: FillMethod) {
  const asked: { keys: number[]; outside: number[]; first: number; last: number }[] = []
  const fill: FillMethod['fill'] = (keys, first, last) => {
    const frames = (list: typeof keys) => list.map(({ frameIndex }) => frameIndex)
    asked.push({ keys: frames(keys), outside: frames(keys.filter((key) => key.outside)), first, last })
    return method.fill(keys, first, last)
  }
  return { method: { ...method, fill }, asked }
}

describe('the simulated annotator', () => {
  test('starts on the first frame, puts the worst one right, and has only the gaps beside it filled again', async () => {
    const { method, asked } = watched(copying())
    const rounds = await annotated(sequence(), method, 'worst', 3)
    expect(asked.map(({ keys }) => keys)).toEqual([[0], [0, 4], [0, 4, 8]])
    // Copies of the first frame share no pixel with the disc from frame 4 on: the first of equals is taken.
    expect(asked[1]).toMatchObject({ first: 1, last: 8 })
    expect(asked[2]).toMatchObject({ first: 5, last: 8 })
    expect(rounds.map(({ j }) => j)).toEqual(rounds.map(({ j }) => j).sort((a, b) => a - b))
  })

  test('ends when every frame is right', async () => {
    const rounds = await annotated(sequence(), copying(), 'worst', 50)
    expect(rounds).toHaveLength(frameCount)
    expect(rounds.at(-1)).toMatchObject({ j: 1, f: 1 })
  })

  test('calls an object out of view only where it does not come back before the next keyframe', async () => {
    const nothing: FillMethod = {
      name: 'never right',
      fill: async (_, first, last) =>
        new Map(
          Array.from({ length: last - first + 1 }, (_, i) => [
            first + i,
            { rle: emptyRle(size.width, size.height), confidence: null },
          ]),
        ),
    }
    const gone = watched(copying())
    await annotated(sequence([5, 6, 7, 8]), gone.method, 'worst', 9)
    expect(gone.asked.at(-1)!.outside).toContain(5)
    const back = watched(nothing)
    await annotated(sequence([0]), back.method, 'worst', 2)
    expect(back.asked[0]!.outside).toEqual([])
  })
})

test('what fills in better needs fewer keyframes', async () => {
  const clip = sequence()
  const afterTwo = async (method: FillMethod) => (await annotated(clip, method, 'worst', 2))[1]!.j
  const [copied, blended, moved] = [
    await afterTwo(copying()),
    await afterTwo(interpolating()),
    await afterTwo(flowOnly(clip.source)),
  ]
  expect(blended).toBeGreaterThan(copied)
  expect(moved).toBeGreaterThan(blended)
})

test('the plot names every line once in each of its four panels', () => {
  const point = { keys: 1, j: 0.5, f: 0.5, seconds: 0.2 }
  const points = [point, { keys: 2, j: 0.7, f: 0.6, seconds: 3 }]
  const svg = annotatePlot(
    ['copy', 'interpolate', 'flow', 'inbetween'].map((name) => ({ name, points })),
    'Mean of 3 sequences.',
  )
  for (const title of ['copying', 'interpolation', 'optical flow', 'Inbetween'])
    expect(svg.split(`>${title}</text>`)).toHaveLength(5)
  expect(svg.match(/<polyline/g)).toHaveLength(16)
  expect(svg).not.toMatch(/NaN|undefined|script/)
})
