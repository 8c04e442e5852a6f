/** What moves in a clip: parts with surfaces, hung on one another by joints. */
import { between, type Random } from '../../main/core/scene/random.ts'
import { type Motion, wander } from './clip-motion.ts'
import type { Bitmap4, Materials } from './materials.ts'
import { type Matrix, pose, times, type Wave } from './raster.ts'
import { blob, limb } from './shapes.ts'
import { dressed, type Texture, textureOf } from './texture.ts'

export interface Part {
  readonly texture: Texture
  /** Number of the part it hangs on, -1: the thing itself. */
  readonly parent: number
  /** Where on the parent, and where of its own, in texture pixels. */
  readonly joint: readonly [number, number]
  readonly pivot: readonly [number, number]
  readonly angle: Motion
  readonly scale: number
  /** Drawn from low to high. */
  readonly depth: number
}

export interface Thing {
  readonly parts: readonly Part[]
  /** Largest extent in texture pixels, for its size on the screen. */
  readonly extent: number
  readonly waves: readonly (Omit<Wave, 'phase'> & { readonly phase: number; readonly rate: number })[]
  readonly gain: Motion
  readonly shade: number
  readonly shadeAngle: Motion
  /** Turned away from the viewer: how narrow it gets. */
  readonly narrowing: Motion
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.min(list.length - 1, Math.floor(random() * list.length))]!
}

const still: Motion = () => 0

/** `hide`: a picture whose colours it shall share, to be hard to tell from its surroundings. */
export function randomThing(random: Random, materials: Materials, hide: Bitmap4 | null): Thing {
  const kind = random()
  if (kind < 0.3 && !hide) return withManner(random, single(pick(random, materials.things)))
  if (kind < 0.45 && !hide) return withManner(random, pile(random, materials))
  if (kind < 0.7) return withManner(random, figure(random, materials, hide))
  const shape = random() < 0.3 ? blob(random) : pick(random, [...materials.shapes, ...materials.things])
  return withManner(random, single(surfaced(random, shape, materials, hide)))
}

/** Where every part of a thing lies, given where the thing does. */
export function partMatrices({ parts }: Thing, at: Matrix, t: number): Matrix[] {
  const matrices: Matrix[] = []
  for (const { parent, joint, pivot, angle, scale } of parts) {
    const from = parent < 0 ? at : matrices[parent]!
    const moved = times(from, pose(joint[0], joint[1], angle(t), scale, scale))
    matrices.push(times(moved, [1, 0, 0, 1, -pivot[0], -pivot[1]]))
  }
  return matrices
}

function surfaced(random: Random, shape: Bitmap4, materials: Materials, hide: Bitmap4 | null): Bitmap4 {
  const surface = hide ?? pick(random, random() < 0.5 ? materials.photos : materials.textures)
  const zoom = between(random, 0.6, 2)
  return dressed(shape, surface, random() * surface.width, random() * surface.height, zoom)
}

type Body = Pick<Thing, 'parts' | 'extent'>

function single(picture: Bitmap4): Body {
  const { width, height } = picture
  const part = {
    parent: -1,
    joint: [0, 0],
    pivot: [width / 2, height / 2],
    angle: still,
    scale: 1,
    depth: 0,
  } as const
  return { parts: [{ ...part, texture: textureOf(picture, false) }], extent: Math.max(width, height) }
}

/** Two or three photographs on one another that belong together, each with a little motion of its own. */
function pile(random: Random, materials: Materials): Body {
  const parts: Part[] = []
  let extent = 0
  for (let i = 0; i < 2 + Math.floor(random() * 2); i++) {
    const picture = pick(random, materials.things)
    const { width, height } = picture
    const scale = i === 0 ? 1 : between(random, 0.4, 0.9)
    extent = Math.max(extent, scale * Math.max(width, height))
    const base = parts[0]?.texture
    const joint: [number, number] = base
      ? [base.width * between(random, 0.2, 0.8), base.height * between(random, 0, 0.6)]
      : [0, 0]
    const angle = i === 0 ? still : wander(random, between(random, 0, 0.4), 0.06)
    parts.push({
      texture: textureOf(picture, false),
      parent: i === 0 ? -1 : 0,
      joint,
      pivot: [width / 2, height / (i === 0 ? 2 : 1.5)],
      angle,
      scale,
      depth: i,
    })
  }
  return { parts, extent: extent * 1.2 }
}

type Wear = (shape: Bitmap4, which: number) => Texture

/** Somebody: trunk, head, two arms and two legs of two parts each, in clothes. */
function figure(random: Random, materials: Materials, hide: Bitmap4 | null): Body {
  const clothes = [0, 1, 2].map(
    () => hide ?? pick(random, random() < 0.4 ? materials.photos : materials.textures),
  )
  const wear: Wear = (shape, which) => {
    const surface = clothes[which]!
    const [x, y] = [random() * surface.width, random() * surface.height]
    return textureOf(dressed(shape, surface, x, y, between(random, 0.5, 1.5)), false)
  }
  const build = between(random, 0.8, 1.3)
  const trunk: Part = {
    texture: wear(limb(Math.round(34 * build), 72, 0.8), 0),
    parent: -1,
    joint: [0, 0],
    pivot: [17 * build, 50],
    angle: wander(random, 0.35, 0.04),
    scale: 1,
    depth: 5,
  }
  const nod = wander(random, 0.4, 0.06)
  const head = hung(wear(limb(24, 30, 0.8), 2), 0, [17 * build, 4], (t) => Math.PI + nod(t), 6)
  return { parts: [trunk, head, ...limbsOf(random, wear, build)], extent: 200 }
}

function hung(
  texture: Texture,
  parent: number,
  joint: readonly [number, number],
  angle: Motion,
  depth: number,
): Part {
  return { texture, parent, joint, pivot: [texture.width / 2, texture.width / 2], angle, scale: 1, depth }
}

/** Numbers 2 and on of a figure whose trunk is number 0: arm, forearm, thigh and shin of both sides. */
function limbsOf(random: Random, wear: Wear, build: number): Part[] {
  const pace = between(random, 0.05, 0.45)
  const swing = between(random, 0.2, 1.1)
  const phase = random() * 7
  return [0, 1].flatMap((side) => {
    const turn = phase + side * Math.PI
    const spread = (side - 0.5) * between(random, 0, 1.2)
    const x = (side === 0 ? 8 : 26) * build
    const depth = side === 0 ? 2 : 7
    const arm = 2 + 4 * side
    const [bent, knee] = [between(random, -1.4, 0.3), between(random, 0, 0.6)]
    const swung: Motion = (t) => swing * Math.sin(pace * t + turn)
    const forearm: Motion = (t) => bent + 0.4 * swing * Math.sin(pace * t + turn + 1)
    const shin: Motion = (t) => knee + 0.5 * swing * (1 + Math.sin(pace * t + turn + 2))
    return [
      hung(wear(limb(15, 42, 0.8), 0), 0, [x, 12], (t) => spread + swung(t), depth),
      hung(wear(limb(13, 40, 0.7), 2), arm, [7, 36], forearm, depth + 1),
      hung(wear(limb(20, 52, 0.8), 1), 0, [x, 64], (t) => 0.8 * spread - swung(t), depth),
      hung(wear(limb(17, 52, 0.7), 1), arm + 2, [10, 46], shin, depth),
    ]
  })
}

function withManner(random: Random, body: Body): Thing {
  const turning = random() < 0.35 ? between(random, 0.02, 0.12) : 0
  const from = between(random, 0, 0.6)
  const strength = random() < 0.6 ? between(random, 0.005, 0.035) : 0
  const waves = [0, 1].map(() => {
    const direction = between(random, 0, 2 * Math.PI)
    const rate = (2 * Math.PI) / (body.extent * between(random, 0.5, 1.4))
    return {
      size: strength * body.extent,
      across: rate * Math.cos(direction),
      down: rate * Math.sin(direction),
      phase: between(random, 0, 7),
      rate: between(random, 0.05, 0.35),
      toward: between(random, 0, 2 * Math.PI),
    }
  })
  const brightness = wander(random, between(random, 0, 0.3), 0.03)
  return {
    ...body,
    waves: strength > 0 ? waves : [],
    gain: (t) => 1 + brightness(t),
    shade: between(random, 0, 0.3),
    shadeAngle: wander(random, 3, 0.08),
    narrowing: turning > 0 ? (t) => 0.35 + 0.65 * Math.abs(Math.cos(from + turning * t)) : () => 1,
  }
}
