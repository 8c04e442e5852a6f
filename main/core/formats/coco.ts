import type { Category, DatasetFormat, TextFile } from './dataset-format.ts'
import type { MaskRuns } from './mask-runs.ts'
import type { PreparedVideo } from './prepared-video.ts'
import { cocoCategories } from './youtube-vis.ts'

/**
 * COCO instances: a frame is an image, an object on a frame an annotation with compressed runs. All numbers begin at 1,
 * because the evaluator takes 0 for "not matched". COCO knows no identity over frames: `track_id` and `name` beside the
 * standard fields keep it, and readers leave unknown fields alone.
 */
export function cocoFormat(): DatasetFormat {
  return {
    title: 'COCO instances',
    frameRules: { emptyFrames: 'keep', frameNames: 'source', frameDigits: 5 },
    lowestCategoryId: 1,
    largestObjectCount: null,
    writesRuns: true,
    imagePath: (video, position) => `${video.split}/${imageName(video, position)}`,
    maskFiles: () => [],
    textFiles: (videos, categories, runs) =>
      (['train', 'val'] as const).flatMap((split): TextFile[] => {
        const own = videos.filter((video) => video.split === split)
        return own.length === 0
          ? []
          : [{ path: `annotations/instances_${split}.json`, text: () => jsonPieces(own, categories, runs) }]
      }),
    converted: () => [
      'COCO has images, not videos: each frame is an image, and track_id says which annotations are one object.',
    ],
    dropped: () => [],
  }
}

function imageName(video: PreparedVideo, position: number): string {
  return `${video.name}/${video.frames[position]!.name}.jpg`
}

function* jsonPieces(
  videos: readonly PreparedVideo[],
  categories: readonly Category[],
  runs: MaskRuns,
): Generator<string> {
  yield `{"info":{"description":"Exported by Inbetween"},"licenses":[],"categories":${JSON.stringify(cocoCategories(categories))},"images":[`
  let imageId = 1
  for (const video of videos) {
    for (const position of video.frames.keys()) {
      const image = {
        id: imageId,
        file_name: imageName(video, position),
        width: video.width,
        height: video.height,
      }
      yield `${imageId === 1 ? '' : ','}${JSON.stringify(image)}`
      imageId++
    }
  }
  yield '],"annotations":['
  let id = 1
  let firstImageId = 1
  let firstTrackId = 1
  for (const video of videos) {
    for (const position of video.frames.keys()) {
      for (const object of video.objects) {
        const frame = runs.get(video.name, object.id, position)
        if (!frame) continue
        yield `${id === 1 ? '' : ','}${JSON.stringify({
          id,
          image_id: firstImageId + position,
          category_id: object.categoryId,
          iscrowd: 0,
          segmentation: { size: [video.height, video.width], counts: frame.counts },
          area: frame.area,
          bbox: frame.box,
          track_id: firstTrackId + object.id - 1,
          name: object.name,
        })}`
        id++
      }
    }
    firstImageId += video.frames.length
    firstTrackId += video.objects.length
  }
  yield ']}\n'
}
