/** A pack that lacks what its role asks for is refused when it is added, and not in the middle of a film. */
import { describe, expect, test } from 'vitest'
import { isUserError } from '../main/core/user-error.ts'
import { parseManifest } from './check-manifest.ts'
import { contracts } from './contracts.ts'
import type { Contract, PackManifest } from './manifest.ts'
import type { OnnxGraph } from './onnx-writer.ts'
import { aotVideoGraphs } from './test-graphs/aot-video-graphs.ts'
import { clipImageGraphs, clipTextGraphs } from './test-graphs/clip-graphs.ts'
import { testManifest } from './test-graphs/run-here.ts'
import { edgetamImageGraphs, sam2ImageGraphs } from './test-graphs/sam2-image-graphs.ts'
import { sam2Preprocessing, sam2VideoGraphs } from './test-graphs/sam2-video-graphs.ts'
import { tapirGraphs } from './test-graphs/tapir-graphs.ts'

type Graphs = Readonly<Record<string, OnnxGraph>>
// biome-ignore lint/suspicious/noExplicitAny: a draft may be anything
type Json = any

const refine: Graphs = Object.fromEntries(
  (
    [
      ['memorise', ['key'], 'memory'],
      ['refine', ['step', 'memory'], 'delta'],
    ] as const
  ).map(([part, inputs, output]) => {
    const named = (name: string) => ({ name, type: 'float32', shape: [1] }) as const
    return [part, { inputs: inputs.map(named), outputs: [named(output)], nodes: [], initializers: {} }]
  }),
)

function manifestOf(contract: Contract, graphs: Graphs): PackManifest {
  const { role, preprocessing, tokenizer } = contracts[contract]
  const file = (path: string) => ({ path, sha256: 'a'.repeat(64), bytes: 1 })
  return testManifest(graphs, {
    role,
    contract,
    files: [...Object.keys(graphs).map((part) => file(`${part}.onnx`)), file('words.txt')],
    ...(preprocessing ? { preprocessing: sam2Preprocessing } : {}),
    ...(tokenizer ? { tokenizer: { file: 'words.txt', type: 'clip-bpe', length: 77 } } : {}),
  })
}

/** What is said of the manifest after `change`; null: nothing, it is right. */
function said(contract: Contract, graphs: Graphs, change: (draft: Json) => void = () => {}): string | null {
  const draft = structuredClone(manifestOf(contract, graphs)) as Json
  change(draft)
  try {
    parseManifest(JSON.stringify(draft), 'manifest.json')
    return null
  } catch (error) {
    if (!isUserError(error)) throw error
    return error.message
  }
}

const without = (part: string, kind: 'inputs' | 'outputs', name: string) => (draft: Json) => {
  const graph = draft.graphs[part]
  const before = graph[kind].length
  graph[kind] = graph[kind].filter((tensor: Json) => tensor.name !== name)
  if (graph[kind].length === before) throw new Error(`There is no ${name} to leave out.`)
  // A graph gives something, whatever it is.
  if (kind === 'outputs' && graph[kind].length === 0)
    graph[kind].push({ name: 'something', type: 'float32', shape: [] })
}

test.each<[string, Contract, Graphs]>([
  ['SAM 2', 'sam2-image', sam2ImageGraphs()],
  ['SAM 2 of an older export', 'sam2-image', sam2ImageGraphs({ originalSize: true, threeMasks: true })],
  ['SAM 2 that takes no mask', 'sam2-image', sam2ImageGraphs({ plain: true })],
  ['SAM 2 with a prompt encoder', 'sam2-image', edgetamImageGraphs()],
  ['EdgeTAM', 'edgetam-image', edgetamImageGraphs()],
  ['SAM 2 in video', 'sam2-video', sam2VideoGraphs()],
  ['SAM 2.1 in video', 'sam2-video', sam2VideoGraphs({ pointerPosition: true, maskPrompt: true })],
  ['EdgeTAM in video', 'sam2-video', sam2VideoGraphs({ tokens: 8, plainDecoder: true })],
  ['AOT', 'aot-video', aotVideoGraphs()],
  ['PAOT that fuses', 'aot-video', aotVideoGraphs({ fuse: true, banks: { stuff: 6, things: 10 } })],
  ['CLIP of pictures', 'clip-image', clipImageGraphs(8)],
  ['CLIP of words', 'clip-text', clipTextGraphs(12)],
  ['TAPIR', 'tapir-online', tapirGraphs()],
  ['TAPIR with time', 'tapir-online', tapirGraphs({ hasTime: true, saysVisible: true, pointCount: 8 })],
  ['our own', 'inbetween-refine', refine],
])('%s has what its contract asks for', (_name, contract, graphs) => {
  expect(said(contract, graphs)).toBeNull()
})

const whole: Readonly<Record<Contract, Graphs>> = {
  'sam2-image': sam2ImageGraphs(),
  'edgetam-image': edgetamImageGraphs(),
  'sam2-video': sam2VideoGraphs({ pointerPosition: true }),
  'aot-video': aotVideoGraphs(),
  'clip-image': clipImageGraphs(8),
  'clip-text': clipTextGraphs(12),
  'tapir-online': tapirGraphs(),
  'inbetween-refine': refine,
}

describe('is refused without', () => {
  test.each<[Contract, string, 'inputs' | 'outputs', string]>([
    ['sam2-image', 'encoder', 'inputs', 'image'],
    ['sam2-image', 'encoder', 'outputs', 'image_embed'],
    ['sam2-image', 'decoder', 'inputs', 'image_embed'],
    ['sam2-image', 'decoder', 'inputs', 'point_coords'],
    ['sam2-image', 'decoder', 'inputs', 'point_labels'],
    ['sam2-image', 'decoder', 'outputs', 'masks'],
    ['edgetam-image', 'encoder', 'inputs', 'input_image'],
    ['edgetam-image', 'encoder', 'outputs', 'image_embeddings'],
    ['edgetam-image', 'prompt-encoder', 'inputs', 'point_coords'],
    ['edgetam-image', 'prompt-encoder', 'inputs', 'point_labels'],
    ['edgetam-image', 'prompt-encoder', 'outputs', 'sparse_embeddings'],
    ['edgetam-image', 'prompt-encoder', 'outputs', 'dense_embeddings'],
    ['edgetam-image', 'decoder', 'inputs', 'image_embeddings'],
    ['edgetam-image', 'decoder', 'inputs', 'sparse_prompt_embeddings'],
    ['edgetam-image', 'decoder', 'inputs', 'dense_prompt_embeddings'],
    ['sam2-video', 'encoder', 'inputs', 'image'],
    ['sam2-video', 'encoder', 'outputs', 'vision_feats'],
    ['sam2-video', 'encoder', 'outputs', 'vision_pos_embed'],
    ['sam2-video', 'memory-attention', 'inputs', 'current_vision_feat'],
    ['sam2-video', 'memory-attention', 'inputs', 'memory_0'],
    ['sam2-video', 'memory-attention', 'inputs', 'memory_1'],
    ['sam2-video', 'memory-attention', 'inputs', 'memory_pos_embed'],
    ['sam2-video', 'memory-attention', 'outputs', 'image_embed'],
    ['sam2-video', 'decoder', 'inputs', 'image_embed'],
    ['sam2-video', 'decoder', 'inputs', 'point_coords'],
    ['sam2-video', 'decoder', 'inputs', 'point_labels'],
    ['sam2-video', 'decoder', 'outputs', 'obj_ptr'],
    ['sam2-video', 'decoder', 'outputs', 'pred_mask'],
    ['sam2-video', 'memory-encoder', 'inputs', 'mask_for_mem'],
    ['sam2-video', 'memory-encoder', 'inputs', 'pix_feat'],
    ['sam2-video', 'memory-encoder', 'outputs', 'maskmem_features'],
    ['sam2-video', 'memory-encoder', 'outputs', 'maskmem_pos_enc'],
    ['sam2-video', 'memory-encoder', 'outputs', 'temporal_code'],
    ['sam2-video', 'pointer-position', 'inputs', 'x'],
    ['aot-video', 'encoder', 'inputs', 'image'],
    ['aot-video', 'id-bank', 'inputs', 'one_hot'],
    ['aot-video', 'decoder', 'outputs', 'logits'],
    ['clip-image', 'encoder', 'inputs', 'pixel_values'],
    ['clip-image', 'encoder', 'outputs', 'image_embeds'],
    ['clip-text', 'encoder', 'inputs', 'input_ids'],
    ['clip-text', 'encoder', 'outputs', 'text_embeds'],
    ['tapir-online', 'encoder', 'inputs', 'input_frame'],
    ['tapir-online', 'query', 'inputs', 'query_points'],
    ['tapir-online', 'step', 'outputs', 'tracks'],
    ['tapir-online', 'step', 'outputs', 'occlusion'],
    ['inbetween-refine', 'memorise', 'inputs', 'key'],
    ['inbetween-refine', 'memorise', 'outputs', 'memory'],
    ['inbetween-refine', 'refine', 'inputs', 'step'],
    ['inbetween-refine', 'refine', 'inputs', 'memory'],
    ['inbetween-refine', 'refine', 'outputs', 'delta'],
  ])('%s: %s.%s: %s', (contract, part, kind, name) => {
    const sentence = said(contract, whole[contract], without(part, kind, name))
    expect(sentence).toMatch(new RegExp(`^manifest\\.json: graphs\\.${part}\\.${kind} lacks “`))
    expect(sentence).toContain(`“${name}”`)
    expect(sentence).toContain(`, which the contract ${contract} needs; here stand `)
  })

  test('AOT: memories, whose names are the export’s own, as the graph takes and gives them', () => {
    const none = (part: string, kind: 'inputs' | 'outputs', begin: string) => (draft: Json) => {
      draft.graphs[part][kind] = draft.graphs[part][kind].filter(({ name }: Json) => !name.startsWith(begin))
    }
    const graphs = aotVideoGraphs()
    const fused = aotVideoGraphs({ fuse: true })
    expect(said('aot-video', graphs, none('lstt', 'inputs', 'lt_'))).toContain('lacks “lt_*”')
    expect(said('aot-video', graphs, none('lstt', 'inputs', 'st_'))).toContain('lacks “st_*”')
    expect(said('aot-video', graphs, none('lstt', 'outputs', 'cur_'))).toContain('lacks “cur_*”')
    expect(said('aot-video', fused, none('fuse', 'outputs', 'mem_v'))).toContain(
      'graphs.lstt.inputs asks for “lt_v_0”',
    )
    expect(said('aot-video', graphs, (m) => (m.graphs['id-bank'].inputs[0].shape[1] = 'ids'))).toContain(
      'graphs.id-bank.inputs has “one_hot” with the shape [1, ids, H, W], whose [1] must be a number above 1: it says how many identities it has',
    )
  })

  test('TAPIR: the state anew', () => {
    const step = without('step', 'outputs', 'new_causal_state')
    expect(said('tapir-online', tapirGraphs(), step)).toContain(
      'graphs.step.outputs lacks “causal_state” (or “new_causal_state”, “causal_state_out”)',
    )
  })

  test.each(Object.keys(whole).filter((each) => contracts[each as Contract].preprocessing))(
    '%s: preprocessing',
    (contract) => {
      const sentence = said(contract as Contract, whole[contract as Contract], (m) => delete m.preprocessing)
      expect(sentence).toBe(
        `manifest.json: contract is ${contract}, which needs “preprocessing”: write how a picture becomes the input of the graph encoder.`,
      )
    },
  )

  test('CLIP of words: a tokenizer', () => {
    expect(said('clip-text', whole['clip-text'], (m) => delete m.tokenizer)).toBe(
      'manifest.json: contract is clip-text, which needs “tokenizer”: write which file has the vocabulary.',
    )
  })

  test.each(
    (Object.keys(whole) as Contract[]).flatMap((contract) =>
      Object.entries(contracts[contract].graphs).map(
        ([part, { perhaps = false }]) => [contract, part, perhaps] as const,
      ),
    ),
  )('%s: the graph %s, unless it goes without', (contract, part, perhaps) => {
    const sentence = said(contract, whole[contract], ({ graphs }) => {
      graphs.another = graphs[part]
      delete graphs[part]
    })
    expect(sentence).toBe(
      perhaps
        ? null
        : `manifest.json: graphs lacks “${part}”, which the contract ${contract} needs: add that graph.`,
    )
  })
})

test('any of the names that exports use will do', () => {
  const rename = (part: string, kind: 'inputs' | 'outputs', to: string) => (m: Json) =>
    (m.graphs[part][kind][0].name = to)
  expect(said('clip-image', whole['clip-image'], rename('encoder', 'inputs', 'image'))).toBeNull()
  expect(said('clip-image', whole['clip-image'], rename('encoder', 'outputs', 'embedding'))).toBeNull()
  expect(said('clip-image', whole['clip-image'], rename('encoder', 'inputs', 'x'))).toBe(
    'manifest.json: graphs.encoder.inputs lacks “pixel_values” (or “image”, “input”), which the contract clip-image needs; here stand “x”. Take another export, or correct the names.',
  )
})

describe('is refused with an input that nobody gives it', () => {
  const asking = (part: string) => (m: Json) =>
    m.graphs[part].inputs.push({ name: 'text_prompt', type: 'float32', shape: [1] })

  test.each<[Contract, string]>(
    (Object.keys(whole) as Contract[]).flatMap((contract) =>
      Object.keys(whole[contract]).map((part): [Contract, string] => [contract, part]),
    ),
  )('%s: %s', (contract, part) => {
    expect(said(contract, whole[contract], asking(part))).toContain(
      `graphs.${part}.inputs asks for “text_prompt”, which the contract ${contract} does not have for the graph ${part}; it has “`,
    )
  })

  test('finer features that the encoder does not give', () => {
    const sentence = said(
      'sam2-image',
      whole['sam2-image'],
      without('encoder', 'outputs', 'high_res_feats_1'),
    )
    expect(sentence).toContain('graphs.decoder.inputs asks for “high_res_feats_1”')
  })
})
