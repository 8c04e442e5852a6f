/** From the project's records to what the engine is asked. Read-only: shared by the job and by its estimate. */
import type { PropagateSpec } from '../../core/api.ts'
import { decodeShape, emptyRle } from '../../core/mask/rle.ts'
import {
  isStuff,
  type KeyRef,
  type MaskRecord,
  type MediaRecord,
  type ObjectId,
  type ObjectRecord,
} from '../../core/records.ts'
import { presentRefs, type Track, trackOf } from '../../core/track/track.ts'
import { UserError } from '../../core/user-error.ts'
import type { ProjectContext } from '../job-context.ts'
import type { KeyMask, PropagationObject } from '../propagation/request.ts'
import { type Pass, planPasses, targetSpans } from './propagation-targets.ts'

/** Everything about a run that stays the same while it goes on. */
export interface Undertaking {
  readonly media: MediaRecord
  readonly frameCount: number
  /** Objects to make masks of. */
  readonly chosen: readonly ObjectRecord[]
  /** Every object of the media that has key masks; those not chosen only keep their pixels. */
  readonly objects: readonly PropagationObject[]
  readonly passes: readonly Pass[]
  /** Why there is nothing to do, or null. */
  readonly sentence: string | null
  /** The nearest key masks on each side of a frame as they were at the start. */
  refsAt(
    objectId: ObjectId,
    frameIndex: number,
  ): { readonly left: KeyRef | null; readonly right: KeyRef | null }
}

/** Throws UserError when the media is gone. `passes`: those of an interrupted run, to go on with. */
export function undertaking(
  context: ProjectContext,
  spec: PropagateSpec,
  passes: readonly Pass[] | null = null,
): Undertaking {
  const media = context.store.get(spec.mediaId)
  if (!media) throw new UserError('no-media', 'The video of this propagation is no longer in the project.')
  const frameCount = context.frameTable(spec.mediaId).length
  const ofMedia = [...context.store.ofKind('object')].filter((object) => object.mediaId === spec.mediaId)
  const wanted = spec.objectIds
    ? ofMedia.filter((object) => spec.objectIds?.includes(object.id))
    : ofMedia.filter((object) => !object.hidden)
  const tracks = new Map(
    ofMedia.map((object) => [object.id, trackOf(context.store.track(object.id).values())]),
  )
  const track = (id: ObjectId) => tracks.get(id)!
  const chosen = wanted.filter((object) => !object.locked && track(object.id).keys.length > 0)
  const targets = new Map(
    chosen.map((object) => [object.id, targetSpans(track(object.id), spec, frameCount)]),
  )
  const planned = passes ?? planPasses(targets, spec.playheadFrame)
  const busy = new Set(planned.flatMap((pass) => Object.keys(pass.spans)))
  return {
    media,
    frameCount,
    chosen: chosen.filter((object) => busy.has(object.id)),
    objects: ofMedia
      .filter((object) => track(object.id).keys.length > 0)
      .map((object) =>
        engineObject(context, object, track(object.id), media, !busy.has(object.id) || object.locked),
      ),
    passes: planned,
    sentence: planned.length > 0 ? null : whyNothing(spec, ofMedia, wanted, track),
    refsAt: (objectId, frameIndex) => presentRefs(track(objectId), frameIndex),
  }
}

/** The pass's objects as the engine takes them: those that the pass does not ask for only keep their pixels. */
export function passObjects(run: Undertaking, pass: Pass): readonly PropagationObject[] {
  return run.objects.map((object) => (pass.spans[object.id] ? object : { ...object, locked: true }))
}

function engineObject(
  context: ProjectContext,
  object: ObjectRecord,
  track: Track,
  media: MediaRecord,
  locked: boolean,
): PropagationObject {
  const objectClass = object.classId ? context.store.get(object.classId) : undefined
  return {
    id: object.id,
    name: object.name,
    stuff: isStuff(object, objectClass),
    order: object.order,
    locked,
    keys: track.keys.map((key) => keyMask(context, key, media)),
  }
}

function keyMask(context: ProjectContext, key: MaskRecord, { width, height }: MediaRecord): KeyMask {
  const rle = key.shape ? decodeShape(context.readShape(key.shape), width, height) : emptyRle(width, height)
  const marked = key.marked && decodeShape(context.readShape(key.marked), width, height)
  return { frameIndex: key.frameIndex, rle, outside: key.outside, ...(marked ? { marked } : {}) }
}

function whyNothing(
  spec: PropagateSpec,
  ofMedia: readonly ObjectRecord[],
  wanted: readonly ObjectRecord[],
  track: (id: ObjectId) => Track,
): string {
  if (ofMedia.length === 0) return 'There is no object yet. Draw one on any frame, then propagate again.'
  if (wanted.length === 0)
    return spec.objectIds
      ? 'The chosen objects are no longer in the project.'
      : 'Every object is hidden. Show one, or choose it in the list, then propagate again.'
  const open = wanted.filter((object) => !object.locked)
  if (open.length === 0) return 'Every chosen object is locked. Unlock one, then propagate again.'
  const started = open.filter((object) => track(object.id).keys.length > 0)
  if (started.length === 0) {
    const who = open.length === 1 ? `${open[0]!.name} has` : `The ${open.length} chosen objects have`
    return `${who} no keyframe to start from. Label one frame, then propagate again.`
  }
  if (spec.reach === 'stale') return 'Nothing is stale: every propagated mask fits its keyframes.'
  return 'There is no frame to fill in this direction: the keyframes reach to the end.'
}
