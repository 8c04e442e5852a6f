/**
 * `inbetween-export.json`: what an export says of itself, beside its data. It keeps what the format has no place for
 * (object names, classes, frame positions in the video), so that importing the dataset gives back what was exported.
 */
import type { JobReport } from '../api.ts'
import type { PreparedDataset } from './prepared-dataset.ts'

export interface ExportRecord {
  readonly format: string
  readonly version: 1
  readonly categories: readonly { readonly id: number; readonly name: string; readonly stuff: boolean }[]
  readonly videos: readonly ExportedVideo[]
  readonly report: JobReport | null
}

export interface ExportedVideo {
  readonly name: string
  /** The media's own name. */
  readonly media: string
  readonly split: string
  /** Name in the dataset and position in the video. */
  readonly frames: readonly (readonly [name: string, frameIndex: number])[]
  readonly objects: readonly {
    readonly id: number
    readonly name: string
    readonly categoryId: number
    readonly stuff: boolean
  }[]
}

export function exportRecord(format: string, dataset: PreparedDataset, report: JobReport): ExportRecord {
  return {
    format,
    version: 1,
    categories: dataset.categories,
    videos: dataset.videos.map(({ source, prepared }) => ({
      name: prepared.name,
      media: source.name,
      split: prepared.split,
      frames: prepared.frames.map(({ name, frameIndex }) => [name, frameIndex] as const),
      objects: prepared.objects.map(({ id, name, categoryId, stuff }) => ({ id, name, categoryId, stuff })),
    })),
    report: { ...report, folder: null },
  }
}

/** The record if the text is one, else null: it only helps, so damage to it is no error. */
export function readExportRecord(text: string): ExportRecord | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const record = value as Partial<ExportRecord> | null
  if (typeof record !== 'object' || record === null || record.version !== 1) return null
  if (!Array.isArray(record.videos) || !Array.isArray(record.categories)) return null
  const videos = record.videos.filter(isExportedVideo)
  const categories = record.categories.filter(
    (item) =>
      Number.isInteger(item?.id) && typeof item?.name === 'string' && typeof item?.stuff === 'boolean',
  )
  return { format: String(record.format), version: 1, categories, videos, report: null }
}

function isExportedVideo(value: unknown): value is ExportedVideo {
  const video = value as Partial<ExportedVideo> | null
  if (typeof video !== 'object' || video === null || typeof video.name !== 'string') return false
  if (!Array.isArray(video.frames) || !Array.isArray(video.objects)) return false
  const framesOk = video.frames.every(
    (frame: unknown) =>
      Array.isArray(frame) && typeof frame[0] === 'string' && Number.isInteger(frame[1]) && frame[1] >= 0,
  )
  return (
    framesOk &&
    video.objects.every((object) => Number.isInteger(object?.id) && typeof object?.name === 'string')
  )
}
