/** The door to the inference process: onnxruntime-node lives there and nowhere else. */
import type { TensorFacts } from '../../../models/manifest.ts'
import type { NamedTensors, Urgency } from '../../../models/tensor.ts'
import type { InferenceStatus, NetworkPlace, ProviderChoice } from '../../core/models.ts'

export interface OpenedGraph {
  readonly inputs: readonly TensorFacts[]
  readonly outputs: readonly TensorFacts[]
  /** From the file to the first run, milliseconds. */
  readonly openMs: number
  /** Some of its operators run on the CPU although another provider was asked. */
  readonly partlyOnCpu: boolean
}

export interface InferenceRun {
  /** Absolute path of the graph; it is opened at its first run and kept while memory allows. */
  readonly graph: string
  /** For sentences: 'EdgeTAM, encoder'. */
  readonly name: string
  readonly inputs: NamedTensors
  readonly urgency: Urgency
}

/**
 * Every error is a UserError whose sentence says what happened and what to do: 'inference-lost' (the process died or was
 * killed; it is started again by the next call, and the run may be asked again), 'inference-failed' (the graph or the
 * provider refused, or the graph ended its process three times in a row), 'inference-memory' (it would not fit),
 * 'bad-tensor' (an input is not what the graph asks for). A job that ends by 'inference-lost' is interrupted.
 */
export interface Inference {
  open(graph: string, name: string): Promise<OpenedGraph>
  /**
   * Interactive runs pass before batch runs that have not begun; one runs at a time. When `signal` aborts, a run that
   * waits is dropped and one that has begun ends for nobody. Inputs must not be written to until this is settled.
   */
  run(run: InferenceRun, signal?: AbortSignal): Promise<NamedTensors>
  /** Frees a graph's session, say before its file is removed. */
  release(graph: string): Promise<void>
  /** Runs a tiny graph on every provider of this machine and compares its numbers with the CPU's. */
  probe(): Promise<InferenceStatus>
  /**
   * 'auto': the fastest that the probe found right. A provider that failed is named, never replaced in silence: its runs
   * are refused until another is chosen. Also lets graphs run again that were given up.
   */
  choose(provider: ProviderChoice): Promise<InferenceStatus>
  status(): InferenceStatus
  /** Where the graphs whose names begin with the pack's ran last; null: none has run. */
  ranOn(pack: string): NetworkPlace | null
  /** Called on every change of `status`, at most ten times a second. */
  onStatus(listener: (status: InferenceStatus) => void): () => void
  close(): Promise<void>
}
