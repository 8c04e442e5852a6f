/** What the view and the command line see of networks: packs, the roles they fill, and the process that runs them. */

export type ProviderName = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'

export interface ProviderReport {
  readonly provider: ProviderName
  /** `right`: it runs and its numbers are the CPU's; else `sentence` says what is wrong. */
  readonly state: 'right' | 'wrong' | 'absent'
  readonly sentence: string | null
  /** Of the probe's graph, median of a few runs. */
  readonly ms: number | null
}

export interface InferenceStatus {
  /** `lost`: the process died and has not been asked since. */
  readonly state: 'asleep' | 'ready' | 'running' | 'lost'
  /** What runs now; null before the first probe. */
  readonly provider: ProviderName | null
  /** Why it is not the one that was chosen, or why the process was lost. */
  readonly sentence: string | null
  readonly providers: readonly ProviderReport[]
  readonly threadCount: number
  /** Of the last runs, by pack and graph. */
  readonly msARun: Readonly<Record<string, number>>
  /** Of the process, bytes, and what it may take. */
  readonly memory: number
  readonly memoryLimit: number
  readonly waiting: { readonly interactive: number; readonly batch: number }
}

/** A pack that is there. */
export interface PackInfo {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly role: string
  readonly contract: string
  readonly licence: {
    readonly spdx: string
    readonly url: string
    readonly commercial: boolean
    readonly note: string | null
  }
  readonly sourceUrl: string
  readonly byteLength: number
  /** Comes with the app and cannot be removed. */
  readonly builtIn: boolean
  readonly state: 'ready' | 'unchecked' | 'broken'
  /** What is wrong, where it is broken. */
  readonly sentence: string | null
  readonly checkedAt: number | null
}

/** A pack that can be had. */
export interface CatalogueEntry {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly contract: string
  readonly licence: { readonly spdx: string; readonly url: string; readonly commercial: boolean }
  /** Official sources; people fetch weights from there, with their own eyes on the licence. */
  readonly sources: readonly { readonly what: string; readonly url: string }[]
  readonly byteLength: number | null
  /** Whether it was run by us; false: only its contract was. */
  readonly tried: boolean
  readonly note: string
}
