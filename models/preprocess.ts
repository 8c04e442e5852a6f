/** Pure: a frame as a network's input, a mask as a prompt, and a network's logits as a mask of the frame. */
import { decodeRle, type Rle } from '../main/core/mask/rle.ts'
import type { Preprocessing } from './manifest.ts'
import type { Placement, Size } from './placement.ts'
import { axisWeights, resampled } from './resample.ts'
import type { Tensor } from './tensor.ts'

/** RGB, 8 bits a sample. */
export interface Picture extends Size {
  readonly rgb: Uint8Array
}

/** Of a pixel that the network does not see. */
export const unseenLogit = -32

/** float32, [1, 3, height, width] or [1, height, width, 3]. Beside a letterboxed picture: 0, the mean colour. */
export function imageTensor(picture: Picture, placement: Placement, how: Preprocessing): Tensor {
  const { input, scaleX, scaleY, left, top } = placement
  const across = axisWeights(picture.width, input.width, scaleX, left)
  const down = axisWeights(picture.height, input.height, scaleY, top)
  const drawn = resampled(picture.rgb, picture.width, 3, across, down)
  const { width, height } = input
  const data = new Float32Array(drawn.length)
  const isPlanar = how.layout === 'nchw'
  for (let channel = 0; channel < 3; channel++) {
    const from = how.colour === 'bgr' ? 2 - channel : channel
    const mean = how.mean[channel]!
    const std = how.std[channel]!
    for (let y = 0; y < height; y++) {
      if (down.counts[y] === 0) continue
      for (let x = 0; x < width; x++) {
        if (across.counts[x] === 0) continue
        const pixel = y * width + x
        const value = (drawn[pixel * 3 + from]! * how.scale - mean) / std
        data[isPlanar ? channel * width * height + pixel : pixel * 3 + channel] = value
      }
    }
  }
  return { type: 'float32', dims: isPlanar ? [1, 3, height, width] : [1, height, width, 3], data }
}

/** How much of each pixel of `grid`, which spans the network's input, the mask covers: 0 to 1, row by row. */
export function maskInInput(
  mask: Rle,
  { input, scaleX, scaleY, left, top }: Placement,
  grid: Size,
): Float32Array {
  const x = grid.width / input.width
  const y = grid.height / input.height
  const across = axisWeights(mask.width, grid.width, scaleX * x, left * x)
  const down = axisWeights(mask.height, grid.height, scaleY * y, top * y)
  return resampled(decodeRle(mask).data, mask.width, 1, across, down)
}

/** How a network's grid spans its input: by the outer edges of its pixels, or by their centres (`align_corners`). */
export type GridSpan = 'edges' | 'centres'

/**
 * Logits on `grid`, which spans the network's input, drawn over the picture at the size `out`: bilinear, row by row.
 * What the input does not show is `unseenLogit`.
 */
export function logitsInPicture(
  logits: Float32Array,
  grid: Size,
  placement: Placement,
  out: Size,
  span: GridSpan = 'edges',
): Float32Array {
  const { picture, input, scaleX, scaleY, left, top } = placement
  const xs = gridPlaces(out.width, picture.width, scaleX, left, input.width, grid.width, span)
  const ys = gridPlaces(out.height, picture.height, scaleY, top, input.height, grid.height, span)
  const drawn = new Float32Array(out.width * out.height).fill(unseenLogit)
  for (let y = 0; y < out.height; y++) {
    const row = ys[y]!
    if (Number.isNaN(row)) continue
    const above = Math.floor(row)
    const down = row - above
    const first = above * grid.width
    const second = Math.min(grid.height - 1, above + 1) * grid.width
    for (let x = 0; x < out.width; x++) {
      const column = xs[x]!
      if (Number.isNaN(column)) continue
      const before = Math.floor(column)
      const after = Math.min(grid.width - 1, before + 1)
      const right = column - before
      const upper = logits[first + before]! * (1 - right) + logits[first + after]! * right
      const lower = logits[second + before]! * (1 - right) + logits[second + after]! * right
      drawn[y * out.width + x] = upper * (1 - down) + lower * down
    }
  }
  return drawn
}

/** Where each target pixel's centre lies among the centres of the grid's pixels, on one axis; NaN beyond the input. */
function gridPlaces(
  outLength: number,
  pictureLength: number,
  scale: number,
  offset: number,
  inputLength: number,
  gridLength: number,
  span: GridSpan,
): Float64Array {
  return Float64Array.from({ length: outLength }, (_, i) => {
    const place = (((i + 0.5) * pictureLength) / outLength) * scale + offset
    if (place < 0 || place > inputLength) return Number.NaN
    const at =
      span === 'edges'
        ? (place * gridLength) / inputLength - 0.5
        : ((place - 0.5) * (gridLength - 1)) / Math.max(1, inputLength - 1)
    return Math.max(0, Math.min(gridLength - 1, at))
  })
}

/** Of logits: 0 to 1. */
export function probabilities(logits: Float32Array): Float32Array {
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)))
}
