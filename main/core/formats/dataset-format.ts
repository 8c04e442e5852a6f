import type { ClassNumbers } from './class-numbers.ts'
import type { DatasetClass } from './dataset.ts'
import type { MaskRuns } from './mask-runs.ts'
import { type FrameRules, nameWithoutClass, type PreparedVideo } from './prepared-video.ts'

/** A palette PNG to write for a frame. */
export interface MaskFile {
  readonly path: string
  /** The numbers to show; null: all that are visible. */
  readonly ids: ReadonlySet<number> | null
}

export interface TextFile {
  readonly path: string
  /** In pieces, as a json of many masks may be longer than a string can be. */
  text(): Iterable<string>
}

export interface Category {
  readonly id: number
  readonly name: string
  readonly stuff: boolean
}

/** How a dataset format lays out files. All paths are relative, with `/`. */
export interface DatasetFormat {
  readonly title: string
  readonly frameRules: FrameRules
  readonly lowestCategoryId: 0 | 1
  /** Most objects a video may have; null: no limit. */
  readonly largestObjectCount: number | null
  imagePath(video: PreparedVideo, position: number): string
  maskFiles(video: PreparedVideo, position: number): readonly MaskFile[]
  /** Whether masks go into the json files, so that their runs must be collected. */
  readonly writesRuns: boolean
  textFiles(
    videos: readonly PreparedVideo[],
    categories: readonly Category[],
    runs: MaskRuns,
  ): readonly TextFile[]
  /** Sentences for the report: what readers of this format will not see or see otherwise. */
  converted(videos: readonly PreparedVideo[]): readonly string[]
  dropped(videos: readonly PreparedVideo[]): readonly string[]
}

/** Every class of the list, and one for objects without where such are exported; ascending. */
export function datasetCategories(
  classes: readonly DatasetClass[],
  numbers: ClassNumbers,
  videos: readonly PreparedVideo[],
): Category[] {
  const categories: Category[] = classes.map(({ name, stuff }, index) => ({
    id: numbers.ids[index]!,
    name,
    stuff,
  }))
  const used = videos.some(({ objects }) =>
    objects.some(({ categoryId }) => categoryId === numbers.withoutClass),
  )
  if (used) categories.push({ id: numbers.withoutClass, name: nameWithoutClass, stuff: false })
  return categories.sort((a, b) => a.id - b.id)
}

/** Objects that come into view at this position and not before. */
export function newIdsAt(video: PreparedVideo, position: number): Set<number> {
  return new Set(video.objects.filter(({ positions }) => positions[0] === position).map(({ id }) => id))
}

export function jsonFile(path: string, value: unknown): TextFile {
  return { path, text: () => [`${JSON.stringify(value)}\n`] }
}
