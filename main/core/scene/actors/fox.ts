import { curve, ellipse, limb, type Point } from '../outline.ts'
import { flat } from '../paint.ts'
import type { Pen } from '../pen.ts'
import { type ActorKind, type Pose, pick, type Tone, toneRamp } from './actor-kind.ts'

interface Coat {
  readonly fur: Tone
  readonly far: Tone
  readonly sock: string
  readonly white: string
}
const coats: readonly Coat[] = [
  {
    fur: { light: '#f79a4b', main: '#e2702a', dark: '#ad4a1a' },
    far: { light: '#b9551f', main: '#9c4519', dark: '#6e2f12' },
    sock: '#3a2420',
    white: '#fff4e4',
  },
  {
    fur: { light: '#aab4c4', main: '#78849a', dark: '#4d576c' },
    far: { light: '#5b667b', main: '#4a5468', dark: '#343c4d' },
    sock: '#23252e',
    white: '#f2f4f8',
  },
  {
    fur: { light: '#f3ead9', main: '#dccbb0', dark: '#a9967a' },
    far: { light: '#a8967a', main: '#8f7e65', dark: '#6b5e4a' },
    sock: '#6b5a45',
    white: '#ffffff',
  },
]
const stride = 62

/** A leg of three bones; `swing` is where in its circle the paw is. */
function leg(pen: Pen, hip: Point, swing: number, front: boolean, coat: Coat, far: boolean): void {
  const reach = Math.sin(swing) * (front ? 24 : 26)
  const lift = Math.max(0, Math.cos(swing)) * 17
  const paw: Point = [hip[0] + reach, -2 - lift]
  const bend = front ? -1 : 1
  const knee: Point = [hip[0] + reach * 0.3 + bend * 3 + (front ? 3 : -1), hip[1] + 17 - lift * 0.15]
  const ankle: Point = [hip[0] + reach * 0.75 - (front ? 2 : 7) - lift * 0.2, hip[1] + 29 - lift * 0.8]
  const tone = far ? coat.far : coat.fur
  const outline = limb([hip, knee, ankle, paw], front ? [8, 5.6, 3.6, 3.2] : [11, 7.4, 3.8, 3.2])
  pen.fill(outline, {
    ramp: toneRamp(tone),
    from: [0, -64],
    to: [0, -22],
    grain: { tile: pen.tiles.ripple, scaleX: 1.6, scaleY: 4, strength: 0.34 },
  })
  pen.fill(limb([ankle, paw, [paw[0] + 6, paw[1] + 0.5]], [3.3, 3.1, 2.3]), { ramp: flat(coat.sock) })
}

function tail(pen: Pen, t: number, phase: number, coat: Coat): void {
  const wave = Math.sin(phase + 0.6) * 9
  const points: Point[] = [
    [-38, -50],
    [-58, -54 + wave * 0.3],
    [-80, -50 + wave * 0.8],
    [-104, -54 + wave * 1.3 + 2 * Math.sin(t * 3)],
  ]
  pen.fill(limb(points, [4.5, 9, 12.5, 3]), {
    ramp: toneRamp(coat.fur),
    from: [0, -64],
    to: [0, -40],
    grain: { tile: pen.tiles.ripple, scaleX: 1.6, scaleY: 4, strength: 0.4 },
  })
  const tip = points[3]!
  pen.fill(limb([[-90, tip[1] * 0.45 - 28.5 + wave * 0.45], tip], [10.5, 3]), { ramp: flat(coat.white) })
}

function head(pen: Pen, phase: number, coat: Coat): void {
  const nod = Math.sin(phase + 1.2) * 2.2
  const face = pen.at([1, 0, 0, 1, 48, -66 + nod])
  face.fill(
    curve([
      [-9, -8],
      [-13, -27],
      [-9, -29],
      [1, -12],
    ]),
    { ramp: flat(coat.far.main) },
  )
  const skull = curve([
    [-14, 2],
    [-12, -10],
    [-1, -16],
    [12, -12],
    [22, -4],
    [35, 1.5],
    [36.5, 5],
    [30, 8.5],
    [14, 12],
    [0, 13],
  ])
  face.fill(skull, { ramp: toneRamp(coat.fur), from: [0, -16], to: [0, 13] })
  face.inside(
    curve([
      [-16, 16],
      [-6, 3],
      [8, 5],
      [22, 3.5],
      [38, 7],
      [30, 14],
      [4, 18],
    ]),
    { ramp: flat(coat.white) },
  )
  face.fill(
    curve([
      [-6, -10],
      [-5, -31],
      [-1.5, -33],
      [9, -13],
    ]),
    { ramp: toneRamp(coat.fur), from: [8, -30], to: [-6, -10] },
  )
  face.inside(
    curve([
      [-2.5, -13],
      [-2.5, -25],
      [0, -26],
      [5, -14],
    ]),
    { ramp: flat(coat.sock, 0.8) },
  )
  face.fill(ellipse(35.5, 2.6, 3, 2.5), { ramp: flat('#1c1514') })
  face.fill(ellipse(11, -4.4, 2.3, 2.1), { ramp: flat('#1c1514') })
  face.fill(ellipse(11.7, -5.2, 0.8), { ramp: flat('#ffffff') })
}

function draw(pen: Pen, pose: Pose): void {
  const coat = pick(coats, pose.variant)
  const phase = (pose.travelled / stride) * Math.PI + pose.seed
  const fox = pen.at([1, 0, 0, 1, 0, -3 - 4 * Math.abs(Math.sin(phase * 0.5 + 0.4))])
  const flex = Math.sin(phase) * 2.6
  tail(fox, pose.timeSeconds, phase, coat)
  leg(fox, [-27, -40], phase + 2.3, false, coat, true)
  leg(fox, [25, -40], phase + 0.4, true, coat, true)
  const body = curve([
    [-44, -48],
    [-32, -60 - flex],
    [-4, -57 + flex],
    [24, -62],
    [42, -60],
    [44, -44],
    [30, -31],
    [4, -35 + flex],
    [-16, -39 + flex],
    [-38, -35],
  ])
  const neck = limb(
    [
      [30, -50],
      [46, -66],
    ],
    [15, 10],
  )
  fox.fillAll([body, neck], {
    ramp: toneRamp(coat.fur),
    from: [0, -64],
    to: [0, -22],
    grain: { tile: pen.tiles.ripple, scaleX: 1.6, scaleY: 4, strength: 0.34 },
  })
  fox.inside(
    curve([
      [36, -34],
      [34, -48],
      [46, -60],
      [58, -50],
      [48, -34],
    ]),
    { ramp: flat(coat.white, 0.95) },
  )
  leg(fox, [-31, -41], phase + 3.1, false, coat, false)
  leg(fox, [29, -40], phase + 1.2, true, coat, false)
  head(fox, phase, coat)
}

export const fox: ActorKind = { noun: 'fox', className: 'fox', lane: 'ground', reach: 100, pace: 210, draw }
