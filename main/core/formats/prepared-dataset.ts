import type { ExportFormat, ExportPlan, FrameChoice } from '../api.ts'
import { classNumbers } from './class-numbers.ts'
import { cocoFormat } from './coco.ts'
import type { DatasetSource, DatasetVideo } from './dataset.ts'
import { type Category, type DatasetFormat, datasetCategories } from './dataset-format.ts'
import { davisFormat } from './davis.ts'
import { chosenFrames } from './frame-choice.ts'
import { MaskRuns } from './mask-runs.ts'
import {
  counted,
  type FrameSurvey,
  folderNames,
  type PreparedVideo,
  preparedVideo,
} from './prepared-video.ts'
import { splitVideos } from './split.ts'
import { viposegFormat } from './viposeg.ts'
import { youtubeVisFormat } from './youtube-vis.ts'
import { youtubeVosFormat } from './youtube-vos.ts'

export interface ExportChoices {
  readonly format: ExportFormat
  readonly frames: FrameChoice
  /** Share of the videos that become val, 0 to 1. */
  readonly valShare: number
  /** 'valid': every video goes to the val half. */
  readonly layout: 'train' | 'valid'
  readonly includeFrames: boolean
}

export type MaskFormat = Exclude<ExportFormat, 'overlay' | 'frame-table'>

export interface PreparedDataset {
  readonly format: DatasetFormat
  readonly videos: readonly { readonly source: DatasetVideo; readonly prepared: PreparedVideo }[]
  readonly categories: readonly Category[]
  readonly converted: readonly string[]
  readonly dropped: readonly string[]
  /** Sentences: what forbids the export. */
  readonly problems: readonly string[]
}

export function datasetFormat(
  format: MaskFormat,
  videos: readonly { readonly height: number }[],
): DatasetFormat {
  if (format === 'davis') return davisFormat(videos)
  if (format === 'youtube-vos') return youtubeVosFormat()
  if (format === 'viposeg') return viposegFormat()
  return format === 'youtube-vis' ? youtubeVisFormat() : cocoFormat()
}

/** Names, numbers, halves and sentences of a whole dataset. `surveys[i]` are of the i-th video's chosen frames. */
export function preparedDataset(
  source: DatasetSource,
  choices: ExportChoices & { readonly format: MaskFormat },
  surveys: readonly (readonly FrameSurvey[])[],
): PreparedDataset {
  const format = datasetFormat(choices.format, source.videos)
  const numbers = classNumbers(source.classes, format.lowestCategoryId)
  const names = folderNames(source.videos.map(({ name }) => name))
  const splits =
    choices.layout === 'valid' ? names.map(() => 'val' as const) : splitVideos(names, choices.valShare)
  const videos: { source: DatasetVideo; prepared: PreparedVideo }[] = []
  const converted = [...numbers.converted]
  const dropped: string[] = []
  for (const [index, video] of source.videos.entries()) {
    const place = { name: names[index]!, split: splits[index]! }
    const preparation = preparedVideo(
      video,
      place,
      surveys[index]!,
      format.frameRules,
      source.classes,
      numbers,
    )
    converted.push(...preparation.converted)
    dropped.push(...preparation.dropped)
    if (preparation.video) videos.push({ source: video, prepared: preparation.video })
  }
  const prepared = videos.map((video) => video.prepared)
  converted.push(...format.converted(prepared))
  dropped.push(...format.dropped(prepared))
  const problems = datasetProblems(format, prepared)
  return {
    format,
    videos,
    categories: datasetCategories(source.classes, numbers, prepared),
    converted,
    dropped,
    problems,
  }
}

function datasetProblems(format: DatasetFormat, videos: readonly PreparedVideo[]): string[] {
  if (videos.length === 0)
    return [
      'Nothing to export: no object is visible on the frames chosen. Label some, or choose other frames.',
    ]
  const limit = format.largestObjectCount
  if (limit === null) return []
  return videos
    .filter(({ objects }) => objects.length > limit)
    .map(
      ({ name, objects }) =>
        `${name} has ${objects.length} objects, but a mask of ${format.title} numbers at most ${limit}. Export fewer objects, or as YouTube-VIS.`,
    )
}

/** Frames looked at by their records alone, without pixels: quick, and blind to objects that others cover entirely. */
function recordSurveys(video: DatasetVideo, choice: FrameChoice): FrameSurvey[] {
  return chosenFrames(video, choice).map((frameIndex) => {
    const masks = video.masksAt(frameIndex)
    const visible = masks.filter(({ area }) => area > 0).map(({ objectIndex }) => objectIndex)
    return {
      frameIndex,
      labelled: masks.length > 0,
      visible: visible.sort((a, b) => a - b),
      lostPixelCount: 0,
    }
  })
}

const listedFileCount = 200

/** What an export would write, and what speaks against it, before it starts. */
export function plannedExport(source: DatasetSource, choices: ExportChoices): ExportPlan {
  if (source.videos.length === 0) return emptyPlan('Nothing to export: no video was chosen.')
  if (choices.frames.type === 'range' && choices.frames.firstFrame > choices.frames.lastFrame)
    return emptyPlan(
      `The range from frame ${choices.frames.firstFrame} to ${choices.frames.lastFrame} is empty.`,
    )
  const { format: name } = choices
  if (name === 'overlay' || name === 'frame-table') return plainPlan(source, name)
  const surveys = source.videos.map((video) => recordSurveys(video, choices.frames))
  const dataset = preparedDataset(source, { ...choices, format: name }, surveys)
  const files: string[] = []
  let fileCount = 0
  let byteLength = 0
  const add = (path: string, bytes: number) => {
    if (files.length < listedFileCount) files.push(path)
    fileCount++
    byteLength += bytes
  }
  const prepared = dataset.videos.map((video) => video.prepared)
  const { format } = dataset
  for (const file of format.textFiles(prepared, dataset.categories, new MaskRuns())) add(file.path, 1000)
  for (const video of prepared) {
    const pixels = video.width * video.height
    if (format.writesRuns)
      byteLength += video.objects.reduce((sum, { positions }) => sum + positions.length * 1500, 0)
    for (const position of video.frames.keys()) {
      // About what a photograph takes at quality 95, and a palette PNG with a few large regions.
      if (choices.includeFrames) add(format.imagePath(video, position), pixels * 0.3)
      for (const { path } of format.maskFiles(video, position)) add(path, 1000 + pixels * 0.01)
    }
  }
  add(reportFileName, 2000)
  return {
    files,
    fileCount,
    byteLengthEstimate: Math.round(byteLength),
    warnings: [...dataset.converted, ...dataset.dropped],
    problems: dataset.problems,
  }
}

export const reportFileName = 'inbetween-export.json'

function plainPlan(source: DatasetSource, format: 'overlay' | 'frame-table'): ExportPlan {
  const files = folderNames(source.videos.map(({ name }) => name)).map(
    (name) => `${name}.${format === 'overlay' ? 'mp4' : 'csv'}`,
  )
  const frameCount = source.videos.reduce((sum, { timesUs }) => sum + timesUs.length, 0)
  const pixels = source.videos.reduce(
    (sum, { timesUs, width, height }) => sum + timesUs.length * width * height,
    0,
  )
  return {
    files: files.slice(0, listedFileCount),
    fileCount: files.length,
    byteLengthEstimate: Math.round(format === 'overlay' ? pixels * 0.03 : frameCount * 40),
    warnings: [],
    problems: frameCount === 0 ? ['Nothing to export: the videos have no frames yet.'] : [],
  }
}

function emptyPlan(problem: string): ExportPlan {
  return { files: [], fileCount: 0, byteLengthEstimate: 0, warnings: [], problems: [problem] }
}

/** 'DAVIS 2017: 3 videos, 120 frames, 7 objects'. */
export function exportTitle(title: string, videos: readonly PreparedVideo[]): string {
  const frames = videos.reduce((sum, video) => sum + video.frames.length, 0)
  const objects = videos.reduce((sum, video) => sum + video.objects.length, 0)
  return `${title}: ${counted(videos.length, 'video')}, ${counted(frames, 'frame')}, ${counted(objects, 'object')}`
}
