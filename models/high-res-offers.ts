import { found } from './open-pack.ts'
import type { NamedTensors, Tensor } from './tensor.ts'

/** SAM's finer features of a frame, under every name that a decoder may ask for. */
export function highResOffers(tensors: NamedTensors): NamedTensors {
  const offers: Record<string, Tensor> = {}
  for (const level of [0, 1]) {
    const names = [`high_res_feats_${level}`, `high_res_feat_${level}`, `high_res_feat${level}`]
    const tensor = found(tensors, ...names)
    if (tensor) offers[names.join('|')] = tensor
  }
  return offers
}
