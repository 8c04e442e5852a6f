/**
 * Fills the frames between key masks. The algorithm in words is in README.md; the kernels are in native/.
 * Yields frames and notes; the caller commits each frame before it asks for the next.
 */
import { join } from 'node:path'
import * as native from '../../../native/index.ts'
import type { Rle } from '../../core/mask/rle.ts'
import { type ModelTruth, type ObjectModel, teachersOf, trainModel } from './object-model.ts'
import type { KeyMask, PropagatedFrame, PropagationNote, PropagationRequest } from './request.ts'
import { SoftStore } from './soft-store.ts'
import { type SweepContext, type SweepPlace, sweepStretch } from './stretch-sweep.ts'
import { planStretches, type Span, type Stretch } from './stretches.ts'
import { WorkingFrames } from './working-frames.ts'

export const defaultWorkingLongSide = 427
/** Models and key masks that are kept at once, most recently used; never fewer models than two an object. */
const modelLimit = 64
const truthLimit = 64

interface Cursor extends SweepPlace {
  /** Of the plan: another plan begins anew. */
  readonly plan: string
  readonly stretch: number
}

export async function* propagate(
  request: PropagationRequest,
  signal: AbortSignal,
): AsyncGenerator<PropagatedFrame | PropagationNote> {
  const { frameCount } = request.source
  const { stretches, notes } = planStretches({ ...request, frameCount })
  yield* notes
  if (stretches.length === 0) return
  const pool = native.createPool(request.threadCount)
  const frames = new WorkingFrames(
    request.source,
    pool,
    request.workingLongSide ?? defaultWorkingLongSide,
    signal,
  )
  const plan = planName(request, stretches)
  const resume = cursorFor(plan, request.resume)
  const truths = new Truths(request, frames)
  const models = new Models(request, frames, pool, truths, signal)
  for (let index = resume?.stretch ?? 0; index < stretches.length; index++) {
    const stretch = stretches[index]!
    const place = resume?.stretch === index ? resume : null
    const first = Math.min(...stretch.spans.map((span) => span.first))
    const last = Math.max(...stretch.spans.map((span) => span.last))
    const path = join(request.spillFolder, `stretch-${index}.soft`)
    // With the key frames on both ends, where sweeps arrive.
    const store = await SoftStore.open(path, frames.size, first - 1, last - first + 3, place !== null)
    try {
      const context: SweepContext = {
        request,
        frames,
        pool,
        store,
        signal,
        model: (span) => models.of(span),
        truth: (objectIndex, frameIndex) => truths.of(objectIndex, frameIndex),
        cursor: (at): Cursor => ({ plan, stretch: index, ...at }),
      }
      yield* sweepStretch(context, stretch, place)
    } finally {
      await store.close()
    }
    await store.remove()
  }
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
  async teaching(objectIndex: number, { frameIndex, marked }: KeyMask): Promise<ModelTruth> {
    const mask = await this.of(objectIndex, frameIndex)
    if (!marked) return { frameIndex, mask }
    const known = await this.shrunk(marked)
    return { frameIndex, mask, lesson: mask.map((p, i) => (known[i]! >= 0.5 ? p : -1)) }
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
      return trainModel(this.frames, this.pool, truths, this.request.source.frameCount, seed, this.signal)
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
function planName(request: PropagationRequest, stretches: readonly Stretch[]): string {
  const spans = stretches.map((stretch) =>
    stretch.spans.map((span) => [
      request.objects[span.objectIndex]!.id,
      span.leftKey,
      span.rightKey,
      span.first,
      span.last,
    ]),
  )
  const keys = request.objects.map((object) =>
    object.keys.map((key) => [
      key.frameIndex,
      hashOf(key.rle.counts.join()),
      key.marked ? hashOf(key.marked.counts.join()) : 0,
    ]),
  )
  return hashOf(JSON.stringify([request.seed, request.workingLongSide, spans, keys])).toString(16)
}

function cursorFor(plan: string, resume: unknown): Cursor | null {
  const cursor = resume as Partial<Cursor> | null | undefined
  const good =
    cursor?.plan === plan && Number.isInteger(cursor.stretch) && Number.isInteger(cursor.frameIndex)
  return good ? (cursor as Cursor) : null
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
