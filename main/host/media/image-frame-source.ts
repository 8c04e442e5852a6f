/** Frames from a folder of pictures. Decoding is the image library's; what that refuses (odd TIFFs) goes through ffmpeg. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JsColorType, ResizeFilterType, ResizeFit, Transformer } from '@napi-rs/image'
import { UserError } from '../../core/user-error.ts'
import { readAll, resolveFfmpeg, startFfmpeg } from '../ffmpeg.ts'
import type { FrameSource } from './frame-source.ts'

/** Opens pictures of one size for reading at `width` x `height`. Samples of 16 bits are brought to 8 alike in all pictures. */
export async function openImageFrames(
  folder: string,
  files: readonly string[],
  { width, height }: { readonly width: number; readonly height: number },
): Promise<FrameSource> {
  const paths = files.map((name) => join(folder, name))
  return new ImageFrameSource(paths, width, height, await usedBits(paths))
}

class ImageFrameSource implements FrameSource {
  readonly width: number
  readonly height: number
  readonly #paths: readonly string[]
  readonly #bits: number
  /** The last few pictures, since views ask again for the same one. */
  readonly #recent = new Map<number, Promise<Uint8Array>>()

  constructor(paths: readonly string[], width: number, height: number, bits: number) {
    this.width = width
    this.height = height
    this.#paths = paths
    this.#bits = bits
  }

  get frameCount(): number {
    return this.#paths.length
  }

  async read(frameIndex: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted()
    const path = this.#paths[frameIndex]
    if (path === undefined) {
      throw new UserError(
        'no-such-frame',
        `There are ${this.frameCount} pictures; there is no frame ${frameIndex}.`,
      )
    }
    const known = this.#recent.get(frameIndex)
    const picture = known ?? readPicture(path, this.width, this.height, this.#bits)
    if (!known) this.#remember(frameIndex, picture)
    return picture
  }

  async close(): Promise<void> {
    this.#recent.clear()
  }

  #remember(frameIndex: number, picture: Promise<Uint8Array>): void {
    this.#recent.set(frameIndex, picture)
    picture.catch(() => this.#recent.delete(frameIndex))
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= 3) break
      this.#recent.delete(oldest)
    }
  }
}

/** RGB24 of a picture file. */
async function readPicture(path: string, width: number, height: number, bits: number): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(() => {
    throw new UserError('image-missing', `${path} cannot be opened. Put it back or relink the folder.`)
  })
  try {
    const image = await decodePicture(bytes, { width, height })
    return toRgb24(image, width * height, bits)
  } catch {
    return decodeByFfmpeg(path, width, height)
  }
}

interface Decoded {
  readonly colorType: JsColorType
  readonly samples: Uint8Array | Uint16Array
}

async function decodePicture(
  bytes: Uint8Array,
  size: { width: number; height: number } | null,
): Promise<Decoded> {
  const image = new Transformer(bytes).rotate()
  const { colorType, width, height } = await new Transformer(bytes).metadata()
  const same =
    size &&
    ((size.width === width && size.height === height) || (size.width === height && size.height === width))
  if (size && !same) image.resize({ ...size, filter: ResizeFilterType.Triangle, fit: ResizeFit.Fill })
  const raw = await image.rawPixels()
  const is16 = colorType >= JsColorType.L16 && colorType <= JsColorType.Rgba16
  if (colorType > JsColorType.Rgba16) throw new Error('Samples are floating point')
  return {
    colorType,
    samples: is16 ? new Uint16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength)) : raw,
  }
}

const channelCounts: readonly number[] = [1, 2, 3, 4, 1, 2, 3, 4]

function toRgb24({ colorType, samples }: Decoded, pixelCount: number, bits: number): Uint8Array {
  const channels = channelCounts[colorType] as number
  if (samples.length !== pixelCount * channels)
    throw new Error('The picture has another size than its folder')
  const shift = samples instanceof Uint16Array ? bits - 8 : 0
  const rgb = new Uint8Array(pixelCount * 3)
  const [green, blue] = channels >= 3 ? [1, 2] : [0, 0]
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = Math.min(255, (samples[from] as number) >> shift)
    rgb[to + 1] = Math.min(255, (samples[from + green] as number) >> shift)
    rgb[to + 2] = Math.min(255, (samples[from + blue] as number) >> shift)
  }
  return rgb
}

/**
 * How many bits the samples really use: microscopes write 12 into 16. The largest sample of the first, middle and last picture
 * decides for all, so that brightness does not jump from frame to frame.
 */
async function usedBits(paths: readonly string[]): Promise<number> {
  let largest = 0
  for (const index of new Set([0, paths.length >> 1, paths.length - 1])) {
    try {
      const { samples } = await decodePicture(await readFile(paths[index] as string), null)
      if (!(samples instanceof Uint16Array)) return 16
      for (const sample of samples) if (sample > largest) largest = sample
    } catch {
      return 16
    }
  }
  return Math.max(8, 32 - Math.clz32(largest))
}

async function decodeByFfmpeg(path: string, width: number, height: number): Promise<Uint8Array> {
  const ffmpeg = await resolveFfmpeg()
  const output = [
    '-frames:v',
    '1',
    '-vf',
    `scale=${width}:${height}`,
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    'pipe:1',
  ]
  const run = startFfmpeg(ffmpeg, ['-nostdin', '-v', 'error', '-i', `file:${path}`, ...output])
  run.stdin.end()
  const bytes = await readAll(run.stdout)
  await run.ended
  if (bytes.length === width * height * 3) return bytes
  throw new UserError(
    'image-unreadable',
    `${path} cannot be decoded. Replace it with an intact copy or convert it.`,
  )
}
