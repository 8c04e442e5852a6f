/**
 * The shapes the view has at hand, by content hash: stored bytes, fetched from the host in batches, and decoded runs.
 * Both are bounded by bytes, least recently used first. Shapes of changes under way are held until they are on disk.
 */
import { type Bitmap, decodeRle, decodeShape, encodeShape, type Rle } from '../../main/core/mask/rle.ts'
import { shapeHash } from '../../main/core/mask/shape-hash.ts'
import type { Box, ShapeHash } from '../../main/core/records.ts'
import { ByteCache } from './byte-cache.ts'

export type FetchShapes = (hashes: readonly ShapeHash[]) => Promise<readonly (Uint8Array | null)[]>

export interface StoredShape {
  readonly hash: ShapeHash
  readonly bytes: Uint8Array
}

const largestBatch = 256

export class Shapes {
  readonly #fetch: FetchShapes
  readonly #bytes = new ByteCache<ShapeHash, Uint8Array>(64 << 20)
  readonly #runs = new ByteCache<string, Rle>(64 << 20)
  readonly #held = new Map<ShapeHash, { bytes: Uint8Array; count: number }>()
  readonly #wanted = new Set<ShapeHash>()
  readonly #missing = new Set<ShapeHash>()
  readonly #listeners = new Set<() => void>()
  #fetching: Promise<void> | null = null
  #arrivals = 0

  constructor(fetch: FetchShapes) {
    this.#fetch = fetch
  }

  /** Grows whenever fetched shapes have come. */
  get arrivals(): number {
    return this.#arrivals
  }

  /** Told whenever fetched shapes have come. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Encodes the runs, keeps them, and says what a change must carry. */
  put(rle: Rle): StoredShape {
    const bytes = encodeShape(rle)
    const hash = shapeHash(bytes, rle.width, rle.height)
    this.#bytes.set(hash, bytes, bytes.length)
    this.#runs.set(runsKey(hash, rle.width, rle.height), rle, rle.counts.byteLength)
    this.#missing.delete(hash)
    return { hash, bytes }
  }

  /** Keeps bytes out of the eviction while a change with them is under way. */
  hold(shapes: readonly StoredShape[]): void {
    for (const { hash, bytes } of shapes) {
      const held = this.#held.get(hash)
      if (held) held.count++
      else this.#held.set(hash, { bytes, count: 1 })
    }
  }

  release(shapes: readonly StoredShape[]): void {
    for (const { hash } of shapes) {
      const held = this.#held.get(hash)
      if (held && --held.count === 0) this.#held.delete(hash)
    }
  }

  bytesOf(hash: ShapeHash): Uint8Array | undefined {
    return this.#bytes.get(hash) ?? this.#held.get(hash)?.bytes
  }

  /** The runs, when the bytes are here; else undefined, and they are asked for. */
  rle(hash: ShapeHash, width: number, height: number): Rle | undefined {
    const key = runsKey(hash, width, height)
    const known = this.#runs.get(key)
    if (known) return known
    const bytes = this.bytesOf(hash)
    if (!bytes) {
      this.#want(hash)
      return undefined
    }
    const rle = decodeShape(bytes, width, height)
    this.#runs.set(key, rle, rle.counts.byteLength)
    return rle
  }

  /** Pixels of the shape, whole or only `box` of it; undefined (and asked for) while its bytes are not here. */
  bitmap(hash: ShapeHash, width: number, height: number, box?: Box): Bitmap | undefined {
    const rle = this.rle(hash, width, height)
    return rle && decodeRle(rle, box ?? [0, 0, width, height])
  }

  /** Whether the project has been asked for the shape and has none. */
  isMissing(hash: ShapeHash): boolean {
    return this.#missing.has(hash)
  }

  /**
   * Fetches what is not here and returns the bytes of every shape the project has. Rejects when the host cannot be
   * asked. The answer holds them all, whatever the cache's bounds.
   */
  async load(hashes: Iterable<ShapeHash>): Promise<Map<ShapeHash, Uint8Array>> {
    const found = new Map<ShapeHash, Uint8Array>()
    const open: ShapeHash[] = []
    for (const hash of new Set(hashes)) {
      const bytes = this.bytesOf(hash)
      if (bytes) found.set(hash, bytes)
      else open.push(hash)
    }
    for (let i = 0; i < open.length; i += largestBatch) {
      const batch = open.slice(i, i + largestBatch)
      const answers = await this.#fetch(batch)
      batch.forEach((hash, j) => {
        const bytes = answers[j]
        if (bytes) found.set(hash, bytes)
        this.#take(hash, bytes ?? null)
      })
    }
    if (open.length > 0) this.#tell()
    return found
  }

  /** Forgets what was asked in vain and what waits, for another host or project. */
  reset(): void {
    this.#wanted.clear()
    this.#missing.clear()
  }

  #want(hash: ShapeHash): void {
    if (this.#missing.has(hash)) return
    this.#wanted.add(hash)
    // Whatever asks in the same turn goes in one batch.
    queueMicrotask(() => {
      if (this.#wanted.size > 0) this.#fetchWanted().catch(() => {})
    })
  }

  #fetchWanted(): Promise<void> {
    this.#fetching ??= this.#fetchBatches().finally(() => {
      this.#fetching = null
    })
    return this.#fetching
  }

  async #fetchBatches(): Promise<void> {
    while (this.#wanted.size > 0) {
      const batch = [...this.#wanted].slice(0, largestBatch)
      for (const hash of batch) this.#wanted.delete(hash)
      const answers = await this.#fetch(batch)
      batch.forEach((hash, i) => {
        this.#take(hash, answers[i] ?? null)
      })
      this.#tell()
    }
  }

  #take(hash: ShapeHash, bytes: Uint8Array | null): void {
    if (bytes) this.#bytes.set(hash, bytes, bytes.length)
    else this.#missing.add(hash)
  }

  #tell(): void {
    this.#arrivals++
    for (const listener of [...this.#listeners]) listener()
  }
}

function runsKey(hash: ShapeHash, width: number, height: number): string {
  return `${hash}/${width}x${height}`
}
