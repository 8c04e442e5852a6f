/** For tests: a project whose film a stand-in of SAM 2 can follow, and that stand-in as a pack on disk. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Transformer } from '@napi-rs/image'
import type { PackManifest } from '../../../models/manifest.ts'
import type { OnnxGraph, OnnxNode } from '../../../models/onnx-writer.ts'
import type { OpenPack } from '../../../models/open-pack.ts'
import { graphBytes } from '../../../models/test-graphs/graph-builder.ts'
import { testManifest } from '../../../models/test-graphs/run-here.ts'
import { sam2Preprocessing, sam2VideoGraphs } from '../../../models/test-graphs/sam2-video-graphs.ts'
import { sha256 } from '../../../models/test-pack.ts'
import { encodeShape, rleArea, rleBounds } from '../../core/mask/rle.ts'
import { shapeHash } from '../../core/mask/shape-hash.ts'
import type { MaskRecord, MediaId } from '../../core/records.ts'
import { testMask, testMedia, testObject } from '../../core/test-records.ts'
import type { Inference } from '../inference/inference.ts'
import type { NewShape } from '../job-context.ts'
import type { Project } from '../project.ts'
import { disc, type FilmFacts, filmRgb, filmSize } from '../propagation/network/test-film.ts'
import { changeTo, newTestProject } from '../test-projects.ts'

/** Objects by name: frame, x and y of their key masks. */
export type DiscKeys = Readonly<Record<string, readonly (readonly [number, number, number])[]>>

/** The film lies beside the project as pictures, so that the stand-in reads the very numbers. */
export async function networkProject(parent: string, film: FilmFacts, keys: DiscKeys): Promise<Project> {
  const folder = join(parent, 'film')
  mkdirSync(folder)
  const files: string[] = []
  for (let frame = 0; frame < film.frameCount; frame++) {
    const name = `${String(frame).padStart(4, '0')}.png`
    writeFileSync(join(folder, name), await png(filmRgb(film, frame)))
    files.push(name)
  }
  const source = { type: 'images', folder, files, byteLength: 1, hash: 'film' } as const
  const media = testMedia('m1', { ...filmSize, source, frameCount: film.frameCount })
  const objects = Object.keys(keys).map((name, order) => testObject(name, 'm1', { order }))
  const project = newTestProject(parent, [media, ...objects])
  const timesUs = Float64Array.from({ length: film.frameCount }, (_, i) => i * 40_000)
  project.database.write({ frameTables: [{ mediaId: 'm1' as MediaId, timesUs }] })
  for (const [name, own] of Object.entries(keys)) for (const key of own) drawDisc(project, name, ...key)
  return project
}

export function drawDisc(project: Project, object: string, frame: number, x: number, y: number): void {
  const { record, shape } = discMask(object, frame, x, y)
  project.commit(changeTo(project, [record], [shape]), 'user')
}

function discMask(
  object: string,
  frame: number,
  x: number,
  y: number,
): { record: MaskRecord; shape: NewShape } {
  const rle = disc(x, y)
  const bytes = encodeShape(rle)
  const hash = shapeHash(bytes, rle.width, rle.height)
  const facts = { shape: hash, box: rleBounds(rle), area: rleArea(rle) }
  return { record: testMask(object, frame, facts), shape: { hash, bytes } }
}

async function png(rgb: Uint8Array): Promise<Uint8Array> {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255)
  for (let i = 0; i < rgb.length; i++) rgba[Math.floor(i / 3) * 4 + (i % 3)] = rgb[i]!
  return Transformer.fromRgbaPixels(rgba, filmSize.width, filmSize.height).png()
}

export interface NetworkPackFacts extends Partial<PackManifest> {
  /** Absent: those that follow objects. */
  readonly onnx?: Readonly<Record<string, OnnxGraph>>
  /** Of the image encoder, about 50 ms each. */
  readonly slowness?: number
}

export function writeNetworkPack(
  folder: string,
  { slowness = 0, onnx = sam2VideoGraphs(), ...facts }: NetworkPackFacts = {},
): PackManifest {
  const graphs = slowness > 0 ? { ...onnx, encoder: slowed(onnx.encoder!, slowness) } : onnx
  const files = graphBytes(graphs)
  const manifest = testManifest(graphs, {
    role: 'segment-video',
    contract: 'sam2-video',
    preprocessing: sam2Preprocessing,
    files: Object.entries(files).map(([path, bytes]) => ({
      path,
      sha256: sha256(bytes),
      bytes: bytes.length,
    })),
    ...facts,
  })
  mkdirSync(folder, { recursive: true })
  for (const [path, bytes] of Object.entries(files)) writeFileSync(join(folder, path), bytes)
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  return manifest
}

export function openNetworkPack(
  folder: string,
  manifest: PackManifest,
  inference: Inference,
  urgency: 'batch' | 'interactive',
): OpenPack {
  return {
    manifest,
    graphs: {
      run: (part, inputs, signal) =>
        inference.run(
          { graph: join(folder, `${part}.onnx`), name: `${manifest.name}, ${part}`, inputs, urgency },
          signal,
        ),
    },
    ranOn: () => inference.ranOn(manifest.name),
  }
}

/** Matrices are multiplied before the features come out, which changes nothing about them. */
function slowed(graph: OnnxGraph, rounds: number): OnnxGraph {
  const side = { type: 'int64', dims: [2], data: BigInt64Array.of(1024n, 1024n) } as const
  const zero = { type: 'float32', dims: [1], data: Float32Array.of(0) } as const
  const work: OnnxNode[] = [
    { op: 'ReduceMean', inputs: ['image'], outputs: ['slow_mean'], attributes: { keepdims: 0 } },
    { op: 'Mul', inputs: ['slow_mean', 'slow_zero'], outputs: ['slow_none'] },
    { op: 'Expand', inputs: ['slow_none', 'slow_side'], outputs: ['slow_0'] },
    ...Array.from({ length: rounds }, (_, i) => ({
      op: 'MatMul',
      inputs: [`slow_${i}`, 'slow_0'],
      outputs: [`slow_${i + 1}`],
    })),
    { op: 'ReduceMean', inputs: [`slow_${rounds}`], outputs: ['slow_end'], attributes: { keepdims: 0 } },
  ]
  const nodes = graph.nodes.map((node) =>
    node.outputs[0] === 'pix_feat' ? { ...node, op: 'Add', inputs: [node.inputs[0]!, 'slow_end'] } : node,
  )
  return {
    ...graph,
    initializers: { ...graph.initializers, slow_side: side, slow_zero: zero },
    nodes: [...work, ...nodes],
  }
}
