import type { Contract, Role } from './manifest.ts'

/** What each contract does, and the graphs it cannot do without. */
export const contracts: Readonly<
  Record<Contract, { readonly role: Role; readonly parts: readonly string[] }>
> = {
  'sam2-image': { role: 'segment-image', parts: ['encoder', 'decoder'] },
  'edgetam-image': { role: 'segment-image', parts: ['encoder', 'prompt-encoder', 'decoder'] },
  'sam2-video': {
    role: 'segment-video',
    parts: ['encoder', 'memory-attention', 'decoder', 'memory-encoder'],
  },
  'aot-video': { role: 'segment-video', parts: ['encoder', 'id-bank', 'lstt', 'decoder'] },
  'clip-image': { role: 'embed-image', parts: ['encoder'] },
  'clip-text': { role: 'embed-text', parts: ['encoder'] },
  'tapir-online': { role: 'track-points', parts: ['encoder', 'query', 'step'] },
  'inbetween-refine': { role: 'refine-mask', parts: ['memorise', 'refine'] },
}

export const contractNames = Object.keys(contracts) as Contract[]
