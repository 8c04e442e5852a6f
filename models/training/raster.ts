/** Lays moved, bent textures over a frame and keeps count of how much of each pixel is the target's. */
import { levelFor, sampleInto, type Texture } from './texture.ts'

/** Columns of [a c e; b d f]: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number]

export interface Frame {
  readonly width: number
  readonly height: number
  /** Red, green, blue of a pixel, 0 to 255. */
  readonly rgb: Float32Array
  /** How much of a pixel is the target's. */
  readonly truth: Float32Array
}

export function frameOf(width: number, height: number): Frame {
  return { width, height, rgb: new Float32Array(width * height * 3), truth: new Float32Array(width * height) }
}

export function times(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ]
}

export function inverse([a, b, c, d, e, f]: Matrix): Matrix {
  const k = 1 / (a * d - b * c)
  return [d * k, -b * k, -c * k, a * k, (c * f - d * e) * k, (b * e - a * f) * k]
}

/** Moves (x, y), then turns and scales about it. */
export function pose(x: number, y: number, angle: number, scaleX: number, scaleY: number): Matrix {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
  return [cosine * scaleX, sine * scaleX, -sine * scaleY, cosine * scaleY, x, y]
}

/** Displacement of a texture's points by a wave across it, in its pixels. */
export interface Wave {
  readonly size: number
  readonly across: number
  readonly down: number
  readonly phase: number
  /** Direction of the displacement, radians. */
  readonly toward: number
}

export interface Brush {
  readonly texture: Texture
  readonly waves: readonly Wave[]
  /** Brightness at the middle, and how much it changes from one side to the other. */
  readonly gain: number
  readonly shade: number
  readonly shadeAngle: number
  readonly isTarget: boolean
}

/** `matrix` leads from the texture's pixels to the frame's. */
export function lay(frame: Frame, brush: Brush, matrix: Matrix): void {
  const { rgb } = frame
  const { texture, waves } = brush
  const back = inverse(matrix)
  const { level, scale } = levelFor(texture, Math.sqrt(Math.abs(back[0] * back[3] - back[1] * back[2])))
  const [left, right, top, bottom] = bounds(frame, brush, matrix)
  const sample = new Float32Array(4)
  const shadeX = (2 * brush.shade * Math.cos(brush.shadeAngle)) / texture.width
  const shadeY = (2 * brush.shade * Math.sin(brush.shadeAngle)) / texture.height
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const u = back[0] * (x + 0.5) + back[2] * (y + 0.5) + back[4]
      const v = back[1] * (x + 0.5) + back[3] * (y + 0.5) + back[5]
      let atU = u
      let atV = v
      for (const wave of waves) {
        const shift = wave.size * Math.sin(wave.across * u + wave.down * v + wave.phase)
        atU += shift * Math.cos(wave.toward)
        atV += shift * Math.sin(wave.toward)
      }
      sampleInto(level, texture.endless, atU * scale, atV * scale, sample)
      if (sample[3]! < 1) continue
      const light =
        brush.gain *
        (texture.endless ? 1 : 1 + shadeX * (u - texture.width / 2) + shadeY * (v - texture.height / 2))
      const i = y * frame.width + x
      const rest = 1 - sample[3]! / 255
      rgb[3 * i] = rgb[3 * i]! * rest + sample[0]! * light
      rgb[3 * i + 1] = rgb[3 * i + 1]! * rest + sample[1]! * light
      rgb[3 * i + 2] = rgb[3 * i + 2]! * rest + sample[2]! * light
      frame.truth[i] = frame.truth[i]! * rest + (brush.isTarget ? 1 - rest : 0)
    }
}

function bounds(
  frame: Frame,
  { texture, waves }: Brush,
  m: Matrix,
): readonly [number, number, number, number] {
  if (texture.endless) return [0, frame.width, 0, frame.height]
  const room = waves.reduce((sum, { size }) => sum + size, 1)
  const xs: number[] = []
  const ys: number[] = []
  for (const u of [-room, texture.width + room])
    for (const v of [-room, texture.height + room]) {
      xs.push(m[0] * u + m[2] * v + m[4])
      ys.push(m[1] * u + m[3] * v + m[5])
    }
  const within = (at: number, most: number) => Math.min(most, Math.max(0, at))
  return [
    within(Math.floor(Math.min(...xs)), frame.width),
    within(Math.ceil(Math.max(...xs)), frame.width),
    within(Math.floor(Math.min(...ys)), frame.height),
    within(Math.ceil(Math.max(...ys)), frame.height),
  ]
}
