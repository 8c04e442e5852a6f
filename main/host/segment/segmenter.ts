/**
 * Answers a view's marks. One request is worked on at a time; of those that wait, a newer one for the same object and
 * frame takes the place of the older. Frames, regions and the colours of key masks are kept, so that the next mark on a
 * frame is answered without decoding anything.
 */

import { colourBins } from '../../../native/index.ts'
import { countRegionColours } from '../../../native/region.ts'
import type { SegmentAnswer, SegmentRequest } from '../../core/api.ts'
import { pixelBox } from '../../core/geometry/box.ts'
import { decodeRle, decodeShape, encodeShape, rleBounds } from '../../core/mask/rle.ts'
import type { MaskRecord, MediaId, MediaRecord, ObjectId } from '../../core/records.ts'
import { trackOf } from '../../core/track/track.ts'
import { UserError } from '../../core/user-error.ts'
import type { ProjectContext } from '../job-context.ts'
import { Recent } from '../recent.ts'
import { FrameEngine, type FrameMask, type FramePixels } from './frame-engine.ts'
import { PackFrames } from './pack-frames.ts'
import { regionBox } from './region-box.ts'

/** Reads one frame of a media at full size; the bytes stay as they are. */
export type ReadFrame = (media: MediaRecord, frameIndex: number) => Promise<Uint8Array>

const frameLimit = 4
const colourLimit = 32
/** So many key masks, the nearest ones, say what an object looks like. */
const teacherCount = 3

type SegmentContext = Pick<ProjectContext, 'store' | 'readShape' | 'packs'>

interface Waiting {
  readonly request: SegmentRequest
  resolve(answer: SegmentAnswer): void
  reject(error: unknown): void
}

export class Segmenter {
  readonly #context: SegmentContext
  readonly #read: ReadFrame
  readonly #engine = new FrameEngine()
  readonly #packs = new PackFrames()
  readonly #frames = new Recent<FramePixels>(frameLimit)
  readonly #colours = new Recent<Float32Array>(colourLimit)
  #waiting: Waiting[] = []
  #working = false

  constructor(context: SegmentContext, read: ReadFrame) {
    this.#context = context
    this.#read = read
  }

  /**
   * Throws UserError 'superseded' when a newer request for the same object and frame came before this one was begun, and
   * 'no-media', 'no-object', 'other-media', 'no-frame', 'bad-mark', 'bad-rle' or 'nothing-marked' for what cannot be
   * answered. Where a pack is chosen and fails, its own error: nothing else answers in its place.
   */
  segment(request: SegmentRequest): Promise<SegmentAnswer> {
    return new Promise((resolve, reject) => {
      const isOlder = ({ request: other }: Waiting) =>
        other.mediaId === request.mediaId &&
        other.frameIndex === request.frameIndex &&
        other.objectId === request.objectId
      for (const older of this.#waiting.filter(isOlder))
        older.reject(new UserError('superseded', 'A newer mark came before this one was looked at.'))
      this.#waiting = [...this.#waiting.filter((each) => !isOlder(each)), { request, resolve, reject }]
      if (!this.#working) void this.#work()
    })
  }

  /** The media's pixels are others now. */
  forget(mediaId: MediaId): void {
    this.#frames.forget(`${mediaId}/`)
    this.#engine.forget(`${mediaId}/`)
    this.#packs.forget(`${mediaId}/`)
    this.#colours.forget(`${mediaId}/`)
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      await this.#answer(next.request).then(next.resolve, next.reject)
    this.#working = false
  }

  async #answer(request: SegmentRequest): Promise<SegmentAnswer> {
    const startedAt = performance.now()
    const media = this.#context.store.get(request.mediaId)
    if (!media) throw new UserError('no-media', 'The video of these marks is no longer in the project.')
    const { width, height } = media
    const box = request.box && pixelBox(request.box, width, height)
    const mask = request.mask && decodeShape(request.mask, width, height)
    if (!box && request.marks.length === 0)
      throw new UserError(
        'nothing-marked',
        `Mark the object on frame ${request.frameIndex} first: draw a box around it, click on it or draw a stroke.`,
      )
    if (request.objectId) this.#checkOwner(request.objectId, media)
    const frame = await this.#frame(media, request.frameIndex)
    const hints = { mask, box, marks: request.marks }
    const pack = await this.#context.packs.open('segment-image', 'interactive')
    if (!pack) this.#packs.letGo()
    const found: FrameMask = pack
      ? await this.#packs.segment(pack, frame, hints)
      : await this.#engine.segment(frame, {
          ...hints,
          colourCounts: request.objectId
            ? await this.#keyColours(media, request.objectId, request.frameIndex)
            : null,
        })
    return {
      mask: encodeShape(found.mask),
      marked: found.marked && encodeShape(found.marked),
      ms: performance.now() - startedAt,
      answeredBy: pack?.manifest.name ?? null,
      ranOn: { ownEngine: pack === null, network: pack?.ranOn?.() ?? null },
      answeredAt: Date.now(),
    }
  }

  /** Frames of another video would teach what the object looks like there, at frame numbers that mean nothing here. */
  #checkOwner(objectId: ObjectId, media: MediaRecord): void {
    const { store } = this.#context
    const object = store.get(objectId)
    if (object?.kind !== 'object')
      throw new UserError('no-object', 'The object of these marks is no longer in the project.')
    if (object.mediaId === media.id) return
    const own = store.get(object.mediaId)
    throw new UserError(
      'other-media',
      `${object.name} is an object of ${own?.name ?? 'another video'}, not of ${media.name}. Choose an object of ${media.name}, or make a new one there.`,
    )
  }

  #frame(media: MediaRecord, frameIndex: number): Promise<FramePixels> {
    if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= media.frameCount)
      throw new UserError(
        'no-frame',
        `${media.name} has no frame ${frameIndex}: its frames are 0 to ${media.frameCount - 1}.`,
      )
    const name = `${media.id}/${frameIndex}`
    return this.#frames.get(name, async () => {
      const rgb = await this.#read(media, frameIndex)
      return { name, width: media.width, height: media.height, rgb }
    })
  }

  /** What the object looks like on the nearest frames that a person labelled; null where there is none. */
  async #keyColours(
    media: MediaRecord,
    objectId: ObjectId,
    frameIndex: number,
  ): Promise<Float32Array | null> {
    const away = (key: MaskRecord) => Math.abs(key.frameIndex - frameIndex)
    const keys = trackOf(this.#context.store.track(objectId).values())
      .keys.filter((key) => key.shape !== null && key.frameIndex !== frameIndex)
      .toSorted((a, b) => away(a) - away(b))
      .slice(0, teacherCount)
    if (keys.length === 0) return null
    const sum = new Float32Array(2 * colourBins)
    for (const key of keys) {
      const counts = await this.#coloursOf(media, key)
      for (let i = 0; i < sum.length; i++) sum[i]! += counts[i]!
    }
    return sum
  }

  #coloursOf(media: MediaRecord, key: MaskRecord): Promise<Float32Array> {
    const { width, height } = media
    const name = `${media.id}/${key.id}/${key.shape}/${key.marked ?? ''}`
    return this.#colours.get(name, async () => {
      const mask = decodeShape(this.#context.readShape(key.shape!), width, height)
      const taught = key.marked ? decodeShape(this.#context.readShape(key.marked), width, height) : null
      const area = regionBox(media, null, rleBounds(mask), null)
      const region = await this.#engine.region(await this.#frame(media, key.frameIndex), area)
      const counts = new Float32Array(2 * colourBins)
      const pixels = decodeRle(mask, area).data
      await countRegionColours(region, pixels, taught && decodeRle(taught, area).data, counts)
      return counts
    })
  }
}
