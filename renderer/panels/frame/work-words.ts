/** Pure: how the status bar words what the work runs on. */
import type { HostInfo } from '../../../main/core/api.ts'
import {
  type InferenceStatus,
  type NetworkPlace,
  placeLabel,
  providerLabels,
} from '../../../main/core/models.ts'
import type { Work } from '../../editor/work-status.ts'
import { countOf, msText } from '../words.ts'

const units: Readonly<Record<Work['unit'], string>> = { frame: 'a frame', mask: 'a mask', graph: 'a graph' }

/** 'CPU, 2 threads', 'WebGPU, some operators on the CPU', 'CUDA and CPU, 2 threads'. */
export function placeText(work: Work | null, { engine }: HostInfo, threads: number): string {
  const own = ownText(engine, threads)
  if (!work) return own
  const { ownEngine, network } = work.ranOn
  if (!network) return ownEngine ? own : 'A network'
  const place = networkText(network, threads)
  return ownEngine && place !== own ? `${place} and ${own}` : place
}

/** '24 ms a frame'. */
export function timeText(work: Work | null): string {
  if (!work) return 'nothing run yet'
  return work.ms === null ? 'no frame yet' : `${msText(work.ms)} ${units[work.unit]}`
}

/** Where networks run, or would: 'CPU, 2 threads', 'CUDA'. */
export function networkText(place: NetworkPlace, threads: number): string {
  return place.provider === 'cpu' ? `CPU, ${countOf(threads, 'thread')}` : placeLabel(place)
}

/** What went wrong with networks, in two words; null: nothing. */
export function troubleText(inference: InferenceStatus | null): string | null {
  if (!inference?.sentence) return null
  if (inference.state === 'lost') return 'network lost'
  return inference.provider === null ? 'network failed' : `${providerLabels[inference.provider]} failed`
}

function ownText(engine: HostInfo['engine'], threads: number): string {
  if ('error' in engine) return 'No engine'
  return engine.kernels === 'wasm' ? 'CPU, WebAssembly' : `CPU, ${countOf(threads, 'thread')}`
}
