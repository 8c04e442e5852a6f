/** Tensors that are asked for again, kept by name within a number of bytes; the longest unused go first. */
import { tensorBytes } from './open-pack.ts'
import type { NamedTensors } from './tensor.ts'

interface Kept {
  readonly made: Promise<NamedTensors>
  /** 0 until it is made. */
  bytes: number
}

export class KeptTensors {
  readonly #kept = new Map<string, Kept>()
  readonly #byteLimit: number

  constructor(byteLimit: number) {
    this.#byteLimit = byteLimit
  }

  get(name: string, make: () => Promise<NamedTensors>): Promise<NamedTensors> {
    const kept = this.#kept.get(name) ?? { made: make(), bytes: 0 }
    const isNew = !this.#kept.delete(name)
    this.#kept.set(name, kept)
    if (isNew)
      kept.made.then(
        (tensors) => {
          kept.bytes = tensorBytes(Object.values(tensors))
          this.#shrink(name)
        },
        // The next who asks tries again; this one is told.
        () => this.#kept.get(name) === kept && this.#kept.delete(name),
      )
    return kept.made
  }

  forget(prefix: string): void {
    for (const name of [...this.#kept.keys()]) if (name.startsWith(prefix)) this.#kept.delete(name)
  }

  get bytes(): number {
    return [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** What has just been made stays, however large: whoever asked for it asks again. */
  #shrink(newest: string): void {
    for (const [name, { bytes }] of this.#kept) {
      if (this.bytes <= this.#byteLimit) return
      if (name !== newest && bytes > 0) this.#kept.delete(name)
    }
  }
}
