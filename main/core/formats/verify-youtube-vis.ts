import { isEmptyRle } from '../mask/rle.ts'
import { jsonField, jsonInteger, jsonList } from './json-value.ts'
import {
  checkBoxAndArea,
  checkCategories,
  checkedIds,
  checkedShape,
  checkedSize,
} from './verify-coco-json.ts'
import { type Violation, violation, warning } from './violation.ts'

interface VideoFacts {
  readonly length: number
  readonly width: number
  readonly height: number
}

/** Every place where a YouTube-VIS or OVIS json breaks the rules. `file` is how the sentences call it. */
export function youtubeVisViolations(json: unknown, file: string): Violation[] {
  const found: Violation[] = []
  const videos = checkedVideos(json, file, found)
  const categories = checkCategories(json, file, found)
  checkedIds(json, 'annotations', file, found)
  for (const [index, annotation] of jsonList(json, 'annotations').entries()) {
    const place = `annotations[${index}]`
    const categoryId = jsonInteger(annotation, 'category_id') ?? Number.NaN
    if (!categories.has(categoryId))
      found.push(
        violation(
          file,
          `${place}.category_id`,
          `there is no category ${String(jsonField(annotation, 'category_id'))}`,
        ),
      )
    const videoId = jsonInteger(annotation, 'video_id') ?? Number.NaN
    const video = videos.get(videoId)
    if (video) checkTrack(annotation, video, file, place, found)
    else if (video === undefined)
      found.push(
        violation(
          file,
          `${place}.video_id`,
          `there is no video ${String(jsonField(annotation, 'video_id'))}`,
        ),
      )
  }
  return found
}

/** Null for a video whose own entry is too wrong to check annotations against. */
function checkedVideos(json: unknown, file: string, found: Violation[]): Map<number, VideoFacts | null> {
  checkedIds(json, 'videos', file, found)
  const videos = new Map<number, VideoFacts | null>()
  for (const [index, video] of jsonList(json, 'videos').entries()) {
    const names = jsonList(video, 'file_names')
    const length = jsonInteger(video, 'length')
    if (length !== names.length)
      found.push(
        violation(
          file,
          `videos[${index}].length`,
          `${length} is not the number of file_names, ${names.length}`,
        ),
      )
    if (new Set(names).size < names.length)
      found.push(violation(file, `videos[${index}].file_names`, 'a name is there twice'))
    if (names.length === 0)
      found.push(violation(file, `videos[${index}].file_names`, 'the video has no frames'))
    const size = checkedSize(video, file, `videos[${index}]`, found)
    const id = jsonInteger(video, 'id')
    if (id !== null) videos.set(id, size && { length: names.length, width: size[0], height: size[1] })
  }
  return videos
}

const aligned = ['segmentations', 'bboxes', 'areas'] as const

function checkTrack(
  annotation: unknown,
  video: VideoFacts,
  file: string,
  place: string,
  found: Violation[],
): void {
  for (const key of aligned) {
    const list = jsonField(annotation, key)
    if (!Array.isArray(list)) found.push(violation(file, `${place}.${key}`, 'the list is missing'))
    else if (list.length !== video.length)
      found.push(
        violation(
          file,
          `${place}.${key}`,
          `it has ${list.length} entries for a video of ${video.length} frames`,
        ),
      )
  }
  const segmentations = jsonList(annotation, 'segmentations')
  const boxes = jsonList(annotation, 'bboxes')
  const areas = jsonList(annotation, 'areas')
  if (segmentations.length > 0 && segmentations.every((segmentation) => segmentation === null))
    found.push(warning(file, place, 'the object is on no frame'))
  for (const [t, segmentation] of segmentations.entries()) {
    if (t >= video.length) break
    const absent = [segmentation, boxes[t], areas[t]].map((value) => value === null)
    if (absent.some((value) => value !== absent[0])) {
      found.push(
        violation(
          file,
          `${place} frame ${t}`,
          'an absent object must be null in segmentations, bboxes and areas alike',
        ),
      )
      continue
    }
    if (absent[0]) continue
    const rle = checkedShape(
      segmentation,
      video.width,
      video.height,
      file,
      `${place}.segmentations[${t}]`,
      found,
    )
    if (!rle) continue
    if (isEmptyRle(rle))
      found.push(
        violation(file, `${place}.segmentations[${t}]`, 'the mask is empty: an absent object is null'),
      )
    const places = { box: `${place}.bboxes[${t}]`, area: `${place}.areas[${t}]` }
    checkBoxAndArea(rle, boxes[t], areas[t], Array.isArray(segmentation), file, places, found)
  }
}
