/**
 * AOT's four graphs without weights, and PAOT's. A frame's number is its red; green above 100 hides what is there. An
 * object is a disc that stays where the newest memory that has its identity shows it. What a graph was given, it says:
 * - a token of a memory: `k_0` the frame's number, `k_1` what layer 0 remembered as the short memory's number, `v_0` the
 *   frame's number once more; `id_emb` of each plane whether it is there and its middle
 * - lstt has outputs beside the contract's: `said_long`, `said_short` (numbers of frames, a token each), `said_layers`
 *   (`k_1` of the long memory) and `said_ids`, planes that each token of the long memory shows
 */
import type { Preprocessing } from '../manifest.ts'
import type { OnnxGraph } from '../onnx-writer.ts'
import { GraphBuilder } from './graph-builder.ts'

export const aotPreprocessing: Preprocessing = {
  colour: 'rgb',
  resize: 'stretch',
  width: 33,
  height: 33,
  layout: 'nchw',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
}
/** Of the picture's side. */
export const aotRadius = 0.15

export interface AotGraphOptions {
  /** Two banks, of so many identities each. */
  readonly banks?: { readonly stuff: number; readonly things: number }
  /** Keys and values get their identities by a graph of its own. */
  readonly fuse?: boolean
  /** The encoder takes pictures of this size only. */
  readonly fixedSize?: number
}

export function aotVideoGraphs(options: AotGraphOptions = {}): Record<string, OnnxGraph> {
  const planes = options.banks ? options.banks.stuff + options.banks.things : 11
  return {
    encoder: encoder(options),
    'id-bank': idBank(options, planes),
    lstt: lstt(options, planes),
    decoder: decoder(planes),
    ...(options.fuse ? { fuse: fuse(planes) } : {}),
  }
}

const stride = (g: GraphBuilder, tensor: string, step: number) =>
  g.node('Slice', [tensor, g.wholes(0, 0), g.wholes(2 ** 31, 2 ** 31), g.wholes(2, 3), g.wholes(step, step)])

function encoder({ fixedSize }: AotGraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const image = g.input('image', [1, 3, fixedSize ?? 'H', fixedSize ?? 'W'])
  const even = g.add(
    g.times(image, g.floats([0])),
    g.node('ReduceMean', [image], { axes: [2, 3], keepdims: 1 }),
  )
  const seen = g.slice(even, 1, 0, 2)
  g.output('f4', stride(g, seen, 4), [1, 2, 'h4', 'w4'])
  g.output('feat', stride(g, seen, 16), [1, 2, 'h16', 'w16'])
  return g.graph()
}

/** Of each plane: whether it is there, and its middle from 0 to 1. Every token of the grid says the same. */
function idBank({ banks }: AotGraphOptions, planes: number): OnnxGraph {
  const g = new GraphBuilder()
  const shown = banks
    ? g.concat(
        1,
        g.input('one_hot_stuff', [1, banks.stuff, 'H', 'W']),
        g.input('one_hot_thing', [1, banks.things, 'H', 'W']),
      )
    : g.input('one_hot', [1, planes, 'H', 'W'])
  const ones = g.add(g.times(shown, g.floats([0])), g.floats([1]))
  const area = g.sum(shown, 2, 3)
  const middle = (axis: number) => {
    const place = g.minus(g.node('CumSum', [ones, g.node('Squeeze', [g.wholes(axis)])]), g.floats([1]))
    const last = g.node('ReduceMax', [place], { axes: [2, 3], keepdims: 1 })
    return g.over(g.sum(g.times(shown, g.over(place, last)), 2, 3), g.add(area, g.floats([1e-6])))
  }
  const isThere = g.node('Cast', [g.node('Greater', [area, g.floats([0.5])])], { to: 1 })
  const token = g.reshape(g.concat(1, isThere, middle(3), middle(2)), 1, 1, 3 * planes)
  const cells = g.reshape(g.slice(stride(g, ones, 16), 1, 0, 1), -1, 1, 1)
  g.output('id_emb', g.times(cells, token), ['tokens', 1, 3 * planes])
  return g.graph()
}

function lstt({ fuse }: AotGraphOptions, planes: number): OnnxGraph {
  const g = new GraphBuilder()
  const features = g.input('feat', [1, 2, 'h16', 'w16'])
  const memory = (kind: 'lt' | 'st') => {
    const tokens = kind === 'lt' ? 'all' : 'tokens'
    const keys = g.input(`${kind}_k_0`, [tokens, 1, 1])
    const second = g.input(`${kind}_k_1`, [tokens, 1, 1])
    const width = fuse ? 1 + 3 * planes : 1
    const values = g.input(`${kind}_v_0`, [tokens, 1, width])
    const ids = fuse ? g.slice(values, 2, 1, width) : g.input(`${kind}_id_emb`, [tokens, 1, 3 * planes])
    return { keys, second, ids }
  }
  const [long, short] = [memory('lt'), memory('st')]
  const number = g.reshape(g.slice(g.mean(features, 2, 3), 1, 0, 1), 1, 1, 1)
  const cells = g.reshape(g.slice(features, 1, 0, 1), -1, 1, 1)
  const everywhere = (value: string) => g.add(g.times(cells, g.floats([0])), value)
  const own = everywhere(number)
  g.output('cur_k_0', own, ['tokens', 1, 1])
  g.output('cur_v_0', own, ['tokens', 1, 1])
  g.output('cur_k_1', everywhere(g.node('ReduceMean', [short.keys], { axes: [0], keepdims: 1 })), [
    'tokens',
    1,
    1,
  ])
  const ids = g.concat(0, long.ids, short.ids)
  const part = (index: number) => g.slice(ids, 2, index * planes, (index + 1) * planes)
  const ago = g.node('Abs', [g.minus(g.concat(0, long.keys, short.keys), number)])
  const score = g.minus(g.times(part(0), g.floats([1000])), ago)
  const newest = g.node('ArgMax', [score], { axis: 0, keepdims: 1 })
  const chosen = [0, 1, 2].map((index) => g.node('GatherElements', [part(index), newest], { axis: 0 }))
  g.output('emb', g.times(everywhere(g.floats([1])), g.concat(2, ...chosen)), ['tokens', 1, 3 * planes])
  g.output('said_long', g.reshape(long.keys, -1), ['all'])
  g.output('said_layers', g.reshape(long.second, -1), ['all'])
  g.output('said_short', g.reshape(short.keys, -1), ['tokens'])
  g.output('said_ids', g.slice(long.ids, 2, 0, planes), ['all', 1, planes])
  return g.graph()
}

/** Logits of the ground are 0 everywhere; an object's are above 0 within its disc. */
function decoder(planes: number): OnnxGraph {
  const g = new GraphBuilder()
  const emb = g.input('emb', ['tokens', 1, 3 * planes])
  const fine = g.input('f4', [1, 2, 'h4', 'w4'])
  const said = g.reshape(g.node('ReduceMean', [emb], { axes: [0], keepdims: 0 }), 3, planes, 1, 1)
  const of = (index: number) => g.reshape(g.slice(said, 0, index, index + 1), 1, planes, 1, 1)
  const green = g.slice(fine, 1, 1, 2)
  const ones = g.add(g.times(green, g.floats([0])), g.floats([1]))
  const away = (axis: number, from: string) => {
    const place = g.minus(g.node('CumSum', [ones, g.node('Squeeze', [g.wholes(axis)])]), g.floats([1]))
    const last = g.node('ReduceMax', [place], { axes: [2, 3], keepdims: 1 })
    const difference = g.minus(g.over(place, last), from)
    return g.times(difference, difference)
  }
  const distance = g.node('Sqrt', [g.add(away(3, of(1)), away(2, of(2)))])
  const disc = g.times(g.minus(g.floats([aotRadius]), distance), g.floats([60]))
  const absent = g.times(g.minus(g.floats([1]), of(0)), g.floats([100]))
  const hidden = g.times(g.node('Relu', [g.minus(green, g.floats([100]))]), g.floats([10]))
  const logits = g.minus(g.minus(disc, absent), hidden)
  const isObject = g.floats(
    Array.from({ length: planes }, (_, i) => (i === 0 ? 0 : 1)),
    [1, planes, 1, 1],
  )
  g.output('logits', g.times(logits, isObject), [1, planes, 'h4', 'w4'])
  return g.graph()
}

function fuse(planes: number): OnnxGraph {
  const g = new GraphBuilder()
  g.output('mem_k_0', g.input('cur_k_0', ['tokens', 1, 1]), ['tokens', 1, 1])
  g.output('mem_k_1', g.input('cur_k_1', ['tokens', 1, 1]), ['tokens', 1, 1])
  const values = g.input('cur_v_0', ['tokens', 1, 1])
  const ids = g.input('id_emb', ['tokens', 1, 3 * planes])
  g.output('mem_v_0', g.concat(2, values, ids), ['tokens', 1, 1 + 3 * planes])
  return g.graph()
}
