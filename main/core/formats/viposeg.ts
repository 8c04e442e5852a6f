import { type DatasetFormat, jsonFile, type TextFile } from './dataset-format.ts'
import type { PreparedVideo } from './prepared-video.ts'
import { halfOf, halvedMaskFiles } from './youtube-vos.ts'

/**
 * VIPOSeg (VIPOSeg-Benchmark vop_eval.py): things and stuff are objects in one number space, 0 unlabelled, no void.
 * `valid/Annotations` holds the frames where objects first appear, each with only the new objects, because the
 * evaluator counts a repeated one twice. A frame without any object is never loaded but counted, so none is written.
 */
export function viposegFormat(): DatasetFormat {
  return {
    title: 'VIPOSeg',
    frameRules: { emptyFrames: 'drop', frameNames: 'source', frameDigits: 8 },
    lowestCategoryId: 0,
    largestObjectCount: 255,
    writesRuns: false,
    imagePath: (video, position) =>
      `${halfOf(video)}/JPEGImages/${video.name}/${video.frames[position]!.name}.jpg`,
    maskFiles: halvedMaskFiles,
    textFiles: (videos) => [
      ...classFile(videos, 'train'),
      ...classFile(videos, 'valid'),
      ...metaFile(videos),
    ],
    converted: (videos) => {
      const outside = videos.some(({ objects }) => objects.some(({ categoryId }) => categoryId > 123))
      return outside
        ? [
            'Some category numbers are above 123, the last of VIPOSeg: its evaluator leaves those objects out of every mean.',
          ]
        : []
    },
    dropped: () => ['VIPOSeg has no place for object and class names: category numbers only.'],
  }
}

function classFile(videos: readonly PreparedVideo[], half: 'train' | 'valid'): TextFile[] {
  const own = videos.filter((video) => halfOf(video) === half)
  if (own.length === 0) return []
  const classes = own.map((video) => [
    video.name,
    Object.fromEntries(video.objects.map(({ id, categoryId }) => [id, categoryId])),
  ])
  return [jsonFile(`${half}/obj_class.json`, Object.fromEntries(classes))]
}

function metaFile(videos: readonly PreparedVideo[]): TextFile[] {
  const valid = videos.filter((video) => halfOf(video) === 'valid')
  if (valid.length === 0) return []
  const entries = valid.map((video) => {
    const objects = video.objects.map(({ id, positions }) => [
      id,
      { frames: positions.map((position) => video.frames[position]!.name) },
    ])
    return [video.name, { objects: Object.fromEntries(objects) }]
  })
  return [jsonFile('valid/meta.json', { videos: Object.fromEntries(entries) })]
}
