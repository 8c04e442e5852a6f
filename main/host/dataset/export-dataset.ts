/** Writes a dataset, an overlay video or a frame table: whole under its final name, or not at all. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { JobReport } from '../../core/api.ts'
import type { DatasetSource, DatasetVideo } from '../../core/formats/dataset.ts'
import { exportRecord } from '../../core/formats/export-record.ts'
import { chosenFrames } from '../../core/formats/frame-choice.ts'
import { MaskRuns } from '../../core/formats/mask-runs.ts'
import {
  type ExportChoices,
  exportTitle,
  type MaskFormat,
  type PreparedDataset,
  plannedExport,
  preparedDataset,
  reportFileName,
} from '../../core/formats/prepared-dataset.ts'
import {
  counted,
  type FrameSurvey,
  type PreparedVideo,
  surveyedFrame,
} from '../../core/formats/prepared-video.ts'
import { numberPlane, visibleMasks } from '../../core/formats/visible-masks.ts'
import { UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'
import { exportPlainFiles } from './export-plain-files.ts'
import { openTargetFolder } from './target-folder.ts'
import { writeMaskPng } from './write-mask-png.ts'
import { copyJpeg, writeJpeg } from './write-picture.ts'
import { writeTextFile } from './write-text-file.ts'

export interface ExportOptions extends ExportChoices {
  /** Absolute: the folder that the export becomes. */
  readonly folder: string
  /** Whether what the folder holds may be replaced. */
  readonly overwrite: boolean
}

export interface ExportProgress {
  readonly done: number
  readonly total: number
  /** 'street, frame 118'. */
  readonly at: string
  readonly frameIndex: number | null
}

/**
 * Yields as frames are written, returns the report. Throws UserError for what `plannedExport` calls a problem, for a
 * target that exists, and for trouble with the disk; the signal's reason when aborted. However it ends, nothing
 * half-written has the final name.
 */
export async function* exportDataset(
  options: ExportOptions,
  source: DatasetSource,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, JobReport> {
  const [problem] = plannedExport(source, options).problems
  if (problem) throw new UserError('nothing-to-export', problem)
  const target = await openTargetFolder(options.folder, options.overwrite)
  try {
    const { format } = options
    const report =
      format === 'overlay' || format === 'frame-table'
        ? yield* exportPlainFiles({ ...options, format }, source, target.workFolder, signal)
        : yield* exportMasks({ ...options, format }, source, target.workFolder, signal)
    signal.throwIfAborted()
    await target.stand()
    return report
  } catch (error) {
    throw diskError(error, options.folder)
  } finally {
    await target.discard()
  }
}

async function* exportMasks(
  options: ExportOptions & { readonly format: MaskFormat },
  source: DatasetSource,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, JobReport> {
  const frames = source.videos.map((video) => chosenFrames(video, options.frames))
  const frameCount = frames.reduce((sum, list) => sum + list.length, 0)
  // Every frame is looked at once before and once while writing.
  const total = frameCount * 2
  const surveys: FrameSurvey[][] = []
  let done = 0
  for (const [index, video] of source.videos.entries()) {
    const own: FrameSurvey[] = []
    for (const frameIndex of frames[index]!) {
      signal.throwIfAborted()
      own.push(surveyedFrame(video, frameIndex))
      done++
      if (done % 8 > 0) continue
      // Looking takes no disk or decoder, so the event loop would wait for all of it.
      await setImmediate()
      yield { done, total, at: `${video.name}, looking at frame ${frameIndex}`, frameIndex }
    }
    surveys.push(own)
  }
  const dataset = preparedDataset(source, options, surveys)
  const [problem] = dataset.problems
  if (problem) throw new UserError('nothing-to-export', problem)
  const runs = new MaskRuns()
  const counts = { pictures: 0, copied: 0, masks: 0 }
  for (const { source: video, prepared } of dataset.videos) {
    for await (const frameIndex of writeVideo(
      options,
      dataset,
      video,
      prepared,
      folder,
      runs,
      counts,
      signal,
    )) {
      done++
      yield { done: Math.min(done, total), total, at: `${video.name}, frame ${frameIndex}`, frameIndex }
    }
  }
  return await finishExport(options, dataset, runs, counts, folder)
}

interface Counts {
  pictures: number
  copied: number
  masks: number
}

async function* writeVideo(
  { includeFrames }: ExportOptions,
  { format }: PreparedDataset,
  video: DatasetVideo,
  prepared: PreparedVideo,
  folder: string,
  runs: MaskRuns,
  counts: Counts,
  signal: AbortSignal,
): AsyncGenerator<number> {
  const folders = new FolderMaker(folder)
  const uncopied: number[] = []
  for (const [position, { frameIndex }] of prepared.frames.entries()) {
    signal.throwIfAborted()
    counts.masks += await writeMasks(format, video, prepared, position, folders, runs)
    if (includeFrames) {
      const path = await folders.pathOf(format.imagePath(prepared, position))
      const file = video.imageFiles?.[frameIndex]
      if (file && (await copyJpeg(file, path, video.width, video.height))) counts.copied++
      else uncopied.push(position)
    }
    if (!includeFrames || uncopied.at(-1) !== position) yield frameIndex
  }
  if (uncopied.length === 0) return
  const positionOf = new Map(uncopied.map((position) => [prepared.frames[position]!.frameIndex, position]))
  for await (const { frameIndex, rgb } of video.frames([...positionOf.keys()], signal)) {
    signal.throwIfAborted()
    const path = await folders.pathOf(format.imagePath(prepared, positionOf.get(frameIndex)!))
    await writeJpeg(path, video.width, video.height, rgb)
    counts.pictures++
    yield frameIndex
  }
}

/** Returns how many mask files it wrote. */
async function writeMasks(
  format: PreparedDataset['format'],
  video: DatasetVideo,
  prepared: PreparedVideo,
  position: number,
  folders: FolderMaker,
  runs: MaskRuns,
): Promise<number> {
  const { masks } = visibleMasks(video, video.masksAt(prepared.frames[position]!.frameIndex))
  const idOf = new Map(prepared.objects.map(({ objectIndex, id }) => [objectIndex, id]))
  const numbered = masks.flatMap(({ objectIndex, rle }) => {
    const id = idOf.get(objectIndex)
    return id === undefined ? [] : [{ id, rle }]
  })
  if (format.writesRuns) for (const { id, rle } of numbered) runs.add(prepared.name, id, position, rle)
  const files = format.maskFiles(prepared, position)
  for (const { path, ids } of files) {
    const shown = ids ? numbered.filter(({ id }) => ids.has(id)) : numbered
    const plane = numberPlane(prepared.width, prepared.height, shown)
    await writeMaskPng(await folders.pathOf(path), prepared.width, prepared.height, plane)
  }
  return files.length
}

async function finishExport(
  options: ExportOptions,
  dataset: PreparedDataset,
  runs: MaskRuns,
  counts: Counts,
  folder: string,
): Promise<JobReport> {
  const videos = dataset.videos.map(({ prepared }) => prepared)
  const { format } = dataset
  const written: string[] = []
  for (const file of format.textFiles(videos, dataset.categories, runs)) {
    await writeTextFile(join(folder, file.path), file.text())
    written.push(file.path)
  }
  const val = videos.filter(({ split }) => split === 'val').length
  const shapes = videos.reduce(
    (sum, { objects }) => sum + objects.reduce((own, { positions }) => own + positions.length, 0),
    0,
  )
  const summary = [
    `${counted(videos.length, 'video')}: ${videos.length - val} for training, ${val} for validation`,
    `${counted(shapes, 'mask')} of ${counted(
      videos.reduce((sum, { objects }) => sum + objects.length, 0),
      'object',
    )}${counts.masks > 0 ? ` in ${counted(counts.masks, 'PNG file')}` : ''}`,
  ]
  if (counts.pictures > 0) summary.push(`${counted(counts.pictures, 'frame')} as JPEG at quality 95`)
  if (counts.copied > 0) summary.push(`${counted(counts.copied, 'frame')} copied as they are`)
  const report: JobReport = {
    title: exportTitle(format.title, videos),
    folder: options.folder,
    written: [...summary, ...written, reportFileName],
    converted: dataset.converted,
    dropped: options.includeFrames
      ? dataset.dropped
      : [...dataset.dropped, 'The frames themselves, as asked.'],
  }
  const record = exportRecord(options.format, dataset, report)
  await writeFile(join(folder, reportFileName), `${JSON.stringify(record, null, 1)}\n`)
  return report
}

/** Makes each folder once. */
class FolderMaker {
  readonly #root: string
  readonly #made = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  async pathOf(path: string): Promise<string> {
    const whole = join(this.#root, path)
    const folder = dirname(whole)
    if (!this.#made.has(folder)) {
      await mkdir(folder, { recursive: true })
      this.#made.add(folder)
    }
    return whole
  }
}
