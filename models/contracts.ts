/** What each contract does, and the graphs and tensors that the code behind it cannot do without. */
import type { Contract, PackGraph, Role } from './manifest.ts'
import { isState, nextStateNames } from './tapir/state-names.ts'

export type PackGraphs = Readonly<Record<string, PackGraph>>

/** Names of one tensor, any of which will do: `a|b`; `a*` is every name that begins so. */
export type TensorNames = string

export interface GraphNeeds {
  /** Packs without this graph are as good. */
  readonly perhaps?: true
  readonly inputs: readonly TensorNames[]
  /** What it may ask for besides. */
  readonly offers?: readonly TensorNames[]
  /** Tensors that other graphs of the pack give it, by their own names. */
  readonly handedOn?: (graphs: PackGraphs) => readonly string[]
  readonly outputs: readonly TensorNames[] | ((graph: PackGraph) => readonly TensorNames[])
  /** Inputs whose length on an axis says something, so that it has to be a number. */
  readonly fixed?: { readonly inputs: TensorNames; readonly axis: number; readonly what: string }
}

export interface ContractNeeds {
  readonly role: Role
  /** Whether the manifest has to say how a picture becomes an input. */
  readonly preprocessing: boolean
  readonly tokenizer?: true
  /** Our own: its packs come with the app, and need not say where from. */
  readonly shipped?: true
  readonly graphs: Readonly<Record<string, GraphNeeds>>
}

const image = 'image|input_image'
const embedding = 'image_embed|image_embeddings|vision_features'
const finer = [
  'high_res_feats_0|high_res_feat_0|high_res_feat0',
  'high_res_feats_1|high_res_feat_1|high_res_feat1',
]
const points = ['point_coords|coords', 'point_labels|labels']
const otherPrompts = [
  'box_coords|boxes',
  'mask_input|masks',
  'has_mask_input|masks_enable',
  'orig_im_size|frame_size',
]
const masks = 'low_res_masks|masks|final_masks'
const [sparse, dense] = (['sparse', 'dense'] as const).map(
  (kind) => `${kind}_embeddings|${kind}_prompt_embeddings|${kind}`,
) as [TensorNames, TensorNames]
const imageEncoder: GraphNeeds = { inputs: [image], outputs: [embedding] }

const sam2Image: ContractNeeds = {
  role: 'segment-image',
  preprocessing: true,
  graphs: {
    encoder: imageEncoder,
    decoder: {
      inputs: [embedding, ...points],
      offers: otherPrompts,
      handedOn: finerOf,
      outputs: [masks],
    },
  },
}

const edgetamImage: ContractNeeds = {
  role: 'segment-image',
  preprocessing: true,
  graphs: {
    encoder: imageEncoder,
    'prompt-encoder': { inputs: points, offers: otherPrompts, outputs: [sparse, dense] },
    decoder: {
      inputs: [embedding, sparse, dense],
      handedOn: (graphs) => [
        ...finerOf(graphs),
        ...(outputsOf(graphs, 'prompt-encoder').some((name) => fits('image_pe|dense_pe', name))
          ? ['image_pe', 'dense_pe']
          : []),
      ],
      outputs: [masks],
    },
  },
}

const sam2Video: ContractNeeds = {
  role: 'segment-video',
  preprocessing: true,
  graphs: {
    encoder: {
      inputs: [image],
      outputs: ['vision_feats|vision_features', 'vision_pos_embed|vision_pos_enc'],
    },
    'memory-attention': {
      inputs: ['current_vision_feat|curr', 'memory_0', 'memory_1', 'memory_pos_embed|memory_pos'],
      offers: ['current_vision_pos_embed|curr_pos'],
      outputs: ['image_embed|pix_feat'],
    },
    decoder: {
      // Whoever takes a mask can be shown a key mask without points.
      inputs: ['image_embed|image_embeddings', 'point_coords|mask_input', 'point_labels|mask_input'],
      offers: ['point_coords', 'point_labels', 'frame_size', 'mask_input', 'has_mask_input'],
      handedOn: finerOf,
      outputs: ['obj_ptr|object_pointer', 'pred_mask|masks|low_res_masks'],
    },
    'memory-encoder': {
      inputs: ['mask_for_mem|masks', 'pix_feat'],
      outputs: [
        'maskmem_features|vision_features',
        'maskmem_pos_enc|vision_pos_enc',
        'temporal_code|maskmem_tpos_enc',
      ],
    },
    'pointer-position': { perhaps: true, inputs: ['x|positions'], outputs: [] },
  },
}

const aotVideo: ContractNeeds = {
  role: 'segment-video',
  preprocessing: true,
  graphs: {
    encoder: { inputs: ['image|img'], outputs: [] },
    'id-bank': {
      inputs: ['one_hot|one_hot_stuff', 'one_hot|one_hot_thing'],
      outputs: [],
      fixed: { inputs: 'one_hot|one_hot_stuff|one_hot_thing', axis: 1, what: 'how many identities it has' },
    },
    lstt: {
      inputs: ['lt_*', 'st_*'],
      handedOn: (graphs) => [
        ...outputsOf(graphs, 'encoder'),
        ...aotMemory(graphs).flatMap((name) => [`lt_${name}`, `st_${name}`]),
      ],
      outputs: ['cur_*'],
    },
    decoder: {
      inputs: [],
      handedOn: (graphs) => [...outputsOf(graphs, 'encoder'), ...outputsOf(graphs, 'lstt')],
      outputs: ['logits|pred_id_logits'],
    },
    fuse: {
      perhaps: true,
      inputs: ['cur_*'],
      handedOn: (graphs) => [...current(graphs), ...outputsOf(graphs, 'id-bank')],
      outputs: [],
    },
  },
}

const embeddingNames = ['embedding', 'output', 'OUTPUT'].join('|')
const frame = 'input_frame|frame|image|video|input'
const frames = frame.split('|')

const tapirOnline: ContractNeeds = {
  role: 'track-points',
  preprocessing: true,
  graphs: {
    encoder: { inputs: [frame], outputs: [] },
    query: {
      inputs: ['query_points|queries|points'],
      offers: ['input_resolution'],
      handedOn: (graphs) => [...frames, ...outputsOf(graphs, 'encoder')],
      outputs: [],
    },
    step: {
      inputs: [],
      handedOn: (graphs) => [
        ...frames,
        ...outputsOf(graphs, 'encoder'),
        ...outputsOf(graphs, 'query'),
        ...(graphs.step ? statesOf(graphs.step) : []),
      ],
      outputs: (step) => [
        'tracks|points',
        'visibles|visibility|visible|occlusion|occlusions|occlusion_logits',
        ...statesOf(step).map((name) => nextStateNames(name).join('|')),
      ],
    },
  },
}

export const contracts: Readonly<Record<Contract, ContractNeeds>> = {
  'sam2-image': sam2Image,
  'edgetam-image': edgetamImage,
  'sam2-video': sam2Video,
  'aot-video': aotVideo,
  'clip-image': {
    role: 'embed-image',
    preprocessing: true,
    graphs: {
      encoder: { inputs: ['pixel_values|image|input'], outputs: [`image_embeds|${embeddingNames}`] },
    },
  },
  'clip-text': {
    role: 'embed-text',
    preprocessing: false,
    tokenizer: true,
    graphs: {
      encoder: {
        inputs: ['input_ids|tokens|text|input'],
        offers: ['attention_mask'],
        outputs: [`text_embeds|${embeddingNames}`],
      },
    },
  },
  'tapir-online': tapirOnline,
  'inbetween-refine': {
    role: 'refine-mask',
    preprocessing: false,
    shipped: true,
    graphs: {
      memorise: { inputs: ['key'], outputs: ['memory'] },
      refine: { inputs: ['step', 'memory'], outputs: ['delta'] },
    },
  },
}

export const contractNames = Object.keys(contracts) as Contract[]

/** The graphs of a contract; SAM's with a prompt encoder are EdgeTAM's, whatever the contract is called. */
export function neededGraphs(contract: Contract, graphs: PackGraphs): ContractNeeds['graphs'] {
  const isEdgetams = contract === 'sam2-image' && Object.hasOwn(graphs, 'prompt-encoder')
  return contracts[isEdgetams ? 'edgetam-image' : contract].graphs
}

/** Whether a tensor of that name is one of `names`. */
export function fits(names: TensorNames, name: string): boolean {
  return names
    .split('|')
    .some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name))
}

function outputsOf(graphs: PackGraphs, part: string): readonly string[] {
  return Object.hasOwn(graphs, part) ? graphs[part]!.outputs.map(({ name }) => name) : []
}

/** SAM's finer features are offered under every name, if the encoder gives them. */
function finerOf(graphs: PackGraphs): readonly string[] {
  const given = outputsOf(graphs, 'encoder')
  return finer.filter((names) => given.some((name) => fits(names, name))).flatMap((names) => names.split('|'))
}

/** What AOT's memories hold, fused by a graph of its own or not. */
function aotMemory(graphs: PackGraphs): readonly string[] {
  if (Object.hasOwn(graphs, 'fuse')) return outputsOf(graphs, 'fuse').map((name) => name.replace(/^mem_/, ''))
  return [...current(graphs).map((name) => name.slice('cur_'.length)), ...outputsOf(graphs, 'id-bank')]
}

function current(graphs: PackGraphs): readonly string[] {
  return outputsOf(graphs, 'lstt').filter((name) => name.startsWith('cur_'))
}

function statesOf({ inputs }: PackGraph): readonly string[] {
  return inputs.map(({ name }) => name).filter((name) => isState.test(name))
}
