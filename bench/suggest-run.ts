/** Adds keyframes one at a time where a rule says, runs the engine, and scores what comes out. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyRle, isEmptyRle, type Rle, rleArea, rleBounds, rleIou } from '../main/core/mask/rle.ts'
import {
  type MaskRecord,
  maskId,
  type ObjectId,
  type ObjectRecord,
  type ShapeHash,
} from '../main/core/records.ts'
import { withFreshRefs } from '../main/core/track/staleness.ts'
import { type Suggestion, suggestKeyframe } from '../main/core/track/suggest.ts'
import { type Track, trackOf } from '../main/core/track/track.ts'
import type { FrameSource } from '../main/host/media/frame-source.ts'
import { propagate } from '../main/host/propagation/propagate.ts'
import type { PropagatedMask } from '../main/host/propagation/request.ts'
import { evenKeys } from './confidence-evidence.ts'

export interface Clip {
  readonly name: string
  readonly source: FrameSource
  /** By object, then by frame. */
  readonly truths: ReadonlyMap<ObjectId, readonly Rle[]>
}

/** Labelled frames of each object. */
type Keys = ReadonlyMap<ObjectId, readonly number[]>

/**
 * `even`: all objects on evenly spaced frames. `suggested`: suggestKeyframe. `median`: the gap with the largest summed
 * doubt, at the median of the doubt. `worst`: the frame of least confidence.
 */
export type Rule = 'even' | 'suggested' | 'median' | 'worst'

export interface Round {
  /** Keyframes an object, on average. */
  readonly keyCount: number
  /** Mean IoU over all objects and frames; a labelled frame counts as right. */
  readonly iou: number
  /** Whether, before this round's keyframes, the suggestion was not to go on. */
  readonly advisedAgainst: boolean
  /** What the suggestions that led here promised: rise of the mean IoU. */
  readonly promised: number
  readonly seconds: number
}

/** From the first and last frame labelled up to `mostKeys` keyframes an object. */
export async function roundsOf(clip: Clip, rule: Rule, mostKeys: number): Promise<Round[]> {
  const { frameCount } = clip.source
  const ids = [...clip.truths.keys()]
  let keys: Keys = new Map(ids.map((id) => [id, evenKeys(frameCount, 2)]))
  let advisedAgainst = false
  let promised = 0
  const rounds: Round[] = []
  for (let total = 2 * ids.length; total <= mostKeys * ids.length; total++) {
    const keyCount = total / ids.length
    if (rule === 'even') {
      if (!Number.isInteger(keyCount)) continue
      keys = new Map(ids.map((id) => [id, evenKeys(frameCount, keyCount)]))
    }
    const started = performance.now()
    const masks = await propagated(clip, keys)
    const iou = meanIou(clip, keys, masks)
    if (Number.isInteger(keyCount))
      rounds.push({ keyCount, iou, advisedAgainst, promised, seconds: (performance.now() - started) / 1000 })
    if (rule === 'even') continue
    const next = nextKey(rule, tracksOf(clip, keys, masks), keys, frameCount)
    if (!next) break
    if (Number.isInteger(keyCount)) promised = 0
    promised += next.gain / ids.length
    advisedAgainst ||= !next.worth
    keys = new Map(
      ids.map((id) => {
        const own = keys.get(id)!
        return [id, id === next.objectId ? [...own, next.frameIndex].sort((a, b) => a - b) : own]
      }),
    )
  }
  return rounds
}

type Tracks = readonly (readonly [ObjectRecord, Track])[]

function nextKey(rule: Rule, tracks: Tracks, keys: Keys, frameCount: number): Suggestion | null {
  if (rule === 'suggested') return suggestKeyframe(tracks, frameCount)
  if (rule === 'median') return medianKey(tracks)
  let worst: MaskRecord | null = null
  for (const [{ id }, track] of tracks)
    for (const mask of track.masks) {
      if (mask.confidence === null || mask.confidence >= (worst?.confidence ?? 2)) continue
      if (keys.get(id)!.every((key) => Math.abs(key - mask.frameIndex) >= 3)) worst = mask
    }
  return worst && { objectId: worst.objectId, frameIndex: worst.frameIndex, reason: '', worth: true, gain: 0 }
}

function medianKey(tracks: Tracks): Suggestion | null {
  let best: MaskRecord[] = []
  const sum = (masks: readonly MaskRecord[]) =>
    masks.reduce((total, mask) => total + 1.02 - mask.confidence!, 0)
  for (const [, { masks, keys }] of tracks)
    for (const key of keys) {
      const next =
        keys.find(({ frameIndex }) => frameIndex > key.frameIndex)?.frameIndex ?? Number.POSITIVE_INFINITY
      const gap = masks.filter(({ frameIndex }) => frameIndex > key.frameIndex && frameIndex < next)
      if (sum(gap) > sum(best)) best = gap
    }
  const middle = best.find((_, i) => 2 * sum(best.slice(0, i + 1)) >= sum(best))
  return middle
    ? { objectId: middle.objectId, frameIndex: middle.frameIndex, reason: '', worth: true, gain: 0 }
    : null
}

type Masks = ReadonlyMap<string, PropagatedMask>

/** The rules begin with the same keyframes: that run is made once. */
const known = new WeakMap<Clip, Map<string, Masks>>()
/** Flow does not depend on keyframes: every run of a clip after the first finds it here. */
const flowFolder = mkdtempSync(join(tmpdir(), 'inbetween-suggest-flow-'))
process.once('exit', () => rmSync(flowFolder, { recursive: true, force: true }))

async function propagated(clip: Clip, keys: Keys): Promise<Masks> {
  const runs = known.get(clip) ?? new Map<string, Masks>()
  known.set(clip, runs)
  const name = JSON.stringify([...keys])
  const masks = runs.get(name) ?? (await run(clip, keys))
  runs.set(name, masks)
  return masks
}

async function run(clip: Clip, keys: Keys): Promise<Masks> {
  const { source, truths } = clip
  const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-suggest-'))
  const masks = new Map<string, PropagatedMask>()
  const events = propagate(
    {
      source,
      objects: [...truths].map(([id, rles], order) => ({
        id,
        name: id,
        stuff: false,
        order,
        keys: keys.get(id)!.map((frameIndex) => ({ frameIndex, rle: rles[frameIndex]!, outside: false })),
      })),
      firstFrame: 0,
      lastFrame: source.frameCount - 1,
      direction: 'both',
      playheadFrame: 0,
      seed: 1,
      threadCount: 2,
      spillFolder,
      flowPlace: { folder: flowFolder, media: clip.name },
      isTaken: () => false,
    },
    new AbortController().signal,
  )
  for await (const event of events)
    if (event.type === 'frame')
      for (const mask of event.masks) masks.set(maskId(mask.objectId, event.frameIndex), mask)
  rmSync(spillFolder, { recursive: true, force: true })
  return masks
}

function meanIou(clip: Clip, keys: Keys, masks: Masks): number {
  const { width, height } = clip.source
  let [sum, count] = [0, 0]
  for (const [id, rles] of clip.truths)
    for (const [frame, truth] of rles.entries()) {
      count++
      if (keys.get(id)!.includes(frame)) sum++
      else {
        const rle = masks.get(maskId(id, frame))?.rle ?? emptyRle(width, height)
        sum += isEmptyRle(rle) && isEmptyRle(truth) ? 1 : rleIou(rle, truth)
      }
    }
  return sum / count
}

/** What a project would hold after the run. */
function tracksOf(clip: Clip, keys: Keys, masks: Masks): Tracks {
  return [...clip.truths].map(([id, rles]) => {
    const records = rles.flatMap((truth, frameIndex): MaskRecord[] => {
      const mask = masks.get(maskId(id, frameIndex))
      if (keys.get(id)!.includes(frameIndex)) return [recordOf(id, frameIndex, truth, null)]
      return mask ? [recordOf(id, frameIndex, mask.rle, mask)] : []
    })
    const track = trackOf(records)
    return [objectOf(id), trackOf(withFreshRefs(track, records, () => true))]
  })
}

function recordOf(objectId: ObjectId, frameIndex: number, rle: Rle, mask: PropagatedMask | null): MaskRecord {
  return {
    kind: 'mask',
    id: maskId(objectId, frameIndex),
    objectId,
    frameIndex,
    state: mask ? 'propagated' : 'keyframe',
    method: mask ? 'propagation' : 'drawn',
    shape: isEmptyRle(rle) ? null : (`${frameIndex}` as ShapeHash),
    box: rleBounds(rle),
    area: rleArea(rle),
    outline: null,
    outside: false,
    occluded: mask?.hidden ?? false,
    confidence: mask?.confidence ?? null,
    doubt: mask?.doubt ?? null,
    left: null,
    right: null,
  }
}

function objectOf(id: ObjectId): ObjectRecord {
  return {
    kind: 'object',
    id,
    mediaId: 'clip' as ObjectRecord['mediaId'],
    classId: null,
    name: id,
    color: '#0072b2',
    stuff: false,
    order: 0,
    hidden: false,
    locked: false,
    attributes: {},
  }
}
