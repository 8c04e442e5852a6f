/**
 * Clips with exact masks, hard on purpose: look-alikes, camouflage, blur, occlusion, objects that turn, bend and leave.
 * The same seed and materials give the same clip.
 */
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas'
import { between, type Random, randomFrom } from '../../main/core/scene/random.ts'
import { backdrop } from './backdrop.ts'
import { type Motion, shake, travel, wander } from './clip-motion.ts'
import type { Materials } from './materials.ts'
import { type Frame, frameOf, lay, type Matrix, pose, times } from './raster.ts'
import { type Texture, textureOf } from './texture.ts'
import { partMatrices, randomThing, type Thing } from './things.ts'

export const clipSize = { width: 427, height: 240 }

export interface Clip {
  /** RGB24. */
  readonly frames: readonly Uint8Array[]
  /** How much of each pixel is the object's, 0 to 1. */
  readonly truths: readonly Float32Array[]
}

interface Place {
  readonly x: Motion
  readonly y: Motion
  readonly angle: Motion
  /** Logarithm of its size. */
  readonly growth: Motion
}

interface Cast {
  readonly thing: Thing
  readonly place: Place
  /** Pixels on the screen, before growth. */
  readonly size: number
  readonly flip: boolean
  readonly isTarget: boolean
  /** Whether (x, y) is where on the ground it is, or on the screen. */
  readonly onGround: boolean
}

interface Plan {
  readonly frameCount: number
  readonly ground: Texture
  readonly camera: Place
  readonly light: Motion
  /** From back to front. */
  readonly cast: readonly Cast[]
  readonly exposures: number
  readonly exposure: number
  readonly noise: number
  readonly quality: number
}

export async function makeClip(materials: Materials, seed: number): Promise<Clip> {
  const random = randomFrom(seed * 7919 + 17)
  const plan = planned(random, materials)
  const frames: Uint8Array[] = []
  const truths: Float32Array[] = []
  for (let t = 0; t < plan.frameCount; t++) {
    const { rgb, truth } = exposed(plan, t)
    frames.push(await developed(rgb, plan, random))
    truths.push(truth)
  }
  return { frames, truths }
}

function planned(random: Random, materials: Materials): Plan {
  const behind = backdrop(random, materials)
  const hide = random() < 0.3 ? behind : null
  const pace = random() < 0.35 ? between(random, 3, 9) : between(random, 0, 3)
  const target = mainCast(random, randomThing(random, materials, hide), pace)
  const isSmall = target.size < 70
  const others: Cast[] = []
  const extra = Math.floor(random() * 4)
  for (let i = 0; i < extra; i++)
    others.push(
      bystander(
        random,
        random() < 0.4 ? target.thing : randomThing(random, materials, null),
        isSmall ? 40 : 90,
      ),
    )
  const fronts = random() < 0.35 ? 1 + Math.floor(random() * 2) : 0
  const inFront = Array.from({ length: fronts }, () =>
    bystander(random, randomThing(random, materials, behind), 60),
  )
  const turn = wander(random, random() < 0.3 ? 0.15 : 0, 0.01)
  const jitter = [
    shake(random, random() < 0.25 ? between(random, 0.3, 2.5) : 0),
    shake(random, random() < 0.25 ? between(random, 0.3, 2) : 0),
  ]
  const panX = travel(random, between(random, -1, 1) * pace, 60)
  const panY = travel(random, between(random, -0.3, 0.3) * pace, 20)
  const camera: Place = {
    x: (t) => 550 + panX(t) + jitter[0]!(t),
    y: (t) => 380 + panY(t) + jitter[1]!(t),
    angle: turn,
    growth: wander(random, random() < 0.4 ? 0.25 : 0.03, 0.012),
  }
  const light = wander(random, random() < 0.4 ? 0.2 : 0.03, 0.02)
  return {
    frameCount: 26,
    ground: textureOf(behind, true),
    camera,
    light,
    cast: [...others, target, ...inFront],
    exposures: random() < 0.4 ? 4 : 1,
    exposure: between(random, 0.3, 0.9),
    noise: random() < 0.6 ? between(random, 0.5, 6) : 0,
    quality: Math.round(between(random, 55, 96)),
  }
}

/** The object to be followed stays more or less in view, however fast it goes over the ground. */
function mainCast(random: Random, thing: Thing, pace: number): Cast {
  const size = Math.exp(between(random, Math.log(60), Math.log(270)))
  const own = Math.max(0.5, pace) * between(random, 0.3, 1)
  const leaves = random() < 0.12
  const x = leaves
    ? travel(random, between(random, -1, 1) * 6, 20)
    : wander(random, between(random, 10, 80), own)
  const y = wander(random, between(random, 5, 40), own * 0.6)
  const [startX, startY] = [between(random, 130, 297), between(random, 85, 155)]
  const angle = wander(random, random() < 0.4 ? 0.7 : 0.1, random() < 0.3 ? 0.08 : 0.02)
  const growth = wander(random, between(random, 0, 0.4), 0.02)
  const place = {
    x: (t: number) => startX + x(t) - x(0),
    y: (t: number) => startY + y(t) - y(0),
    angle,
    growth,
  }
  return { thing, place, size, flip: random() < 0.5, isTarget: true, onGround: false }
}

function bystander(random: Random, thing: Thing, size: number): Cast {
  const [startX, startY] = [550 + between(random, -260, 260), 380 + between(random, -110, 110)]
  const x = travel(random, random() < 0.5 ? 0 : between(random, -4, 4), 20)
  const y = wander(random, 10, 1)
  const place = {
    x: (t: number) => startX + x(t),
    y: (t: number) => startY + y(t),
    angle: wander(random, 0.3, 0.02),
    growth: wander(random, 0.1, 0.01),
  }
  return {
    thing,
    place,
    size: size * between(random, 0.6, 1.8),
    flip: random() < 0.5,
    isTarget: false,
    onGround: true,
  }
}

/** One frame, over its exposure; the truth is that of the middle. */
function exposed(plan: Plan, frame: number): Frame {
  const middle = drawn(plan, frame)
  if (plan.exposures === 1) return middle
  const rgb = middle.rgb.map((value) => value / plan.exposures)
  for (let i = 1; i < plan.exposures; i++) {
    const other = drawn(plan, frame + (i / (plan.exposures - 1) - 0.5) * plan.exposure)
    for (let k = 0; k < rgb.length; k++) rgb[k]! += other.rgb[k]! / plan.exposures
  }
  return { ...middle, rgb }
}

function drawn(plan: Plan, t: number): Frame {
  const frame = frameOf(clipSize.width, clipSize.height)
  const { camera } = plan
  const zoom = Math.exp(camera.growth(t))
  const view = times(pose(clipSize.width / 2, clipSize.height / 2, camera.angle(t), zoom, zoom), [
    1,
    0,
    0,
    1,
    -camera.x(t),
    -camera.y(t),
  ])
  const light = 1 + plan.light(t)
  lay(frame, { texture: plan.ground, waves: [], gain: light, shade: 0, shadeAngle: 0, isTarget: false }, view)
  for (const cast of plan.cast) layThing(frame, cast, view, light, t)
  return frame
}

function layThing(
  frame: Frame,
  { thing, place, size, flip, isTarget, onGround }: Cast,
  view: Matrix,
  light: number,
  t: number,
): void {
  const scale = (size / thing.extent) * Math.exp(place.growth(t))
  const narrow = thing.narrowing(t) * (flip ? -1 : 1)
  const own = pose(place.x(t), place.y(t), place.angle(t), scale * narrow, scale)
  const matrices = partMatrices(thing, onGround ? times(view, own) : own, t)
  const order = thing.parts.map((_, i) => i).sort((a, b) => thing.parts[a]!.depth - thing.parts[b]!.depth)
  for (const i of order) {
    const waves = thing.waves.map((wave) => ({ ...wave, phase: wave.phase + wave.rate * t }))
    const gain = light * thing.gain(t)
    lay(
      frame,
      {
        texture: thing.parts[i]!.texture,
        waves,
        gain,
        shade: thing.shade,
        shadeAngle: thing.shadeAngle(t),
        isTarget,
      },
      matrices[i]!,
    )
  }
}

/** As a camera and its JPEG leave it. */
async function developed(rgb: Float32Array, { noise, quality }: Plan, random: Random): Promise<Uint8Array> {
  const { width, height } = clipSize
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++)
      rgba[4 * i + c] =
        rgb[3 * i + c]! + (noise === 0 ? 0 : noise * (random() + random() + random() - 1.5) * 1.6)
    rgba[4 * i + 3] = 255
  }
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.putImageData(new ImageData(rgba, width, height), 0, 0)
  context.drawImage(await loadImage(canvas.toBuffer('image/jpeg', quality)), 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const out = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) out[3 * i + c] = data[4 * i + c]!
  return out
}

/** For a look at what was made: every seventh frame of some clips, outlines of the truth in red. */
export function contactSheet(clips: readonly Clip[], columns = 4): Buffer {
  const { width, height } = clipSize
  const canvas = createCanvas(columns * width, clips.length * height)
  const context = canvas.getContext('2d')
  for (const [row, { frames, truths }] of clips.entries())
    for (let column = 0; column < columns; column++) {
      const at = Math.min(frames.length - 1, column * 7)
      context.putImageData(outlined(frames[at]!, truths[at]!), column * width, row * height)
    }
  return canvas.toBuffer('image/png')
}

function outlined(rgb: Uint8Array, truth: Float32Array): ImageData {
  const { width, height } = clipSize
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    const edge = truth[i]! > 0.5 && [i - 1, i + 1, i - width, i + width].some((n) => !((truth[n] ?? 0) > 0.5))
    for (let c = 0; c < 3; c++) data[4 * i + c] = edge ? (c === 0 ? 255 : 0) : rgb[3 * i + c]!
    data[4 * i + 3] = 255
  }
  return new ImageData(data, width, height)
}
