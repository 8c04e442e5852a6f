import { curve, ellipse, limb } from '../outline.ts'
import { flat } from '../paint.ts'
import type { Pen } from '../pen.ts'
import { type ActorKind, type Pose, pick, shaded, type Tone, toneRamp } from './actor-kind.ts'

const coats: readonly {
  readonly head: Tone
  readonly body: Tone
  readonly breast: string
  readonly wing: string
}[] = [
  {
    head: { light: '#3fa57a', main: '#1d7a58', dark: '#0e4a39' },
    body: { light: '#efe6d8', main: '#cdbda6', dark: '#93816c' },
    breast: '#7c4529',
    wing: '#8a7a68',
  },
  {
    head: { light: '#c99a68', main: '#a06f42', dark: '#6e4726' },
    body: { light: '#d9b48a', main: '#ac7f52', dark: '#704d2c' },
    breast: '#8c5f38',
    wing: '#7d5633',
  },
  {
    head: { light: '#fff6c8', main: '#ffdf6a', dark: '#e0a92f' },
    body: { light: '#fff3b8', main: '#ffd955', dark: '#dba02a' },
    breast: '#ffe27a',
    wing: '#f0b93a',
  },
]

type Coat = (typeof coats)[number]

function draw(pen: Pen, pose: Pose): void {
  const coat = pick(coats, pose.variant)
  const t = pose.timeSeconds + pose.seed
  const duck = pen.at([1, 0.03 * Math.sin(t * 2.6), 0, 1, 0, 1.6 * Math.sin(t * 2.1)])
  const nod = 2.6 * Math.sin(t * 3.4)
  const wag = 3 * Math.sin(t * 6)
  const body = curve([
    [-48, -22 - wag],
    [-34, -26],
    [-6, -31],
    [22, -27],
    [36, -15],
    [34, 0],
    [12, 8],
    [-22, 7],
    [-42, -4],
  ])
  duck.fill(
    limb(
      [
        [24, -18],
        [27 + nod * 0.5, -38],
        [29 + nod, -47],
      ],
      [11, 8, 8],
    ),
    { ramp: toneRamp(coat.head), from: [30, -56], to: [26, -22] },
  )
  duck.fill(body, {
    ramp: toneRamp(coat.body),
    from: [0, -30],
    to: [-4, 8],
    grain: { tile: pen.tiles.ripple, scaleX: 3, scaleY: 5, strength: 0.4 },
  })
  duck.inside(ellipse(32, -6, 20, 19), {
    ramp: flat(coat.breast, 0.95),
    grain: { tile: pen.tiles.fine, scaleX: 4, scaleY: 4, strength: 0.3 },
  })
  drawWing(duck, coat)
  shaded(duck, body, -2, -12, 44, pose)
  drawHead(duck, coat, nod)
}

function drawWing(duck: Pen, coat: Coat): void {
  const wing = curve([
    [14, -22],
    [-8, -25],
    [-34, -19],
    [-44, -12],
    [-22, -6],
    [8, -7],
  ])
  duck.inside(wing, {
    ramp: flat(coat.wing),
    grain: { tile: duck.tiles.ripple, scaleX: 3, scaleY: 7, strength: 0.55 },
  })
  duck.inside(
    curve([
      [-14, -10],
      [-28, -11],
      [-30, -7.5],
      [-14, -7],
    ]),
    { ramp: flat('#3f6fd0') },
  )
}

function drawHead(duck: Pen, coat: Coat, nod: number): void {
  const head = curve([
    [20 + nod, -56],
    [28 + nod, -63],
    [38 + nod, -60],
    [42 + nod, -51],
    [36 + nod, -43],
    [25 + nod, -42],
  ])
  duck.fill(head, { ramp: toneRamp(coat.head), from: [36 + nod, -62], to: [24 + nod, -42] })
  duck.inside(
    limb(
      [
        [19, -33],
        [36, -32],
      ],
      [1.8, 1.8],
    ),
    { ramp: flat('#fbf8ee') },
  )
  duck.fill(
    curve([
      [40 + nod, -54],
      [50 + nod, -52],
      [57 + nod, -48.5],
      [48 + nod, -46],
      [40 + nod, -47],
    ]),
    { ramp: flat('#f0a92e') },
  )
  duck.fill(ellipse(36 + nod, -54, 1.9), { ramp: flat('#121212') })
  duck.fill(ellipse(36.6 + nod, -54.6, 0.7), { ramp: flat('#ffffff') })
}

export const duck: ActorKind = { noun: 'duck', className: 'duck', lane: 'water', reach: 58, pace: 20, draw }
