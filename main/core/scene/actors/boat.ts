import { curve, limb, type Outline, type Point } from '../outline.ts'
import { flat } from '../paint.ts'
import type { Pen } from '../pen.ts'
import { type ActorKind, type Pose, pick, shaded, type Tone, toneRamp } from './actor-kind.ts'

const paints: readonly {
  readonly hull: Tone
  readonly trim: string
  readonly sail: Tone
  readonly band: string
}[] = [
  {
    hull: { light: '#b8673a', main: '#8f4527', dark: '#5b2818' },
    trim: '#f6e7cb',
    sail: { light: '#fffdf6', main: '#fbf1dc', dark: '#e6d0a8' },
    band: '#d94f3d',
  },
  {
    hull: { light: '#35618f', main: '#214a75', dark: '#122b49' },
    trim: '#f5f1e6',
    sail: { light: '#ffe9d2', main: '#f7b489', dark: '#d9835a' },
    band: '#8d2f3e',
  },
  {
    hull: { light: '#f4efe4', main: '#e1d6c2', dark: '#ab9a80' },
    trim: '#2f6f6a',
    sail: { light: '#dff3ee', main: '#9fd6cb', dark: '#5aa79b' },
    band: '#20524f',
  },
]

/** Edge points of a sail that the wind fills by `belly`. */
function sail(top: Point, tack: Point, clew: Point, belly: number): Outline {
  const leech: Point = [(top[0] + clew[0]) / 2 + belly, (top[1] + clew[1]) / 2]
  return [
    ...curve([top, leech, clew], false),
    ...curve([clew, [(clew[0] + tack[0]) / 2, Math.max(clew[1], tack[1]) + 2.5], tack], false),
  ]
}

type Look = (typeof paints)[number]

function draw(pen: Pen, pose: Pose): void {
  const look = pick(paints, pose.variant)
  const t = pose.timeSeconds + pose.seed
  const roll = 0.05 * Math.sin(t * 1.5) + 0.02 * Math.sin(t * 3.1)
  const boat = pen.at([
    Math.cos(roll),
    Math.sin(roll),
    -Math.sin(roll),
    Math.cos(roll),
    0,
    2 * Math.sin(t * 1.9),
  ])
  drawRigging(boat, pose, look, t)
  drawHull(boat, pose, look)
}

function drawRigging(boat: Pen, pose: Pose, look: Look, t: number): void {
  const belly = 9 + 3 * Math.sin(t * 2.2)
  boat.fill(
    limb(
      [
        [-2, -6],
        [-2, -118],
      ],
      [1.9, 1.1],
    ),
    { ramp: flat('#6b4a2f') },
  )
  const main = sail([-4, -114], [-5, -24], [-50, -22], -belly)
  const jib = sail([0, -106], [3, -22], [44, -18], belly * 0.4)
  for (const cloth of [main, jib])
    boat.fill(cloth, {
      ramp: toneRamp(look.sail),
      from: [pose.facing * 30, -90],
      to: [-pose.facing * 40, -20],
      grain: { tile: boat.tiles.soil, scaleX: 0.7, scaleY: 0.7, strength: 0.16 },
    })
  boat.inside([-60, -62, -3, -68, -3, -54, -62, -48], { ramp: flat(look.band, 0.9) })
  for (const y of [-88, -40])
    boat.inside(
      limb(
        [
          [-48, y + 4],
          [-4, y],
        ],
        [0.5, 0.5],
      ),
      { ramp: flat('#a08c68', 0.7) },
    )
  boat.fill(
    limb(
      [
        [-3, -22],
        [-54, -20],
      ],
      [1.4, 1],
    ),
    { ramp: flat('#6b4a2f') },
  )
  boat.fill(
    curve(
      [
        [-2, -120],
        [8, -117 + Math.sin(t * 6)],
        [18 + 2 * Math.sin(t * 5), -115],
        [-2, -111],
      ],
      true,
    ),
    { ramp: flat(look.band) },
  )
  shaded(boat, main, -14, -70, 80, pose)
}

function drawHull(boat: Pen, pose: Pose, look: Look): void {
  const hull = [
    ...curve(
      [
        [-56, -17],
        [-50, -4],
        [-34, 5],
        [30, 5],
        [50, -4],
        [62, -20],
      ],
      false,
    ),
    -56,
    -17,
  ]
  boat.fill(hull, {
    ramp: toneRamp(look.hull),
    from: [0, -18],
    to: [0, 6],
    grain: { tile: boat.tiles.ripple, scaleX: 1.4, scaleY: 5, strength: 0.35 },
  })
  boat.inside([-60, -20, 66, -20, 64, -14.5, -58, -12.5], { ramp: flat(look.trim) })
  shaded(boat, hull, 0, -12, 66, pose)
}

export const boat: ActorKind = {
  noun: 'sailboat',
  className: 'boat',
  lane: 'water',
  reach: 66,
  pace: 24,
  draw,
}
