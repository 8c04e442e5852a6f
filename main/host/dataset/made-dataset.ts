/** A small dataset made in memory, for tests of everything that reads or writes datasets. */
import type {
  DatasetClass,
  DatasetMask,
  DatasetObject,
  DatasetSource,
  DatasetVideo,
} from '../../core/formats/dataset.ts'
import { type Bitmap, encodeRle, rleArea } from '../../core/mask/rle.ts'
import type { MaskState } from '../../core/records.ts'

export interface MadeMask {
  readonly objectIndex: number
  readonly frameIndex: number
  /** Null: labelled as absent. */
  readonly bitmap: Bitmap | null
  readonly state?: MaskState
}

export interface MadeVideo {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly frameCount: number
  readonly objects: readonly (Partial<DatasetObject> & { readonly name: string })[]
  readonly masks: readonly MadeMask[]
  readonly imageFiles?: readonly string[]
}

export function madeDataset(videos: readonly MadeVideo[], classes: readonly DatasetClass[]): DatasetSource {
  return { videos: videos.map(madeVideo), classes }
}

function madeVideo(video: MadeVideo): DatasetVideo {
  const { width, height, frameCount } = video
  const objects = video.objects.map(
    (object, order): DatasetObject => ({ classIndex: 0, stuff: false, color: '#e69f00', order, ...object }),
  )
  return {
    name: video.name,
    width,
    height,
    timesUs: Float64Array.from({ length: frameCount }, (_, frame) => frame * 40_000),
    objects,
    imageFiles: video.imageFiles ?? null,
    masksAt: (frameIndex) =>
      video.masks
        .filter((mask) => mask.frameIndex === frameIndex)
        .map(({ objectIndex, bitmap, state = 'keyframe' }): DatasetMask => {
          const rle = bitmap && encodeRle(bitmap)
          return { objectIndex, state, area: rle ? rleArea(rle) : 0, shape: () => rle }
        }),
    frames: async function* (frameIndexes, signal) {
      for (const frameIndex of frameIndexes) {
        signal.throwIfAborted()
        yield { frameIndex, rgb: new Uint8Array(width * height * 3).fill((frameIndex * 37) & 255) }
      }
    },
  }
}

/** A filled rectangle. */
export function madeBox(width: number, height: number, x: number, y: number, w: number, h: number): Bitmap {
  const data = new Uint8Array(width * height)
  for (let row = Math.max(0, y); row < Math.min(height, y + h); row++)
    for (let column = Math.max(0, x); column < Math.min(width, x + w); column++)
      data[row * width + column] = 1
  return { width, height, data }
}
