/** Single frames of media as encoded pictures. Decoders stay open for a while, because frames are asked for in runs. */
import { createCanvas } from '@napi-rs/canvas'
import type { MediaId, MediaRecord } from '../core/records.ts'
import type { FrameSource } from './media/frame-source.ts'

interface OpenMedia {
  readonly source: Promise<FrameSource>
  idle: NodeJS.Timeout
}

const openCount = 2
const idleMs = 20_000
const stillQuality = 95
const thumbnailQuality = 80

export class MediaPictures {
  readonly #openFrames: (media: MediaRecord) => Promise<FrameSource>
  /** Least recently used first. */
  readonly #open = new Map<MediaId, OpenMedia>()

  constructor(openFrames: (media: MediaRecord) => Promise<FrameSource>) {
    this.#openFrames = openFrames
  }

  /** RGB at full size; the bytes may be handed out again, so read them only. */
  async pixels(media: MediaRecord, frameIndex: number): Promise<Uint8Array> {
    const source = await this.#source(media)
    return source.read(frameIndex)
  }

  /** JPEG at full size. */
  async still(media: MediaRecord, frameIndex: number): Promise<Uint8Array> {
    return this.#picture(media, frameIndex, 1, stillQuality)
  }

  /** A `data:` URL of a JPEG whose longer side is at most `longSide` pixels. */
  async thumbnail(media: MediaRecord, frameIndex: number, longSide: number): Promise<string> {
    const scale = Math.min(1, longSide / Math.max(media.width, media.height))
    const bytes = await this.#picture(media, frameIndex, scale, thumbnailQuality)
    return `data:image/jpeg;base64,${Buffer.from(bytes).toString('base64')}`
  }

  /** Lets go of a media's decoder: its file or its record has changed. */
  async forget(mediaId: MediaId): Promise<void> {
    const entry = this.#open.get(mediaId)
    if (!entry) return
    this.#open.delete(mediaId)
    clearTimeout(entry.idle)
    await entry.source.then((source) => source.close()).catch(() => {})
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((mediaId) => this.forget(mediaId)))
  }

  async #picture(
    media: MediaRecord,
    frameIndex: number,
    scale: number,
    quality: number,
  ): Promise<Uint8Array> {
    const rgb = await this.pixels(media, frameIndex)
    const { width, height } = media
    const full = createCanvas(width, height)
    const context = full.getContext('2d')
    const image = context.createImageData(width, height)
    for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
      image.data[to] = rgb[from]!
      image.data[to + 1] = rgb[from + 1]!
      image.data[to + 2] = rgb[from + 2]!
      image.data[to + 3] = 255
    }
    context.putImageData(image, 0, 0)
    if (scale === 1) return full.encode('jpeg', quality)
    const small = createCanvas(
      Math.max(1, Math.round(width * scale)),
      Math.max(1, Math.round(height * scale)),
    )
    small.getContext('2d').drawImage(full, 0, 0, small.width, small.height)
    return small.encode('jpeg', quality)
  }

  async #source(media: MediaRecord): Promise<FrameSource> {
    const known = this.#open.get(media.id)
    const source = known?.source ?? this.#openFrames(media)
    if (known) clearTimeout(known.idle)
    const idle = setTimeout(() => void this.forget(media.id), idleMs).unref()
    this.#open.delete(media.id)
    this.#open.set(media.id, { source, idle })
    const oldest = this.#open.keys().next().value
    if (this.#open.size > openCount && oldest) void this.forget(oldest)
    try {
      return await source
    } catch (error) {
      await this.forget(media.id)
      throw error
    }
  }
}
