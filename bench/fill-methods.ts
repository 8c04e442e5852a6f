/** Ways to fill the frames between keyframes, behind one face, so that they can be compared. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interpolatedMask } from '../main/core/mask/interpolate.ts'
import { emptyRle, type Rle } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import type { FrameSource } from '../main/host/media/frame-source.ts'
import { WorkingFrames } from '../main/host/propagation/frames/working-frames.ts'
import { defaultWorkingLongSide } from '../main/host/propagation/propagate.ts'
import type { KeyMask, PropagatedMask } from '../main/host/propagation/request.ts'
import * as native from '../native/index.ts'
import { engineFrames } from './engine-run.ts'

export interface FilledMask {
  readonly rle: Rle
  /** Expected IoU; null where the method does not say. */
  readonly confidence: number | null
}

export interface FillMethod {
  readonly name: string
  /** Masks of the frames first .. last that hold no key; one that is left out is empty. */
  fill(keys: readonly KeyMask[], first: number, last: number): Promise<Map<number, FilledMask>>
  close?(): void
}

const threadCount = 2

/** The last keyframe's mask, unmoved. Before the first keyframe: the first one's. */
export function copying(): FillMethod {
  return byKeys('copy the last keyframe', (before, after) => (before ?? after)!.rle)
}

/** Signed distances between keyframes, as annotation tools without a video engine offer it; beyond them, copies. */
export function interpolating(): FillMethod {
  return byKeys('interpolate between keyframes', (before, after, frame) => {
    if (!before || !after) return (before ?? after)!.rle
    const t = (frame - before.frameIndex) / (after.frameIndex - before.frameIndex)
    return interpolatedMask(before.rle, after.rle, t)
  })
}

/** Key masks carried by the engine's optical flow from both sides, blended by distance; no learning. */
export function flowOnly(source: FrameSource): FillMethod {
  const pool = native.createPool(threadCount)
  const frames = new WorkingFrames(source, pool, defaultWorkingLongSide, new AbortController().signal)
  /** From a key towards `last`, which may lie on either side. */
  const carried = async (key: KeyMask, last: number) => {
    const masks = new Map<number, Float32Array>()
    let mask: Float32Array = new Float32Array(frames.planeLength)
    await native.shrinkMask(key.rle.counts, frames.full, frames.size, mask)
    const step = Math.sign(last - key.frameIndex)
    for (let frame = key.frameIndex; frame !== last; frame += step) {
      mask = await frames.warped(mask, frame + step, frame)
      masks.set(frame + step, mask)
    }
    return masks
  }
  return byGaps('optical flow', async (before, after, first, last) => {
    const left = before ? await carried(before, last) : null
    const right = after ? await carried(after, first) : null
    const found = new Map<number, Rle>()
    for (let frame = first; frame <= last; frame++) {
      let mask = (left ?? right)!.get(frame)!
      if (left && right) {
        mask = new Float32Array(frames.planeLength)
        const weight = (after!.frameIndex - frame) / (after!.frameIndex - before!.frameIndex)
        await native.fuseMasks(frames.size, left.get(frame)!, right.get(frame)!, weight, mask)
      }
      const [counts] = await native.mergeMasks(pool, frames.size, frames.full, [mask], [])
      found.set(frame, { ...frames.full, counts: counts! })
    }
    return found
  })
}

/** The product's engine; it keeps its flow on disk from run to run, as the app does. */
export function engine(source: FrameSource): FillMethod {
  const id = 'object' as ObjectId
  const flowPlace = { folder: mkdtempSync(join(tmpdir(), 'inbetween-flow-')), media: 'clip' }
  return {
    name: 'Inbetween',
    fill: async (keys, first, last) => {
      const masks = new Map<number, PropagatedMask>()
      const objects = [{ id, name: 'object', stuff: false, order: 0, keys }]
      const range = { firstFrame: first, lastFrame: last, playheadFrame: first, threadCount, flowPlace }
      for await (const frame of engineFrames(source, objects, range))
        if (frame.masks[0]) masks.set(frame.frameIndex, frame.masks[0])
      return masks
    },
    close: () => rmSync(flowPlace.folder, { recursive: true, force: true }),
  }
}

function byKeys(
  name: string,
  maskOf: (before: KeyMask | null, after: KeyMask | null, frame: number) => Rle,
): FillMethod {
  return byGaps(name, async (before, after, first, last) => {
    const found = new Map<number, Rle>()
    for (let frame = first; frame <= last; frame++) found.set(frame, maskOf(before, after, frame))
    return found
  })
}

/** Calls `fillGap` for every run of frames without a key; after a key that says "not in view" masks are empty. */
function byGaps(
  name: string,
  fillGap: (
    before: KeyMask | null,
    after: KeyMask | null,
    first: number,
    last: number,
  ) => Promise<Map<number, Rle>>,
): FillMethod {
  const fill: FillMethod['fill'] = async (keys, first, last) => {
    const found = new Map<number, FilledMask>()
    const stops = [...keys.filter(({ frameIndex }) => frameIndex >= first && frameIndex <= last), null]
    let from = first
    for (const stop of stops) {
      const to = stop ? stop.frameIndex - 1 : last
      const before = keys.findLast(({ frameIndex }) => frameIndex < from) ?? null
      const after = keys.find(({ frameIndex }) => frameIndex > to) ?? null
      const gone = before?.outside ? emptyRle(before.rle.width, before.rle.height) : null
      if (from <= to) {
        const masks = gone ? null : await fillGap(before, after, from, to)
        for (let frame = from; frame <= to; frame++)
          found.set(frame, { rle: gone ?? masks!.get(frame)!, confidence: null })
      }
      from = to + 2
    }
    return found
  }
  return { name, fill }
}
