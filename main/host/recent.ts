/** Keeps the results of `make` by key, at most `countLimit` of them; the least recently used goes first. */
export class Recent<T> {
  readonly #kept = new Map<string, Promise<T>>()
  readonly #countLimit: number

  constructor(countLimit: number) {
    this.#countLimit = countLimit
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key)
    if (kept) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    const made = make()
    this.#kept.set(key, made)
    // A failed one must be tried again by the next who asks; that one handles the error.
    made.catch(() => {
      if (this.#kept.get(key) === made) this.#kept.delete(key)
    })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#countLimit) break
      this.#kept.delete(oldest)
    }
    return made
  }

  /** Drops every result whose key begins so. */
  forget(prefix: string): void {
    for (const key of [...this.#kept.keys()]) if (key.startsWith(prefix)) this.#kept.delete(key)
  }
}
