import type { Outline } from '../outline.ts'
import { type Fill, type Ramp, ramp, rememberedRamp, rgb } from '../paint.ts'
import type { Pen } from '../pen.ts'

/** Where on the stage a kind of actor lives. */
export type Lane = 'sky' | 'water' | 'ground'

/** Everything that an actor's look depends on at one moment. */
export interface Pose {
  readonly timeSeconds: number
  /** Distance gone so far, in the actor's own units: wheels and legs follow it. */
  readonly travelled: number
  /** 1: looks right; -1: the pen is mirrored, so light must be mirrored back. */
  readonly facing: 1 | -1
  /** Which of the kind's colours, from 0. */
  readonly variant: number
  /** Own number, so that two of a kind do not move in step. */
  readonly seed: number
}

export interface ActorKind {
  /** 'fox' */
  readonly noun: string
  readonly className: string
  readonly lane: Lane
  /** Half width in the actor's own units; its height and width are about a hundred. */
  readonly reach: number
  /** Own units a second that look natural. */
  readonly pace: number
  readonly draw: (pen: Pen, pose: Pose) => void
}

/** A colour with a lighter and a darker end. */
export interface Tone {
  readonly light: string
  readonly main: string
  readonly dark: string
}

export function toneRamp(tone: Tone): Ramp {
  return rememberedRamp(`${tone.light} ${tone.main} ${tone.dark}`, () =>
    ramp([0, rgb(tone.light)], [0.5, rgb(tone.main)], [1, rgb(tone.dark)]),
  )
}

export function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length]!
}

const nightBlue = rgb('#1d2440')
const shadeRamp = ramp([0, nightBlue, 0], [0.35, nightBlue, 0.04], [1, nightBlue, 0.55])
const sunRamp = ramp([0, rgb('#fff3d0'), 0.75], [0.5, rgb('#fff3d0'), 0.2], [1, rgb('#fff3d0'), 0])

/** Form shadow over what is drawn: light comes from the upper right of the picture, whichever way the actor looks. */
export function shaded(pen: Pen, outline: Outline, cx: number, cy: number, radius: number, pose: Pose): void {
  const lit: Fill = {
    ramp: shadeRamp,
    from: [cx + pose.facing * radius * 0.35, cy - radius * 0.4],
    to: [cx + pose.facing * radius * 0.35 - radius * 1.5, cy - radius * 0.4],
    radial: true,
  }
  pen.inside(outline, lit)
}

export function sunlit(pen: Pen, outline: Outline, cx: number, cy: number, radius: number, pose: Pose): void {
  const x = cx + pose.facing * radius * 0.45
  const y = cy - radius * 0.5
  pen.inside(outline, { ramp: sunRamp, from: [x, y], to: [x + radius * 0.8, y], radial: true })
}
