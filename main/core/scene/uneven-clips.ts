/**
 * Long films that are easy for most of their time and hard for a little: where labelling frames at even distances wastes
 * most of them. A slow scene is shown frame by frame, but in bursts only every so many frames of it.
 */
import { between, randomFrom } from './random.ts'
import { type Scene, type SceneEvent, type SceneFrame, sceneOf } from './scene.ts'

export interface UnevenClipSpec {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly frameCount: number
  /** Things in the scene; `followed` names those to be labelled, by number from 1. */
  readonly objectCount: number
  readonly followed: readonly number[]
  readonly seed: number
  readonly events: readonly SceneEvent[]
  readonly burstCount: number
  /** Frames of the scene that a frame of the clip goes on by within a burst; 1 elsewhere. */
  readonly burstStride: number
}

export interface UnevenClip {
  readonly spec: UnevenClipSpec
  /** First and last frame of each burst. */
  readonly bursts: readonly (readonly [first: number, last: number])[]
  readonly scene: Scene
  frame(frameIndex: number): SceneFrame
}

const size = { width: 176, height: 136, frameCount: 300 }

/** Those that `npm run bench -- suggest` measures on. */
export const unevenClips: readonly UnevenClipSpec[] = [
  {
    ...size,
    name: 'fox behind a birch',
    objectCount: 1,
    followed: [1],
    seed: 5,
    events: ['roam', 'occlusion', 'blur'],
    burstCount: 4,
    burstStride: 24,
  },
  {
    ...size,
    name: 'boat in changing light',
    objectCount: 4,
    followed: [3],
    seed: 11,
    events: ['roam', 'light', 'shake', 'occlusion'],
    burstCount: 4,
    burstStride: 24,
  },
  {
    ...size,
    name: 'one of two foxes',
    objectCount: 11,
    followed: [11],
    seed: 8,
    events: ['roam', 'shake', 'zoom'],
    burstCount: 4,
    burstStride: 24,
  },
  {
    ...size,
    name: 'fox in a crowd',
    objectCount: 8,
    followed: [1],
    seed: 21,
    events: ['roam', 'pan', 'shake'],
    burstCount: 4,
    burstStride: 24,
  },
  {
    ...size,
    name: 'fox and boat',
    objectCount: 4,
    followed: [1, 3],
    seed: 2,
    events: ['roam', 'zoom', 'occlusion', 'light'],
    burstCount: 4,
    burstStride: 24,
  },
]

/** The same spec always gives the same clip. */
export function unevenClip(spec: UnevenClipSpec): UnevenClip {
  const bursts = burstsOf(spec)
  const at: number[] = [0]
  for (let frame = 1; frame < spec.frameCount; frame++) {
    const hard = bursts.some(([first, last]) => frame >= first && frame <= last)
    at.push(at.at(-1)! + (hard ? spec.burstStride : 1))
  }
  const scene = sceneOf({ ...spec, frameCount: at.at(-1)! + 1, framesPerSecond: 48 })
  return { spec, bursts, scene, frame: (frameIndex) => scene.frame(at[frameIndex]!) }
}

/** Short, one soon after another, all in one part of the clip: nobody knows in which. */
function burstsOf({ burstCount, frameCount, seed }: UnevenClipSpec): (readonly [number, number])[] {
  const random = randomFrom(seed)
  const lengths = Array.from({ length: burstCount }, () =>
    Math.round(between(random, 0.03, 0.06) * frameCount),
  )
  const rests = lengths.map(() => Math.round(between(random, 0.02, 0.05) * frameCount))
  const whole = [...lengths, ...rests].reduce((sum, length) => sum + length, 0)
  let first = Math.round(between(random, 0.05, 0.95) * (frameCount - whole))
  return lengths.map((length, i) => {
    const burst = [first, first + length - 1] as const
    first += length + rests[i]!
    return burst
  })
}
