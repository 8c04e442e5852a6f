/** The network's answer, laid over the forest's mask. */
import { type Crop, cropSide } from './crop.ts'

/** How sure of itself the forest's mask can be, in logits, before the network has its say. */
const surest = 4.6
const strongest = 12

/** `mask` with `delta` (logits, 192 x 192 in `crop`) added to its own, in 255ths, as masks are stored. */
export function blended(
  { width, height }: { readonly width: number; readonly height: number },
  mask: Float32Array,
  delta: Float32Array,
  crop: Crop,
): Float32Array {
  const out = mask.slice()
  const scale = cropSide / crop.side
  const place = (at: number) => Math.min(cropSide - 1, Math.max(0, at * scale - 0.5))
  const [top, bottom] = [Math.max(0, Math.ceil(crop.top)), Math.min(height, Math.floor(crop.top + crop.side))]
  const [left, right] = [
    Math.max(0, Math.ceil(crop.left)),
    Math.min(width, Math.floor(crop.left + crop.side)),
  ]
  for (let y = top; y < bottom; y++) {
    const fromY = place(y + 0.5 - crop.top)
    const up = Math.floor(fromY)
    const down = Math.min(cropSide - 1, up + 1)
    for (let x = left; x < right; x++) {
      const fromX = place(x + 0.5 - crop.left)
      const low = Math.floor(fromX)
      const high = Math.min(cropSide - 1, low + 1)
      const tx = fromX - low
      const upper = delta[up * cropSide + low]! * (1 - tx) + delta[up * cropSide + high]! * tx
      const lower = delta[down * cropSide + low]! * (1 - tx) + delta[down * cropSide + high]! * tx
      const change = upper + (fromY - up) * (lower - upper)
      const i = y * width + x
      const p = 1 / (1 + Math.exp(-logit(mask[i]!) - Math.min(strongest, Math.max(-strongest, change))))
      out[i] = Math.round(p * 255) / 255
    }
  }
  return out
}

function logit(p: number): number {
  const sure = 1 / (1 + Math.exp(surest))
  const clamped = Math.min(1 - sure, Math.max(sure, p))
  return Math.log(clamped / (1 - clamped))
}
