/**
 * Optical flow on disk, so that a propagation after a correction need not compute it again: one file a pair of frames,
 * 16-bit 64ths of a pixel, which is exactly what the kernel gives. Only ever a saving: whatever cannot be read is
 * computed, and where nothing can be written there is no cache.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type FlowOptions, flowStepsAPixel, type Size } from '../../../../native/index.ts'

export interface FlowPlace {
  /** Made where it is missing; holds nothing else. */
  readonly folder: string
  /** What the frames are, whatever the file is called: another content has another name. */
  readonly media: string
  /** All media of the folder together; the oldest files go first. */
  readonly byteLimit?: number
}

/** 2500 pairs at working size: 20 seconds of film in both directions. */
const defaultByteLimit = 1 << 30
/** To be raised whenever the kernel gives other flow for the same frames. */
const kernelVersion = 1
const ending = '.flow'
/** magic, width, height, CRC-32 of the rest; uint32. */
const headerByteLength = 16
const magic = 0x31464249
/** Flow waiting to be written; more is not kept, because memory matters more than a pair. */
const waitingLimit = 16
/** A part as old as this belongs to a run that was killed. */
const abandonedMs = 60_000

export class FlowCache {
  private readonly folder: string
  private readonly name: string
  private readonly size: Size
  private readonly byteLimit: number
  /** Byte lengths by file name, oldest first. */
  private readonly files: Map<string, number>
  private byteLength: number
  private writing: Promise<void> = Promise.resolve()
  private waiting = 0
  private broken = false
  private closed = false

  private constructor(place: FlowPlace, size: Size, options: FlowOptions, files: Map<string, number>) {
    const what = JSON.stringify([kernelVersion, place.media, size.width, size.height, options])
    this.name = createHash('sha256').update(what).digest('hex').slice(0, 20)
    this.folder = place.folder
    this.size = size
    this.byteLimit = place.byteLimit ?? defaultByteLimit
    this.files = files
    this.byteLength = [...files.values()].reduce((sum, length) => sum + length, 0)
  }

  /** Null where the folder can neither be read nor made. Flow of other options, sizes and media is not found. */
  static async open(place: FlowPlace, size: Size, options: FlowOptions): Promise<FlowCache | null> {
    try {
      await mkdir(place.folder, { recursive: true })
      const cache = new FlowCache(place, size, options, await oldestFirst(place.folder))
      await cache.makeRoom()
      return cache
    } catch {
      return null
    }
  }

  /** Null where it is not there whole. `take` gives the array to write it into. */
  async read(
    fromFrame: number,
    toFrame: number,
    take = (): Float32Array => new Float32Array(this.size.width * this.size.height * 2),
  ): Promise<Float32Array | null> {
    const name = this.fileOf(fromFrame, toFrame)
    if (!this.files.has(name)) return null
    try {
      return unpacked(await readFile(join(this.folder, name)), this.size, take)
    } catch {
      return null
    }
  }

  /** Keeps a flow, later: `close` waits for it. What is to be written is copied at once, so `flow` is the caller's again. */
  write(fromFrame: number, toFrame: number, flow: Float32Array): void {
    if (this.broken || this.closed || this.waiting >= waitingLimit) return
    this.waiting++
    const bytes = packed(flow, this.size)
    this.writing = this.writing.then(async () => {
      await this.written(this.fileOf(fromFrame, toFrame), bytes)
      this.waiting--
    })
  }

  /** Waits for what is being kept; nothing is kept after. */
  async close(): Promise<void> {
    const last = this.writing
    this.closed = true
    await last
  }

  private fileOf(fromFrame: number, toFrame: number): string {
    return `${this.name}-${fromFrame}-${toFrame}${ending}`
  }

  private async written(name: string, bytes: Uint8Array): Promise<void> {
    if (this.broken) return
    const part = join(this.folder, `${name}.${process.pid}.part`)
    try {
      await writeFile(part, bytes)
      // Whole or not there: a run that is killed leaves nothing half under the name.
      await rename(part, join(this.folder, name))
      this.byteLength += bytes.length - (this.files.get(name) ?? 0)
      this.files.delete(name)
      this.files.set(name, bytes.length)
      await this.makeRoom()
    } catch {
      // A full or read-only disk: this run goes on without.
      this.broken = true
      await rm(part, { force: true }).catch(() => {})
    }
  }

  private async makeRoom(): Promise<void> {
    for (const [name, length] of this.files) {
      if (this.byteLength <= this.byteLimit) return
      await rm(join(this.folder, name), { force: true })
      this.files.delete(name)
      this.byteLength -= length
    }
  }
}

/** What the folder holds. Parts that a killed run left are removed once they are surely nobody's. */
async function oldestFirst(folder: string): Promise<Map<string, number>> {
  const found: { name: string; byteLength: number; at: number }[] = []
  const look = async (name: string) => {
    const path = join(folder, name)
    const facts = await stat(path).catch(() => null)
    if (!facts) return
    if (name.endsWith(ending)) found.push({ name, byteLength: facts.size, at: facts.mtimeMs })
    else if (name.endsWith('.part') && Date.now() - facts.mtimeMs > abandonedMs)
      await rm(path, { force: true })
  }
  await Promise.all((await readdir(folder)).map(look))
  found.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
  return new Map(found.map(({ name, byteLength }) => [name, byteLength]))
}

function packed(flow: Float32Array, { width, height }: Size): Uint8Array {
  const bytes = new Uint8Array(headerByteLength + flow.length * 2)
  const values = new Int16Array(bytes.buffer, headerByteLength)
  for (let i = 0; i < flow.length; i++) values[i] = flow[i]! * flowStepsAPixel
  new Uint32Array(bytes.buffer, 0, 4).set([magic, width, height, crc32(bytes.subarray(headerByteLength))])
  return bytes
}

/** Null for anything but what `packed` made of this size. */
function unpacked(file: Uint8Array, { width, height }: Size, take: () => Float32Array): Float32Array | null {
  const length = width * height * 2
  if (file.length !== headerByteLength + length * 2) return null
  const bytes = file.byteOffset % 4 === 0 ? file : file.slice()
  const header = new Uint32Array(bytes.buffer, bytes.byteOffset, 4)
  const whole = [magic, width, height, crc32(bytes.subarray(headerByteLength))]
  if (whole.some((word, i) => header[i] !== word)) return null
  const values = new Int16Array(bytes.buffer, bytes.byteOffset + headerByteLength, length)
  const flow = take()
  const step = 1 / flowStepsAPixel
  for (let i = 0; i < length; i++) flow[i] = values[i]! * step
  return flow
}
