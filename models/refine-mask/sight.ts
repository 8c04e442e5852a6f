/** What the network is shown of a key frame and of a step, in bytes. Planes are of working size. */
import { type Crop, CropReader, cropLength, pixelsUnder } from './crop.ts'

/** L, a, b and the mask. */
export const keyPlanes = 4
/** L, a, b; the warped mask; the forest's; colour ratio; residual of the warp; flow against the ground's, u and v. */
export const stepPlanes = 9

interface Size {
  readonly width: number
  readonly height: number
}

export interface StepView extends Size {
  /** Planes of a picture as native/ computes them: grey, then L, a, b, ... */
  readonly picture: Float32Array
  readonly neighbourPicture: Float32Array
  /** From this frame to the neighbour: u, then v. */
  readonly flow: Float32Array
  /** The neighbour's mask, moved here. */
  readonly prior: Float32Array
  /** What the forest makes of it. */
  readonly forest: Float32Array
  /** Log-likelihood ratio object : rest of each pixel's colour. */
  readonly ratio: Float32Array
}

export function keySight(size: Size, picture: Float32Array, mask: Float32Array, crop: Crop): Uint8Array {
  const out = new Uint8Array(keyPlanes * cropLength)
  const reader = new CropReader(size, crop)
  readLab(reader, size, picture, out)
  reader.read(mask, 0, 255, 0, out, 3 * cropLength)
  return out
}

export function stepSight(view: StepView, crop: Crop): Uint8Array {
  const out = new Uint8Array(stepPlanes * cropLength)
  const reader = new CropReader(view, crop)
  const length = view.width * view.height
  readLab(reader, view, view.picture, out)
  reader.read(view.prior, 0, 255, 0, out, 3 * cropLength)
  reader.read(view.forest, 0, 255, 0, out, 4 * cropLength)
  reader.read(view.ratio, 0, 28, 128, out, 5 * cropLength)
  reader.read(residual(view, crop), 0, 4, 0, out, 6 * cropLength)
  const [u, v] = groundFlow(view)
  reader.read(view.flow, 0, 8, 128 - 8 * u, out, 7 * cropLength)
  reader.read(view.flow, length, 8, 128 - 8 * v, out, 8 * cropLength)
  return out
}

function readLab(reader: CropReader, size: Size, picture: Float32Array, out: Uint8Array): void {
  const length = size.width * size.height
  reader.read(picture, length, 2.55, 0, out, 0)
  reader.read(picture, 2 * length, 1, 128, out, cropLength)
  reader.read(picture, 3 * length, 1, 128, out, 2 * cropLength)
}

/** Colour difference to the warped neighbour, Lab units, under the crop; zeros elsewhere. */
function residual(view: StepView, crop: Crop): Float32Array {
  const { width, height, picture, neighbourPicture, flow } = view
  const length = width * height
  const out = new Float32Array(length)
  const { left, right, top, bottom } = pixelsUnder(view, crop)
  for (let y = top; y < bottom; y++)
    for (let x = left, i = y * width + left; x < right; x++, i++) {
      const fromX = Math.min(width - 1, Math.max(0, x + flow[i]!))
      const fromY = Math.min(height - 1, Math.max(0, y + flow[length + i]!))
      const low = Math.floor(fromX)
      const up = Math.floor(fromY)
      const tx = fromX - low
      const ty = fromY - up
      const upperLeft = up * width + low
      const more = low + 1 < width ? 1 : 0
      const lowerLeft = upperLeft + (up + 1 < height ? width : 0)
      let sum = 0
      for (let plane = length; plane <= 3 * length; plane += length) {
        const a = neighbourPicture[plane + upperLeft]!
        const b = neighbourPicture[plane + upperLeft + more]!
        const c = neighbourPicture[plane + lowerLeft]!
        const d = neighbourPicture[plane + lowerLeft + more]!
        const there = a + tx * (b - a) + ty * (c + tx * (d - c) - a - tx * (b - a))
        const apart = picture[plane + i]! - there
        sum += apart * apart
      }
      out[i] = Math.sqrt(sum)
    }
  return out
}

/** Median flow of what does not belong to the warped mask, of every eighth pixel both ways. */
function groundFlow({ width, height, flow, prior }: StepView): readonly [number, number] {
  const most = Math.ceil(width / 8) * Math.ceil(height / 8)
  const u = new Float32Array(most)
  const v = new Float32Array(most)
  let count = 0
  for (let y = 4; y < height; y += 8)
    for (let x = 4; x < width; x += 8) {
      const i = y * width + x
      if (prior[i]! > 0.5) continue
      u[count] = flow[i]!
      v[count++] = flow[width * height + i]!
    }
  return [median(u.subarray(0, count)), median(v.subarray(0, count))]
}

/** Sorts them. */
function median(values: Float32Array): number {
  return values.sort()[values.length >> 1] ?? 0
}
