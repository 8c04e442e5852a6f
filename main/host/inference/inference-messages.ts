/** What the host and the inference process say to each other. One question at a time, each answered once. */
import type { TensorFacts } from '../../../models/manifest.ts'
import type { ProviderName } from '../../core/models.ts'

/** What a process is started with: other settings want another process. */
export interface ProcessSettings {
  readonly provider: ProviderName
  readonly threadCount: number
  /** Bytes of the whole process. */
  readonly memoryLimit: number
  /** For the probe: a graph of which the provider cannot run every operator is refused instead of being shared with the CPU. */
  readonly alone: boolean
}

export type Question =
  /** Whose libraries are there: names as ONNX Runtime has them. */
  | { readonly type: 'backends' }
  | { readonly type: 'open'; readonly graph: string; readonly name: string }
  /** The inputs stand beside it. */
  | { readonly type: 'run'; readonly graph: string; readonly name: string }
  | { readonly type: 'release'; readonly graph: string }

export interface OpenAnswer {
  readonly inputs: readonly TensorFacts[]
  readonly outputs: readonly TensorFacts[]
  readonly openMs: number
}

export type Answer = (
  | { readonly type: 'backends'; readonly backends: readonly string[] }
  | ({ readonly type: 'open' } & OpenAnswer)
  /** The outputs stand beside it. */
  | { readonly type: 'run' }
  | { readonly type: 'release' }
  /** `blamed`: the provider or the graph refused; else the question was wrong. */
  | { readonly type: 'refused'; readonly code: string; readonly sentence: string; readonly blamed: boolean }
) & {
  /** Of the whole process, bytes. */
  readonly memory: number
  /** Names of the graphs that are open, the longest unused first. */
  readonly open: readonly string[]
  /** Those of them that run in part on the CPU although another provider was asked. */
  readonly partlyOnCpu: readonly string[]
  /** It holds more than it may although it let go of what it could: a new process must take its place. */
  readonly full: boolean
}
