/** A film of discs, walks through it with the stand-ins of AOT, and what these said. */
import { expect } from 'vitest'
import { encodeRle, type Rle } from '../../main/core/mask/rle.ts'
import { floatValues } from '../open-pack.ts'
import type { NamedTensors } from '../tensor.ts'
import { type AotGraphOptions, aotPreprocessing, aotVideoGraphs } from '../test-graphs/aot-video-graphs.ts'
import { type LoggedPack, packHere } from '../test-graphs/run-here.ts'
import { type Film, noShelf, type Shelf, type Tracked, type WalkOptions } from '../video-tracker.ts'
import { AotVideo } from './aot-video.ts'
import type { AotWalk } from './aot-walk.ts'

export const size = { width: 64, height: 48 }
export const signal: AbortSignal = new AbortController().signal
export type Key = readonly [frame: number, x: number, y: number]

export function disc(x: number, y: number, radius = 5): Rle {
  const data = Uint8Array.from({ length: size.width * size.height }, (_, i) =>
    Math.hypot((i % size.width) + 0.5 - x, Math.floor(i / size.width) + 0.5 - y) < radius ? 1 : 0,
  )
  return encodeRle({ ...size, data })
}

/** The red of a frame is its number; on `hidden` frames it is green. Objects whose number is in `stuff` are stuff. */
export function film(
  objects: readonly (readonly Key[])[],
  { hidden = [] as readonly number[], stuff = [] as readonly number[] } = {},
): Film {
  return {
    frameCount: 250,
    objects: objects.map((keys, object) => ({
      stuff: stuff.includes(object),
      keys: keys.map(([frameIndex, x, y]) => ({ frameIndex, rle: disc(x, y) })),
    })),
    picture: async (frameIndex) => {
      const rgb = new Uint8Array(size.width * size.height * 3)
      for (let i = 0; i < rgb.length; i += 3) {
        rgb[i] = frameIndex
        rgb[i + 1] = hidden.includes(frameIndex) ? 200 : 0
      }
      return { ...size, rgb }
    },
  }
}

export function pack(options: AotGraphOptions = {}, state?: Readonly<Record<string, number>>): LoggedPack {
  return packHere(aotVideoGraphs(options), {
    role: 'segment-video',
    contract: 'aot-video',
    preprocessing: aotPreprocessing,
    ...(state ? { state } : {}),
  })
}

export const forward: WalkOptions = { step: 1, knows: 'behind', shelf: noShelf }
export const from = (first: number, last: number) =>
  Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => first + Math.sign(last - first) * i)

/** Visits frames in order; objects begin on frames of their key masks and are found on all that follow. */
export async function went(
  used: LoggedPack,
  film: Film,
  frames: readonly number[],
  options: WalkOptions = forward,
): Promise<{ readonly walk: AotWalk; readonly found: readonly (readonly Tracked[])[] }> {
  const walk = new AotVideo(used, film, size).walk(options) as AotWalk
  const begun = new Set<number>()
  const found: (readonly Tracked[])[] = []
  for (const frame of frames) {
    const begin = [...film.objects.keys()].filter((object) =>
      film.objects[object]!.keys.some(({ frameIndex }) => frameIndex === frame),
    )
    const find = [...begun].filter((object) => !begin.includes(object)).sort((a, b) => a - b)
    found.push(await walk.visit(frame, { begin, find }, signal))
    for (const object of begin) begun.add(object)
  }
  return { walk, found }
}

/** Of the last look at a frame: numbers of the frames in memory, each once. */
export const said = (used: LoggedPack, output: string, run = -1) => [
  ...new Set(floatValues(used.runs('lstt').at(run)!.outputs[output]!)),
]

/** Planes that each frame of the long memory shows, by the frame's number. */
export function planesShown(used: LoggedPack): Record<number, readonly number[]> {
  const { outputs } = used.runs('lstt').at(-1)!
  const frames = floatValues(outputs.said_long!)
  const ids = floatValues(outputs.said_ids!)
  const planes = ids.length / frames.length
  return Object.fromEntries(
    [...frames].map((frame, token) => [
      frame,
      from(1, planes - 1).filter((plane) => ids[token * planes + plane]! > 0.5),
    ]),
  )
}

export function centre({ mask }: Tracked): [x: number, y: number] {
  let [x, y, sum] = [0, 0, 0]
  for (const [i, p] of mask.entries())
    if (p >= 0.5) {
      x += (i % size.width) + 0.5
      y += Math.floor(i / size.width) + 0.5
      sum++
    }
  return [Math.round(x / sum), Math.round(y / sum)]
}

export function shelfOf(saved: ReadonlyMap<string, NamedTensors> = new Map()) {
  const kept = new Map(saved)
  const shelf: Shelf = {
    save: async (name, tensors) => void kept.set(name, tensors),
    load: async (name) => kept.get(name) ?? null,
  }
  return { kept, shelf }
}

export function near([x, y]: readonly [number, number], [wantedX, wantedY]: readonly [number, number]): void {
  expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(2.5)
}
