/**
 * A pack of a few hundred bytes for tests: one graph, 2x + 1 over any number of rows, and what it must answer. To its
 * manifest it is CLIP's graph of pictures.
 */
import { createHash } from 'node:crypto'
import type { GoldenSample, PackGraph, PackManifest } from './manifest.ts'
import { type OnnxGraph, onnxModel } from './onnx-writer.ts'
import type { Tensor } from './tensor.ts'

export interface TestPack {
  readonly manifest: PackManifest
  /** By path, without the manifest. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface TestPackOptions {
  readonly id?: string
  readonly version?: string
  readonly commercial?: boolean
  /** In place of the graph's bytes. */
  readonly graph?: Uint8Array
  /** In place of what it declares. */
  readonly declared?: Partial<PackGraph>
  /** What the golden sample wants of 0, 1, 2, 3. */
  readonly golden?: readonly number[]
  /** Bytes of a file of weights that no graph reads: to have something to download. */
  readonly ballast?: number
  /** Files by path, whatever they are. */
  readonly more?: Readonly<Record<string, Uint8Array>>
  readonly patch?: Partial<PackManifest>
}

const float32 = (dims: readonly number[], values: readonly number[]): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
})

export const doubling: OnnxGraph = {
  inputs: [{ name: 'pixel_values', type: 'float32', shape: ['rows', 2] }],
  outputs: [{ name: 'image_embeds', type: 'float32', shape: ['rows', 2] }],
  initializers: { two: float32([1], [2]), one: float32([1], [1]) },
  nodes: [
    { op: 'Mul', inputs: ['pixel_values', 'two'], outputs: ['doubled'] },
    { op: 'Add', inputs: ['doubled', 'one'], outputs: ['image_embeds'] },
  ],
}

export function testPack(options: TestPackOptions = {}): TestPack {
  const { id = 'tiny', golden = [1, 3, 5, 7], ballast = 0 } = options
  const files = new Map<string, Uint8Array>([
    ['double.onnx', options.graph ?? onnxModel(doubling)],
    ['golden/x.f32', bytesOf([0, 1, 2, 3])],
    ['golden/y.f32', bytesOf(golden)],
  ])
  if (ballast > 0)
    files.set(
      'weights.bin',
      new Uint8Array(ballast).map((_, i) => (i * 2654435761) >>> 13),
    )
  for (const [path, bytes] of Object.entries(options.more ?? {})) files.set(path, bytes)
  const sample: GoldenSample = {
    graph: 'encoder',
    inputs: { pixel_values: { file: 'golden/x.f32', dims: [2, 2] } },
    outputs: { image_embeds: { file: 'golden/y.f32', dims: [2, 2] } },
    tolerance: 1e-5,
  }
  const manifest: PackManifest = {
    format: 1,
    id,
    name: 'Tiny doubler',
    version: options.version ?? '1.0.0',
    role: 'embed-image',
    contract: 'clip-image',
    licence: {
      spdx: 'Apache-2.0',
      url: 'https://www.apache.org/licenses/LICENSE-2.0',
      commercial: options.commercial ?? true,
      note: 'Keep the notice.',
    },
    source: { url: 'https://example.org/tiny', commit: '0123abc' },
    files: [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes), bytes: bytes.length })),
    graphs: {
      encoder: {
        file: 'double.onnx',
        inputs: doubling.inputs,
        outputs: doubling.outputs,
        ...options.declared,
      },
    },
    preprocessing: {
      colour: 'rgb',
      resize: 'short-side',
      width: 2,
      height: 2,
      layout: 'nchw',
      scale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
    },
    golden: [sample],
    ...options.patch,
  }
  return { manifest, files }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function bytesOf(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}
