/**
 * TAPIR's three causal graphs without weights. A frame's number is its red; green above 100 hides every point. A point
 * moves to the right by a pixel of the input a frame, and down by a quarter for every frame that the state has seen before,
 * so that a track tells whether the state was handed on. The state counts frames, a number a point.
 */
import type { OnnxGraph } from '../onnx-writer.ts'
import { GraphBuilder } from './graph-builder.ts'

export const tapirInput = 16

export interface TapirGraphOptions {
  /** So many points, always. */
  readonly pointCount?: number
  /** Pictures as [1, 1, rows, columns, 3], as those exports have it that keep the axis of time. */
  readonly hasTime?: boolean
  /** Says itself what is visible, in place of two logits. */
  readonly saysVisible?: boolean
}

export function tapirGraphs(options: TapirGraphOptions = {}): Record<string, OnnxGraph> {
  return { encoder: encoder(options), query: query(options), step: step(options) }
}

function encoder({ hasTime }: TapirGraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const side = tapirInput
  const colours = hasTime
    ? g.reshape(g.mean(g.input('input_frame', [1, 1, side, side, 3]), 2, 3), 1, 3)
    : g.mean(g.input('input_frame', [1, side, side, 3]), 1, 2)
  const grid = g.reshape(g.slice(colours, 1, 0, 2), 1, 1, 1, 2)
  g.output('feature_grid', g.expand(grid, 1, 4, 4, 2), [1, 4, 4, 2])
  g.output('hires_feats_grid', g.expand(grid, 1, 8, 8, 2), [1, 8, 8, 2])
  return g.graph()
}

/** Of a point: y, x and the number of its frame. */
function query({ pointCount }: TapirGraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const count = pointCount ?? 'points'
  const points = g.input('query_points', [1, count, 2])
  const grid = g.input('feature_grid', [1, 4, 4, 2])
  g.input('hires_feats_grid', [1, 8, 8, 2])
  const frame = g.reshape(g.slice(g.mean(grid, 1, 2), 1, 0, 1), 1, 1, 1)
  const each = g.add(g.times(g.slice(points, 2, 0, 1), g.floats([0])), frame)
  g.output('query_feats', g.concat(2, points, each), [1, count, 3])
  g.output('hires_query_feats', each, [1, count, 1])
  return g.graph()
}

function step({ pointCount, saysVisible }: TapirGraphOptions): OnnxGraph {
  const g = new GraphBuilder()
  const count = pointCount ?? 'points'
  const grid = g.input('feature_grid', [1, 4, 4, 2])
  g.input('hires_feats_grid', [1, 8, 8, 2])
  const features = g.input('query_feats', [1, count, 3])
  g.input('hires_query_feats', [1, count, 1])
  const state = g.input('causal_state', [2, count, 1])
  const colours = g.mean(grid, 1, 2)
  const frame = g.reshape(g.slice(colours, 1, 0, 1), 1, 1, 1)
  const of = (index: number) => g.slice(features, 2, index, index + 1)
  const x = g.add(of(1), g.minus(frame, of(2)))
  const y = g.add(of(0), g.times(g.slice(state, 0, 0, 1), g.floats([0.25])))
  g.output('tracks', g.concat(2, x, y), [1, count, 2])
  g.output('new_causal_state', g.add(state, g.floats([1])), [2, count, 1])
  const green = g.reshape(g.slice(colours, 1, 1, 2), 1, 1)
  const even = g.times(g.node('Squeeze', [of(0), g.wholes(2)]), g.floats([0]))
  const hidden = g.add(even, g.minus(green, g.floats([100])))
  if (saysVisible) g.output('visibles', g.node('Less', [hidden, g.floats([0])]), [1, count], 'bool')
  else {
    g.output('occlusion', hidden, [1, count])
    // Points whose query is in the left half are where they are said to be.
    const right = g.minus(g.node('Squeeze', [of(1), g.wholes(2)]), g.floats([tapirInput / 2]))
    g.output('expected_dist', g.times(right, g.floats([10])), [1, count])
  }
  return g.graph()
}
