import type { Rle } from '../mask/rle.ts'

/** What a dataset says about one video, ready to become objects and key masks. */
export interface ImportedAnnotations {
  /** 'DAVIS or VIPOSeg masks', 'YouTube-VIS', 'COCO'. */
  readonly format: string
  readonly objects: readonly ImportedObject[]
  /** Sentences: how frames were matched, what was left out and why. */
  readonly notes: readonly string[]
}

export interface ImportedObject {
  readonly name: string
  readonly className: string | null
  /** The class's number in the dataset. */
  readonly categoryId: number | null
  /** Null: the dataset does not say. */
  readonly stuff: boolean | null
  /** By frame, ascending. */
  readonly masks: readonly ImportedMask[]
}

export interface ImportedMask {
  readonly frameIndex: number
  /** Null: labelled as not in view from this frame on. */
  readonly rle: Rle | null
}

/** The media that annotations are imported for. */
export interface MediaFacts {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly frameCount: number
  /** File names without folder and extension, in frame order, where the media is a folder of images; else null. */
  readonly imageNames: readonly string[] | null
}

export interface LabelledFrame {
  readonly frameIndex: number
  /** What is visible, by the object's number in the dataset. */
  readonly shapes: ReadonlyMap<number, Rle>
}

/**
 * Masks by object number. A labelled frame that no longer has an object says that it is out of view from there on,
 * except in folders of reference frames, where each object stands on one frame only and absence means nothing.
 */
export function masksByObject(frames: readonly LabelledFrame[]): Map<number, ImportedMask[]> {
  const ordered = [...frames].sort((a, b) => a.frameIndex - b.frameIndex)
  const tracks = new Map<number, ImportedMask[]>()
  for (const { shapes } of ordered) for (const id of shapes.keys()) if (!tracks.has(id)) tracks.set(id, [])
  for (const [id, masks] of tracks) {
    for (const { frameIndex, shapes } of ordered) {
      const rle = shapes.get(id) ?? null
      if (rle) masks.push({ frameIndex, rle })
      else if (masks.at(-1)?.rle) masks.push({ frameIndex, rle: null })
    }
  }
  const onlyReferences = [...tracks.values()].every((masks) => masks.filter(({ rle }) => rle).length === 1)
  if (onlyReferences && tracks.size > 1)
    for (const [id, masks] of tracks)
      tracks.set(
        id,
        masks.filter(({ rle }) => rle),
      )
  return new Map([...tracks].sort(([a], [b]) => a - b))
}
