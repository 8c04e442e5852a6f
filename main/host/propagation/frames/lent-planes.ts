/**
 * Arrays of planes that are computed once, looked at by several, and used again for others. Fresh megabytes a frame cost
 * little themselves; but the garbage collector counts them, and marks everything that lives each time they add up.
 *
 * Who holds an array: `LentPlanes` owns what it keeps. A borrower holds it until the promise of its `use` has settled,
 * and no copy of the reference outlives that. It is used again only when three things are true: it has left the window,
 * so that nobody can come to hold it any more; nobody holds it; and it was never given away. What `give` hands out is
 * the caller's for good. So whoever is unsure asks with `give`, which costs memory and nothing else. Where making or
 * looking failed the array is not used again.
 */

/** Arrays of one length that nobody holds. */
export class SpareArrays {
  readonly length: number
  private readonly spare: Float32Array[] = []
  private readonly limit: number
  private count = 0

  constructor(length: number, limit: number) {
    this.length = length
    this.limit = limit
  }

  /** How many were allocated so far. */
  get madeCount(): number {
    return this.count
  }

  /** What it holds is undefined: write all of it. */
  take(): Float32Array {
    const spare = this.spare.pop()
    if (spare) return spare
    this.count++
    return new Float32Array(this.length)
  }

  /** Only from who holds it alone, and once. */
  giveBack(array: Float32Array): void {
    if (array.length === this.length && this.spare.length < this.limit) this.spare.push(array)
  }
}

interface Entry {
  readonly array: Promise<Float32Array>
  /** Borrowers, and its maker while it is made. */
  holders: number
  given: boolean
  inWindow: boolean
}

/** Makes an array of planes, in one that it takes or of its own. */
export type MakePlanes = (take: () => Float32Array) => Promise<Float32Array>

/** Keeps arrays by key, at most `countLimit` of them, least recently used out first. */
export class LentPlanes {
  private readonly window = new Map<string, Entry>()
  private readonly countLimit: number
  private readonly spares: SpareArrays

  constructor(countLimit: number, spares: SpareArrays) {
    this.countLimit = countLimit
    this.spares = spares
  }

  /** Lends the array to `use` until what it returns has settled. Nothing that `use` returns or keeps may point into it. */
  async lend<T>(key: string, make: MakePlanes, use: (array: Float32Array) => T | Promise<T>): Promise<T> {
    const entry = this.entry(key, make)
    entry.holders++
    try {
      return await use(await entry.array)
    } catch (error) {
      // Whether something still looks at it is not known then.
      entry.given = true
      throw error
    } finally {
      this.letGo(entry)
    }
  }

  /** Gives the array away: it stays as it is for as long as anybody looks at it. */
  give(key: string, make: MakePlanes): Promise<Float32Array> {
    const entry = this.entry(key, make)
    entry.given = true
    return entry.array
  }

  private entry(key: string, make: MakePlanes): Entry {
    const kept = this.window.get(key)
    if (kept) {
      this.window.delete(key)
      this.window.set(key, kept)
      return kept
    }
    const made: Entry = { array: make(() => this.spares.take()), holders: 1, given: false, inWindow: true }
    this.window.set(key, made)
    made.array.then(
      () => this.letGo(made),
      // It must be tried again by the next who asks; that one handles the error.
      () => {
        made.given = true
        if (this.window.get(key) === made) this.window.delete(key)
      },
    )
    for (const [oldest, entry] of this.window) {
      if (this.window.size <= this.countLimit) break
      this.window.delete(oldest)
      entry.inWindow = false
      this.reuse(entry)
    }
    return made
  }

  private letGo(entry: Entry): void {
    entry.holders--
    this.reuse(entry)
  }

  /** Called wherever one of the three conditions may have come true; each array leaves for the spares once at most. */
  private reuse(entry: Entry): void {
    if (entry.inWindow || entry.holders > 0 || entry.given) return
    entry.given = true
    entry.array.then((array) => this.spares.giveBack(array))
  }
}
