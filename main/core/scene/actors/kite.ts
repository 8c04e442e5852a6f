import { limb, type Point } from '../outline.ts'
import { flat } from '../paint.ts'
import type { Pen } from '../pen.ts'
import { type ActorKind, type Pose, pick, shaded } from './actor-kind.ts'

const sets = [
  ['#ef476f', '#ffd166', '#06b49a', '#2a7fc9'],
  ['#f78c2a', '#fff0c9', '#7b3fb0', '#f25f8b'],
  ['#2bb0c9', '#f4f7fb', '#e5484d', '#2f3f8f'],
] as const

function draw(pen: Pen, pose: Pose): void {
  const t = pose.timeSeconds + pose.seed
  const tilt = 0.32 + 0.16 * Math.sin(t * 1.7) + 0.06 * Math.sin(t * 4.3)
  const kite = pen.at([Math.cos(tilt), Math.sin(tilt), -Math.sin(tilt), Math.cos(tilt), 0, 0])
  const colors = pick(sets, pose.variant)
  tail(kite, t, colors)
  const bulge = 1 + 0.05 * Math.sin(t * 5)
  const [top, right, bottom, left]: Point[] = [
    [0, -46],
    [32 * bulge, -10],
    [0, 52],
    [-32 * bulge, -10],
  ]
  const middle: Point = [0, -10]
  const panels = [
    [top, right, middle],
    [right, bottom, middle],
    [bottom, left, middle],
    [left, top, middle],
  ] as Point[][]
  const outline = [top, right, bottom, left].flat() as number[]
  kite.fill(outline, { ramp: flat(colors[1]) })
  for (const [i, panel] of panels.entries()) {
    kite.inside(panel.flat(), {
      ramp: flat(colors[i]!),
      grain: { tile: pen.tiles.soil, scaleX: 1.2, scaleY: 1.2, strength: 0.2 },
    })
  }
  shaded(kite, outline, 0, -8, 52, pose)
  kite.inside(limb([top!, bottom!], [1, 1]), { ramp: flat('#3b2f2a') })
  kite.inside(limb([left!, right!], [0.9, 0.9]), { ramp: flat('#3b2f2a') })
}

/** A string with bows that follows the wind: thin, and never the same twice. */
function tail(pen: Pen, t: number, colors: readonly string[]): void {
  const points: Point[] = []
  for (let i = 0; i <= 9; i++) {
    const s = i / 9
    points.push([Math.sin(s * 7 - t * 4.5) * 15 * s - 22 * s, 52 + 74 * s])
  }
  pen.fill(limb(points, [1.3, 1.1]), { ramp: flat('#4a3b35') })
  for (let i = 2; i <= 9; i += 2) {
    const [x, y] = points[i]!
    const turn = Math.sin(t * 5 - i) * 0.6
    const cos = Math.cos(turn) * 10
    const sin = Math.sin(turn) * 10
    const bow = [x, y, x - cos - sin * 0.5, y - sin + cos * 0.5, x - cos + sin * 0.5, y - sin - cos * 0.5]
    const other = [x, y, x + cos - sin * 0.5, y + sin + cos * 0.5, x + cos + sin * 0.5, y + sin - cos * 0.5]
    pen.fillAll([bow, other], { ramp: flat(colors[(i / 2) % colors.length]!) })
  }
}

export const kite: ActorKind = { noun: 'kite', className: 'kite', lane: 'sky', reach: 48, pace: 20, draw }
