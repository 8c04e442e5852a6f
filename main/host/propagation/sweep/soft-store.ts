/**
 * Soft masks of one stretch, on disk: what the first sweep found, until the second meets it, and what a resumed job
 * continues from. One file, appended to; positions are kept in typed arrays, so memory grows by 9 bytes a frame.
 */
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Size, StepReport } from '../../../../native/index.ts'
import { type Presence, presences } from '../presence/presence.ts'
import type { Side } from './stretches.ts'

export type { Side } from './stretches.ts'

export interface SoftMask {
  readonly mask: Float32Array
  readonly report: StepReport
  readonly presence: Presence
  /** What a network expects its own IoU to be, 0 to 1; absent: none made it. */
  readonly guess?: number
}

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)
const reportKeys = [
  'priorArea',
  'area',
  'margin',
  'residual',
  'priorOverlap',
  'centroidX',
  'centroidY',
  'borderPart',
] as const
/** magic, side and presence (side + 2 x number), object, frame, left, top, width, height, byteLength as uint32, then the report and the guess (NaN: none) as float32. */
const headerWords = 9
const guessAt = (headerWords + reportKeys.length) * 4
const headerByteLength = guessAt + 4
const magic = 0x4e534249

export class SoftStore {
  private readonly file: FileHandle
  private readonly path: string
  private readonly size: Size
  private readonly firstFrame: number
  private readonly frameCount: number
  private readonly places = new Map<string, { at: Float64Array; presence: Uint8Array }>()
  /** The reports alone, kept at hand: 32 bytes a frame. */
  private readonly reports = new Map<string, Float32Array>()
  private end = 0

  private constructor(file: FileHandle, path: string, size: Size, firstFrame: number, frameCount: number) {
    this.file = file
    this.path = path
    this.size = size
    this.firstFrame = firstFrame
    this.frameCount = frameCount
  }

  /** For frames firstFrame .. firstFrame + frameCount - 1. With `keep`, what an earlier run wrote there is found again. */
  static async open(
    path: string,
    size: Size,
    firstFrame: number,
    frameCount: number,
    keep: boolean,
  ): Promise<SoftStore> {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, keep ? 'a+' : 'w+').then(async (handle) => {
      if (!keep) return handle
      // Append mode would ignore positions when writing.
      await handle.close()
      return open(path, 'r+')
    })
    const store = new SoftStore(file, path, size, firstFrame, frameCount)
    if (keep) await store.readPlaces()
    return store
  }

  async put(side: Side, objectIndex: number, frameIndex: number, soft: SoftMask): Promise<void> {
    const { left, top, width, height, bytes } = this.packed(soft.mask)
    const body = await deflate(bytes, { level: 1 })
    const record = Buffer.alloc(headerByteLength + body.length)
    const words = [
      magic,
      (side === 'left' ? 0 : 1) + 2 * presences.indexOf(soft.presence),
      objectIndex,
      frameIndex,
      left,
      top,
      width,
      height,
      body.length,
    ]
    words.forEach((word, i) => {
      record.writeUInt32LE(word, i * 4)
    })
    reportKeys.forEach((key, i) => {
      record.writeFloatLE(soft.report[key], (headerWords + i) * 4)
    })
    record.writeFloatLE(soft.guess ?? Number.NaN, guessAt)
    body.copy(record, headerByteLength)
    const at = this.end
    this.end += record.length
    await this.file.write(record, 0, record.length, at)
    this.remember(side, objectIndex, frameIndex, at, soft.presence)
    this.rememberReport(side, objectIndex, frameIndex, record)
  }

  /** What the step onto a frame said about itself; null where nothing was put. */
  report(side: Side, objectIndex: number, frameIndex: number): StepReport | null {
    const values = this.reports.get(`${side}${objectIndex}`)
    if (!values || !this.has(side, objectIndex, frameIndex)) return null
    const at = (frameIndex - this.firstFrame) * reportKeys.length
    return Object.fromEntries(reportKeys.map((key, i) => [key, values[at + i]!])) as unknown as StepReport
  }

  has(side: Side, objectIndex: number, frameIndex: number): boolean {
    return this.placeOf(side, objectIndex, frameIndex) >= 0
  }

  /** Null where nothing was put. */
  presence(side: Side, objectIndex: number, frameIndex: number): Presence | null {
    if (!this.has(side, objectIndex, frameIndex)) return null
    const number = this.places.get(`${side}${objectIndex}`)!.presence[frameIndex - this.firstFrame]!
    return presences[number]!
  }

  /** Null where nothing was put. */
  async get(side: Side, objectIndex: number, frameIndex: number): Promise<SoftMask | null> {
    const at = this.placeOf(side, objectIndex, frameIndex)
    if (at < 0) return null
    const header = await this.readAt(at, headerByteLength)
    if (!header) return null
    const [left, top, width, height, byteLength] = [4, 5, 6, 7, 8].map((i) => header.readUInt32LE(i * 4)) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const body = await this.readAt(at + headerByteLength, byteLength)
    if (!body) return null
    const bytes = await inflate(body)
    const mask = new Float32Array(this.size.width * this.size.height)
    for (let y = 0; y < height; y++) {
      const row = (top + y) * this.size.width + left
      for (let x = 0; x < width; x++) mask[row + x] = Math.fround(bytes[y * width + x]! / 255)
    }
    const guess = header.readFloatLE(guessAt)
    const presence = presences[header.readUInt32LE(4) >> 1]!
    return { mask, report: reportIn(header), presence, ...(Number.isNaN(guess) ? {} : { guess }) }
  }

  async close(): Promise<void> {
    await this.file.close()
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }

  /** The mask's box in 255ths: all that is not zero, exactly, as masks come in 255ths from the forest. */
  private packed(mask: Float32Array) {
    const { width, height } = this.size
    let [left, top, right, bottom] = [width, height, 0, 0]
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (mask[y * width + x]! > 0) {
          left = Math.min(left, x)
          right = Math.max(right, x + 1)
          top = Math.min(top, y)
          bottom = y + 1
        }
    if (right <= left) return { left: 0, top: 0, width: 0, height: 0, bytes: Buffer.alloc(0) }
    const bytes = Buffer.alloc((right - left) * (bottom - top))
    let i = 0
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) bytes[i++] = Math.round(mask[y * width + x]! * 255)
    return { left, top, width: right - left, height: bottom - top, bytes }
  }

  /** Position in the file, or -1. */
  private placeOf(side: Side, objectIndex: number, frameIndex: number): number {
    return this.places.get(`${side}${objectIndex}`)?.at[frameIndex - this.firstFrame] ?? -1
  }

  private remember(
    side: Side,
    objectIndex: number,
    frameIndex: number,
    at: number,
    presence: Presence,
  ): void {
    const key = `${side}${objectIndex}`
    let places = this.places.get(key)
    if (!places) {
      places = { at: new Float64Array(this.frameCount).fill(-1), presence: new Uint8Array(this.frameCount) }
      this.places.set(key, places)
    }
    const slot = frameIndex - this.firstFrame
    if (slot < 0 || slot >= this.frameCount) return
    places.at[slot] = at
    places.presence[slot] = presences.indexOf(presence)
  }

  private rememberReport(side: Side, objectIndex: number, frameIndex: number, header: Buffer): void {
    const key = `${side}${objectIndex}`
    let values = this.reports.get(key)
    if (!values) {
      values = new Float32Array(this.frameCount * reportKeys.length)
      this.reports.set(key, values)
    }
    const slot = frameIndex - this.firstFrame
    if (slot < 0 || slot >= this.frameCount) return
    for (let i = 0; i < reportKeys.length; i++)
      values[slot * reportKeys.length + i] = header.readFloatLE((headerWords + i) * 4)
  }

  private async readAt(position: number, byteLength: number): Promise<Buffer | null> {
    const buffer = Buffer.alloc(byteLength)
    const { bytesRead } = await this.file.read(buffer, 0, byteLength, position)
    return bytesRead === byteLength ? buffer : null
  }

  /** Finds the records of an earlier run; a torn one at the end is written over. */
  private async readPlaces(): Promise<void> {
    const { size: fileLength } = await this.file.stat()
    while (this.end + headerByteLength <= fileLength) {
      const header = await this.readAt(this.end, headerByteLength)
      if (!header || header.readUInt32LE(0) !== magic) return
      const next = this.end + headerByteLength + header.readUInt32LE(32)
      if (next > fileLength) return
      const sideAndPresence = header.readUInt32LE(4)
      const side = sideAndPresence % 2 === 0 ? 'left' : 'right'
      const [objectIndex, frameIndex] = [header.readUInt32LE(8), header.readUInt32LE(12)]
      this.remember(side, objectIndex, frameIndex, this.end, presences[sideAndPresence >> 1]!)
      this.rememberReport(side, objectIndex, frameIndex, header)
      this.end = next
    }
  }
}

function reportIn(header: Buffer): StepReport {
  const values = reportKeys.map((key, i) => [key, header.readFloatLE((headerWords + i) * 4)])
  return Object.fromEntries(values) as unknown as StepReport
}
