import type { ActorKind, Lane } from './actors/actor-kind.ts'
import { ball } from './actors/ball.ts'
import { balloon } from './actors/balloon.ts'
import { boat } from './actors/boat.ts'
import { duck } from './actors/duck.ts'
import { fox } from './actors/fox.ts'
import { gull } from './actors/gull.ts'
import { kite } from './actors/kite.ts'
import { smooth, wander } from './noise.ts'
import { between, randomFrom } from './random.ts'

/** One object of the scene, the same in every shot. */
export interface Actor {
  readonly kind: ActorKind
  readonly name: string
  readonly variant: number
  readonly seed: number
}

/** Where an actor is at one moment, in stage units. */
export interface Place2d {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly facing: 1 | -1
  readonly travelled: number
}

/** An actor's part in one shot. */
export interface Role {
  readonly actor: Actor
  /** Number in the index image, from 1. */
  readonly entity: number
  /** Larger is nearer to the camera. */
  readonly depth: number
  readonly placeAt: (share: number, seconds: number) => Place2d
}

const cycle: readonly ActorKind[] = [
  fox,
  balloon,
  boat,
  ball,
  gull,
  duck,
  kite,
  balloon,
  ball,
  boat,
  fox,
  gull,
  kite,
  duck,
]

/** The first `count` actors: kinds in turn, numbered where a kind comes again. `twins`: all of one kind that look alike. */
export function castOf(count: number, seed: number, twins = false): readonly Actor[] {
  const seen = new Map<ActorKind, number>()
  return Array.from({ length: count }, (_, i) => {
    const kind = cycle[twins ? 0 : i % cycle.length]!
    const before = seen.get(kind) ?? 0
    seen.set(kind, before + 1)
    return {
      kind,
      name: before === 0 ? kind.noun : `${kind.noun} ${before + 1}`,
      variant: twins ? 0 : before,
      seed: seed * 7 + i * 1.37,
    }
  })
}

export interface ShotPlan {
  readonly seed: number
  /** Stage units. */
  readonly width: number
  readonly seconds: number
  readonly exit: boolean
  /** Things stray far from their paths and turn back. */
  readonly roam: boolean
}

/** How far a straying thing gets from its path, stage units, and how often it turns, a second. */
const roamReach = 110
const roamPace = 0.9

const lanes: Record<
  Lane,
  { readonly y: readonly [number, number]; readonly size: readonly [number, number]; readonly depth: number }
> = {
  sky: { y: [78, 150], size: [0.8, 0.95], depth: 1 },
  water: { y: [246, 300], size: [0.58, 0.92], depth: 2 },
  ground: { y: [366, 446], size: [0.72, 1.12], depth: 4 },
}

/** Spreads the actors over the stage so that each has its own place in the middle of the shot. */
export function rolesOf(cast: readonly Actor[], plan: ShotPlan): readonly Role[] {
  const random = randomFrom(plan.seed)
  const roles = cast.map((actor, i) => {
    const mates = cast.filter((other) => other.kind.lane === actor.kind.lane)
    const position = shuffledPosition(mates.indexOf(actor), mates.length, plan.seed)
    const lane = lanes[actor.kind.lane]
    const spacing = (plan.width * 0.86) / mates.length
    const depth = mates.length === 1 ? 0.55 : (position * 0.62 + 0.2 * random()) % 1
    const crowd = Math.min(1, (spacing / (actor.kind.reach * 1.5)) ** 0.75)
    const x = (position + 0.5) * spacing - plan.width * 0.43 + between(random, -0.08, 0.08) * spacing
    const y = lane.y[0] + (lane.y[1] - lane.y[0]) * depth + (actor.kind === gull ? 22 : 0)
    const size = (lane.size[0] + (lane.size[1] - lane.size[0]) * depth) * crowd
    const facing = random() < 0.5 ? -1 : 1
    const near = actor.kind === gull || actor.kind === kite ? 3 : lane.depth
    const path = { x, y, size, facing, spacing } as const
    const onPath =
      i === 0 && plan.exit ? leavingPath(actor, path, plan) : passingPath(actor, path, plan, mates.length)
    return {
      actor,
      entity: i + 1,
      depth: near + y / 1000,
      placeAt: plan.roam ? roamingPath(actor, onPath) : onPath,
    }
  })
  return roles
}

function shuffledPosition(index: number, count: number, seed: number): number {
  const step = [7, 5, 3, 1].find((k) => count % k !== 0 || k === 1)!
  return (index * step + Math.abs(seed)) % count
}

interface Path {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly facing: 1 | -1
  readonly spacing: number
}

/** Goes by at the kind's own pace, at its place in the middle of the shot. */
function passingPath(actor: Actor, path: Path, plan: ShotPlan, mates: number): Role['placeAt'] {
  const { kind, seed } = actor
  const free = Math.min(
    kind.pace * path.size * plan.seconds,
    mates <= 2 ? plan.width * 0.5 : path.spacing * 1.3,
  )
  return (share, seconds) => {
    const gone = free * (share - 0.5)
    return {
      x: path.x + path.facing * gone,
      y: path.y + drift(kind, seed, seconds) * path.size,
      size: path.size,
      facing: path.facing,
      travelled: (gone + free) / path.size,
    }
  }
}

function roamingPath({ seed }: Actor, path: Role['placeAt']): Role['placeAt'] {
  return (share, seconds) => {
    const place = path(share, seconds)
    const strayed = roamReach * wander(Math.round(seed * 10) + 3, seconds * roamPace)
    return { ...place, x: place.x + strayed, travelled: place.travelled + strayed / place.size }
  }
}

function drift(kind: ActorKind, seed: number, seconds: number): number {
  if (kind.lane !== 'sky') return 0
  return 14 * wander(Math.round(seed * 10), seconds * 0.45)
}

/** Leaves the picture on the right, stays away for a quarter of the shot, and comes back. */
function leavingPath(actor: Actor, path: Path, plan: ShotPlan): Role['placeAt'] {
  const away = plan.width / 2 + actor.kind.reach * path.size * 1.25 + 60
  const run = Math.min(
    plan.width * 0.9,
    Math.max(actor.kind.pace * path.size * plan.seconds * 0.42, actor.kind.reach * path.size * 2.6),
  )
  return (share) => {
    const leaving = Math.min(1, share / 0.42)
    const returning = Math.max(0, (share - 0.62) / 0.38)
    const gone = run * (share < 0.5 ? leaving : 1 + returning * 0.8)
    const x = share < 0.5 ? away - run * (1 - leaving) : away - run * 0.8 * smoothEnd(returning)
    return { x, y: path.y, size: path.size, facing: share < 0.5 ? 1 : -1, travelled: gone / path.size }
  }
}

function smoothEnd(t: number): number {
  return t * (1.25 - 0.25 * smooth(t))
}
