import type { DatasetFormat, TextFile } from './dataset-format.ts'
import { counted, type PreparedVideo } from './prepared-video.ts'

/**
 * DAVIS 2017 (davis2017-evaluation): palette PNGs whose value is the object's number, 0 background, 255 void; five
 * digits counted from 00000; sequence lists under ImageSets/2017. The number of objects is the highest number on the
 * first frame, so frames before it are left out, and objects are numbered as they appear.
 */
export function davisFormat(videos: readonly { readonly height: number }[]): DatasetFormat {
  const resolution = videos.every(({ height }) => height === 480) ? '480p' : 'Full-Resolution'
  const file = (folder: string, extension: string) => (video: PreparedVideo, position: number) =>
    `${folder}/${resolution}/${video.name}/${video.frames[position]!.name}.${extension}`
  const maskPath = file('Annotations', 'png')
  return {
    title: 'DAVIS 2017',
    frameRules: { emptyFrames: 'drop-leading', frameNames: 'position', frameDigits: 5 },
    lowestCategoryId: 1,
    largestObjectCount: 254,
    writesRuns: false,
    imagePath: file('JPEGImages', 'jpg'),
    maskFiles: (video, position) => [{ path: maskPath(video, position), ids: null }],
    textFiles: (prepared) => [...sequenceList(prepared, 'train'), ...sequenceList(prepared, 'val')],
    converted: () =>
      resolution === '480p'
        ? []
        : [
            'Not every video is 480 pixels high: masks and frames are under Full-Resolution. Tell your loader.',
          ],
    dropped: (prepared) => [
      'DAVIS has no place for class names: numbers only.',
      ...prepared.flatMap((video) => {
        const late = video.objects.filter(({ positions }) => positions[0]! > 0)
        if (late.length === 0) return []
        return [
          `${video.name}: ${counted(late.length, 'object')} not yet on the first frame (${late.map(({ name }) => name).join(', ')}); written, but the official evaluation leaves them out.`,
        ]
      }),
    ],
  }
}

function sequenceList(videos: readonly PreparedVideo[], split: 'train' | 'val'): TextFile[] {
  const names = videos.filter((video) => video.split === split).map(({ name }) => name)
  if (names.length === 0) return []
  return [{ path: `ImageSets/2017/${split}.txt`, text: () => [`${names.join('\n')}\n`] }]
}
