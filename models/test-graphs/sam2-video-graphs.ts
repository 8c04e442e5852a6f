/**
 * SAM 2's four graphs without weights. A frame's number is its red; green above 100 hides what is there. An object is a
 * disc that stays where the memory of the nearest frame has it. What a graph was given, it says:
 * - features: 0 frame, 1 green, 2 and 3 centre of the disc, 7 kind (0 bare, 1 "without memory", 2 with memory)
 * - a memory: 0 frame, 1 and 2 centre of its mask, 3 the mask's largest value
 * - a pointer: 0 frame, 1 kind of the features, 2 and 3 centre, 4 points inside, 5 corners of a box, 6 mask prompts
 * - memory attention has outputs beside the contract's: frames, codes and largest values of the memories, frames and
 *   places of the pointers. A temporal code k is k + 1 everywhere, a memory's own position 100.
 */
import type { Preprocessing } from '../manifest.ts'
import type { OnnxGraph } from '../onnx-writer.ts'
import { GraphBuilder } from './graph-builder.ts'

export const sam2Input = 16
export const sam2Preprocessing: Preprocessing = {
  colour: 'rgb',
  resize: 'stretch',
  width: sam2Input,
  height: sam2Input,
  layout: 'nchw',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
}
/** Rows and columns of the features. */
const grid = 4
const cells = grid * grid
const channels = 8
const memoryChannels = 4
const pointerTokens = channels / memoryChannels
const radius = 3
const spatialPosition = 100

export interface Sam2GraphOptions {
  /** EdgeTAM: a memory is so many tokens instead of a map. */
  readonly tokens?: number
  /** The decoder gives low-resolution logits only: no mask for the memory, no mask at the frame's size, no IoU. */
  readonly plainDecoder?: boolean
  /** The decoder takes a mask for a prompt. */
  readonly maskPrompt?: boolean
  /** Three masks with IoUs of 0.2, 0.9 and 0.4; only the second is the disc. */
  readonly threeMasks?: boolean
  /** The number of memories, of pointers: fixed. */
  readonly fixed?: { readonly memories: number; readonly pointers: number }
  /** SAM 2.1: a graph that projects how long ago a pointer was. */
  readonly pointerPosition?: boolean
}

export function sam2VideoGraphs(options: Sam2GraphOptions = {}): Record<string, OnnxGraph> {
  return {
    encoder: encoder(),
    'memory-attention': memoryAttention(options),
    decoder: decoder(options),
    'memory-encoder': memoryEncoder(options),
    ...(options.pointerPosition ? { 'pointer-position': pointerPosition() } : {}),
  }
}

function encoder(): OnnxGraph {
  const g = new GraphBuilder()
  const image = g.input('image', [1, 3, sam2Input, sam2Input])
  const colours = g.reshape(g.mean(image, 2, 3), 1, 3, 1, 1)
  const seen = g.slice(colours, 1, 0, 2)
  const features = g.concat(1, seen, g.floats(new Array(channels - 2).fill(0), [1, channels - 2, 1, 1]))
  const marked = g.add(features, g.floats([0, 0, 0, 0, 0, 0, 0, 1], [1, channels, 1, 1]))
  const shape = [1, channels, grid, grid]
  g.output('pix_feat', g.expand(features, ...shape), shape)
  g.output('high_res_feat0', g.expand(features, 1, channels, 4 * grid, 4 * grid), [1, channels, 16, 16])
  g.output('high_res_feat1', g.expand(features, 1, channels, 2 * grid, 2 * grid), [1, channels, 8, 8])
  g.output('vision_feats', g.expand(marked, ...shape), shape)
  g.output('vision_pos_embed', g.expand(g.floats([0], [1, 1, 1]), cells, 1, channels), [cells, 1, channels])
  return g.graph()
}

function memoryAttention({ tokens, fixed }: Sam2GraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const current = g.input('current_vision_feat', [1, channels, grid, grid])
  g.input('current_vision_pos_embed', [cells, 1, channels])
  const pointers = g.input('memory_0', [fixed?.pointers ?? 'num', channels])
  const count = fixed?.memories ?? 'n'
  const perMemory = tokens ?? cells
  const memories = tokens
    ? g.input('memory_1', ['all', 1, memoryChannels])
    : g.input('memory_1', [count, memoryChannels, grid, grid])
  const positions = g.input('memory_pos_embed', ['places', 1, memoryChannels])
  // [n, 4]: the mean of each memory's tokens.
  const each = tokens ? g.mean(g.reshape(memories, -1, perMemory, memoryChannels), 1) : g.mean(memories, 2, 3)
  const pointerCount = g.node('Mul', [
    g.node('Gather', [g.node('Shape', [pointers]), g.wholes(0)]),
    g.wholes(pointerTokens),
  ])
  const end = g.node('Sub', [g.node('Gather', [g.node('Shape', [positions]), g.wholes(0)]), pointerCount])
  const own = g.node('Slice', [positions, g.wholes(0), end, g.wholes(0)])
  const far = g.wholes(2 ** 31)
  const behind = g.node('Slice', [positions, end, far, g.wholes(0)])
  const codes = g.minus(
    g.mean(g.reshape(own, -1, perMemory * memoryChannels), 1),
    g.floats([spatialPosition]),
  )
  g.output('memory_frames', g.reshape(g.slice(each, 1, 0, 1), -1), ['n'])
  g.output('memory_codes', codes, ['n'])
  g.output('memory_largest', g.reshape(g.slice(each, 1, 3, 4), -1), ['n'])
  g.output('pointer_frames', g.reshape(g.slice(pointers, 1, 0, 1), -1), ['num'])
  g.output('pointer_kinds', g.reshape(g.slice(pointers, 1, 1, 2), -1), ['num'])
  g.output('pointer_places', g.mean(g.reshape(behind, -1, pointerTokens * memoryChannels), 1), ['num'])
  const ago = g.node('Abs', [
    g.minus(g.slice(each, 1, 0, 1), g.reshape(g.slice(g.mean(current, 2, 3), 1, 0, 1), 1)),
  ])
  // Of equally near frames the one with the lower code, which is no key mask.
  const nearness = g.add(g.reshape(ago, -1), g.times(codes, g.floats([0.01])))
  const newest = g.node('Gather', [each, g.node('ArgMin', [nearness], { axis: 0 })])
  const centre = g.reshape(g.slice(newest, 1, 1, 3), 1, 2, 1, 1)
  const seen = g.slice(current, 1, 0, 2)
  const kind = g.expand(g.floats([0, 0, 0, 2], [1, 4, 1, 1]), 1, 4, grid, grid)
  const shape = [1, channels, grid, grid]
  g.output('image_embed', g.concat(1, seen, g.expand(centre, 1, 2, grid, grid), kind), shape)
  return g.graph()
}

/** Whose middle every pixel of the input has. */
function middles(axis: 'x' | 'y'): number[] {
  return Array.from(
    { length: sam2Input * sam2Input },
    (_, i) => (axis === 'x' ? i % sam2Input : Math.floor(i / sam2Input)) + 0.5,
  )
}

function decoder({ plainDecoder, maskPrompt, threeMasks }: Sam2GraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const plane = [1, 1, sam2Input, sam2Input]
  const coords = g.input('point_coords', ['labels', 'points', 2])
  const labels = g.input('point_labels', ['labels', 'points'])
  const size = plainDecoder ? null : g.input('frame_size', [2], 'int64')
  const embed = g.input('image_embed', [1, channels, grid, grid])
  g.input('high_res_feats_0', [1, channels, 4 * grid, 4 * grid])
  g.input('high_res_feats_1', [1, channels, 2 * grid, 2 * grid])
  const features = g.mean(embed, 2, 3)
  const isLabel = (label: number) => g.node('Cast', [g.node('Equal', [labels, g.floats([label])])], { to: 1 })
  const inside = isLabel(1)
  const insideCount = g.sum(inside, 1)
  const corners = g.sum(g.add(isLabel(2), isLabel(3)), 1)
  let prompted = insideCount
  // SAM counts from the middle of the first pixel.
  let place = g.add(g.sum(g.times(coords, g.node('Unsqueeze', [inside, g.wholes(2)])), 1), g.floats([0.5]))
  let masks = g.floats([0])
  if (maskPrompt) {
    const mask = g.input('mask_input', [1, 1, sam2Input, sam2Input])
    masks = g.input('has_mask_input', [1])
    place = centreOf(g, mask)
    prompted = masks
  }
  const remembered = g.slice(features, 1, 2, 4)
  const isPrompted = g.reshape(g.node('Greater', [prompted, g.floats([0])]), 1, 1)
  const centre = g.node('Where', [isPrompted, place, remembered])
  const logits = discLogits(g, centre)
  const number = (tensor: string) => g.reshape(tensor, 1, 1)
  const pointer = g.concat(
    1,
    g.slice(features, 1, 0, 1),
    g.slice(features, 1, 7, 8),
    centre,
    number(insideCount),
    number(corners),
    number(masks),
    g.floats([0], [1, 1]),
  )
  g.output('obj_ptr', pointer, [1, channels])
  const score = g.minus(g.floats([100]), g.slice(features, 1, 1, 2))
  if (plainDecoder) {
    g.output('low_res_masks', logits, plane)
    return g.graph()
  }
  g.output('object_score_logits', score, [1, 1])
  const probability = g.node('Sigmoid', [logits])
  g.output('mask_for_mem', g.add(g.times(probability, g.floats([20])), g.floats([-10])), plane)
  const drawn = g.node('Resize', [logits, '', '', g.concat(0, g.wholes(1, 1), size!)], { mode: 'linear' })
  const none = g.minus(g.times(drawn, g.floats([0])), g.floats([5]))
  const offered = threeMasks ? g.concat(1, none, drawn, none) : drawn
  g.output('pred_mask', offered, [1, threeMasks ? 3 : 1, 'rows', 'columns'])
  const ious = threeMasks ? [0.2, 0.9, 0.4] : [0.9]
  g.output('iou_predictions', g.floats(ious, [1, ious.length]), [1, ious.length])
  return g.graph()
}

/** [1, 2]: the middle of what is above 0. */
function centreOf(g: GraphBuilder, mask: string): string {
  const plane = [1, 1, sam2Input, sam2Input]
  const inside = g.node('Cast', [g.node('Greater', [mask, g.floats([0])])], { to: 1 })
  const area = g.add(g.sum(inside, 2, 3), g.floats([1e-6]))
  const along = (axis: 'x' | 'y') =>
    g.over(g.sum(g.times(inside, g.floats(middles(axis), plane)), 2, 3), area)
  return g.concat(1, along('x'), along('y'))
}

function discLogits(g: GraphBuilder, centre: string): string {
  const plane = [1, 1, sam2Input, sam2Input]
  const away = (axis: 'x' | 'y', from: number) => {
    const difference = g.minus(
      g.floats(middles(axis), plane),
      g.reshape(g.slice(centre, 1, from, from + 1), 1, 1, 1, 1),
    )
    return g.times(difference, difference)
  }
  const distance = g.node('Sqrt', [g.add(away('x', 0), away('y', 1))])
  return g.times(g.minus(g.floats([radius]), distance), g.floats([4]))
}

function memoryEncoder({ tokens }: Sam2GraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const mask = g.input('mask_for_mem', [1, 1, sam2Input, sam2Input])
  const pixels = g.input('pix_feat', [1, channels, grid, grid])
  const frame = g.slice(g.mean(pixels, 2, 3), 1, 0, 1)
  const largest = g.reshape(g.node('ReduceMax', [mask], { axes: [2, 3], keepdims: 0 }), 1, 1)
  const memory = g.concat(1, frame, centreOf(g, mask), largest)
  const base = g.floats([spatialPosition], [1, 1, 1])
  if (tokens) {
    const shape = [tokens, 1, memoryChannels]
    g.output('maskmem_features', g.expand(g.reshape(memory, 1, 1, memoryChannels), ...shape), shape)
    g.output('maskmem_pos_enc', g.expand(base, ...shape), shape)
  } else {
    const shape = [1, memoryChannels, grid, grid]
    g.output('maskmem_features', g.expand(g.reshape(memory, 1, memoryChannels, 1, 1), ...shape), shape)
    g.output('maskmem_pos_enc', g.expand(base, cells, 1, memoryChannels), [cells, 1, memoryChannels])
  }
  const codes = Array.from({ length: 7 * memoryChannels }, (_, i) => Math.floor(i / memoryChannels) + 1)
  g.output('temporal_code', g.floats(codes, [7, 1, 1, memoryChannels]), [7, 1, 1, memoryChannels])
  return g.graph()
}

/** Says back the cosine's first wave, which falls with the distance. */
function pointerPosition(): OnnxGraph {
  const g = new GraphBuilder()
  const waves = g.input('x', ['num', channels])
  g.output('y', g.expand(g.slice(waves, 1, 0, 1), 1, memoryChannels), ['num', memoryChannels])
  return g.graph()
}
