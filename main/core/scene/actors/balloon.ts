import { curve, limb, type Outline, type Point } from '../outline.ts'
import { flat } from '../paint.ts'
import type { Pen } from '../pen.ts'
import { type ActorKind, type Pose, pick, shaded, sunlit, type Tone, toneRamp } from './actor-kind.ts'

const cream: Tone = { light: '#fffaf0', main: '#fbe9c8', dark: '#e8c99a' }
const pairs: readonly (readonly [Tone, Tone])[] = [
  [{ light: '#f2745a', main: '#dd4b39', dark: '#a92f2c' }, cream],
  [
    { light: '#4fb3b0', main: '#2a8c92', dark: '#17626e' },
    { light: '#ffd98a', main: '#f5b84a', dark: '#cf8a2a' },
  ],
  [
    { light: '#8b7fd6', main: '#6354b8', dark: '#40368a' },
    { light: '#ffd0d8', main: '#f7a3b4', dark: '#d0748c' },
  ],
  [
    { light: '#6fa8e8', main: '#3f7fd0', dark: '#285a9e' },
    { light: '#ffffff', main: '#eef3f8', dark: '#c6d2e0' },
  ],
]
const gores = 14

/** Half width of the envelope at height y: round above, running to the mouth below. */
function girth(y: number): number {
  if (y < 0) return 46 * Math.sqrt(Math.max(0, 1 - (y / 48) ** 2))
  const t = y / 54
  return 46 * (1 - t * t) ** 0.9 * (1 - t) + 10 * t + 24 * t * (1 - t) * 1.6
}

function meridian(side: number): Point[] {
  const points: Point[] = []
  for (let i = 0; i <= 26; i++) {
    const y = -48 + (i / 26) * 100
    points.push([girth(y) * side, y])
  }
  return points
}

function gore(from: number, to: number): Outline {
  return [...meridian(Math.sin(from)), ...meridian(Math.sin(to)).reverse()].flat()
}

function draw(pen: Pen, pose: Pose): void {
  const [main, second] = pick(pairs, pose.variant)
  const sway = 0.045 * Math.sin(pose.timeSeconds * 1.1 + pose.seed)
  const cos = Math.cos(sway)
  const body = pen.at([cos, Math.sin(sway), -Math.sin(sway), cos, 0, 0])
  for (const x of [-8, -3, 3, 8])
    body.fill(
      limb(
        [
          [x * 1.15, 48],
          [x * 0.9, 74],
        ],
        [0.8, 0.8],
      ),
      { ramp: flat('#5b4636') },
    )
  const envelope = [...meridian(-1), ...meridian(1).reverse()].flat()
  body.fill(envelope, { ramp: toneRamp(second), from: [0, -48], to: [0, 54] })
  const turn = pose.timeSeconds * 0.22 + pose.seed
  for (let i = 0; i < gores; i += 2) {
    const middle = ((i + 0.5) / gores) * 2 * Math.PI + turn
    if (Math.cos(middle) < -0.25) continue
    const half = Math.PI / gores
    const clamp = (angle: number) => Math.max(-Math.PI / 2, Math.min(Math.PI / 2, angle))
    const centred = Math.atan2(Math.sin(middle), Math.cos(middle))
    body.inside(gore(clamp(centred - half), clamp(centred + half)), {
      ramp: toneRamp(main),
      from: [0, -48],
      to: [0, 54],
      grain: { tile: pen.tiles.soil, scaleX: 2, scaleY: 0.7, strength: 0.22 },
    })
  }
  body.inside(
    curve([
      [-48, -12],
      [0, -5],
      [48, -12],
      [48, -3],
      [0, 4],
      [-48, -3],
    ]),
    { ramp: flat('#ffffff', 0.78) },
  )
  shaded(body, envelope, 0, -4, 56, pose)
  sunlit(body, envelope, 0, -6, 50, pose)
  const basket: Outline = [-9, 72, 9, 72, 7.5, 86, -7.5, 86]
  body.fill(basket, {
    ramp: toneRamp({ light: '#c08a55', main: '#94602f', dark: '#63401f' }),
    from: [pose.facing * 9, 72],
    to: [-pose.facing * 9, 84],
    grain: { tile: pen.tiles.fine, scaleX: 6, scaleY: 9, strength: 0.5 },
  })
  body.fill(
    limb(
      [
        [-9.5, 72],
        [9.5, 72],
      ],
      [1.7, 1.7],
    ),
    { ramp: flat('#5b3a1c') },
  )
}

export const balloon: ActorKind = {
  noun: 'balloon',
  className: 'hot air balloon',
  lane: 'sky',
  reach: 52,
  pace: 16,
  draw,
}
