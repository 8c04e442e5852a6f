/**
 * A film for the stand-in of SAM 2 (models/test-graphs): the red of a frame is its number, the mean of its green says
 * whether objects are in view, and the texture of its green is what flow and cuts are seen by.
 */
import { encodeRle, type Rle } from '../../../core/mask/rle.ts'
import type { ObjectId } from '../../../core/records.ts'
import type { FrameSource } from '../../media/frame-source.ts'
import type { KeyMask, PropagationObject } from '../request.ts'

export const filmSize = { width: 64, height: 64 }
/** Of the stand-in's disc, pixels of the film. */
export const discRadius = 12
/** Above it the stand-in calls a frame's objects hidden. */
const [inViewGreen, hiddenGreen] = [95, 105]

export interface FilmFacts {
  readonly frameCount: number
  readonly hidden?: readonly number[]
  /** First frame of another shot. */
  readonly cut?: number
}

export function filmRgb({ hidden = [], cut }: FilmFacts, frame: number): Uint8Array {
  const { width, height } = filmSize
  const rgb = new Uint8Array(width * height * 3)
  const shot = cut !== undefined && frame >= cut ? 1 : 0
  const green = hidden.includes(frame) ? hiddenGreen : inViewGreen
  for (let i = 0; i < width * height; i++) {
    rgb[3 * i] = frame % 200
    rgb[3 * i + 1] = green + texture(shot, i % width, Math.floor(i / width))
    rgb[3 * i + 2] = 255 * shot
  }
  return rgb
}

/** Blocks of -80 to 80, each with its opposite on the other half, so that the mean of every shot is 0. */
function texture(shot: number, x: number, y: number): number {
  const half = filmSize.width / 2
  const column = Math.floor((x < half ? x : filmSize.width - 1 - x) / 4)
  const value = (((column + 1) * 7919 + Math.floor(y / 4) * 104_729 + shot * 3571) % 161) - 80
  return x < half ? value : -value
}

export function testFilm(facts: FilmFacts): FrameSource {
  return {
    ...filmSize,
    frameCount: facts.frameCount,
    read: async (frame) => filmRgb(facts, frame),
    close: async () => {},
  }
}

export function disc(x: number, y: number, radius = discRadius): Rle {
  const { width, height } = filmSize
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.hypot((i % width) + 0.5 - x, Math.floor(i / width) + 0.5 - y) < radius ? 1 : 0,
  )
  return encodeRle({ ...filmSize, data })
}

export type Key = readonly [frame: number, x: number, y: number]

export function discKeys(...keys: readonly Key[]): KeyMask[] {
  return keys.map(([frameIndex, x, y]) => ({ frameIndex, rle: disc(x, y), outside: false }))
}

export function discObject(name: string, order: number, ...keys: readonly Key[]): PropagationObject {
  return { id: name as ObjectId, name, stuff: false, order, keys: discKeys(...keys) }
}
