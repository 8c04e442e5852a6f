import { describe, expect, it } from 'vitest'
import type { HostInfo } from '../../../main/core/api.ts'
import type { ProviderName } from '../../../main/core/models.ts'
import { MemoryHost } from '../../editor/testing/memory-host.ts'
import type { Work } from '../../editor/work-status.ts'
import { placeText, timeText, troubleText } from './work-words.ts'

const addon = { engine: { name: 'Cycle forest', kernels: 'addon' } } as HostInfo
const wasm = { engine: { name: 'Cycle forest', kernels: 'wasm' } } as HostInfo

function work(ownEngine: boolean, provider: ProviderName | null, partlyOnCpu = false): Work {
  return { ranOn: { ownEngine, network: provider && { provider, partlyOnCpu } }, ms: 24.2, unit: 'frame' }
}

describe('the place of the work', () => {
  it.each([
    ['nothing yet', null, addon, 'CPU, 2 threads'],
    ['our own engine', work(true, null), addon, 'CPU, 2 threads'],
    ['our own engine without its fast kernels', work(true, null), wasm, 'CPU, WebAssembly'],
    ['a network', work(false, 'cuda'), addon, 'CUDA'],
    ['a network on the CPU', work(false, 'cpu'), wasm, 'CPU, 2 threads'],
    [
      'a network of which the provider lacks some',
      work(false, 'webgpu', true),
      addon,
      'WebGPU, some operators on the CPU',
    ],
    ['both', work(true, 'cuda'), addon, 'CUDA and CPU, 2 threads'],
    ['both on the CPU', work(true, 'cpu'), addon, 'CPU, 2 threads'],
    ['a network of which nobody knows any more where it ran', work(false, null), addon, 'A network'],
  ] as const)('of %s', (_, done, info, text) => {
    expect(placeText(done, info, 2)).toBe(text)
  })
})

it('the time says what it is of', () => {
  const of = (unit: Work['unit'], ms: number | null = 24.2) => timeText({ ...work(true, null), unit, ms })
  expect(of('frame')).toBe('24 ms a frame')
  expect(of('mask')).toBe('24 ms a mask')
  expect(of('graph')).toBe('24 ms a graph')
  expect(of('frame', null)).toBe('no frame yet')
  expect(timeText(null)).toBe('nothing run yet')
})

it('trouble with networks is named by their provider', () => {
  const { inference } = new MemoryHost([])
  expect(troubleText(inference)).toBeNull()
  expect(troubleText({ ...inference, sentence: 'It failed.', provider: 'webgpu' })).toBe('WebGPU failed')
  expect(troubleText({ ...inference, sentence: 'It ended.', state: 'lost' })).toBe('network lost')
})
