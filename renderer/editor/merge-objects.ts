import { decodeShape, type Rle, unionRle } from '../../main/core/mask/rle.ts'
import { isKey, type MaskRecord, maskId, type ObjectRecord, type ShapeHash } from '../../main/core/records.ts'
import { isStale, withFreshRefs } from '../../main/core/track/staleness.ts'
import { trackOf } from '../../main/core/track/track.ts'
import { UserError } from '../../main/core/user-error.ts'
import { objectsText } from './availability.ts'
import type { Edit } from './edit.ts'
import type { Editor } from './editor.ts'

interface Parts {
  /** The kept object's own first. */
  readonly masks: readonly MaskRecord[]
  readonly fresh: boolean
}

/**
 * The first selected object takes the masks of the others, which go. Where several have pixels on a frame it gets the
 * union; a keyframe among them makes a keyframe. What was not stale before is not stale after.
 */
export async function mergeObjects(editor: Editor): Promise<void> {
  const [kept, ...others] = editor.selectedObjects
  const { media } = editor
  if (!kept || others.length === 0 || !media) return
  const objects = [kept, ...others]
  const shapes = await editor.shapes.load(overlappingShapes(editor, objects))
  // The masks are read again: while the shapes came, a job may have gone on.
  const frames = partsByFrame(editor, objects)
  const rleOf = (hash: ShapeHash): Rle => {
    const bytes = shapes.get(hash) ?? editor.shapes.bytesOf(hash)
    if (!bytes)
      throw new UserError('masks-changed', 'The masks changed while they were merged: run it again.')
    return decodeShape(bytes, media.width, media.height)
  }
  const done = editor.edit(`Merge ${objectsText(others)} into ${kept.name}`, (edit) => {
    const merged: MaskRecord[] = []
    const stale = new Set<number>()
    for (const [frameIndex, { masks, fresh }] of frames) {
      merged.push(mergedMask(edit, kept, frameIndex, masks, rleOf))
      if (!fresh) stale.add(frameIndex)
    }
    for (const object of others) {
      edit.remove(...[...editor.store.track(object.id).values()].map(({ id }) => id), object.id)
    }
    edit.put(...withFreshRefs(trackOf(merged), merged, (mask) => !stale.has(mask.frameIndex)))
  })
  if (done) editor.select([kept.id])
}

function partsByFrame(editor: Editor, objects: readonly ObjectRecord[]): Map<number, Parts> {
  const frames = new Map<number, Parts>()
  for (const object of objects) {
    const track = editor.tracks.track(object.id)
    for (const mask of track.masks) {
      const parts = frames.get(mask.frameIndex)
      const fresh = !isStale(track, mask) && (parts?.fresh ?? true)
      frames.set(mask.frameIndex, { masks: [...(parts?.masks ?? []), mask], fresh })
    }
  }
  return frames
}

function overlappingShapes(editor: Editor, objects: readonly ObjectRecord[]): ShapeHash[] {
  const hashes: ShapeHash[] = []
  for (const { masks } of partsByFrame(editor, objects).values()) {
    const found = masks.flatMap(({ shape }) => (shape ? [shape] : []))
    if (found.length > 1) hashes.push(...found)
  }
  return hashes
}

function mergedMask(
  edit: Edit,
  kept: ObjectRecord,
  frameIndex: number,
  masks: readonly MaskRecord[],
  rleOf: (hash: ShapeHash) => Rle,
): MaskRecord {
  const withPixels = masks.filter(({ shape }) => shape !== null)
  const base = withPixels.find(isKey) ?? withPixels[0] ?? masks.find(isKey) ?? masks[0]!
  const state =
    masks.find((mask) => mask.state === 'confirmed')?.state ?? masks.find(isKey)?.state ?? 'propagated'
  const confidences = masks.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]))
  const key = isKey({ state })
  const own: MaskRecord = {
    ...base,
    id: maskId(kept.id, frameIndex),
    objectId: kept.id,
    state,
    occluded: masks.some(({ occluded }) => occluded),
    confidence: key || confidences.length === 0 ? null : Math.min(...confidences),
    doubt: key ? null : (masks.find(({ doubt }) => doubt !== null)?.doubt ?? null),
    left: key ? null : base.left,
    right: key ? null : base.right,
  }
  if (withPixels.length < 2) return own
  const union = withPixels.map(({ shape }) => rleOf(shape!)).reduce(unionRle)
  const { marked: _, ...whole } = own
  return { ...whole, ...edit.pixels(union), outline: null, outside: false }
}
