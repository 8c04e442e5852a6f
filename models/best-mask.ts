/** Pure: what SAM's decoders answer, whatever their outputs are called. */
import { floatValues, found, needed, type OpenPack } from './open-pack.ts'
import type { Size } from './placement.ts'
import type { NamedTensors } from './tensor.ts'

export interface BestMask {
  readonly logits: Float32Array
  readonly size: Size
  /** Of the masks that were offered. */
  readonly index: number
  /** Predicted by the network; null where it does not say. */
  readonly iou: number | null
}

/** The mask of the highest predicted IoU; the first of them where nothing is predicted. */
export function bestMask(
  pack: OpenPack,
  part: string,
  outputs: NamedTensors,
  ...names: readonly string[]
): BestMask {
  const masks = needed(pack, part, outputs, ...names)
  const predicted = found(outputs, 'iou_predictions', 'iou_scores', 'iou_pred', 'iou')
  const ious = predicted && floatValues(predicted)
  const [height, width] = masks.dims.slice(-2) as [number, number]
  const plane = width * height
  const count = masks.data.length / plane
  let index = 0
  for (let i = 1; ious && i < Math.min(count, ious.length); i++) if (ious[i]! > ious[index]!) index = i
  return {
    logits: floatValues(masks).subarray(index * plane, (index + 1) * plane),
    size: { width, height },
    index,
    iou: ious ? Math.max(0, Math.min(1, ious[index] ?? 0)) : null,
  }
}

/**
 * How little a mask depends on the threshold: IoU of what is above 1 with what is above -1. SAM's own measure
 * (`stability_score`), for exports that predict no IoU.
 */
export function stability(logits: Float32Array): number {
  let [inner, outer] = [0, 0]
  for (const logit of logits) {
    if (logit > 1) inner++
    if (logit > -1) outer++
  }
  return outer === 0 ? 0 : inner / outer
}
