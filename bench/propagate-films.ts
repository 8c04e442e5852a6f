/** What `npm run bench -- propagate` runs on: ten things in one scene, as a 480p and as a 1080p film. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, type ImageData } from '@napi-rs/canvas'
import { encodeRle } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import { sceneOf } from '../main/core/scene/scene.ts'
import type { FrameSource } from '../main/host/media/frame-source.ts'
import type { PropagationObject } from '../main/host/propagation/request.ts'
import { davisTrainFolder, loadSequence } from './davis-sequence.ts'

export const thingCount = 10

export interface Film {
  readonly name: string
  readonly source: FrameSource
  /** Each with its mask on frame 0. */
  readonly objects: readonly PropagationObject[]
}

interface Frames {
  readonly width: number
  readonly height: number
  readonly rgb: readonly Uint8Array[]
  /** Which thing owns the pixel on frame 0, from 1; above thingCount: none. */
  readonly index: Uint8Array
}

/** The scene at 854x480, and its frames enlarged to 1920x1080; all kept in memory. */
export function crowdFilms(frameCount: number): readonly [Film, Film] {
  const small = rendered(frameCount)
  return [film('scene', small), film('scene enlarged', enlarged(small, 1920, 1080))]
}

/** Null where the sequences of DAVIS are not there. */
export async function davisFilm(name: string, frameCount: number): Promise<Film | null> {
  if (!existsSync(join(davisTrainFolder, name))) return null
  const { source, truths } = await loadSequence(davisTrainFolder, name)
  const key = { frameIndex: 0, rle: encodeRle(truths[0]!), outside: false }
  const objects = [{ id: 'object' as ObjectId, name: 'object', stuff: false, order: 0, keys: [key] }]
  // Shorter than what is needed: shown forward and backward by turns.
  const last = source.frameCount - 1
  const read = (frame: number, signal?: AbortSignal) =>
    source.read(last - Math.abs((frame % (2 * last)) - last), signal)
  const { width, height } = source
  const swinging = { width, height, frameCount, read, close: () => source.close() }
  return { name: `${name} ${width}x${height}`, source: swinging, objects }
}

function rendered(frameCount: number): Frames {
  const [width, height] = [854, 480]
  const spec = {
    name: 'crowd',
    width,
    height,
    frameCount,
    framesPerSecond: 24,
    objectCount: thingCount,
    seed: 4,
  }
  const scene = sceneOf({ ...spec, events: ['pan'] })
  const frames = Array.from({ length: frameCount }, (_, t) => scene.frame(t))
  return { width, height, rgb: frames.map(({ rgb }) => rgb), index: frames[0]!.index }
}

function enlarged(from: Frames, width: number, height: number): Frames {
  const small = createCanvas(from.width, from.height)
  const large = createCanvas(width, height)
  const rgb = from.rgb.map((bytes) => {
    const image = small.getContext('2d').createImageData(from.width, from.height)
    for (let i = 0; i < from.width * from.height; i++)
      image.data.set([bytes[i * 3]!, bytes[i * 3 + 1]!, bytes[i * 3 + 2]!, 255], i * 4)
    small.getContext('2d').putImageData(image, 0, 0)
    large.getContext('2d').drawImage(small, 0, 0, width, height)
    return withoutAlpha(large.getContext('2d').getImageData(0, 0, width, height))
  })
  const index = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [Math.floor((x * from.width) / width), Math.floor((y * from.height) / height)]
      index[y * width + x] = from.index[fromY * from.width + fromX]!
    }
  return { width, height, rgb, index }
}

function withoutAlpha({ data }: ImageData): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3)
  for (let i = 0, o = 0; i < data.length; i += 4) {
    rgb[o++] = data[i]!
    rgb[o++] = data[i + 1]!
    rgb[o++] = data[i + 2]!
  }
  return rgb
}

function film(name: string, { width, height, rgb, index }: Frames): Film {
  const objects = Array.from({ length: thingCount }, (_, i) => {
    const data = Uint8Array.from(index, (owner) => (owner === i + 1 ? 1 : 0))
    const key = { frameIndex: 0, rle: encodeRle({ width, height, data }), outside: false }
    return { id: `thing-${i}` as ObjectId, name: `thing ${i}`, stuff: false, order: i, keys: [key] }
  })
  const source: FrameSource = {
    width,
    height,
    frameCount: rgb.length,
    read: async (frame) => rgb[frame]!,
    close: async () => {},
  }
  return { name: `${name} ${width}x${height}`, source, objects }
}
