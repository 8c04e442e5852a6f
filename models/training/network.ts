/** The exported graphs in this process, for measuring: the app runs them in its inference process. */
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { blended } from '../refine-mask/blend.ts'
import { cropSide } from '../refine-mask/crop.ts'
import { keyPlanes, stepPlanes } from '../refine-mask/sight.ts'
import type { Episode, Refine } from './episode.ts'

export interface Network {
  memorise(key: Uint8Array): Promise<Float32Array>
  /** `memory`: of both keys, see `joined`. Resolves to what to add to the forest's logits. */
  refine(step: Uint8Array, memory: Float32Array): Promise<Float32Array>
}

export async function openNetwork(folder: string, threadCount: number): Promise<Network> {
  const options = {
    intraOpNumThreads: threadCount,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }
  const open = (name: string) => InferenceSession.create(join(folder, name), options)
  const [memorise, refine] = [await open('memorise.onnx'), await open('refine.onnx')]
  const bytes = (data: Uint8Array, planes: number) =>
    new Tensor('uint8', data, [1, planes, cropSide, cropSide])
  return {
    memorise: async (key) => {
      const { memory } = await memorise.run({ key: bytes(key, keyPlanes) })
      return memory!.data as Float32Array
    },
    refine: async (step, memory) => {
      const rows = 97
      const given = new Tensor('float32', memory, [1, rows, memory.length / rows])
      const { delta } = await refine.run({ step: bytes(step, stepPlanes), memory: given })
      return delta!.data as Float32Array
    },
  }
}

/** What is remembered of two keys side by side, row by row. Of one key: twice the same, which changes nothing. */
export function joined(one: Float32Array, other: Float32Array): Float32Array {
  const places = (24 * 24) | 0
  const out = new Float32Array(one.length + other.length)
  for (let from = 0, to = 0; from < one.length; from += places, to += 2 * places) {
    out.set(one.subarray(from, from + places), to)
    out.set(other.subarray(from, from + places), to + places)
  }
  return out
}

/** Adds what the network says, `strength` times, to the forest's mask. Keys: the first frame alone. */
export async function refineWith(network: Network, episode: Episode, strength: number): Promise<Refine> {
  const key = (await episode.key(0))!
  const one = await network.memorise(key.sight)
  const memory = joined(one, one)
  return async ({ forest, crop, sight }) => {
    const delta = await network.refine(sight, memory)
    return blended(episode.frames.size, forest, strength === 1 ? delta : delta.map((d) => d * strength), crop)
  }
}
