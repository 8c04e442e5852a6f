/** VIPOSeg's measures over a clip: mask and boundary IoU by thing and stuff, and what nobody owns. */
import { decodeRle, emptyRle, type Rle, rleArea } from '../main/core/mask/rle.ts'
import { boundaryIou, maskIou } from '../main/core/mask/score.ts'
import type { ObjectId } from '../main/core/records.ts'
import type { KeyMask, PropagationObject } from '../main/host/propagation/request.ts'
import type { EngineRun } from './engine-run.ts'
import type { PanopticClip } from './panoptic-clip.ts'

/** One object on one frame. */
export interface PanopticScore {
  readonly stuff: boolean
  readonly mask: number
  readonly boundary: number
  /** Objects that are scored on this frame. */
  readonly active: number
}

export interface ClipScore {
  readonly scores: readonly PanopticScore[]
  /** Mean share of the frame that no object owns, in the result and in the truth. */
  readonly unlabelled: number
  readonly trulyUnlabelled: number
}

export const objectIdOf = (number: number) => `object-${number}` as ObjectId

/**
 * Every object labelled where it is first seen, as VIPOSeg gives its references; with `last` also on the last frame,
 * where one that is not to be seen is marked so.
 */
export function keyedObjects({ objects, truths, source }: PanopticClip, last: boolean): PropagationObject[] {
  const end = truths.length - 1
  return objects.map(({ number, name, stuff }, i) => {
    const first = truths.findIndex((truth) => truth.has(number))
    const keys: KeyMask[] = [{ frameIndex: first, rle: truths[first]!.get(number)!, outside: false }]
    const there = truths[end]!.get(number)
    if (last && first !== end)
      keys.push({ frameIndex: end, rle: there ?? emptyRle(source.width, source.height), outside: !there })
    return { id: objectIdOf(number), name, stuff, order: i, keys }
  })
}

/** An object is scored on every frame after its first key mask; key frames are left out. */
export function clipScore(
  clip: PanopticClip,
  objects: readonly PropagationObject[],
  run: EngineRun,
): ClipScore {
  const { width, height } = clip.source
  const none = emptyRle(width, height)
  const scores: PanopticScore[] = []
  let [unlabelled, trulyUnlabelled, frames] = [0, 0, 0]
  for (let frame = 1; frame < clip.truths.length; frame++) {
    const active = objects.filter(({ keys }) => keys[0]!.frameIndex < frame)
    const open = active.filter(({ keys }) => keys.every(({ frameIndex }) => frameIndex !== frame))
    if (open.length === 0) continue
    let [owned, truly] = [0, 0]
    for (const object of objects) {
      const truth = clip.truths[frame]!.get(numberOf(object)) ?? none
      const key = object.keys.find(({ frameIndex }) => frameIndex === frame)
      const result = key?.rle ?? run.masks.get(object.id)?.get(frame) ?? none
      owned += rleArea(result)
      truly += rleArea(truth)
      if (open.includes(object))
        scores.push({ stuff: object.stuff, active: active.length, ...iousOf(result, truth) })
    }
    unlabelled += 1 - owned / (width * height)
    trulyUnlabelled += 1 - truly / (width * height)
    frames++
  }
  return { scores, unlabelled: unlabelled / frames, trulyUnlabelled: trulyUnlabelled / frames }
}

function numberOf({ id }: PropagationObject): number {
  return Number(id.slice('object-'.length))
}

function iousOf(result: Rle, truth: Rle): { mask: number; boundary: number } {
  const [a, b] = [decodeRle(result), decodeRle(truth)]
  return { mask: maskIou(a, b), boundary: boundaryIou(a, b) }
}
