/** What the view and the command line see of networks: packs, the roles they fill, and the process that runs them. */

export type ProviderName = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'

export const providerLabels: Readonly<Record<ProviderName, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
}

/** Where a network ran. */
export interface NetworkPlace {
  readonly provider: ProviderName
  /** Some of its operators ran on the CPU although another provider was asked: those that it lacks, and arithmetic on shapes. */
  readonly partlyOnCpu: boolean
}

/** 'CUDA', 'WebGPU, some operators on the CPU'. */
export function placeLabel({ provider, partlyOnCpu }: NetworkPlace): string {
  const label = providerLabels[provider]
  return partlyOnCpu ? `${label}, some operators on the CPU` : label
}

/** What a piece of work ran on, told with it: by the time somebody looks, another provider may be chosen. */
export interface RanOn {
  /** Inbetween's own engine took part, on the CPU. */
  readonly ownEngine: boolean
  /** Null: no network took part, or none has run yet. */
  readonly network: NetworkPlace | null
}

/** What the settings and `--provider` may say. */
export const providerChoices = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
export type ProviderChoice = (typeof providerChoices)[number]

export interface ProviderReport {
  readonly provider: ProviderName
  /** `right`: it runs and its numbers are the CPU's; else `sentence` says what is wrong. */
  readonly state: 'right' | 'wrong' | 'absent'
  readonly sentence: string | null
  /** Of the probe's graph, median of a few runs. */
  readonly ms: number | null
}

export interface InferenceStatus {
  /** `asleep`: no process yet. `lost`: it died and has not been asked since. */
  readonly state: 'asleep' | 'ready' | 'running' | 'lost'
  readonly chosen: ProviderChoice
  /** What runs, or would; null before the first probe, where `chosen` needs one. */
  readonly provider: ProviderName | null
  /** Why the chosen provider does not run, or why the process was lost. */
  readonly sentence: string | null
  /** Whether to ask the person if the CPU shall do it instead. It never does so unasked. */
  readonly offersCpu: boolean
  /** Providers are being tried just now. */
  readonly isProbing: boolean
  /** Empty before the first probe. */
  readonly providers: readonly ProviderReport[]
  readonly threadCount: number
  /** Of the operating system; null where there is no process. */
  readonly processId: number | null
  /** Names of the graphs in memory, the longest unused first. */
  readonly open: readonly string[]
  /** Those of them that ONNX Runtime runs in part on the CPU although another provider was asked. */
  readonly partlyOnCpu: readonly string[]
  /** Of the last runs of this session, by pack and graph: median, with the way to the process and back. */
  readonly msARun: Readonly<Record<string, number>>
  /** Of one graph: an answer may take several. */
  readonly lastRun: ({ readonly name: string; readonly ms: number } & NetworkPlace) | null
  /** Of the process, bytes, and what it may take. */
  readonly memory: number
  readonly memoryLimit: number
  readonly waiting: { readonly interactive: number; readonly batch: number }
}

/** What a pack can do for the app. */
export const modelRoles = [
  'segment-image',
  'segment-video',
  'embed-image',
  'embed-text',
  'track-points',
  'refine-mask',
] as const
export type ModelRole = (typeof modelRoles)[number]

/** Those that Inbetween has work for; packs can be for jobs that nothing here asks for yet. */
export const askedRoles: ReadonlySet<ModelRole> = new Set(['segment-image', 'segment-video', 'refine-mask'])

/** Which pack fills which role; null: what comes with the app does it. */
export type ChosenModels = Readonly<Record<ModelRole, string | null>>

export interface PackLicence {
  /** SPDX, or 'LicenseRef-…'. */
  readonly spdx: string
  readonly url: string
  /** Whether it may be used to earn money with. */
  readonly commercial: boolean
  readonly note: string | null
}

/** A pack that is there. */
export interface PackInfo {
  readonly id: string
  readonly name: string
  readonly version: string
  /** Null where the manifest cannot be read: the pack is broken. */
  readonly role: ModelRole | null
  readonly contract: string
  readonly licence: PackLicence | null
  /** Null where the manifest does not say, as of what comes with the app. */
  readonly sourceUrl: string | null
  /** Absolute. */
  readonly folder: string
  readonly byteLength: number
  /** Comes with the app and cannot be removed. */
  readonly builtIn: boolean
  readonly state: 'ready' | 'unchecked' | 'broken'
  /** What is wrong, where it is broken. */
  readonly sentence: string | null
  /** Milliseconds since 1970. */
  readonly checkedAt: number | null
}

/** Where a pack is to be had: a folder, an archive or a manifest on this machine, or the address of one of the latter two. */
export type PackSource =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'url'; readonly url: string }

/** What would be added, known from the manifest alone: shown, with its licence, before anything is. */
export interface PackPlan {
  /** Of the manifest's bytes; adding wants it back, so that what was agreed to is what is added. */
  readonly manifestHash: string
  readonly id: string
  readonly name: string
  readonly version: string
  readonly role: ModelRole
  readonly contract: string
  readonly licence: PackLicence
  readonly sourceUrl: string | null
  readonly byteLength: number
  /** What of it is here already, from a download that was broken off. */
  readonly heldByteLength: number
  /** `from`: the host it is fetched from; null: it is in the folder or archive. */
  readonly files: readonly {
    readonly path: string
    readonly byteLength: number
    readonly from: string | null
  }[]
  readonly graphCount: number
  readonly goldenCount: number
  /** The version that it takes the place of; null: none. */
  readonly replaces: string | null
}

/** How far the work is. `total` null: nobody knows. In bytes while something is fetched or copied, else in steps. */
export interface PackProgress {
  readonly type: 'progress'
  readonly stage: 'fetch' | 'copy' | 'check'
  /** 'encoder.onnx' */
  readonly at: string
  readonly done: number
  readonly total: number | null
}

export type PlanStep = PackProgress | { readonly type: 'plan'; readonly plan: PackPlan }
export type AddStep = PackProgress | { readonly type: 'added'; readonly report: PackReport }

/** What was found out about a pack. */
export interface PackReport {
  readonly id: string
  readonly name: string
  readonly state: 'ready' | 'broken'
  /** What is wrong, where it is broken: the first failed check. */
  readonly sentence: string | null
  readonly checks: readonly PackCheck[]
}
export interface PackCheck {
  /** 'file encoder.onnx', 'graph encoder', 'golden sample 1' */
  readonly what: string
  readonly right: boolean
  readonly sentence: string
}

export type VerifyStep = PackProgress | { readonly type: 'verified'; readonly report: PackReport }
export type BenchStep = PackProgress | { readonly type: 'timed'; readonly graphs: readonly PackBench[] }

/** Times of one graph on this machine. */
export interface PackBench {
  readonly part: string
  /** From the file to the first run. */
  readonly openMs: number
  /** Of the runs, the median. */
  readonly runMs: number
  readonly runCount: number
  /** What it was run on: names with dims, such as 'image 1x3x1024x1024'. */
  readonly inputs: string
  readonly provider: ProviderName | null
  /** Some of its operators run on the CPU although another provider was asked. */
  readonly partlyOnCpu: boolean
}

/** A pack that can be had. */
export interface CatalogueEntry {
  readonly id: string
  readonly name: string
  readonly role: ModelRole
  readonly contract: string
  readonly licence: PackLicence
  /** Official sources; people fetch weights from there, with their own eyes on the licence. */
  readonly sources: readonly { readonly what: string; readonly url: string }[]
  readonly byteLength: number | null
  /** Whether it was run by us; false: only its contract was. */
  readonly tried: boolean
  readonly note: string
}

/** Packs that are here, what they do, and packs that can be had. */
export interface ModelList {
  readonly packs: readonly PackInfo[]
  readonly chosen: ChosenModels
  readonly catalogue: readonly CatalogueEntry[]
}
