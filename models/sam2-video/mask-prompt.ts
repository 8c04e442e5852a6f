/** Pure: a key mask as what SAM 2's graphs take. */
import { floatTensor } from '../open-pack.ts'
import type { Size } from '../placement.ts'
import type { Tensor } from '../tensor.ts'

/** +10 inside and -10 outside: what the memory encoder is given of a mask that is sure. */
export function sureMask(coverage: Float32Array, { width, height }: Size): Tensor {
  return floatTensor(
    [1, 1, height, width],
    coverage.map((part) => (part >= 0.5 ? 10 : -10)),
  )
}

/** What the memory encoder is given of a mask that the network made: its probabilities as -10 to 10. */
export function maskForMemory(
  logits: Float32Array,
  { width, height }: Size,
  scale: number,
  bias: number,
): Tensor {
  return floatTensor(
    [1, 1, height, width],
    logits.map((logit) => scale / (1 + Math.exp(-logit)) + bias),
  )
}
