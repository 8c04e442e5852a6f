/** How long the last runs took and where they ran, by the name of the graph. */
import type { InferenceStatus, NetworkPlace } from '../../core/models.ts'

const keptCount = 15

interface Runs {
  readonly times: readonly number[]
  /** Of the last one. */
  readonly place: NetworkPlace
  /** Grows with every run of any graph. */
  readonly number: number
}

export class RunTimes {
  readonly #runs = new Map<string, Runs>()
  #last: InferenceStatus['lastRun'] = null
  #count = 0

  /** As the caller felt it, with the way to the process and back. */
  add(name: string, ms: number, place: NetworkPlace): void {
    const times = [...(this.#runs.get(name)?.times ?? []), ms].slice(-keptCount)
    this.#runs.set(name, { times, place, number: this.#count++ })
    this.#last = { name, ms, ...place }
  }

  get last(): InferenceStatus['lastRun'] {
    return this.#last
  }

  /** Graphs are named by their pack: 'EdgeTAM, encoder'. */
  placeOf(pack: string): NetworkPlace | null {
    const runs = [...this.#runs].filter(([name]) => name.startsWith(`${pack}, `)).map(([, each]) => each)
    const [last] = runs.toSorted((a, b) => b.number - a.number)
    if (!last) return null
    const { provider } = last.place
    const partlyOnCpu = runs.some(({ place }) => place.provider === provider && place.partlyOnCpu)
    return { provider, partlyOnCpu }
  }

  medians(): Record<string, number> {
    const medians = [...this.#runs].map(([name, { times }]) => {
      const sorted = times.toSorted((a, b) => a - b)
      return [name, sorted[sorted.length >> 1] ?? 0] as const
    })
    return Object.fromEntries(medians)
  }
}
