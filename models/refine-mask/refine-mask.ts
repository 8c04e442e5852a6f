/** Our own network behind its two graphs: what is remembered of a key mask, and what to add to the forest's mask. */
import { floatTensor, floatValues, needed, type OpenPack } from '../open-pack.ts'
import type { Tensor } from '../tensor.ts'
import { cropSide } from './crop.ts'
import { keyPlanes, stepPlanes } from './sight.ts'

/** Of a memory: numbers a place, and places. */
const memoryRows = 97
const memoryPlaces = (cropSide / 8) ** 2
/** The graph wants so many memories side by side. */
const memoryCount = 2

export class RefineMask {
  readonly #pack: OpenPack

  constructor(pack: OpenPack) {
    this.#pack = pack
  }

  /** Differs where answers may differ. */
  get id(): string {
    const { id, version } = this.#pack.manifest
    return `${id} ${version}`
  }

  /** `key`: bytes of `keySight`. */
  async memorise(key: Uint8Array): Promise<Float32Array> {
    const outputs = await this.#pack.graphs.run('memorise', { key: planes(key, keyPlanes) })
    return floatValues(needed(this.#pack, 'memorise', outputs, 'memory'))
  }

  /** `step`: bytes of `stepSight`; `memories`: one or two. Resolves to logits to add, 192 x 192. */
  async refine(step: Uint8Array, memories: readonly Float32Array[]): Promise<Float32Array> {
    const memory = floatTensor(
      [1, memoryRows, memoryCount * memoryPlaces],
      sideBySide(memories, memoryRows, memoryCount),
    )
    const outputs = await this.#pack.graphs.run('refine', { step: planes(step, stepPlanes), memory })
    return floatValues(needed(this.#pack, 'refine', outputs, 'delta'))
  }
}

/**
 * Memories of `rows` rows as one of `count` times their width. Where there are fewer the first is repeated, which changes
 * nothing: all are weighed against each other.
 */
export function sideBySide(memories: readonly Float32Array[], rows: number, count: number): Float32Array {
  const [first] = memories
  if (!first) throw new Error('There is no memory to look at.')
  const width = first.length / rows
  const out = new Float32Array(rows * width * count)
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < count; at++) {
      const memory = memories[at] ?? first
      out.set(memory.subarray(row * width, (row + 1) * width), (row * count + at) * width)
    }
  return out
}

function planes(data: Uint8Array, count: number): Tensor {
  return { type: 'uint8', dims: [1, count, cropSide, cropSide], data }
}
