/** Clips with a number a pixel on every frame: index PNGs in a folder, or a generated scene. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { planeShapes } from '../main/core/formats/plane-shapes.ts'
import type { Rle } from '../main/core/mask/rle.ts'
import { type SceneSpec, sceneOf } from '../main/core/scene/scene.ts'
import { readMaskPng } from '../main/host/dataset/read-mask-png.ts'
import type { FrameSource } from '../main/host/media/frame-source.ts'

export const multiFolder = join(import.meta.dirname, '../../shared/data/multi')

export interface ClipObject {
  /** Its number in the truth, from 1. */
  readonly number: number
  readonly name: string
  readonly stuff: boolean
}

export interface PanopticClip {
  readonly name: string
  readonly source: FrameSource
  readonly objects: readonly ClipObject[]
  /** The true masks of each frame by number; a number that is not there has no pixel. */
  readonly truths: readonly ReadonlyMap<number, Rle>[]
}

interface Labels {
  readonly names: readonly string[]
  readonly things: readonly string[]
  /** What a stored number stands for: the position in `names` from 1, 0 for unlabelled. */
  readonly numberOf: (stored: number) => number
}

/** CamVid's eleven classes as SegNet stores them: 0 is sky, 11 unlabelled. */
const camVid: Labels = {
  names: 'sky building pole road pavement tree sign fence car pedestrian bicyclist'.split(' '),
  things: ['sign', 'car', 'pedestrian', 'bicyclist'],
  numberOf: (stored) => (stored === 11 ? 0 : stored + 1),
}

/** The 24 classes of Chen and Corso's Xiph labels, in the order of MSRC. */
const xiph: Labels = {
  names: (
    'building grass tree cow horse sheep sky mountain aeroplane water face car bicycle flower sign bird book ' +
    'chair road cat dog body boat'
  ).split(' '),
  things: 'cow horse sheep aeroplane face car bicycle sign bird book chair cat dog body boat'.split(' '),
  numberOf: (stored) => stored,
}

const labelsOf: Readonly<Record<string, Labels>> = { camseq01: camVid, bus: xiph, ice: xiph }

export function multiNames(folder = multiFolder): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'masks')))
    .sort()
}

/** FOLDER/NAME/frames and masks. Sequences without a class table are things numbered as stored. */
export async function loadClip(folder: string, name: string, frameLimit = Infinity): Promise<PanopticClip> {
  const list = (kind: string) =>
    readdirSync(join(folder, name, kind))
      .sort()
      .slice(0, frameLimit)
      .map((file) => join(folder, name, kind, file))
  const labels = labelsOf[name]
  const truths: Map<number, Rle>[] = []
  for (const file of list('masks')) {
    const { width, height, values } = await readMaskPng(file, file)
    truths.push(planeShapes(labels ? values.map(labels.numberOf) : values, width, height))
  }
  const frames: Uint8Array[] = []
  let size = { width: 0, height: 0 }
  for (const file of list('frames')) {
    const image = await loadImage(readFileSync(file))
    size = { width: image.width, height: image.height }
    frames.push(rgbOf(image))
  }
  const numbers = [...new Set(truths.flatMap((truth) => [...truth.keys()]))].sort((a, b) => a - b)
  const objects = numbers.map((number) => {
    const className = labels?.names[number - 1] ?? `object ${number}`
    return { number, name: className, stuff: labels !== undefined && !labels.things.includes(className) }
  })
  return { name, source: sourceOf(size, frames), objects, truths }
}

/** The generator's own truth. Without `regions` its landscape is left unlabelled. */
export function sceneClipOf(spec: SceneSpec, regions: boolean): PanopticClip {
  const scene = sceneOf(spec)
  const entities = scene.entities.filter(({ stuff }) => regions || !stuff)
  const wanted = new Set(entities.map(({ index }) => index))
  const frames: Uint8Array[] = []
  const truths: Map<number, Rle>[] = []
  for (let i = 0; i < spec.frameCount; i++) {
    const { rgb, index } = scene.frame(i)
    frames.push(rgb)
    const shapes = planeShapes(index, spec.width, spec.height)
    truths.push(new Map([...shapes].filter(([number]) => wanted.has(number))))
  }
  const seen = new Set(truths.flatMap((truth) => [...truth.keys()]))
  const objects = entities
    .filter(({ index }) => seen.has(index))
    .map(({ index, name, stuff }) => ({ number: index, name, stuff }))
  return { name: spec.name, source: sourceOf(spec, frames), objects, truths }
}

function sourceOf({ width, height }: { width: number; height: number }, frames: Uint8Array[]): FrameSource {
  const read = async (frame: number) => frames[frame]!
  return { width, height, frameCount: frames.length, read, close: async () => {} }
}

function rgbOf(image: Awaited<ReturnType<typeof loadImage>>): Uint8Array {
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, image.width, image.height)
  return Uint8Array.from({ length: image.width * image.height * 3 }, (_, i) => data[i + Math.floor(i / 3)]!)
}
