/** Values up to a number of bytes in all; what was used longest ago goes first. The newest value always stays. */
export class ByteCache<Key, Value> {
  readonly #entries = new Map<Key, { readonly value: Value; readonly byteLength: number }>()
  readonly #limit: number
  #byteLength = 0

  constructor(byteLimit: number) {
    this.#limit = byteLimit
  }

  get byteLength(): number {
    return this.#byteLength
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: Key, value: Value, byteLength: number): void {
    this.delete(key)
    this.#entries.set(key, { value, byteLength })
    this.#byteLength += byteLength
    for (const oldest of this.#entries.keys()) {
      if (this.#byteLength <= this.#limit || oldest === key) break
      this.delete(oldest)
    }
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#byteLength -= entry.byteLength
  }
}
