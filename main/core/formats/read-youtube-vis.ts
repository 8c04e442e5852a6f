import { isEmptyRle, type Rle } from '../mask/rle.ts'
import { UserError } from '../user-error.ts'
import { listed, matchedFrames } from './frame-match.ts'
import {
  type ImportedAnnotations,
  type ImportedObject,
  type LabelledFrame,
  type MediaFacts,
  masksByObject,
} from './imported-annotations.ts'
import { isJsonObject, type JsonObject, jsonField, jsonInteger, jsonList, jsonString } from './json-value.ts'
import { counted, fileStem, folderNames } from './prepared-video.ts'
import { segmentationShape } from './segmentation.ts'

/** Frame positions that an export of ours recorded: by video name, then by frame name. */
export type RecordedFrames = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * The annotations of one video of a YouTube-VIS or OVIS json: that whose name is the media's, else the only one, else
 * the only one of its size and length. Throws UserError naming the file and the place.
 */
export function readYoutubeVis(
  json: unknown,
  fileName: string,
  media: MediaFacts,
  recorded: RecordedFrames,
): ImportedAnnotations {
  const videos = jsonList(json, 'videos').filter(isJsonObject)
  const video = wantedVideo(videos, fileName, media)
  const videoId = jsonInteger(video, 'id')
  const fileNames = jsonList(video, 'file_names').map((name) => String(name))
  const width = jsonInteger(video, 'width')
  const height = jsonInteger(video, 'height')
  if (width !== media.width || height !== media.height)
    throw new UserError(
      'size-does-not-match',
      `${fileName}: the video ${videoName(video)} is ${width}x${height}, but ${media.name} is ${media.width}x${media.height}. Choose the media that was annotated.`,
    )
  const match = matchedFrames(fileNames.map(fileStem), media, recorded.get(videoName(video)))
  const categories = categoryTable(json)
  const notes = [...match.notes]
  const annotations = jsonList(json, 'annotations')
  const objects: ImportedObject[] = []
  let crowds = 0
  for (const [index, annotation] of annotations.entries()) {
    if (jsonInteger(annotation, 'video_id') !== videoId) continue
    if (jsonInteger(annotation, 'iscrowd') === 1) {
      crowds++
      continue
    }
    const where = `${fileName}: annotations[${index}]`
    const frames = labelledFrames(annotation, fileNames.length, match.frameIndexes, media, where)
    const masks = masksByObject(frames).get(1) ?? []
    if (masks.length > 0) objects.push(importedObject(annotation, objects.length + 1, categories, masks))
  }
  if (crowds > 0) notes.push(`${counted(crowds, 'annotation')} left out: crowds are no single objects.`)
  return { format: 'YouTube-VIS', objects, notes }
}

export interface CategoryEntry {
  readonly name: string | null
  readonly stuff: boolean | null
}

export function categoryTable(json: unknown): Map<number, CategoryEntry> {
  const table = new Map<number, CategoryEntry>()
  for (const category of jsonList(json, 'categories')) {
    const id = jsonInteger(category, 'id')
    const above = jsonString(category, 'supercategory')
    const thing = jsonInteger(category, 'isthing')
    const stuff = thing !== null ? thing === 0 : above === 'stuff' ? true : above === 'thing' ? false : null
    if (id !== null) table.set(id, { name: jsonString(category, 'name'), stuff })
  }
  return table
}

export function importedObject(
  annotation: unknown,
  number: number,
  categories: ReadonlyMap<number, CategoryEntry>,
  masks: ImportedObject['masks'],
): ImportedObject {
  const categoryId = jsonInteger(annotation, 'category_id')
  const category = categoryId === null ? undefined : categories.get(categoryId)
  const className = category?.name ?? null
  return {
    name: jsonString(annotation, 'name') ?? `${className ?? 'object'} ${number}`,
    className,
    categoryId,
    stuff: category?.stuff ?? null,
    masks,
  }
}

function labelledFrames(
  annotation: unknown,
  length: number,
  frameIndexes: readonly (number | null)[],
  media: MediaFacts,
  where: string,
): LabelledFrame[] {
  const segmentations = jsonList(annotation, 'segmentations')
  if (segmentations.length !== length)
    throw new UserError(
      'bad-annotations',
      `${where} has ${segmentations.length} segmentations for a video of ${length} frames.`,
    )
  return segmentations.flatMap((segmentation, position) => {
    const frameIndex = frameIndexes[position]
    if (frameIndex === null || frameIndex === undefined) return []
    const shapes = new Map<number, Rle>()
    if (segmentation !== null) {
      const rle = segmentationShape(
        segmentation,
        media.width,
        media.height,
        `${where}.segmentations[${position}]`,
      )
      if (!isEmptyRle(rle)) shapes.set(1, rle)
    }
    return [{ frameIndex, shapes }]
  })
}

/** The folder in which the video's frames are. */
function videoName(video: JsonObject): string {
  const first = String(jsonList(video, 'file_names')[0] ?? '').split('/')
  return first.length > 1
    ? first[first.length - 2]!
    : String(jsonField(video, 'name') ?? jsonInteger(video, 'id'))
}

function wantedVideo(videos: readonly JsonObject[], fileName: string, media: MediaFacts): JsonObject {
  const wanted = [media.name, ...folderNames([media.name])]
  const named = videos.filter((video) => wanted.includes(videoName(video)))
  if (named.length === 1) return named[0]!
  if (videos.length === 1) return videos[0]!
  const fitting = videos.filter(
    (video) =>
      jsonInteger(video, 'width') === media.width &&
      jsonInteger(video, 'height') === media.height &&
      jsonList(video, 'file_names').length === media.frameCount,
  )
  if (fitting.length === 1) return fitting[0]!
  throw new UserError(
    'no-such-video',
    videos.length === 0
      ? `${fileName} names no videos.`
      : `${fileName} has ${videos.length} videos and none is called ${wanted[1]}: ${listed(videos.map(videoName))}. Rename the media to one of them.`,
  )
}
