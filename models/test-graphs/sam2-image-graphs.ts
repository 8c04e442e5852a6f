/**
 * SAM 2's image graphs without weights, and EdgeTAM's. The mask is what the prompt says and nothing else: discs of
 * radius 3 round points inside, the box between the corners, the mask that was given; without discs of radius 2 round
 * points outside. So a mask tells which prompts its graph was given. Beside the contract's outputs the decoder has
 * `said_frame`, the red of the picture, which is a frame's number.
 */
import type { OnnxGraph } from '../onnx-writer.ts'
import { GraphBuilder } from './graph-builder.ts'

export const sam2ImageInput = 16
const plane = [1, 1, sam2ImageInput, sam2ImageInput]
const pixelCount = sam2ImageInput * sam2ImageInput
const channels = 2
const far = 1e4

export interface Sam2ImageGraphOptions {
  /** The older export: an input `orig_im_size`, and masks drawn at that size. */
  readonly originalSize?: boolean
  /** Three masks with IoUs of 0.2, 0.9 and 0.4; only the second is the prompt's. */
  readonly threeMasks?: boolean
  /** The decoder takes no mask and predicts no IoU. */
  readonly plain?: boolean
}

export function sam2ImageGraphs(options: Sam2ImageGraphOptions = {}): Record<string, OnnxGraph> {
  return {
    encoder: encoder('image', 'image_embed', 'high_res_feats_'),
    decoder: decoder(options),
  }
}

/** Three graphs: a fixed number of points, labels -1, 0 and 1 only, a box apart that the graph passes over. */
export function edgetamImageGraphs(pointCount = 4): Record<string, OnnxGraph> {
  return {
    encoder: encoder('input_image', 'image_embeddings', 'high_res_feat_'),
    'prompt-encoder': promptEncoder(pointCount),
    decoder: edgetamDecoder(pointCount),
  }
}

function encoder(image: string, embedding: string, fine: string): OnnxGraph {
  const g = new GraphBuilder()
  const colours = g.mean(g.input(image, [1, 3, sam2ImageInput, sam2ImageInput]), 2, 3)
  const seen = g.reshape(g.slice(colours, 1, 0, channels), 1, channels, 1, 1)
  for (const [name, side] of [
    [embedding, 4],
    [`${fine}0`, 16],
    [`${fine}1`, 8],
  ] as const)
    g.output(name, g.expand(seen, 1, channels, side, side), [1, channels, side, side])
  return g.graph()
}

function decoder({ originalSize, threeMasks, plain }: Sam2ImageGraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const features = g.input('image_embed', [1, channels, 4, 4])
  g.input('high_res_feats_0', [1, channels, 16, 16])
  g.input('high_res_feats_1', [1, channels, 8, 8])
  const coords = g.input('point_coords', ['labels', 'points', 2])
  const labels = g.input('point_labels', ['labels', 'points'])
  let mask: string | null = null
  if (!plain) {
    const given = g.input('mask_input', ['labels', 1, sam2ImageInput, sam2ImageInput])
    const isGiven = g.reshape(g.input('has_mask_input', ['labels']), 1, 1, 1, 1)
    mask = g.minus(g.times(given, isGiven), g.times(g.minus(g.floats([1]), isGiven), g.floats([far])))
  }
  const logits = promptLogits(g, coords, labels, mask)
  const size = originalSize ? g.input('orig_im_size', [2], 'int64') : null
  const drawn = size
    ? g.node('Resize', [logits, '', '', g.concat(0, g.wholes(1, 1), size)], { mode: 'linear' })
    : logits
  const none = g.minus(g.times(drawn, g.floats([0])), g.floats([5]))
  const shape = [1, threeMasks ? 3 : 1, 'rows', 'columns']
  g.output('masks', threeMasks ? g.concat(1, none, drawn, none) : drawn, shape)
  const ious = threeMasks ? [0.2, 0.9, 0.4] : [0.9]
  if (!plain) g.output('iou_predictions', g.floats(ious, [1, ious.length]), [1, ious.length])
  sayFrame(g, features)
  return g.graph()
}

function promptEncoder(pointCount: number): OnnxGraph {
  const g = new GraphBuilder()
  const coords = g.input('point_coords', [1, pointCount, 2])
  const labels = g.input('point_labels', [1, pointCount])
  g.input('box_coords', [1, 1, 4])
  const mask = g.input('mask_input', plane)
  const isInside = g.node('Cast', [g.node('Greater', [labels, g.floats([0])])], { to: 1 })
  const known = g.node('Where', [g.node('Greater', [labels, g.floats([-0.5])]), isInside, labels])
  const points = g.concat(2, coords, g.reshape(known, 1, pointCount, 1))
  const padded = g.concat(1, points, g.floats([0, 0, -1], [1, 1, 3]))
  g.output('sparse_embeddings', padded, [1, pointCount + 1, 3])
  g.output('dense_embeddings', mask, plane)
  return g.graph()
}

function edgetamDecoder(pointCount: number): OnnxGraph {
  const g = new GraphBuilder()
  const features = g.input('image_embeddings', [1, channels, 4, 4])
  const sparse = g.input('sparse_prompt_embeddings', [1, pointCount + 1, 3])
  const dense = g.input('dense_prompt_embeddings', plane)
  g.input('high_res_feat_0', [1, channels, 16, 16])
  g.input('high_res_feat_1', [1, channels, 8, 8])
  const coords = g.slice(sparse, 2, 0, 2)
  const labels = g.reshape(g.slice(sparse, 2, 2, 3), 1, pointCount + 1)
  // A mask of zeros is none: half a logit below.
  const logits = promptLogits(g, coords, labels, g.minus(dense, g.floats([0.5])))
  g.output('low_res_masks', logits, plane)
  const scales = g.floats([1, 1, 2, 2])
  g.output('final_masks', g.node('Resize', [logits, '', scales], { mode: 'linear' }), [1, 1, 32, 32])
  g.output('iou_scores', g.floats([0.8], [1, 1]), [1, 1])
  sayFrame(g, features)
  return g.graph()
}

function sayFrame(g: GraphBuilder, features: string): void {
  g.output('said_frame', g.slice(g.mean(features, 2, 3), 1, 0, 1), [1, 1])
}

/** `coords` [1, P, 2], `labels` [1, P], `mask` logits or null; [1, 1, rows, columns] comes out. */
function promptLogits(g: GraphBuilder, coords: string, labels: string, mask: string | null): string {
  const place = (axis: 'x' | 'y') =>
    g.floats(
      Array.from({ length: pixelCount }, (_, i) =>
        axis === 'x' ? i % sam2ImageInput : Math.floor(i / sam2ImageInput),
      ),
      [1, 1, pixelCount],
    )
  const [xs, ys] = [g.slice(coords, 2, 0, 1), g.slice(coords, 2, 1, 2)]
  const square = (value: string) => g.times(value, value)
  // [1, P, pixels]
  const distance = g.node('Sqrt', [g.add(square(g.minus(place('x'), xs)), square(g.minus(place('y'), ys)))])
  const each = g.node('Unsqueeze', [labels, g.wholes(2)])
  const is = (label: number) =>
    g.node('Less', [g.node('Abs', [g.minus(each, g.floats([label]))]), g.floats([0.25])])
  const highest = (tensor: string) => g.node('ReduceMax', [tensor], { axes: [1], keepdims: 1 })
  const lowest = (tensor: string) => g.node('ReduceMin', [tensor], { axes: [1], keepdims: 1 })
  const discs = highest(g.node('Where', [is(1), g.minus(g.floats([3]), distance), g.floats([-far])]))
  const holes = lowest(g.node('Where', [is(0), g.minus(distance, g.floats([2])), g.floats([far])]))
  // Without corners the box begins far to the right of where it ends. Half a pixel: corners are where pixels end.
  const corner = (label: number, of: string, none: number) =>
    lowest(g.node('Where', [is(label), of, g.floats([none])]))
  const last = (label: number, of: string) => highest(g.node('Where', [is(label), of, g.floats([-far])]))
  const box = [
    g.minus(place('x'), corner(2, xs, far)),
    g.minus(place('y'), corner(2, ys, far)),
    g.minus(last(3, xs), place('x')),
    g.minus(last(3, ys), place('y')),
  ].reduce((a, b) => g.node('Min', [a, b]))
  const told = g.node('Max', [discs, box])
  const shown = mask ? g.node('Max', [told, g.reshape(mask, 1, 1, pixelCount)]) : told
  const logits = g.times(g.node('Min', [shown, holes]), g.floats([4]))
  return g.reshape(g.node('Clip', [logits, g.floats([-32], []), g.floats([32], [])]), ...plane)
}
