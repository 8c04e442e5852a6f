import { isEmptyRle, type Rle, unionRle } from '../mask/rle.ts'
import { UserError } from '../user-error.ts'
import { matchedFrames } from './frame-match.ts'
import {
  type ImportedAnnotations,
  type ImportedMask,
  type ImportedObject,
  type LabelledFrame,
  type MediaFacts,
  masksByObject,
} from './imported-annotations.ts'
import { isJsonObject, type JsonObject, jsonField, jsonInteger, jsonList, jsonString } from './json-value.ts'
import { counted, fileStem, folderNames } from './prepared-video.ts'
import { categoryTable, importedObject, type RecordedFrames } from './read-youtube-vis.ts'
import { segmentationShape } from './segmentation.ts'

/**
 * The annotations of a media's frames in a COCO instances json. Annotations with the same `track_id`, `instance_id` or
 * `inst_id` are one object; without, each is an object of its own, since COCO has no identity over images.
 */
export function readCoco(
  json: unknown,
  fileName: string,
  media: MediaFacts,
  recorded: RecordedFrames,
): ImportedAnnotations {
  const images = mediaImages(jsonList(json, 'images').filter(isJsonObject), media)
  if (images.length === 0) throw new UserError('no-images', `${fileName} names no images.`)
  const wrong = images.find(
    (image) => jsonInteger(image, 'width') !== media.width || jsonInteger(image, 'height') !== media.height,
  )
  if (wrong)
    throw new UserError(
      'size-does-not-match',
      `${fileName}: ${imageName(wrong)} is ${jsonInteger(wrong, 'width')}x${jsonInteger(wrong, 'height')}, but ${media.name} is ${media.width}x${media.height}. Choose the media that was annotated.`,
    )
  const folder = imageName(images[0]!).split('/').at(-2) ?? ''
  const match = matchedFrames(
    images.map((image) => fileStem(imageName(image))),
    media,
    recorded.get(folder),
  )
  const frameOf = new Map(
    images.map((image, index) => [jsonInteger(image, 'id'), match.frameIndexes[index] ?? null]),
  )
  const tracks = new AnnotationTracks()
  const notes = [...match.notes]
  for (const [index, annotation] of jsonList(json, 'annotations').entries()) {
    const frameIndex = frameOf.get(jsonInteger(annotation, 'image_id'))
    if (frameIndex === undefined || frameIndex === null) continue
    const where = `${fileName}: annotations[${index}]`
    const segmentation = jsonField(annotation, 'segmentation')
    if (jsonInteger(annotation, 'iscrowd') === 1) tracks.crowds++
    else if (segmentation === undefined || segmentation === null) tracks.boxes++
    else
      tracks.add(
        annotation,
        index,
        frameIndex,
        segmentationShape(segmentation, media.width, media.height, where),
      )
  }
  if (tracks.crowds > 0)
    notes.push(`${counted(tracks.crowds, 'annotation')} left out: crowds are no single objects.`)
  if (tracks.boxes > 0)
    notes.push(`${counted(tracks.boxes, 'annotation')} left out: a box without a segmentation is no mask.`)
  if (tracks.withoutTrack > 0)
    notes.push(
      `${counted(tracks.withoutTrack, 'annotation')} without track_id became an object each, as COCO does not say which are the same. Merge them.`,
    )
  const labelled = [...frameOf.values()].filter((frame): frame is number => frame !== null)
  return { format: 'COCO', objects: tracks.objects(labelled, json), notes }
}

interface Track {
  readonly annotation: unknown
  readonly shapes: Map<number, Rle>
  readonly tracked: boolean
}

class AnnotationTracks {
  crowds = 0
  boxes = 0
  withoutTrack = 0
  readonly #tracks = new Map<string, Track>()

  add(annotation: unknown, index: number, frameIndex: number, rle: Rle): void {
    if (isEmptyRle(rle)) return
    const id =
      jsonInteger(annotation, 'track_id') ??
      jsonInteger(annotation, 'instance_id') ??
      jsonInteger(annotation, 'inst_id')
    if (id === null) this.withoutTrack++
    const key = id === null ? `annotation ${index}` : `track ${id}`
    let track = this.#tracks.get(key)
    if (!track) {
      track = { annotation, shapes: new Map(), tracked: id !== null }
      this.#tracks.set(key, track)
    }
    const before = track.shapes.get(frameIndex)
    track.shapes.set(frameIndex, before ? unionRle(before, rle) : rle)
  }

  objects(labelledFrames: readonly number[], json: unknown): ImportedObject[] {
    const categories = categoryTable(json)
    return [...this.#tracks.values()].map(({ annotation, shapes, tracked }, index) =>
      importedObject(
        annotation,
        index + 1,
        categories,
        tracked ? trackMasks(shapes, labelledFrames) : loneMasks(shapes),
      ),
    )
  }
}

function loneMasks(shapes: ReadonlyMap<number, Rle>): ImportedMask[] {
  return [...shapes].map(([frameIndex, rle]) => ({ frameIndex, rle }))
}

function trackMasks(shapes: ReadonlyMap<number, Rle>, labelledFrames: readonly number[]): ImportedMask[] {
  const frames: LabelledFrame[] = labelledFrames.map((frameIndex) => {
    const rle = shapes.get(frameIndex)
    return { frameIndex, shapes: new Map(rle ? [[1, rle]] : []) }
  })
  return masksByObject(frames).get(1) ?? []
}

function imageName(image: JsonObject): string {
  return jsonString(image, 'file_name') ?? ''
}

/** Those in a folder of the media's name, else those named like its files, else all. */
function mediaImages(images: readonly JsonObject[], media: MediaFacts): readonly JsonObject[] {
  const wanted = [media.name, ...folderNames([media.name])]
  const inFolder = images.filter((image) => wanted.includes(imageName(image).split('/').at(-2) ?? ''))
  if (inFolder.length > 0) return inFolder
  const names = new Set(media.imageNames ?? [])
  const named = images.filter((image) => names.has(fileStem(imageName(image))))
  return named.length > 0 ? named : images
}
