import type { SceneSpec } from './scene.ts'

/** Clips that are made again and again, by name. `sample` is the first thing a new user sees. */
export const sceneClips = {
  sample: {
    name: 'sample',
    width: 640,
    height: 360,
    frameCount: 240,
    framesPerSecond: 24,
    objectCount: 5,
    seed: 3,
    events: ['pan', 'zoom', 'blur', 'light', 'occlusion', 'exit', 'cut'],
  },
  demo: {
    name: 'demo',
    width: 640,
    height: 360,
    frameCount: 72,
    framesPerSecond: 24,
    objectCount: 5,
    seed: 3,
    events: ['pan', 'zoom', 'blur', 'light', 'occlusion'],
  },
  'short-test': {
    name: 'short-test',
    width: 192,
    height: 108,
    frameCount: 24,
    framesPerSecond: 24,
    objectCount: 3,
    seed: 3,
    events: ['pan'],
  },
  'cut-test': {
    name: 'cut-test',
    width: 192,
    height: 108,
    frameCount: 30,
    framesPerSecond: 24,
    objectCount: 2,
    seed: 3,
    events: ['cut'],
  },
  'exit-test': {
    name: 'exit-test',
    width: 192,
    height: 108,
    frameCount: 48,
    framesPerSecond: 24,
    objectCount: 2,
    seed: 3,
    events: ['exit', 'occlusion'],
  },
  'crowd-test': {
    name: 'crowd-test',
    width: 480,
    height: 270,
    frameCount: 12,
    framesPerSecond: 24,
    objectCount: 40,
    seed: 3,
    events: ['pan', 'shake'],
  },
} as const satisfies Record<string, SceneSpec>

export type SceneClipName = keyof typeof sceneClips

export function sceneClip(name: SceneClipName): SceneSpec {
  return sceneClips[name]
}
