/**
 * An object over time: its masks in the order of frames, and what they mean at any frame. A `Track` is a snapshot;
 * `TrackIndex` keeps one an object up to date with a store.
 */
import type { Diff } from '../diff.ts'
import { isKey, type KeyRef, keyRef, type MaskRecord, type ObjectId } from '../records.ts'
import type { Store } from '../store.ts'

export interface Track {
  /** Every mask, ascending by frame. */
  readonly masks: readonly MaskRecord[]
  /** The key masks among them, ascending by frame. */
  readonly keys: readonly MaskRecord[]
}

export const emptyTrack: Track = { masks: [], keys: [] }

/** What is true of an object at a frame. `outside` holds from an outside key mask until the next key mask. */
export type TrackState =
  | { readonly type: 'mask'; readonly mask: MaskRecord }
  | { readonly type: 'outside'; readonly since: number }
  | { readonly type: 'absent' }

/** A run of frames, both ends inclusive. */
export interface FrameSpan {
  readonly firstFrame: number
  readonly lastFrame: number
}

export function trackOf(masks: Iterable<MaskRecord>): Track {
  const sorted = [...masks].sort((a, b) => a.frameIndex - b.frameIndex)
  return { masks: sorted, keys: sorted.filter(isKey) }
}

/** Position of the first mask at or after the frame; the list's length when there is none. */
export function maskPosition(masks: readonly MaskRecord[], frameIndex: number): number {
  let low = 0
  let high = masks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (masks[middle]!.frameIndex < frameIndex) low = middle + 1
    else high = middle
  }
  return low
}

export function maskAt(track: Track, frameIndex: number): MaskRecord | null {
  const mask = track.masks[maskPosition(track.masks, frameIndex)]
  return mask?.frameIndex === frameIndex ? mask : null
}

/** The nearest key masks strictly before and strictly after the frame. */
export function keyNeighbours(
  track: Track,
  frameIndex: number,
): { readonly left: MaskRecord | null; readonly right: MaskRecord | null } {
  const position = maskPosition(track.keys, frameIndex)
  const here = track.keys[position]
  const right = here?.frameIndex === frameIndex ? track.keys[position + 1] : here
  return { left: track.keys[position - 1] ?? null, right: right ?? null }
}

/** The key mask a frame stands in the shadow of: the one on the frame itself, else the nearest before it. */
export function governingKey(track: Track, frameIndex: number): MaskRecord | null {
  const position = maskPosition(track.keys, frameIndex)
  const here = track.keys[position]
  return here?.frameIndex === frameIndex ? here : (track.keys[position - 1] ?? null)
}

export function trackState(track: Track, frameIndex: number): TrackState {
  const key = governingKey(track, frameIndex)
  if (key?.outside) return { type: 'outside', since: key.frameIndex }
  const mask = maskAt(track, frameIndex)
  return mask ? { type: 'mask', mask } : { type: 'absent' }
}

/** The frames between a frame and its neighbouring keys that the frame's key would be computed for; never the keys. */
export function spanAround(track: Track, frameIndex: number, frameCount: number): FrameSpan {
  const { left, right } = keyNeighbours(track, frameIndex)
  return {
    firstFrame: left ? left.frameIndex + 1 : 0,
    lastFrame: right ? right.frameIndex - 1 : frameCount - 1,
  }
}

export function refOf(key: MaskRecord | null): KeyRef | null {
  return key ? keyRef(key.frameIndex, key.shape) : null
}

/** What a mask computed at this frame would now be made from. */
export function presentRefs(
  track: Track,
  frameIndex: number,
): { readonly left: KeyRef | null; readonly right: KeyRef | null } {
  const { left, right } = keyNeighbours(track, frameIndex)
  return { left: refOf(left), right: refOf(right) }
}

/** Where one track changed more than this at once, sorting anew is cheaper than placing each. */
const placedOneByOne = 64

/** The tracks of every object of a store, rebuilt only where it changed. */
export class TrackIndex {
  readonly #store: Store
  readonly #tracks = new Map<ObjectId, Track>()
  readonly #stop: () => void

  constructor(store: Store) {
    this.#store = store
    this.#stop = store.listen((diff) => this.#follow(diff))
  }

  dispose(): void {
    this.#stop()
  }

  /** The same value until the object's masks change, so that views may compare by identity. */
  track(objectId: ObjectId): Track {
    let track = this.#tracks.get(objectId)
    if (!track) {
      const masks = this.#store.track(objectId)
      track = masks.size === 0 ? emptyTrack : trackOf(masks.values())
      this.#tracks.set(objectId, track)
    }
    return track
  }

  #follow(diff: Diff): void {
    const changed = new Map<ObjectId, { mask: MaskRecord; gone: boolean }[]>()
    const note = (record: { kind: string }, gone: boolean) => {
      if (record.kind !== 'mask') return
      const mask = record as MaskRecord
      const list = changed.get(mask.objectId)
      if (list) list.push({ mask, gone })
      else changed.set(mask.objectId, [{ mask, gone }])
    }
    for (const record of Object.values(diff.removed)) note(record, true)
    for (const [, to] of Object.values(diff.updated)) note(to, false)
    for (const record of Object.values(diff.added)) note(record, false)
    for (const [objectId, list] of changed) {
      const track = this.#tracks.get(objectId)
      if (!track) continue
      if (list.length > placedOneByOne) this.#tracks.delete(objectId)
      else this.#tracks.set(objectId, changedTrack(track, list))
    }
  }
}

function changedTrack(track: Track, changes: readonly { mask: MaskRecord; gone: boolean }[]): Track {
  const masks = [...track.masks]
  let keysChanged = false
  for (const { mask, gone } of changes) {
    const position = maskPosition(masks, mask.frameIndex)
    const old = masks[position]?.frameIndex === mask.frameIndex ? masks[position] : undefined
    if (gone) masks.splice(position, old ? 1 : 0)
    else masks.splice(position, old ? 1 : 0, mask)
    if ((old && isKey(old)) || (!gone && isKey(mask))) keysChanged = true
  }
  return { masks, keys: keysChanged ? masks.filter(isKey) : track.keys }
}
