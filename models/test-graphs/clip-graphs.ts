/**
 * CLIP's two graphs without weights: a picture's embedding is its mean colour after preprocessing, a text's its first
 * four tokens and how many of them count.
 */
import type { OnnxGraph } from '../onnx-writer.ts'
import { GraphBuilder } from './graph-builder.ts'

export function clipImageGraphs(side: number): Record<string, OnnxGraph> {
  const g = new GraphBuilder()
  g.output('image_embeds', g.mean(g.input('pixel_values', ['batch', 3, side, side]), 2, 3), ['batch', 3])
  return { encoder: g.graph() }
}

export function clipTextGraphs(length: number, type: 'int64' | 'int32' = 'int64'): Record<string, OnnxGraph> {
  const g = new GraphBuilder()
  const tokens = g.node('Cast', [g.input('input_ids', ['batch', length], type)], { to: 1 })
  const mask = g.node('Cast', [g.input('attention_mask', ['batch', length], 'int64')], { to: 1 })
  const count = g.node('ReduceSum', [mask, g.wholes(1)], { keepdims: 1 })
  g.output('text_embeds', g.concat(1, g.slice(tokens, 1, 0, 4), count), ['batch', 5])
  return { encoder: g.graph() }
}
