/** From files that somebody exported to a pack: what the draft has, what it leaves to the person, and that it then is one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { onnxModel } from '../../../models/onnx-writer.ts'
import { clipTextGraphs } from '../../../models/test-graphs/clip-graphs.ts'
import { edgetamImageGraphs } from '../../../models/test-graphs/sam2-image-graphs.ts'
import { sam2VideoGraphs } from '../../../models/test-graphs/sam2-video-graphs.ts'
import { tapirGraphs } from '../../../models/test-graphs/tapir-graphs.ts'
import { doubling, sha256 } from '../../../models/test-pack.ts'
import { openInference } from '../inference/open-inference.ts'
import { refusal } from '../test-hosts.ts'
import { draftPack } from './draft-pack.ts'
import { packHost } from './test-pack-host.ts'
import { added, atPath, planned } from './test-packs.ts'

const packs = packHost()
const inference = openInference({ settings: () => ({ provider: 'cpu', threadCount: 1, memoryLimit: 4e9 }) })
afterAll(() => inference.close())

// biome-ignore lint/suspicious/noExplicitAny: a manifest as it was written
type Json = any

function folderWith(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = join(packs.folder, name)
  mkdirSync(folder)
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes)
  return folder
}

const read = (folder: string): Json => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))

/** As a person fills the draft in. */
function fillIn(folder: string): void {
  const manifest = read(folder)
  manifest.licence = { spdx: 'MIT', url: 'https://opensource.org/license/mit', commercial: true }
  manifest.source.url = 'https://example.org/export'
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
}

it('a folder of graphs becomes a pack once its licence is filled in', async () => {
  const graphs = sam2VideoGraphs()
  const bytes = (part: string) => onnxModel(graphs[part]!)
  const folder = folderWith('SAM 2 Video', {
    'a.onnx': bytes('decoder'),
    'image_encoder.onnx': bytes('encoder'),
    'memory_attention.onnx': bytes('memory-attention'),
    'memory_encoder.onnx': bytes('memory-encoder'),
    'a.onnx.data': 'weights',
    'README.md': 'how it was made',
  })
  const report = await draftPack(inference, { folder, contract: 'sam2-video', name: 'My SAM' })
  expect(report.graphs).toEqual({
    encoder: 'image_encoder.onnx',
    'memory-attention': 'memory_attention.onnx',
    decoder: 'a.onnx',
    'memory-encoder': 'memory_encoder.onnx',
  })
  expect(report.leftOut).toEqual(['README.md'])
  expect(report.left.map((each) => each.split(':')[0])).toEqual([
    'licence.spdx',
    'licence.url',
    'licence.commercial',
    'source.url',
    'golden',
  ])
  const draft = read(folder)
  expect(draft).toMatchObject({ id: 'sam-2-video', name: 'My SAM', role: 'segment-video', golden: [] })
  expect(draft.files).toContainEqual({
    path: 'a.onnx',
    sha256: sha256(bytes('decoder')),
    bytes: bytes('decoder').length,
  })
  expect(draft.files.map(({ path }: Json) => path)).toContain('a.onnx.data')
  expect(draft.graphs.encoder.inputs).toEqual([{ name: 'image', type: 'float32', shape: [1, 3, 16, 16] }])
  expect(draft.graphs['memory-attention'].inputs).toContainEqual({
    name: 'memory_0',
    type: 'float32',
    shape: ['num', 8],
  })
  expect(draft.preprocessing).toMatchObject({ resize: 'stretch', width: 16, height: 16, layout: 'nchw' })

  const unfilled = await refusal(() => planned(packs.host, atPath(folder)))
  expect(unfilled.message).toBe(
    `${join(folder, 'manifest.json')}: licence.spdx is still to be filled in: write the licence of the weights by its SPDX identifier, such as Apache-2.0, or LicenseRef-Name.`,
  )
  fillIn(folder)
  expect(await added(packs.host, atPath(folder))).toMatchObject({ id: 'sam-2-video', state: 'ready' })
}, 60_000)

it('a manifest that is there is not written over', async () => {
  const folder = folderWith('written', { 'encoder.onnx': onnxModel(doubling), 'manifest.json': '{}' })
  const { code, message } = await refusal(() => draftPack(inference, { folder, contract: 'clip-image' }))
  expect(code).toBe('has-manifest')
  expect(message).toContain('is not written over')
  expect(read(folder)).toEqual({})
})

it('what the contract needs and the graphs lack is told at once', async () => {
  const graph = { ...doubling, outputs: [{ ...doubling.outputs[0]!, name: 'y' }] }
  graph.nodes = graph.nodes.map((node) =>
    node.outputs[0] === 'image_embeds' ? { ...node, outputs: ['y'] } : node,
  )
  const folder = folderWith('odd', { 'encoder.onnx': onnxModel(graph) })
  const { left } = await draftPack(inference, { folder, contract: 'clip-image' })
  expect(left).toContainEqual(
    expect.stringMatching(/^graphs\.encoder\.outputs lacks “image_embeds” \(or .*here stand “y”/),
  )
  const other = folderWith('half', { 'encoder.onnx': onnxModel(sam2VideoGraphs().encoder!) })
  expect((await draftPack(inference, { folder: other, contract: 'sam2-video' })).left).toContainEqual(
    expect.stringContaining('graphs lacks “memory-attention”'),
  )
})

it('graphs of EdgeTAM and TAPIR and the words of CLIP find their places', async () => {
  const three = edgetamImageGraphs()
  const edgetam = folderWith('edgetam', {
    'edgetam_encoder.onnx': onnxModel(three.encoder!),
    'edgetam_prompt_encoder.onnx': onnxModel(three['prompt-encoder']!),
    'edgetam_decoder.onnx': onnxModel(three.decoder!),
  })
  expect((await draftPack(inference, { folder: edgetam, contract: 'edgetam-image' })).left).toHaveLength(5)
  const points = tapirGraphs()
  const tapir = folderWith('tapir', {
    'encoder.onnx': onnxModel(points.encoder!),
    'query.onnx': onnxModel(points.query!),
    'step.onnx': onnxModel(points.step!),
  })
  expect((await draftPack(inference, { folder: tapir, contract: 'tapir-online' })).left).toHaveLength(5)
  expect(read(tapir).preprocessing).toMatchObject({ layout: 'nhwc', width: 16, height: 16, mean: [1, 1, 1] })
  const clip = folderWith('clip', {
    'model.onnx': onnxModel(clipTextGraphs(12).encoder!),
    'merges.txt': '#version: 0.2\n',
  })
  expect((await draftPack(inference, { folder: clip, contract: 'clip-text' })).left).toHaveLength(5)
  expect(read(clip).tokenizer).toEqual({ file: 'merges.txt', type: 'clip-bpe', length: 12 })
}, 60_000)

it.each([
  ['nowhere', 'is no folder. Name the folder that has the graphs.'],
  ['.', 'has no file that ends in .onnx.'],
])('%s is refused', async (name, sentence) => {
  const folder = name === '.' ? folderWith('bare', { 'notes.txt': '' }) : join(packs.folder, name)
  const { message } = await refusal(() => draftPack(inference, { folder, contract: 'clip-image' }))
  expect(message).toBe(
    `${folder} ${sentence}${name === '.' ? ' Put the graphs of the network there, exported to ONNX.' : ''}`,
  )
})
