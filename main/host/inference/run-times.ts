/** How long the last runs took, by the name of the graph. */
const keptCount = 15

export class RunTimes {
  readonly #times = new Map<string, number[]>()
  #last: { readonly name: string; readonly ms: number } | null = null

  /** As the caller felt it, with the way to the process and back. */
  add(name: string, ms: number): void {
    const times = this.#times.get(name) ?? []
    times.push(ms)
    this.#times.set(name, times.slice(-keptCount))
    this.#last = { name, ms }
  }

  get last(): { readonly name: string; readonly ms: number } | null {
    return this.#last
  }

  medians(): Record<string, number> {
    const medians = [...this.#times].map(([name, times]) => {
      const sorted = times.toSorted((a, b) => a - b)
      return [name, sorted[sorted.length >> 1] ?? 0] as const
    })
    return Object.fromEntries(medians)
  }
}
