import type { Category, DatasetFormat, TextFile } from './dataset-format.ts'
import type { MaskRuns } from './mask-runs.ts'
import type { PreparedVideo } from './prepared-video.ts'
import { halfOf } from './youtube-vos.ts'

/**
 * YouTube-VIS (and OVIS): one json a half, one annotation an object with three lists aligned with the video's
 * file_names: compressed COCO runs, boxes and areas, null in all three where the object is absent. Numbers begin at 1.
 * `name` beside the standard fields keeps the object's name; readers leave unknown fields alone.
 */
export function youtubeVisFormat(): DatasetFormat {
  return {
    title: 'YouTube-VIS',
    frameRules: { emptyFrames: 'keep', frameNames: 'source', frameDigits: 5 },
    lowestCategoryId: 1,
    largestObjectCount: null,
    writesRuns: true,
    imagePath: (video, position) =>
      `${halfOf(video)}/JPEGImages/${video.name}/${video.frames[position]!.name}.jpg`,
    maskFiles: () => [],
    textFiles: (videos, categories, runs) =>
      (['train', 'valid'] as const).flatMap((half): TextFile[] => {
        const own = videos.filter((video) => halfOf(video) === half)
        return own.length === 0
          ? []
          : [{ path: `${half}.json`, text: () => jsonPieces(own, categories, runs) }]
      }),
    converted: () => [],
    dropped: () => [],
  }
}

function* jsonPieces(
  videos: readonly PreparedVideo[],
  categories: readonly Category[],
  runs: MaskRuns,
): Generator<string> {
  const list = videos.map((video, index) => ({
    id: index + 1,
    width: video.width,
    height: video.height,
    length: video.frames.length,
    file_names: video.frames.map(({ name }) => `${video.name}/${name}.jpg`),
  }))
  yield `{"info":{"description":"Exported by Inbetween"},"licenses":[],"categories":${JSON.stringify(cocoCategories(categories))}`
  yield `,"videos":${JSON.stringify(list)},"annotations":[`
  let id = 1
  for (const [index, video] of videos.entries()) {
    for (const object of video.objects) {
      const frames = video.frames.map((_, position) => runs.get(video.name, object.id, position))
      yield `${id === 1 ? '' : ','}${JSON.stringify({
        id,
        video_id: index + 1,
        category_id: object.categoryId,
        iscrowd: 0,
        width: video.width,
        height: video.height,
        length: video.frames.length,
        name: object.name,
        segmentations: frames.map(
          (frame) => frame && { size: [video.height, video.width], counts: frame.counts },
        ),
        bboxes: frames.map((frame) => frame?.box ?? null),
        areas: frames.map((frame) => frame?.area ?? null),
      })}`
      id++
    }
  }
  yield ']}\n'
}

export function cocoCategories(
  categories: readonly Category[],
): { id: number; name: string; supercategory: string }[] {
  return categories.map(({ id, name, stuff }) => ({ id, name, supercategory: stuff ? 'stuff' : 'thing' }))
}
