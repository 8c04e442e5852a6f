import { type DatasetFormat, jsonFile, newIdsAt, type TextFile } from './dataset-format.ts'
import type { PreparedVideo } from './prepared-video.ts'

/** `train` or `valid`: how YouTube-VOS and VIPOSeg call the two halves. */
export function halfOf(video: PreparedVideo): 'train' | 'valid' {
  return video.split === 'train' ? 'train' : 'valid'
}

/** Mask files of the layout that YouTube-VOS and VIPOSeg share. */
export function halvedMaskFiles(
  video: PreparedVideo,
  position: number,
): { path: string; ids: Set<number> | null }[] {
  const half = halfOf(video)
  const name = `${video.name}/${video.frames[position]!.name}.png`
  if (half === 'train') return [{ path: `train/Annotations/${name}`, ids: null }]
  const fresh = newIdsAt(video, position)
  const truth = { path: `valid/Annotations_gt/${name}`, ids: null }
  return fresh.size === 0 ? [truth] : [{ path: `valid/Annotations/${name}`, ids: fresh }, truth]
}

/**
 * YouTube-VOS: the palette PNGs of DAVIS under train/ and valid/, each with a meta.json that names every object's
 * category and frames. In valid/ `Annotations` holds only the frames where objects first appear and `frames` are those
 * to predict. The truth of valid/, which the original keeps to itself, is put beside it as `Annotations_gt`.
 */
export function youtubeVosFormat(): DatasetFormat {
  return {
    title: 'YouTube-VOS',
    frameRules: { emptyFrames: 'keep', frameNames: 'source', frameDigits: 5 },
    lowestCategoryId: 1,
    largestObjectCount: 254,
    writesRuns: false,
    imagePath: (video, position) =>
      `${halfOf(video)}/JPEGImages/${video.name}/${video.frames[position]!.name}.jpg`,
    maskFiles: halvedMaskFiles,
    textFiles: (videos) => [...metaFile(videos, 'train'), ...metaFile(videos, 'valid')],
    converted: (videos) =>
      videos.some((video) => halfOf(video) === 'valid')
        ? [
            'The truth of the valid videos is in valid/Annotations_gt, which YouTube-VOS itself does not publish.',
          ]
        : [],
    dropped: () => ['YouTube-VOS has no place for object names and category numbers: category names only.'],
  }
}

function metaFile(videos: readonly PreparedVideo[], half: 'train' | 'valid'): TextFile[] {
  const own = videos.filter((video) => halfOf(video) === half)
  if (own.length === 0) return []
  const entries = own.map((video) => {
    const objects = video.objects.map(({ id, className, positions }) => {
      const names =
        half === 'train'
          ? positions.map((position) => video.frames[position]!.name)
          : video.frames.slice(positions[0]!).map(({ name }) => name)
      return [id, { category: className, frames: names }]
    })
    return [video.name, { objects: Object.fromEntries(objects) }]
  })
  return [jsonFile(`${half}/meta.json`, { videos: Object.fromEntries(entries) })]
}
