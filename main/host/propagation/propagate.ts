/**
 * Fills the frames between key masks. The algorithm in words is in README.md; the kernels are in native/.
 * Yields frames and notes; the caller commits each frame before it asks for the next.
 */
import { join } from 'node:path'
import * as native from '../../../native/index.ts'
import type { Rle } from '../../core/mask/rle.ts'
import { FlowCache } from './frames/flow-cache.ts'
import { flowOptions, WorkingFrames, workingSize } from './frames/working-frames.ts'
import type { ModelTruth } from './model/lessons.ts'
import { type ObjectModel, teachersOf, trainModel } from './model/object-model.ts'
import { withVisibleKeys } from './model/visible-keys.ts'
import { FolderShelf } from './network/folder-shelf.ts'
import { NetworkCarrier } from './network/network-carrier.ts'
import { KeyMemories } from './refine/second-look.ts'
import {
  type KeyMask,
  type PropagatedFrame,
  type PropagationNote,
  type PropagationRequest,
  wholeMethod,
} from './request.ts'
import { type Carrier, ForestCarrier } from './sweep/carrier.ts'
import { type RoundPlace, sweepOutward } from './sweep/outward.ts'
import { type Side, SoftStore } from './sweep/soft-store.ts'
import { StretchSweep, type SweepContext } from './sweep/stretch-sweep.ts'
import { planStretches, type Round, type Span, type Stretch } from './sweep/stretches.ts'

export const defaultWorkingLongSide = 427
/** Models and key masks that are kept at once, most recently used; never fewer models than two an object. */
const modelLimit = 64
const truthLimit = 64

interface Cursor {
  /** Of the plan: another plan begins anew. */
  readonly plan: string
  readonly round: number
  readonly place: RoundPlace
}

export async function* propagate(
  asked: PropagationRequest,
  signal: AbortSignal,
): AsyncGenerator<PropagatedFrame | PropagationNote> {
  const request = { ...asked, objects: withVisibleKeys(asked.objects) }
  const { frameCount } = request.source
  const { rounds, notes } = planStretches({ ...request, frameCount })
  yield* notes
  if (rounds.length === 0) return
  const pool = native.createPool(request.threadCount)
  const longSide = request.workingLongSide ?? defaultWorkingLongSide
  const size = workingSize(request.source, longSide)
  const flowCache = request.flowPlace ? await FlowCache.open(request.flowPlace, size, flowOptions) : null
  const frames = new WorkingFrames(request.source, pool, longSide, signal, flowCache)
  try {
    yield* filled(request, rounds, frames, pool, signal)
  } finally {
    await flowCache?.close()
  }
}

async function* filled(
  request: PropagationRequest,
  rounds: readonly Round[],
  frames: WorkingFrames,
  pool: native.Pool,
  signal: AbortSignal,
): AsyncGenerator<PropagatedFrame | PropagationNote> {
  const truths = new Truths(request, frames)
  const models = new Models(request, frames, pool, truths, signal)
  const memories = request.refineNetwork ? new KeyMemories(request.refineNetwork, frames) : null
  const plan = planName(request, rounds)
  const shelves = (round: number, i: number, side: Side) =>
    new FolderShelf(join(request.spillFolder, `round-${round}-${i}-${side}`))
  const resume = cursorFor(plan, request.resume)
  for (let index = resume?.round ?? 0; index < rounds.length; index++) {
    const round = rounds[index]!
    const place = resume?.round === index ? resume.place : null
    const stores: SoftStore[] = []
    try {
      for (const [i, { stretch }] of round.entries())
        stores.push(await openStore(request, frames, stretch, `round-${index}-${i}.soft`, place !== null))
      const sweeps = round.map(({ stretch, firstSide }, i) => {
        const context: SweepContext = {
          request,
          frames,
          pool,
          store: stores[i]!,
          signal,
          carrier: (spans, side): Carrier => carrierOf(context, spans, side, shelves(index, i, side)),
          model: (span) => models.of(span),
          truth: (objectIndex, frameIndex) => truths.of(objectIndex, frameIndex),
          memories,
        }
        return new StretchSweep(context, stretch, firstSide)
      })
      for await (const event of sweepOutward(sweeps, place)) {
        if (event.type === 'note') yield event
        else {
          const { place: at, ...frame } = event
          const cursor: Cursor = { plan, round: index, place: at }
          yield { ...frame, cuts: [...frames.cutFrames], cursor }
        }
      }
    } finally {
      for (const store of stores) await store.close()
    }
    for (const [i, store] of stores.entries()) {
      await store.remove()
      for (const side of ['left', 'right'] as const) await shelves(index, i, side).clear()
    }
  }
}

function carrierOf(context: SweepContext, spans: readonly Span[], side: Side, shelf: FolderShelf): Carrier {
  const { videoNetwork } = context.request
  return videoNetwork
    ? new NetworkCarrier(context, videoNetwork, spans, side, shelf)
    : new ForestCarrier(context, spans, side)
}

function openStore(
  request: PropagationRequest,
  frames: WorkingFrames,
  { spans }: Stretch,
  name: string,
  keep: boolean,
): Promise<SoftStore> {
  const first = Math.min(...spans.map((span) => span.first))
  const last = Math.max(...spans.map((span) => span.last))
  // With the key frames on both ends, where sweeps arrive.
  return SoftStore.open(join(request.spillFolder, name), frames.size, first - 1, last - first + 3, keep)
}

/** Key masks at working size. */
class Truths {
  private readonly kept = new Map<string, Promise<Float32Array>>()
  private readonly request: PropagationRequest
  private readonly frames: WorkingFrames

  constructor(request: PropagationRequest, frames: WorkingFrames) {
    this.request = request
    this.frames = frames
  }

  of(objectIndex: number, frameIndex: number): Promise<Float32Array> {
    return remembered(this.kept, `${objectIndex}/${frameIndex}`, truthLimit, () => {
      const key = this.request.objects[objectIndex]!.keys.find((each) => each.frameIndex === frameIndex)!
      return this.shrunk(key.rle)
    })
  }

  /** A key mask with what of it teaches: all of it, or only the pixels that the user marked. */
  async teaching(objectIndex: number, { frameIndex, marked, rle }: KeyMask): Promise<ModelTruth> {
    const mask = await this.of(objectIndex, frameIndex)
    if (!marked) return { frameIndex, mask, counts: rle.counts }
    const known = await this.shrunk(marked)
    return { frameIndex, mask, counts: null, lesson: mask.map((p, i) => (known[i]! >= 0.5 ? p : -1)) }
  }

  private async shrunk(rle: Rle): Promise<Float32Array> {
    const mask = new Float32Array(this.frames.planeLength)
    await native.shrinkMask(rle.counts, this.frames.full, this.frames.size, mask)
    return mask
  }
}

/** Models of objects, each trained when first needed. */
class Models {
  private readonly kept = new Map<string, Promise<ObjectModel>>()
  private readonly request: PropagationRequest
  private readonly frames: WorkingFrames
  private readonly pool: native.Pool
  private readonly truths: Truths
  private readonly signal: AbortSignal

  constructor(
    request: PropagationRequest,
    frames: WorkingFrames,
    pool: native.Pool,
    truths: Truths,
    signal: AbortSignal,
  ) {
    this.request = request
    this.frames = frames
    this.pool = pool
    this.truths = truths
    this.signal = signal
  }

  of(span: Span): Promise<ObjectModel> {
    const object = this.request.objects[span.objectIndex]!
    const usable = object.keys.filter((key) => !key.outside && key.rle.counts.length > 1)
    const gapIndex = usable.findLastIndex((key) => key.frameIndex < span.first)
    const teachers = teachersOf(usable, gapIndex)
    const name = `${span.objectIndex}:${teachers.map((key) => key.frameIndex).join(',')}`
    const limit = Math.max(modelLimit, 2 * this.request.objects.length)
    return remembered(this.kept, name, limit, async () => {
      const truths = []
      const someWhole = teachers.some((key) => !key.marked)
      // Where nobody ever drew a whole mask, the computed ones are the best there is.
      for (const { marked, ...whole } of teachers)
        truths.push(
          await this.truths.teaching(span.objectIndex, someWhole && marked ? { ...whole, marked } : whole),
        )
      const seed = hashOf(`${this.request.seed}/${object.id}/${teachers[0]?.frameIndex}`)
      const { source, method = wholeMethod } = this.request
      return trainModel(this.frames, this.pool, truths, source.frameCount, seed, this.signal, method)
    })
  }
}

function remembered<T>(
  kept: Map<string, Promise<T>>,
  name: string,
  limit: number,
  make: () => Promise<T>,
): Promise<T> {
  let value = kept.get(name)
  kept.delete(name)
  value ??= make()
  kept.set(name, value)
  for (const oldest of kept.keys()) {
    if (kept.size <= limit) break
    kept.delete(oldest)
  }
  return value
}

/** Says what has to be the same for a cursor to be good: the plan and everything that decides the soft masks. */
function planName(request: PropagationRequest, rounds: readonly Round[]): string {
  const named = ({ objectIndex, leftKey, rightKey, first, last }: Span) => [
    request.objects[objectIndex]!.id,
    leftKey,
    rightKey,
    first,
    last,
  ]
  const spans = rounds.map((round) =>
    round.map(({ stretch, firstSide }) => [firstSide, ...stretch.spans.map(named)]),
  )
  const keys = request.objects.map((object) =>
    object.keys.map((key) => [
      key.frameIndex,
      hashOf(key.rle.counts.join()),
      key.marked ? hashOf(key.marked.counts.join()) : 0,
    ]),
  )
  return hashOf(
    JSON.stringify([
      request.seed,
      request.workingLongSide,
      request.followOnly,
      request.method,
      request.refineNetwork?.id,
      request.videoNetwork && [request.videoNetwork.manifest.id, request.videoNetwork.manifest.version],
      spans,
      keys,
    ]),
  ).toString(16)
}

function cursorFor(plan: string, resume: unknown): Cursor | null {
  const cursor = resume as Partial<Cursor> | null | undefined
  const good = cursor?.plan === plan && Number.isInteger(cursor.round) && cursor.place !== undefined
  return good ? (cursor as Cursor) : null
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
