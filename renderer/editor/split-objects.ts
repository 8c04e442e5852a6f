/** Identities changed from the current frame on. Pixels are not touched; what was not stale stays so where that is right. */
import { isKey, type MaskRecord, maskId, type ObjectId, type ObjectRecord } from '../../main/core/records.ts'
import { isStale, withFreshRefs } from '../../main/core/track/staleness.ts'
import { type Track, trackOf } from '../../main/core/track/track.ts'
import { asKey } from './actions/keyframe-actions.ts'
import { objectsText } from './availability.ts'
import type { Edit } from './edit.ts'
import type { Editor } from './editor.ts'
import { newObject } from './new-object.ts'

/** Each selected object ends before this frame; a new one of the same class goes on with its masks. */
export function splitObjects(editor: Editor): void {
  const { frameIndex } = editor.now
  const objects = editor.selectedObjects.filter((object) => {
    const { masks } = editor.tracks.track(object.id)
    return (
      masks.some((mask) => mask.frameIndex < frameIndex) &&
      masks.some((mask) => mask.frameIndex >= frameIndex)
    )
  })
  if (objects.length === 0) {
    editor.say(
      'There is nothing to split: the object needs masks before this frame and from it on.',
      'refused',
    )
    return
  }
  const made: ObjectId[] = []
  editor.edit(`Split ${objectsText(objects)} at frame ${frameIndex}`, (edit) => {
    for (const object of objects) {
      const fresh = newObject(editor, object.mediaId, object.classId)
      const rest: ObjectRecord = { ...fresh, stuff: object.stuff, attributes: object.attributes }
      edit.put(rest)
      // The next new object looks for a name and a colour that are free.
      edit.flush()
      made.push(rest.id)
      const track = editor.tracks.track(object.id)
      const wasFresh = freshFrames(track)
      const moved = track.masks.filter((mask) => mask.frameIndex >= frameIndex)
      const stays = track.masks.filter((mask) => mask.frameIndex < frameIndex)
      edit.remove(...moved.map(({ id }) => id))
      putTrack(
        edit,
        moved.map((mask) => ownedBy(mask, rest.id)),
        wasFresh,
      )
      putTrack(edit, stays, wasFresh)
    }
  })
  if (made.length > 0) editor.select(made)
}

/**
 * Two objects exchange their masks from this frame on. The masks of this very frame become keyframes: the user has
 * just said who is who, and a later run must start from that and not swap them again.
 */
export function swapObjects(editor: Editor): void {
  const { frameIndex } = editor.now
  const [a, b] = editor.selectedObjects
  if (!a || !b) return
  editor.edit(`Swap ${a.name} and ${b.name} from frame ${frameIndex}`, (edit) => {
    const tracks = [editor.tracks.track(a.id), editor.tracks.track(b.id)] as const
    const ofA = swappedHalf(tracks[0], tracks[1], frameIndex, a.id)
    const ofB = swappedHalf(tracks[1], tracks[0], frameIndex, b.id)
    for (const track of tracks) {
      edit.remove(...track.masks.filter((mask) => mask.frameIndex >= frameIndex).map(({ id }) => id))
    }
    edit.put(...ofA, ...ofB)
  })
}

/** What an object has from the frame on after the swap: the other's masks, with the references of its own new track. */
function swappedHalf(own: Track, other: Track, frameIndex: number, objectId: ObjectId): MaskRecord[] {
  const wasFresh = freshFrames(other)
  const moved = other.masks
    .filter((mask) => mask.frameIndex >= frameIndex)
    .map((mask) => {
      const owned = ownedBy(mask, objectId)
      if (mask.frameIndex !== frameIndex || isKey(owned)) return owned
      return { ...asKey(owned, 'keyframe'), left: null, right: null }
    })
  const whole = trackOf([...own.masks.filter((mask) => mask.frameIndex < frameIndex), ...moved])
  return withFreshRefs(whole, moved, (mask) => wasFresh.has(mask.frameIndex))
}

function ownedBy(mask: MaskRecord, objectId: ObjectId): MaskRecord {
  return { ...mask, id: maskId(objectId, mask.frameIndex), objectId }
}

function freshFrames(track: Track): Set<number> {
  return new Set(track.masks.filter((mask) => !isStale(track, mask)).map((mask) => mask.frameIndex))
}

function putTrack(edit: Edit, masks: readonly MaskRecord[], wasFresh: ReadonlySet<number>): void {
  edit.put(...withFreshRefs(trackOf(masks), masks, (mask) => wasFresh.has(mask.frameIndex)))
}
