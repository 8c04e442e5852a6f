/** Outlines that need no picture: blobs and limbs. White with alpha; `dressed` gives them a surface. */
import { createCanvas } from '@napi-rs/canvas'
import { between, type Random } from '../../main/core/scene/random.ts'
import type { Bitmap4 } from './materials.ts'

/** A round thing with a few waves along its rim. */
export function blob(random: Random, side = 160): Bitmap4 {
  const waves = [2, 3, 4, 5, 7].map((count) => ({
    count,
    size: between(random, 0, 0.55 / count),
    phase: between(random, 0, 2 * Math.PI),
  }))
  const flat = between(random, 0.45, 1)
  const context = createCanvas(side, side).getContext('2d')
  context.fillStyle = 'white'
  context.beginPath()
  for (let i = 0; i < 90; i++) {
    const angle = (i / 90) * 2 * Math.PI
    const reach = waves.reduce(
      (sum, { count, size, phase }) => sum + size * Math.cos(count * angle + phase),
      1,
    )
    const r = (side / 2) * 0.62 * reach
    context.lineTo(side / 2 + r * Math.cos(angle), side / 2 + r * flat * Math.sin(angle))
  }
  context.closePath()
  context.fill()
  return { width: side, height: side, data: context.getImageData(0, 0, side, side).data }
}

/** Upright, thicker at one end, round at both. */
export function limb(width: number, height: number, taper: number): Bitmap4 {
  const context = createCanvas(width, height).getContext('2d')
  const [wide, narrow] = [width / 2, (width / 2) * taper]
  context.fillStyle = 'white'
  context.beginPath()
  context.arc(wide, wide, wide, Math.PI, 0)
  context.lineTo(wide + narrow, height - narrow)
  context.arc(wide, height - narrow, narrow, 0, Math.PI)
  context.closePath()
  context.fill()
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}
