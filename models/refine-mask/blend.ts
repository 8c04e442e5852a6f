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
  const across = placesOf(crop.left, crop.side, width)
  const along = placesOf(crop.top, crop.side, height)
  for (let row = 0; row < along.low.length; row++) {
    const upper = along.low[row]! * cropSide
    const lower = along.high[row]! * cropSide
    const ty = along.part[row]!
    for (
      let column = 0, i = (along.first + row) * width + across.first;
      column < across.low.length;
      column++, i++
    ) {
      const low = across.low[column]!
      const high = across.high[column]!
      const tx = across.part[column]!
      const above = delta[upper + low]! * (1 - tx) + delta[upper + high]! * tx
      const below = delta[lower + low]! * (1 - tx) + delta[lower + high]! * tx
      const change = above + ty * (below - above)
      const p = 1 / (1 + Math.exp(-logitOf(mask[i]!) - Math.min(strongest, Math.max(-strongest, change))))
      out[i] = Math.round(p * 255) / 255
    }
  }
  return out
}

/** Along one axis: the picture's pixels in the crop, from `first` on, and between which two places of it each lies. */
function placesOf(start: number, side: number, length: number) {
  const first = Math.max(0, Math.ceil(start))
  const count = Math.max(0, Math.min(length, Math.floor(start + side)) - first)
  const low = new Int32Array(count)
  const high = new Int32Array(count)
  const part = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    const at = Math.min(cropSide - 1, Math.max(0, ((first + k + 0.5 - start) * cropSide) / side - 0.5))
    low[k] = Math.floor(at)
    high[k] = Math.min(cropSide - 1, low[k]! + 1)
    part[k] = at - low[k]!
  }
  return { first, low, high, part }
}

/** Of the 256 values that a mask is stored in. */
const logits = Float64Array.from({ length: 256 }, (_, byte) => logit(Math.fround(byte / 255)))

function logitOf(p: number): number {
  const byte = Math.round(p * 255)
  return Math.fround(byte / 255) === p ? logits[byte]! : logit(p)
}

function logit(p: number): number {
  const sure = 1 / (1 + Math.exp(surest))
  const clamped = Math.min(1 - sure, Math.max(sure, p))
  return Math.log(clamped / (1 - clamped))
}
