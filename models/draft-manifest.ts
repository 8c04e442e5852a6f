/** A manifest as far as a folder of graphs says what belongs in it; the rest is marked for a person. */
import { contracts, fits, type GraphNeeds, neededGraphs } from './contracts.ts'
import { leftToFill } from './left-to-fill.ts'
import type { Contract, PackFile, PackGraph, Preprocessing, TensorFacts } from './manifest.ts'

/** A graph as a session reports it. */
export interface FoundGraph extends Pick<PackGraph, 'inputs' | 'outputs'> {
  /** In the folder, with `/`. */
  readonly file: string
}

export interface DraftFacts {
  readonly contract: Contract
  readonly id: string
  readonly name: string
  readonly graphs: readonly FoundGraph[]
  /** Everything that belongs to the pack, graphs among them. */
  readonly files: readonly PackFile[]
  /** One of `files`; null: there is none. */
  readonly vocabulary: string | null
}

export interface Draft {
  /** As it is written, with marks where a person has to write. */
  readonly manifest: Readonly<Record<string, unknown>>
  /** Graphs that no part of the contract is fitted by. */
  readonly unused: readonly string[]
}

export function draftManifest(facts: DraftFacts): Draft {
  const { contract, id, name, vocabulary } = facts
  const { role, preprocessing, tokenizer } = contracts[contract]
  const parts = assigned(contract, facts.graphs)
  const unused = facts.graphs
    .map(({ file }) => file)
    .filter((file) => !parts.some(([, each]) => each.file === file))
  const graphs = Object.fromEntries(parts.map(([part, graph]) => [part, declared(graph)]))
  const manifest = {
    format: 1,
    id,
    name,
    version: '1.0.0',
    role,
    contract,
    licence: {
      spdx: leftToFill(
        'the licence of the weights by its SPDX identifier, such as Apache-2.0, or LicenseRef-Name',
      ),
      url: leftToFill('the address of its text'),
      commercial: leftToFill('true or false: whether the weights may be used to earn money with'),
    },
    source: { url: leftToFill('the address that the files come from') },
    files: facts.files.filter(({ path }) => !unused.includes(path)),
    graphs,
    ...(preprocessing ? { preprocessing: preprocessingFor(contract, graphs.encoder) } : {}),
    ...(tokenizer
      ? {
          tokenizer: {
            file: vocabulary ?? leftToFill('the file of the vocabulary, which also has to stand in “files”'),
            type: 'clip-bpe',
            length: lengthOf(graphs.encoder, 1) ?? 77,
          },
        }
      : {}),
    golden: [],
  }
  return { manifest, unused }
}

/** Which graph is which part: by its tensors, and where those do not tell by the name of its file. */
function assigned(
  contract: Contract,
  graphs: readonly FoundGraph[],
): readonly (readonly [string, FoundGraph])[] {
  const named = Object.fromEntries(graphs.map((graph) => [graph.file, graph]))
  const isPrompted = graphs.some(({ file }) => words(file).includes('promptencoder'))
  const needs = neededGraphs(contract, isPrompted ? { ...named, 'prompt-encoder': graphs[0]! } : named)
  const pairs = Object.entries(needs)
    .flatMap(([part, need]) =>
      graphs.map((graph) => ({ part, graph, likeness: likeness(part, need, graph) })),
    )
    .filter((pair) => pair.likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
  const chosen = new Map<string, FoundGraph>()
  for (const { part, graph } of pairs)
    if (!chosen.has(part) && ![...chosen.values()].includes(graph)) chosen.set(part, graph)
  return Object.keys(needs).flatMap((part) => (chosen.has(part) ? [[part, chosen.get(part)!] as const] : []))
}

/** Share of what the part needs that the graph has, and as much again for its name. */
function likeness(part: string, needs: GraphNeeds, graph: FoundGraph): number {
  const outputs = typeof needs.outputs === 'function' ? needs.outputs(graph) : needs.outputs
  const has = (tensors: readonly TensorFacts[]) => (names: string) =>
    tensors.some(({ name }) => fits(names, name))
  const found = needs.inputs.filter(has(graph.inputs)).length + outputs.filter(has(graph.outputs)).length
  const wanted = needs.inputs.length + outputs.length
  const share = wanted === 0 ? 0 : found / wanted
  // “encoder” is also in the names of other encoders.
  const name = words(graph.file)
  const called =
    name === words(part) ? 1 : name.endsWith(words(part)) ? 0.8 : name.includes(words(part)) ? 0.5 : 0
  return share + called
}

function words(name: string): string {
  return (name.split('/').at(-1) ?? '')
    .toLowerCase()
    .replace(/\.onnx$/, '')
    .replace(/[^a-z0-9]/g, '')
}

/** Lengths that a session gives no name get one, each its own. */
function declared({ file, inputs, outputs }: FoundGraph): PackGraph {
  const named = ({ name, type, shape }: TensorFacts): TensorFacts => ({
    name,
    type,
    shape: shape.map((length, axis) =>
      length === '' || Number(length) < 0 ? `${name}_${axis}`.slice(0, 100) : length,
    ),
  })
  return { file, inputs: inputs.map(named), outputs: outputs.map(named) }
}

const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1 / 255 } as const
const known: Partial<
  Record<Contract, Pick<Preprocessing, 'resize' | 'scale' | 'mean' | 'std'> & { side: number }>
> = {
  'sam2-image': { resize: 'stretch', ...imageNet, side: 1024 },
  'edgetam-image': { resize: 'stretch', ...imageNet, side: 1024 },
  'sam2-video': { resize: 'stretch', ...imageNet, side: 1024 },
  'aot-video': { resize: 'stretch', ...imageNet, side: 465 },
  'clip-image': {
    resize: 'short-side',
    scale: 1 / 255,
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
    side: 224,
  },
  // Values from -1 to 1.
  'tapir-online': { resize: 'stretch', scale: 2 / 255, mean: [1, 1, 1], std: [1, 1, 1], side: 256 },
}

/** As the makers of the network have it; size and order of axes as the graph has them. */
function preprocessingFor(contract: Contract, encoder: PackGraph | undefined): Preprocessing | string {
  const facts = known[contract]
  if (!facts) return leftToFill('how a picture becomes the input of the graph encoder')
  const { side, ...how } = facts
  const shape = encoder?.inputs[0]?.shape ?? []
  const layout = shape.at(-1) === 3 ? 'nhwc' : 'nchw'
  const [height, width] = (layout === 'nhwc' ? shape.slice(-3) : shape.slice(-2)).map((length) =>
    typeof length === 'number' && length > 0 ? length : side,
  )
  return { colour: 'rgb', width: width ?? side, height: height ?? side, layout, ...how }
}

function lengthOf(graph: PackGraph | undefined, axis: number): number | null {
  const length = graph?.inputs[0]?.shape[axis]
  return typeof length === 'number' && length > 0 ? length : null
}
