/** Identities changed from the current frame on. Pixels are not touched; what was not stale stays so where that is right. */
import { isKey, type MaskRecord, type ObjectId, type ObjectRecord } from '../../main/core/records.ts'
import { asKey, framesToNextKey, ownedBy } from '../../main/core/track/answers.ts'
import { isStale, withFreshRefs } from '../../main/core/track/staleness.ts'
import { type FrameSpan, type Track, trackOf } from '../../main/core/track/track.ts'
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
  const [a, b] = editor.selectedObjects
  if (a && b)
    swapFrames(editor, a, b, { firstFrame: editor.now.frameIndex, lastFrame: Number.POSITIVE_INFINITY })
}

/**
 * The same as far as the next keyframe of either: a keyframe says who is who already. Returns false, and says why, when
 * the project cannot be changed.
 */
export function swapToNextKey(editor: Editor, a: ObjectRecord, b: ObjectRecord): boolean {
  const tracks = [a, b].map(({ id }) => editor.tracks.track(id))
  return swapFrames(editor, a, b, framesToNextKey(tracks, editor.now.frameIndex))
}

function swapFrames(editor: Editor, a: ObjectRecord, b: ObjectRecord, run: FrameSpan): boolean {
  return editor.edit(`Swap ${a.name} and ${b.name} from frame ${run.firstFrame}`, (edit) => {
    const tracks = [editor.tracks.track(a.id), editor.tracks.track(b.id)] as const
    const ofA = swappedRun(tracks[0], tracks[1], run, a.id)
    const ofB = swappedRun(tracks[1], tracks[0], run, b.id)
    for (const track of tracks)
      edit.remove(...track.masks.filter((mask) => isIn(run, mask)).map(({ id }) => id))
    edit.put(...ofA, ...ofB)
  })
}

/** What an object has on the run after the swap: the other's masks, with the references of its own new track. */
function swappedRun(own: Track, other: Track, run: FrameSpan, objectId: ObjectId): MaskRecord[] {
  const wasFresh = freshFrames(other)
  const moved = other.masks
    .filter((mask) => isIn(run, mask))
    .map((mask) => {
      const owned = ownedBy(mask, objectId)
      if (mask.frameIndex !== run.firstFrame || isKey(owned)) return owned
      return { ...asKey(owned, 'keyframe'), left: null, right: null }
    })
  const whole = trackOf([...own.masks.filter((mask) => !isIn(run, mask)), ...moved])
  return withFreshRefs(whole, moved, (mask) => wasFresh.has(mask.frameIndex))
}

function isIn(run: FrameSpan, { frameIndex }: MaskRecord): boolean {
  return run.firstFrame <= frameIndex && frameIndex <= run.lastFrame
}

function freshFrames(track: Track): Set<number> {
  return new Set(track.masks.filter((mask) => !isStale(track, mask)).map((mask) => mask.frameIndex))
}

function putTrack(edit: Edit, masks: readonly MaskRecord[], wasFresh: ReadonlySet<number>): void {
  edit.put(...withFreshRefs(trackOf(masks), masks, (mask) => wasFresh.has(mask.frameIndex)))
}
