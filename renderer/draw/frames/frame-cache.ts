/**
 * Decoded pictures by frame, bounded in bytes. What is on screen is never let go; then the least recently used goes first,
 * pictures decoded ahead and not yet seen before those that were seen close by.
 */
export type Tier = 'visible' | 'prefetch' | 'recent'

export interface CachedFrame {
  readonly frameIndex: number
  readonly image: ImageBitmap
  readonly byteLength: number
}

interface Entry extends CachedFrame {
  tier: Tier
}

export class FrameCache {
  #byteLimit: number
  #byteLength = 0
  /** Least recently used first. */
  readonly #entries = new Map<number, Entry>()

  constructor(byteLimit: number) {
    this.#byteLimit = byteLimit
  }

  get byteLength(): number {
    return this.#byteLength
  }

  get frameCount(): number {
    return this.#entries.size
  }

  set byteLimit(byteLimit: number) {
    this.#byteLimit = byteLimit
    this.#evict()
  }

  has(frameIndex: number): boolean {
    return this.#entries.has(frameIndex)
  }

  /** Null when it is not there. Counts as use. */
  get(frameIndex: number): CachedFrame | null {
    const entry = this.#entries.get(frameIndex)
    if (!entry) return null
    this.#entries.delete(frameIndex)
    this.#entries.set(frameIndex, entry)
    return entry
  }

  /** Takes the picture over and closes it when it goes, or at once when its frame is here already. */
  put(frameIndex: number, image: ImageBitmap, tier: Tier): void {
    if (this.#entries.has(frameIndex)) {
      image.close()
      return
    }
    const byteLength = pictureByteLength(image)
    this.#entries.set(frameIndex, { frameIndex, image, byteLength, tier })
    this.#byteLength += byteLength
    this.#evict()
  }

  /** Names the one frame on screen; the one before it becomes a recent one. */
  show(frameIndex: number): void {
    for (const entry of this.#entries.values()) if (entry.tier === 'visible') entry.tier = 'recent'
    const entry = this.#entries.get(frameIndex)
    if (entry) entry.tier = 'visible'
    this.#evict()
  }

  clear(): void {
    for (const { image } of this.#entries.values()) image.close()
    this.#entries.clear()
    this.#byteLength = 0
  }

  #evict(): void {
    for (const tier of ['recent', 'prefetch'] as const) {
      for (const entry of this.#entries.values()) {
        if (this.#byteLength <= this.#byteLimit) return
        if (entry.tier !== tier) continue
        this.#entries.delete(entry.frameIndex)
        this.#byteLength -= entry.byteLength
        entry.image.close()
      }
    }
  }
}

/** RGB and alpha. */
function pictureByteLength({ width, height }: ImageBitmap): number {
  return width * height * 4
}
