/**
 * Tells whoever follows the editor that something may have changed: once before a picture of the window is drawn,
 * however often the state changed. A run writes many times a second, and a scrubbing hand moves the playhead with every
 * event: reading everything at each of them would take the time that the picture needs.
 */

export interface Followed {
  subscribe(listener: () => void): () => void
}

/** Calls back before the next picture; returns what takes it back. */
export type NextFrame = (callback: () => void) => () => void

export class Followers {
  readonly #followed: Followed
  readonly #nextFrame: NextFrame
  readonly #checks = new Set<() => void>()
  #unsubscribe: (() => void) | null = null
  #cancel: (() => void) | null = null

  constructor(followed: Followed, nextFrame: NextFrame) {
    this.#followed = followed
    this.#nextFrame = nextFrame
  }

  /** `check` is called once a frame while something changes, until what is returned is called. */
  follow(check: () => void): () => void {
    this.#checks.add(check)
    this.#unsubscribe ??= this.#followed.subscribe(() => this.#changed())
    return () => {
      this.#checks.delete(check)
      if (this.#checks.size > 0) return
      this.#unsubscribe?.()
      this.#cancel?.()
      this.#unsubscribe = null
      this.#cancel = null
    }
  }

  #changed(): void {
    this.#cancel ??= this.#nextFrame(() => {
      this.#cancel = null
      for (const check of [...this.#checks]) check()
    })
  }
}

export function nextAnimationFrame(callback: () => void): () => void {
  const request = requestAnimationFrame(callback)
  return () => cancelAnimationFrame(request)
}
