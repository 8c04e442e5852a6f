/** Pure: remembered tensors as the inputs of memory attention. */
import { floatTensor, floatValues, joined } from '../open-pack.ts'
import type { Tensor } from '../tensor.ts'

/** What one frame left of one object. */
export interface Memory {
  /** [1, channels, rows, columns], or with EdgeTAM's perceiver [tokens, 1, channels]: joined along the first axis. */
  readonly features: Tensor
  /** [tokens, 1, channels] */
  readonly position: Tensor
}

/** A memory with the temporal code that its age gives it. */
export interface AgedMemory extends Memory {
  readonly code: number
}

/** [frames, 1, 1, channels], one code an age. */
export type TemporalCodes = Tensor

/** The places of all memories, each with its code added to every token, and those of the pointers behind. */
export function memoryPositions(
  memories: readonly AgedMemory[],
  codes: TemporalCodes,
  pointers: Tensor | null,
): Tensor {
  const channels = codes.dims.at(-1)!
  const codeValues = floatValues(codes)
  const positions = memories.map(({ position, code }) => {
    const values = floatValues(position).slice()
    for (let i = 0; i < values.length; i++) values[i]! += codeValues[code * channels + (i % channels)]!
    return floatTensor(position.dims, values)
  })
  return joined(pointers ? [...positions, pointers] : positions)
}

/**
 * Where pointers stand in memory: a pointer is as many tokens as memory channels fit into it. Without `places` (SAM 2.0)
 * they stand nowhere, which is 0; with them (SAM 2.1) each token of a pointer has its pointer's place.
 */
export function pointerPositions(
  count: number,
  pointerLength: number,
  channels: number,
  places: Tensor | null,
): Tensor {
  const tokens = Math.max(1, Math.floor(pointerLength / channels))
  const values = new Float32Array(count * tokens * channels)
  if (places) {
    const own = floatValues(places)
    for (let token = 0; token < count * tokens; token++) {
      const from = Math.floor(token / tokens) * channels
      values.set(own.subarray(from, from + channels), token * channels)
    }
  }
  return floatTensor([count * tokens, 1, channels], values)
}

/** Sine and cosine of each distance, measured by the largest there can be: what SAM 2.1 projects to pointers' places. */
export function distanceWaves(distances: readonly number[], largest: number, length: number): Tensor {
  const half = Math.floor(length / 2)
  const values = new Float32Array(distances.length * half * 2)
  for (const [row, distance] of distances.entries())
    for (let i = 0; i < half; i++) {
      const angle = distance / largest / 10000 ** ((2 * Math.floor(i / 2)) / half)
      values[row * half * 2 + i] = Math.sin(angle)
      values[row * half * 2 + half + i] = Math.cos(angle)
    }
  return floatTensor([distances.length, half * 2], values)
}

/**
 * For a graph whose number of memories is fixed: the first, a conditioning frame, is repeated in front until there are
 * as many. Repeating only weighs it more, where zeros would be memories of something.
 */
export function filledUp<T>(items: readonly T[], fixedCount: number | null): readonly T[] {
  const [first] = items
  if (fixedCount === null || first === undefined || items.length >= fixedCount) return items
  return [...new Array<T>(fixedCount - items.length).fill(first), ...items]
}
