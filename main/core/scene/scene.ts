import type { Pose } from './actors/actor-kind.ts'
import { nearness, toPixels, type View, viewAt } from './camera.ts'
import { Canvas } from './canvas.ts'
import { type Moment, paintFarLand, paintMeadow, type StuffIds } from './landscape.ts'
import { smooth, type Tiles, tilesFrom } from './noise.ts'
import { ellipse, inverted, mapped, multiplied, placed } from './outline.ts'
import { fillShader, ramp } from './paint.ts'
import { Pen } from './pen.ts'
import { places } from './place.ts'
import { Sheet } from './sheet.ts'
import { type Actor, castOf, type Role, rolesOf } from './staging.ts'
import { paintBirch } from './tree.ts'

/**
 * What may happen in a scene. `blur` is motion blur, `exit` leaving and coming back, `cut` a change of place. `back`
 * cuts away for a short shot and back to the first place, with everybody elsewhere; `absent` leaves the first actor out
 * after a cut. `thicket` makes a row of trees of the one of `occlusion`, behind which an actor is out of sight; `twins`
 * makes all actors alike; with `roam` they go to and fro instead of straight on.
 */
export type SceneEvent =
  | 'pan'
  | 'zoom'
  | 'shake'
  | 'blur'
  | 'light'
  | 'occlusion'
  | 'thicket'
  | 'exit'
  | 'cut'
  | 'back'
  | 'twins'
  | 'absent'
  | 'roam'

export interface SceneSpec {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly frameCount: number
  readonly framesPerSecond: number
  /** 1 to 40 things. */
  readonly objectCount: number
  readonly seed: number
  readonly events: readonly SceneEvent[]
}

export interface SceneEntity {
  /** Value in the index image. */
  readonly index: number
  readonly name: string
  readonly className: string
  readonly stuff: boolean
}

export interface SceneFrame {
  /** Row by row, 3 bytes a pixel. */
  readonly rgb: Uint8Array
  /** Row by row: which entity owns the pixel. Every pixel has one. */
  readonly index: Uint8Array
}

export interface Scene {
  readonly spec: SceneSpec
  /** Things first, numbered from 1; then stuff. */
  readonly entities: readonly SceneEntity[]
  /** First frames of the shots after the first. */
  readonly cuts: readonly number[]
  /** Renders one frame; the same spec and frame always give the same bytes. */
  readonly frame: (frameIndex: number) => SceneFrame
}

const stuffNames = ['sky', 'mountain', 'hill', 'water', 'meadow', 'tree'] as const
/** Trees of a thicket, stage units from its middle: so near that nothing shows between the trunks. */
const thicket = [-84, -70, -56, -42, -28, -14, 0, 14, 28, 42, 56, 70, 84]
const shadowRamp = ramp([0, [20, 24, 48], 0.42], [0.5, [20, 24, 48], 0.25], [1, [20, 24, 48], 0])

interface Shot {
  readonly firstFrame: number
  readonly frameCount: number
  readonly seed: number
  readonly placeIndex: number
  readonly roles: readonly Role[]
  /** Where trees stand before the actors. */
  readonly birches: readonly number[]
}

/** The entities of a spec's frames: things in the order of the cast, then the landscape. */
export function sceneEntities(spec: SceneSpec): readonly SceneEntity[] {
  const things = castOfSpec(spec).map((actor, i) => ({
    index: i + 1,
    name: actor.name,
    className: actor.kind.className,
    stuff: false,
  }))
  const stuff = stuffNames.map((name, i) => ({
    index: spec.objectCount + 1 + i,
    name,
    className: name,
    stuff: true,
  }))
  return [...things, ...stuff]
}

/** Throws RangeError when the spec asks for what cannot be drawn. */
export function sceneOf(spec: SceneSpec): Scene {
  if (!Number.isInteger(spec.objectCount) || spec.objectCount < 1 || spec.objectCount > 40)
    throw new RangeError(`A scene has 1 to 40 objects, not ${spec.objectCount}`)
  if (spec.width < 16 || spec.height < 16 || spec.frameCount < 1)
    throw new RangeError('A scene needs at least 16x16 pixels and one frame')
  const cast = castOfSpec(spec)
  const shots = shotsOf(spec, cast)
  const studio = new Studio(spec)
  return {
    spec,
    entities: sceneEntities(spec),
    cuts: shots.slice(1).map((shot) => shot.firstFrame),
    frame: (frameIndex) => {
      if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= spec.frameCount)
        throw new RangeError(`Scene ${spec.name} has frames 0 to ${spec.frameCount - 1}, not ${frameIndex}`)
      const shot = shots.findLast((candidate) => candidate.firstFrame <= frameIndex)!
      return studio.render(shot, frameIndex)
    },
  }
}

/** First frames of the shots after the first. */
function cutsOf({ events, frameCount }: SceneSpec): readonly number[] {
  const at = (share: number) => Math.max(1, Math.round(frameCount * share))
  const cuts = events.includes('back') ? [at(0.5), at(0.66)] : events.includes('cut') ? [at(0.76)] : []
  return cuts.filter((frame) => frame < frameCount)
}

function castOfSpec({ objectCount, seed, events }: SceneSpec): readonly Actor[] {
  return castOf(objectCount, seed, events.includes('twins'))
}

function shotsOf(spec: SceneSpec, cast: readonly Actor[]): readonly Shot[] {
  const bounds = [0, ...cutsOf(spec), spec.frameCount]
  return bounds.slice(0, -1).map((firstFrame, i) => {
    const frameCount = bounds[i + 1]! - firstFrame
    const seconds = frameCount / spec.framesPerSecond
    const seed = spec.seed + i * 101
    const plan = {
      seed,
      width: (480 * spec.width) / spec.height,
      seconds,
      exit: i === 0 && spec.events.includes('exit'),
      roam: spec.events.includes('roam'),
    }
    const roles = rolesOf(cast, plan)
    const hides = i === 0 && (spec.events.includes('occlusion') || spec.events.includes('thicket'))
    const trees = spec.events.includes('thicket') ? thicket : [0]
    const x = hides ? birchX(roles, plan.exit, seconds) : 0
    return {
      firstFrame,
      frameCount,
      seed,
      placeIndex: (spec.seed + (i % 2)) % places.length,
      roles: i > 0 && spec.events.includes('absent') ? roles.slice(1) : roles,
      birches: hides ? trees.map((shift) => x + shift) : [],
    }
  })
}

/** The tree stands where the first actor on land passes it. */
function birchX(roles: readonly Role[], leaves: boolean, seconds: number): number {
  const hidden = roles.find((role) => role.actor.kind.lane === 'ground') ?? roles[0]!
  const share = leaves ? 0.24 : 0.5
  return hidden.placeAt(share, share * seconds).x
}

/** The sheets and tiles that all frames of one scene share. */
class Studio {
  readonly #spec: SceneSpec
  readonly #tiles: Tiles
  readonly #canvas: Canvas
  readonly #sheet: Sheet
  readonly #blurred: Sheet
  readonly #middle: Sheet
  readonly #ids: StuffIds

  constructor(spec: SceneSpec) {
    this.#spec = spec
    this.#tiles = tilesFrom(spec.seed)
    this.#canvas = new Canvas(spec.width, spec.height)
    this.#sheet = new Sheet(spec.width, spec.height)
    this.#blurred = new Sheet(spec.width, spec.height)
    this.#middle = new Sheet(spec.width, spec.height)
    const first = spec.objectCount + 1
    this.#ids = {
      sky: first,
      mountain: first + 1,
      hill: first + 2,
      water: first + 3,
      meadow: first + 4,
      tree: first + 5,
    }
  }

  render(shot: Shot, frameIndex: number): SceneFrame {
    const { width, height, events } = this.#spec
    const at = frameIndex - shot.firstFrame
    const moment = this.#moment(shot, at)
    paintFarLand(moment)
    const roles = [...shot.roles].sort((a, b) => a.depth - b.depth)
    let landed = false
    for (const role of roles) {
      if (!landed && role.depth >= 3) {
        paintMeadow(moment)
        landed = true
      }
      this.#play(shot, role, at, moment)
    }
    if (!landed) paintMeadow(moment)
    for (const x of shot.birches) paintBirch(moment, this.#sheet, x, nearness(420))
    const rgb = new Uint8Array(width * height * 3)
    const share = shareOf(shot, at)
    const dim = events.includes('light') ? 1 - 0.34 * smooth(Math.max(0, 1 - Math.abs(share - 0.5) / 0.2)) : 1
    const [r, g, b] = moment.place.gain
    this.#canvas.developed(
      { gain: [r * dim, g * dim * (1 + (1 - dim) * 0.04), b * dim * (1 + (1 - dim) * 0.16)], vignette: 0.22 },
      rgb,
    )
    return { rgb, index: this.#canvas.index.slice() }
  }

  #moment(shot: Shot, at: number): Moment {
    return {
      canvas: this.#canvas,
      view: this.#view(shot, at),
      place: places[shot.placeIndex]!,
      tiles: this.#tiles,
      ids: this.#ids,
      seconds: at / this.#spec.framesPerSecond,
      seed: shot.seed,
    }
  }

  #view(shot: Shot, at: number): View {
    const { events, framesPerSecond, width, height } = this.#spec
    const moves = {
      pan: events.includes('pan'),
      zoom: events.includes('zoom'),
      shake: events.includes('shake'),
    }
    return viewAt(
      moves,
      shot.seed,
      shareOf(shot, at),
      at / framesPerSecond,
      shot.frameCount / framesPerSecond,
      width,
      height,
    )
  }

  /** Draws one actor, over an exposure of half a frame's time where the scene is blurred. */
  #play(shot: Shot, role: Role, at: number, moment: Moment): void {
    this.#shadow(shot, role, at, moment)
    const count = this.#spec.events.includes('blur') ? this.#exposures(shot, role, at) : 1
    this.#draw(this.#middle, shot, role, at)
    if (count === 1) {
      this.#canvas.lay(this.#middle, this.#middle, role.entity)
      return
    }
    this.#blurred.clear()
    for (let i = 0; i < count; i++) {
      const offset = ((i + 0.5) / count - 0.5) * 0.5
      this.#draw(this.#sheet, shot, role, at + offset)
      this.#blurred.expose(this.#sheet, 1 / count)
    }
    this.#canvas.lay(this.#blurred, this.#middle, role.entity)
  }

  /** Enough exposures that no step between two is above a pixel or so. */
  #exposures(shot: Shot, role: Role, at: number): number {
    const from = this.#matrix(shot, role, at - 0.25)
    const to = this.#matrix(shot, role, at + 0.25)
    const limbs = role.actor.kind.lane === 'water' ? 0 : 1.6
    return Math.max(1, Math.min(6, Math.ceil(Math.abs(to[4] - from[4]) + Math.abs(to[5] - from[5]) + limbs)))
  }

  #matrix(shot: Shot, role: Role, at: number): readonly [number, number, number, number, number, number] {
    const seconds = at / this.#spec.framesPerSecond
    const place = role.placeAt(shareOf(shot, at), seconds)
    const outer = toPixels(this.#view(shot, at), role.actor.kind.lane === 'sky' ? 0.4 : nearness(place.y))
    return multiplied(outer, placed(place.x, place.y, 0, place.size * place.facing, place.size))
  }

  #draw(sheet: Sheet, shot: Shot, role: Role, at: number): void {
    const seconds = at / this.#spec.framesPerSecond
    const place = role.placeAt(shareOf(shot, at), seconds)
    const { variant, seed, kind } = role.actor
    const pose: Pose = {
      timeSeconds: seconds + shot.seed,
      travelled: place.travelled,
      facing: place.facing,
      variant,
      seed,
    }
    sheet.clear()
    kind.draw(new Pen(sheet, this.#matrix(shot, role, at), this.#tiles), pose)
  }

  /** A soft dark spot on the ground or the water below the actor. */
  #shadow(shot: Shot, role: Role, at: number, moment: Moment): void {
    const { lane, reach } = role.actor.kind
    if (lane === 'sky') return
    const matrix = this.#matrix(shot, role, at)
    const flatness = lane === 'water' ? 0.16 : 0.13
    const space = multiplied(matrix, [1, 0, 0, flatness, 0, lane === 'water' ? 7 : 0])
    const radius = reach * 0.92
    moment.canvas.fill(
      [mapped(ellipse(0, 0, radius), space)],
      fillShader({ ramp: shadowRamp, from: [0, 0], to: [radius, 0], radial: true }, inverted(space)),
      null,
    )
  }
}

function shareOf(shot: Shot, at: number): number {
  return shot.frameCount === 1 ? 0.5 : at / (shot.frameCount - 1)
}
