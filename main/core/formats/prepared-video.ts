/**
 * A video as a dataset is to hold it: which frames under which names, which objects under which numbers. Made from a
 * survey of all its frames before anything is written, because the metadata (first frames, numbers in order) needs it.
 */

import type { ClassNumbers } from './class-numbers.ts'
import type { DatasetClass, DatasetObject, DatasetVideo } from './dataset.ts'
import type { Split } from './split.ts'
import { visibleMasks } from './visible-masks.ts'

export interface PreparedFrame {
  readonly frameIndex: number
  /** File name without extension. */
  readonly name: string
}

export interface PreparedObject {
  /** 1, 2, ... in order of first appearance, then of the object list. */
  readonly id: number
  /** Position in the source video's objects. */
  readonly objectIndex: number
  readonly name: string
  readonly className: string
  readonly categoryId: number
  readonly stuff: boolean
  /** Positions in `frames` where it is visible, ascending; never empty. */
  readonly positions: readonly number[]
}

export interface PreparedVideo {
  /** Folder name, unique in the dataset. */
  readonly name: string
  readonly split: Split
  readonly width: number
  readonly height: number
  readonly frames: readonly PreparedFrame[]
  readonly objects: readonly PreparedObject[]
}

export interface FrameSurvey {
  readonly frameIndex: number
  /** False: no object has a mask here, not even one that says it is absent. */
  readonly labelled: boolean
  /** Positions of the objects of which something is visible. */
  readonly visible: readonly number[]
  readonly lostPixelCount: number
}

export function surveyedFrame(video: DatasetVideo, frameIndex: number): FrameSurvey {
  const masks = video.masksAt(frameIndex)
  const { masks: visible, lostPixelCount } = visibleMasks(video, masks)
  return {
    frameIndex,
    labelled: masks.length > 0,
    visible: visible.map(({ objectIndex }) => objectIndex),
    lostPixelCount,
  }
}

export interface FrameRules {
  /** What happens to frames on which no object is visible. */
  readonly emptyFrames: 'keep' | 'drop' | 'drop-leading'
  /** Frames are numbered by their position in the dataset, or keep the number they have in the video. */
  readonly frameNames: 'position' | 'source'
  readonly frameDigits: number
}

export interface VideoPlace {
  readonly name: string
  readonly split: Split
}

export interface Preparation {
  /** Null: nothing is left to write; `dropped` says why. */
  readonly video: PreparedVideo | null
  readonly converted: readonly string[]
  readonly dropped: readonly string[]
}

export function preparedVideo(
  video: DatasetVideo,
  place: VideoPlace,
  surveys: readonly FrameSurvey[],
  rules: FrameRules,
  classes: readonly DatasetClass[],
  numbers: ClassNumbers,
): Preparation {
  const converted: string[] = []
  const dropped: string[] = []
  const kept = keptFrames(video.name, surveys, rules, dropped)
  const lost = kept.filter(({ lostPixelCount }) => lostPixelCount > 0)
  if (lost.length > 0) {
    const pixels = lost.reduce((sum, frame) => sum + frame.lostPixelCount, 0)
    converted.push(
      `${video.name}: on ${counted(lost.length, 'frame')} ${counted(pixels, 'pixel')} belonged to more than one object; the nearer one keeps them.`,
    )
  }
  const objects = numberedObjects(video, kept, classes, numbers)
  const present = new Set(objects.map(({ objectIndex }) => objectIndex))
  const absent = video.objects.filter((_, index) => !present.has(index)).map(({ name }) => name)
  if (absent.length > 0 && kept.length > 0)
    dropped.push(`${video.name}: not visible on any exported frame: ${absent.join(', ')}.`)
  if (objects.length === 0) {
    dropped.push(`${video.name}: the whole video, because no object is visible on the frames chosen.`)
    return { video: null, converted, dropped }
  }
  const classless = objects.filter(({ objectIndex }) => video.objects[objectIndex]!.classIndex === null)
  if (classless.length > 0)
    converted.push(
      `${video.name}: objects without a class get the class "${nameWithoutClass}": ${classless.map(({ name }) => name).join(', ')}.`,
    )
  const frames = namedFrames(video, kept, rules, converted)
  return {
    video: { ...place, width: video.width, height: video.height, frames, objects },
    converted,
    dropped,
  }
}

export const nameWithoutClass = 'object'

/** '1 frame', '1,200 frames'. */
export function counted(count: number, word: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${word}${count === 1 ? '' : 's'}`
}

function keptFrames(
  name: string,
  surveys: readonly FrameSurvey[],
  rules: FrameRules,
  dropped: string[],
): FrameSurvey[] {
  const labelled = surveys.filter((survey) => survey.labelled)
  if (labelled.length < surveys.length)
    dropped.push(
      `${name}: ${counted(surveys.length - labelled.length, 'frame')} on which nothing is labelled.`,
    )
  if (rules.emptyFrames === 'keep') return labelled
  const first = labelled.findIndex(({ visible }) => visible.length > 0)
  const kept =
    rules.emptyFrames === 'drop'
      ? labelled.filter(({ visible }) => visible.length > 0)
      : labelled.slice(first < 0 ? labelled.length : first)
  if (kept.length < labelled.length) {
    const which =
      rules.emptyFrames === 'drop' ? 'without any visible object' : 'before the first visible object'
    dropped.push(
      `${name}: ${counted(labelled.length - kept.length, 'frame')} ${which}, which readers of this format cannot use.`,
    )
  }
  return kept
}

function numberedObjects(
  video: DatasetVideo,
  frames: readonly FrameSurvey[],
  classes: readonly DatasetClass[],
  numbers: ClassNumbers,
): PreparedObject[] {
  const positions = new Map<number, number[]>()
  for (const [position, { visible }] of frames.entries()) {
    for (const objectIndex of visible) {
      const list = positions.get(objectIndex)
      if (list) list.push(position)
      else positions.set(objectIndex, [position])
    }
  }
  return [...positions]
    .sort(([a, atA], [b, atB]) => atA[0]! - atB[0]! || a - b)
    .map(([objectIndex, list], rank) => {
      const object: DatasetObject = video.objects[objectIndex]!
      return {
        id: rank + 1,
        objectIndex,
        name: object.name,
        className: object.classIndex === null ? nameWithoutClass : classes[object.classIndex]!.name,
        categoryId: object.classIndex === null ? numbers.withoutClass : numbers.ids[object.classIndex]!,
        stuff: object.stuff,
        positions: list,
      }
    })
}

/** Image folders keep their own frame numbers where all names are numbers that sort as they count. */
function namedFrames(
  video: DatasetVideo,
  kept: readonly FrameSurvey[],
  rules: FrameRules,
  converted: string[],
): PreparedFrame[] {
  if (rules.frameNames === 'position') {
    if (kept.some(({ frameIndex }, position) => frameIndex !== position))
      converted.push(`${video.name}: frames are numbered anew from 0 without gaps, as this format wants.`)
    return kept.map(({ frameIndex }, position) => ({
      frameIndex,
      name: padded(position, rules.frameDigits, kept.length),
    }))
  }
  const stems = video.imageFiles?.map((file) => fileStem(file)) ?? null
  const own = stems?.every((stem, i) => /^\d+$/.test(stem) && (i === 0 || stem > stems[i - 1]!))
    ? stems
    : null
  return kept.map(({ frameIndex }) => ({
    frameIndex,
    name: own ? own[frameIndex]! : padded(frameIndex, rules.frameDigits, video.timesUs.length),
  }))
}

/** File name without folder and extension. */
export function fileStem(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}

function padded(number: number, digits: number, count: number): string {
  return String(number).padStart(Math.max(digits, String(count - 1).length), '0')
}

/** Names that are folders on every system, made unique: 'My clip.mp4' becomes 'My_clip'. */
export function folderNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const stem = name.replace(/\.(mp4|mov|mkv|webm|avi|ts|gif|m4v|mpg|mpeg)$/i, '')
    const safe = stem.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[.]+|[.]+$/g, '') || 'video'
    let unique = safe
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${safe}_${n}`
    taken.add(unique.toLowerCase())
    return unique
  })
}
