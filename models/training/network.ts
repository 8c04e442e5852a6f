/** The exported graphs in this process, for measuring: the app runs them in its inference process. */
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { blended } from '../refine-mask/blend.ts'
import { cropSide } from '../refine-mask/crop.ts'
import { sideBySide } from '../refine-mask/refine-mask.ts'
import { keyPlanes, stepPlanes } from '../refine-mask/sight.ts'
import type { Episode, Refine } from './episode.ts'

/** Of a memory: numbers a place. */
const rows = 97

export interface Network {
  memorise(key: Uint8Array): Promise<Float32Array>
  /** `memory`: of both keys, see `sideBySide`. Resolves to what to add to the forest's logits. */
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
      const given = new Tensor('float32', memory, [1, rows, memory.length / rows])
      const { delta } = await refine.run({ step: bytes(step, stepPlanes), memory: given })
      return delta!.data as Float32Array
    },
  }
}

/** Adds what the network says to the forest's mask. Keys: the first frame alone. */
export async function refineWith(network: Network, episode: Episode): Promise<Refine> {
  const key = (await episode.key(0))!
  const one = await network.memorise(key.sight)
  const memory = sideBySide([one], rows, 2)
  return async ({ forest, crop, sight }) =>
    blended(episode.frames.size, forest, await network.refine(sight, memory), crop)
}
