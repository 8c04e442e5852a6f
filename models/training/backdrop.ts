/** What lies behind: a photograph or a surface, with patches of others on it. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas'
import { between, type Random } from '../../main/core/scene/random.ts'
import type { Bitmap4, Materials } from './materials.ts'
import { pick } from './things.ts'

const width = 1100
const height = 760

export function backdrop(random: Random, materials: Materials): Bitmap4 {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const base = random() < 0.75 ? pick(random, materials.photos) : pick(random, materials.textures)
  const picture = canvasOf(base)
  if (base.width > 900) {
    const share = between(random, 0.4, 1)
    const scale = Math.max(width / (base.width * share), height / (base.height * share))
    const [w, h] = [base.width * scale, base.height * scale]
    context.drawImage(picture, -random() * (w - width), -random() * (h - height), w, h)
  } else {
    const side = between(random, 150, 500)
    for (let y = 0; y < height; y += side)
      for (let x = 0; x < width; x += side) context.drawImage(picture, x, y, side, side)
  }
  const patches = random() < 0.3 ? 0 : Math.floor(random() * 14)
  for (let i = 0; i < patches; i++)
    patch(random, canvas, pick(random, random() < 0.7 ? materials.textures : materials.photos))
  if (random() < 0.3) ground(random, canvas, pick(random, materials.textures))
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}

function patch(random: Random, canvas: Canvas, surface: Bitmap4): void {
  const context = canvas.getContext('2d')
  context.save()
  const [x, y] = [random() * width, random() * height]
  const size = between(random, 20, 170)
  context.translate(x, y)
  context.rotate(random() < 0.5 ? 0 : random() * 7)
  context.beginPath()
  if (random() < 0.5)
    context.rect(-size / 2, -size * between(random, 0.2, 1.5), size, size * between(random, 0.3, 3))
  else context.ellipse(0, 0, size, size * between(random, 0.3, 1), 0, 0, 7)
  context.clip()
  const scale = between(random, 0.5, 1.4) * Math.max(1, (4 * size) / surface.width)
  context.drawImage(
    canvasOf(surface),
    -surface.width * scale * 0.5,
    -surface.height * scale * 0.5,
    surface.width * scale,
    surface.height * scale,
  )
  context.restore()
}

/** A floor that gets finer towards the horizon. */
function ground(random: Random, canvas: Canvas, surface: Bitmap4): void {
  const context = canvas.getContext('2d')
  const horizon = between(random, 0.35, 0.7) * height
  const picture = canvasOf(surface)
  for (let y = horizon; y < height; ) {
    const depth = 8 + (y - horizon) * 0.5
    const side = depth * 3
    for (let x = -random() * side; x < width; x += side) context.drawImage(picture, x, y, side, depth)
    y += depth
  }
}

const kept = new WeakMap<Bitmap4, Canvas>()

function canvasOf(bitmap: Bitmap4): Canvas {
  let canvas = kept.get(bitmap)
  if (!canvas) {
    canvas = createCanvas(bitmap.width, bitmap.height)
    canvas.getContext('2d').putImageData(new ImageData(bitmap.data, bitmap.width, bitmap.height), 0, 0)
    kept.set(bitmap, canvas)
  }
  return canvas
}
