import { curve, ellipse, type Point } from '../outline.ts'
import { flat } from '../paint.ts'
import type { Pen } from '../pen.ts'
import { type ActorKind, type Pose, pick, shaded, type Tone, toneRamp } from './actor-kind.ts'

const coats: readonly {
  readonly body: Tone
  readonly wing: Tone
  readonly tip: string
  readonly beak: string
}[] = [
  {
    body: { light: '#ffffff', main: '#f4f6f8', dark: '#c9d3de' },
    wing: { light: '#dfe7ee', main: '#a9b8c6', dark: '#7e90a3' },
    tip: '#2b3442',
    beak: '#f3a12f',
  },
  {
    body: { light: '#5a6f9e', main: '#37487a', dark: '#232f55' },
    wing: { light: '#4f6395', main: '#2e3d6b', dark: '#1d2748' },
    tip: '#151c36',
    beak: '#2b2b33',
  },
  {
    body: { light: '#ffd9a8', main: '#e9a35c', dark: '#b5713a' },
    wing: { light: '#d98f4f', main: '#a9642f', dark: '#75421f' },
    tip: '#43260f',
    beak: '#3a3a3a',
  },
]

/** A wing of two bones: the hand follows the arm late, as wings do. `near` is the one before the body. */
function wing(pen: Pen, pose: Pose, near: boolean): void {
  const coat = pick(coats, pose.variant)
  const phase = pose.timeSeconds * 7.2 + pose.seed * 2
  const arm = -0.35 - 0.75 * Math.sin(phase) - (near ? 0 : 0.25)
  const hand = arm + 0.15 - 0.6 * Math.sin(phase - 0.9)
  const root: Point = [near ? 4 : 8, -3]
  const wrist: Point = [root[0] - 6 + 10 * Math.cos(arm * 0.6), root[1] + 44 * Math.sin(arm)]
  const tip: Point = [wrist[0] - 20 - 10 * Math.cos(hand), wrist[1] + 42 * Math.sin(hand)]
  const outline = curve([
    [root[0] + 9, root[1] + 2],
    [wrist[0] + 5, wrist[1]],
    [(wrist[0] + tip[0]) / 2 + 2, (wrist[1] + tip[1]) / 2 - 1],
    tip,
    [(wrist[0] + tip[0]) / 2 - 8, (wrist[1] + tip[1]) / 2 + 3],
    [wrist[0] - 12, wrist[1] + 3],
    [root[0] - 12, root[1] + 4],
  ])
  pen.fill(outline, {
    ramp: toneRamp(near ? coat.wing : { ...coat.wing, light: coat.wing.main, main: coat.wing.dark }),
    from: [root[0], root[1]],
    to: [tip[0], tip[1]],
  })
  const dark = curve([
    [wrist[0] * 0.35 + tip[0] * 0.65 + 6, wrist[1] * 0.35 + tip[1] * 0.65],
    [tip[0] + 2, tip[1]],
    tip,
    [wrist[0] * 0.35 + tip[0] * 0.65 - 8, wrist[1] * 0.35 + tip[1] * 0.65 + 2],
  ])
  pen.fill(dark, { ramp: flat(coat.tip) })
}

function draw(pen: Pen, pose: Pose): void {
  const coat = pick(coats, pose.variant)
  const rise = 3.5 * Math.sin(pose.timeSeconds * 7.2 + pose.seed * 2 + 0.7)
  const bird = pen.at([1, -0.06, 0.06, 1, 0, rise])
  wing(bird, pose, false)
  bird.fill([-44, -3, -28, -6, -26, 4, -45, 5], { ramp: toneRamp(coat.wing), from: [-26, 0], to: [-45, 0] })
  const body = curve([
    [-36, 0],
    [-16, -8],
    [10, -9],
    [26, -8],
    [31, -2],
    [22, 5],
    [2, 9],
    [-20, 6],
  ])
  const head = ellipse(30, -7, 8.5, 7.5)
  bird.fillAll([body, head], { ramp: toneRamp(coat.body), from: [0, -9], to: [0, 9] })
  shaded(bird, body, 0, -4, 34, pose)
  bird.fill(
    curve([
      [37, -9],
      [47, -5.5],
      [37, -4],
    ]),
    { ramp: flat(coat.beak) },
  )
  bird.fill(ellipse(33, -9, 1.4), { ramp: flat('#14161c') })
  wing(bird, pose, true)
}

export const gull: ActorKind = { noun: 'gull', className: 'bird', lane: 'sky', reach: 50, pace: 62, draw }
