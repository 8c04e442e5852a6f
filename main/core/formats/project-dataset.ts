import { decodeShape } from '../mask/rle.ts'
import {
  type ClassRecord,
  isStuff,
  type MediaId,
  type MediaRecord,
  type ObjectRecord,
  type ShapeHash,
} from '../records.ts'
import type { Store } from '../store.ts'
import type { DatasetClass, DatasetMask, DatasetObject, DatasetSource, DatasetVideo } from './dataset.ts'

/** What of a project is outside of its records. */
export interface ProjectPixels {
  readShape(hash: ShapeHash): Uint8Array
  frameTable(mediaId: MediaId): Float64Array
  /** Absolute paths of an image folder's files in frame order; null for a video. */
  imageFiles(media: MediaRecord): readonly string[] | null
  frames(
    media: MediaRecord,
    frameIndexes: readonly number[],
    signal: AbortSignal,
  ): ReturnType<DatasetVideo['frames']>
}

/** A project's media as an export reads them. Records are looked up when a frame is asked for. */
export function projectDataset(
  store: Pick<Store, 'get' | 'ofKind' | 'track'>,
  mediaIds: readonly MediaId[],
  pixels: ProjectPixels,
): DatasetSource {
  const classRecords = [...store.ofKind('class')].sort((a, b) => a.order - b.order)
  const classes: DatasetClass[] = classRecords.map(({ name, stuff, exportId }) => ({ name, stuff, exportId }))
  const videos = mediaIds.flatMap((id) => {
    const media = store.get(id)
    return media ? [mediaVideo(store, media, classRecords, pixels)] : []
  })
  return { videos, classes }
}

function mediaVideo(
  store: Pick<Store, 'ofKind' | 'track'>,
  media: MediaRecord,
  classRecords: readonly ClassRecord[],
  pixels: ProjectPixels,
): DatasetVideo {
  const records = [...store.ofKind('object')]
    .filter(({ mediaId }) => mediaId === media.id)
    .sort((a, b) => a.order - b.order)
  return {
    name: media.name,
    width: media.width,
    height: media.height,
    timesUs: pixels.frameTable(media.id),
    objects: records.map((record) => datasetObject(record, classRecords)),
    imageFiles: pixels.imageFiles(media),
    masksAt: (frameIndex) => {
      const masks: DatasetMask[] = []
      for (const [objectIndex, { id }] of records.entries()) {
        const mask = store.track(id).get(frameIndex)
        // What nobody has accepted yet is nobody's label.
        if (!mask || mask.state === 'proposed') continue
        const hash = mask.outside ? null : mask.shape
        masks.push({
          objectIndex,
          state: mask.state,
          area: hash === null ? 0 : mask.area,
          shape: () =>
            hash === null ? null : decodeShape(pixels.readShape(hash), media.width, media.height),
        })
      }
      return masks
    },
    frames: (frameIndexes, signal) => pixels.frames(media, frameIndexes, signal),
  }
}

function datasetObject(record: ObjectRecord, classRecords: readonly ClassRecord[]): DatasetObject {
  const index = classRecords.findIndex(({ id }) => id === record.classId)
  return {
    name: record.name,
    classIndex: index < 0 ? null : index,
    stuff: isStuff(record, classRecords[index]),
    color: record.color,
    order: record.order,
  }
}
