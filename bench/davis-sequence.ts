/** A sequence in the layout of DAVIS: a folder with frames/ and masks/, one picture a frame. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import type { Bitmap } from '../main/core/mask/rle.ts'
import type { FrameSource } from '../main/host/media/frame-source.ts'

/** Where measurements look when no folder is named. */
export const davisTrainFolder = join(import.meta.dirname, '../../shared/data/davis2016-train')

export interface Sequence {
  readonly name: string
  readonly source: FrameSource
  readonly truths: readonly Bitmap[]
}

/** All frames are kept in memory. Every pixel that is not 0 belongs to the object. */
export async function loadSequence(folder: string, name: string): Promise<Sequence> {
  const list = (kind: string) =>
    readdirSync(join(folder, name, kind))
      .sort()
      .map((file) => join(folder, name, kind, file))
  const frames: Uint8Array[] = []
  const truths: Bitmap[] = []
  let size = { width: 0, height: 0 }
  for (const file of list('frames')) {
    const { width, height, data } = await pixels(file)
    size = { width, height }
    frames.push(withoutAlpha(data))
  }
  for (const file of list('masks')) {
    const { width, height, data } = await pixels(file)
    truths.push({
      width,
      height,
      data: Uint8Array.from({ length: width * height }, (_, i) => (data[i * 4]! > 0 ? 1 : 0)),
    })
  }
  const source: FrameSource = {
    ...size,
    frameCount: frames.length,
    read: async (frame) => frames[frame]!,
    close: async () => {},
  }
  return { name, source, truths }
}

export function sequenceLength(folder: string, name: string): number {
  return readdirSync(join(folder, name, 'masks')).length
}

/** One frame of a sequence and its truth. */
export async function loadFrame(
  folder: string,
  name: string,
  index: number,
): Promise<{ readonly rgb: Uint8Array; readonly truth: Bitmap }> {
  const read = (kind: string) =>
    pixels(join(folder, name, kind, readdirSync(join(folder, name, kind)).sort()[index]!))
  const { data: rgba } = await read('frames')
  const { width, height, data } = await read('masks')
  const truth = Uint8Array.from({ length: width * height }, (_, i) => (data[i * 4]! > 0 ? 1 : 0))
  return { rgb: withoutAlpha(rgba), truth: { width, height, data: truth } }
}

async function pixels(file: string) {
  const image = await loadImage(readFileSync(file))
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  return context.getImageData(0, 0, image.width, image.height)
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let i = 0, o = 0; i < rgba.length; i += 4) {
    rgb[o++] = rgba[i]!
    rgb[o++] = rgba[i + 1]!
    rgb[o++] = rgba[i + 2]!
  }
  return rgb
}
