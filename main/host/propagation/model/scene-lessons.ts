/**
 * A prior from other material: lessons from objects of generated scenes, the same for every object and every run.
 * Nothing is downloaded or shipped for it: the scenes are rendered when they are first asked for (some seconds).
 */

import * as native from '../../../../native/index.ts'
import { encodeRle } from '../../../core/mask/rle.ts'
import { type Scene, sceneOf } from '../../../core/scene/scene.ts'
import type { FrameSource } from '../../media/frame-source.ts'
import { WorkingFrames } from '../frames/working-frames.ts'
import { keyColours } from './key-colours.ts'
import { cycleLessons, reachOf } from './lessons.ts'

/** A wrong mask of an object in a generated scene. */
export interface SceneLesson {
  readonly view: native.View
  readonly prior: Float32Array
  readonly truth: Float32Array
}

const sceneSeeds = [11, 12, 13, 14]
const size = { width: 427, height: 240 }
const frameCount = 60
const keyFrame = 30
const cycles = [3, 9]
const thingsAScene = 3
/** Part of the picture that an object covers at least. */
const leastCover = 0.002

let kept: Promise<readonly SceneLesson[]> | null = null

/** Rendered once a process; every call gets the same. */
export function sceneLessons(): Promise<readonly SceneLesson[]> {
  kept ??= rendered().catch((error: unknown) => {
    kept = null
    throw error
  })
  return kept
}

async function rendered(): Promise<SceneLesson[]> {
  const pool = native.createPool(2)
  const lessons: SceneLesson[] = []
  for (const seed of sceneSeeds) lessons.push(...(await lessonsOf(pool, seed)))
  return lessons
}

async function lessonsOf(pool: native.Pool, seed: number): Promise<SceneLesson[]> {
  const scene = sceneOf({
    ...size,
    name: `prior-${seed}`,
    frameCount,
    framesPerSecond: 24,
    objectCount: 8,
    seed,
    events: ['pan', 'zoom', 'shake', 'blur', 'light'],
  })
  const frames = new WorkingFrames(sourceOf(scene), pool, size.width, new AbortController().signal)
  const byFlow = frames.warped.bind(frames)
  const reach = reachOf([keyFrame], 0, frameCount)
  const lessons: SceneLesson[] = []
  for (const mask of await largestThings(scene, frames)) {
    const truth = { frameIndex: keyFrame, mask, counts: null }
    const colourRatio = await keyColours(frames, [truth])
    for await (const { prior, neighbour } of cycleLessons(frames, truth, cycles, reach, byFlow))
      lessons.push({ view: await frames.view(keyFrame, neighbour, colourRatio), prior, truth: mask })
  }
  return lessons
}

/** Soft masks on the key frame. */
async function largestThings(scene: Scene, frames: WorkingFrames): Promise<Float32Array[]> {
  const { index } = scene.frame(keyFrame)
  const covered = scene.entities
    .filter(({ stuff }) => !stuff)
    .map((entity) => {
      const data = Uint8Array.from(index, (owner) => (owner === entity.index ? 1 : 0))
      return { data, area: data.reduce((sum, pixel) => sum + pixel, 0) }
    })
    .filter(({ area }) => area >= leastCover * index.length)
    .sort((a, b) => b.area - a.area)
  const masks: Float32Array[] = []
  for (const { data } of covered.slice(0, thingsAScene)) {
    const mask = new Float32Array(frames.planeLength)
    await native.shrinkMask(encodeRle({ ...size, data }).counts, frames.full, frames.size, mask)
    masks.push(mask)
  }
  return masks
}

function sourceOf(scene: Scene): FrameSource {
  const read = async (frame: number) => scene.frame(frame).rgb
  return { ...size, frameCount, read, close: async () => {} }
}
