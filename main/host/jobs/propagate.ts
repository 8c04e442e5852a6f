/** The job that fills in what lies between the key masks. Every frame is committed as it is made. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { PropagateSpec } from '../../core/api.ts'
import { encodeShape, type Rle, rleArea, rleBounds } from '../../core/mask/rle.ts'
import { shapeHash } from '../../core/mask/shape-hash.ts'
import {
  isKey,
  type MaskId,
  type MaskRecord,
  maskId,
  type ObjectId,
  type ShapeHash,
} from '../../core/records.ts'
import { proposalsOf } from '../../core/track/proposals.ts'
import { trackOf } from '../../core/track/track.ts'
import type { JobBody, JobChange, JobContext, JobResult, JobStep, NewShape } from '../job-context.ts'
import { jobLabel } from '../job-label.ts'
import type { PackRun } from '../models/pack-use.ts'
import { propagate } from '../propagation/propagate.ts'
import type { PropagatedFrame, PropagatedMask } from '../propagation/request.ts'
import { openMediaFrames, pixelsOf } from './media-frames.ts'
import { OldProposals, takenBackSentence, withoutMasks } from './old-proposals.ts'
import { type NetworkRef, openEngine, type PropagationEngine, titleOf } from './propagation-engine.ts'
import { passObjects, type Undertaking, undertaking } from './propagation-request.ts'
import { rememberMs, type WorkLoad, workLoad } from './propagation-speed.ts'
import { type Pass, passAsks } from './propagation-targets.ts'
import { UnlabelledCount } from './unlabelled-count.ts'

/** The same input gives the same masks. */
const seed = 1
/** Weight of the newest frame in the shown milliseconds a frame. */
const newest = 0.2

/** Where an interrupted run goes on: what it set out to do, how far it came, and the engine's own place. */
interface Cursor {
  readonly passes: readonly Pass[]
  readonly passIndex: number
  readonly engine: unknown
  /** The pack that makes or corrects the masks; absent in a run of Inbetween's own engine alone. */
  readonly network?: NetworkRef | null
  readonly done: number
  readonly total: number
  readonly maskCount: number
  /** Proposals that the pass has not come back to yet. */
  readonly oldProposals?: readonly MaskId[]
}

export const propagateJob: JobBody<PropagateSpec> = async function* (context, spec, cursor, signal) {
  const ended = new AbortController()
  const project = basename(context.folders.project)
  const name = `“${jobLabel(context.store, spec)}” of the project ${project}`
  try {
    return yield* propagated(context, spec, cursor as Cursor | null, { name, ended: ended.signal }, signal)
  } finally {
    ended.abort()
  }
}

async function* propagated(
  context: JobContext,
  spec: PropagateSpec,
  from: Cursor | null,
  packRun: PackRun,
  signal: AbortSignal,
): AsyncGenerator<JobStep, JobResult> {
  const run = undertaking(context, spec, from?.passes ?? null)
  if (run.sentence !== null) return { sentence: run.sentence }
  const engine = await openEngine(context, from ? (from.network ?? null) : undefined, packRun)
  const progress = new Progress(run, from, workLoad(run, spec), engine)
  yield progress.begun()
  const source = await openMediaFrames(context, run.media)
  const spill = join(context.folders.cache, `propagation-${context.jobId}`)
  try {
    for (let index = from?.passIndex ?? 0; index < run.passes.length; index++) {
      const pass = run.passes[index]!
      const spillFolder = join(spill, String(index))
      const resume = from?.passIndex === index && existsSync(spillFolder) ? from.engine : undefined
      const old =
        from?.passIndex === index
          ? new OldProposals(from.oldProposals ?? [])
          : OldProposals.of(context, pass, spec.direction)
      const frames = propagate(
        {
          source,
          objects: passObjects(run, pass),
          firstFrame: pass.firstFrame,
          lastFrame: pass.lastFrame,
          direction: spec.direction,
          playheadFrame: spec.playheadFrame,
          seed,
          ...engine.parts,
          threadCount: context.settings().threadCount,
          resume,
          spillFolder,
          flowPlace: { folder: join(context.folders.cache, 'flow'), media: pixelsOf(run.media) },
          isTaken: (objectId, frameIndex) =>
            !passAsks(pass, objectId, frameIndex) || !isOpen(context, objectId, frameIndex),
        },
        signal,
      )
      for await (const event of frames) {
        if (event.type === 'note') yield progress.noted(event.sentence)
        else yield progress.made(context, event, index, old)
      }
      if (!signal.aborted) yield* progress.tookBack(context, old)
    }
  } finally {
    await source.close()
  }
  await rm(spill, { recursive: true, force: true })
  await progress.remember()
  const unlabelled = progress.unlabelled.sentence()
  if (unlabelled !== null) yield progress.noted(unlabelled)
  yield progress.finished()
  return { sentence: progress.sentence(context) }
}

/** Whether a job may write here now: the object is there and unlocked, and no key mask of the user's stands here. */
function isOpen(context: JobContext, objectId: ObjectId, frameIndex: number): boolean {
  const object = context.store.get(objectId)
  if (!object || object.locked) return false
  const mask = context.store.get(maskId(objectId, frameIndex))
  return !mask || !isKey(mask)
}

/** What has come out so far, and how it is told. */
class Progress {
  readonly unlabelled: UnlabelledCount
  readonly #run: Undertaking
  readonly #network: NetworkRef | null
  readonly #ranOn: PropagationEngine['ranOn']
  readonly #frames = new Set<number>()
  readonly #notes: string[] = []
  #done: number
  readonly #total: number
  #maskCount: number
  #msPerFrame: number | null = null
  #spentMs = 0
  #objectFrames = 0

  constructor(
    run: Undertaking,
    from: Cursor | null,
    load: Pick<WorkLoad, 'yieldCount'>,
    engine: PropagationEngine,
  ) {
    this.#run = run
    this.#network = engine.network
    this.#ranOn = engine.ranOn
    this.unlabelled = new UnlabelledCount(run.objects.filter(({ locked }) => !locked))
    this.#done = from?.done ?? 0
    this.#total = from?.total ?? load.yieldCount
    this.#maskCount = from?.maskCount ?? 0
  }

  /** Before the first frame comes, each object's look is learnt from its keyframes, which takes a while. */
  begun(): JobStep {
    const { chosen } = this.#run
    const objects = chosen.length === 1 ? chosen[0]!.name : `${chosen.length} objects`
    return {
      done: this.#done,
      total: this.#total,
      at:
        this.#network && !this.#network.corrects
          ? `showing it ${objects}`
          : `learning ${objects} from the keyframes`,
      network: this.#network?.name ?? null,
      // Of a run that goes on, it stays what made the frames there are, as their time does.
      ...(this.#done === 0 ? { ranOn: { ...this.#ranOn(), network: null } } : {}),
    }
  }

  noted(sentence: string): JobStep {
    this.#notes.push(sentence)
    return { done: this.#done, total: this.#total, note: sentence }
  }

  made(context: JobContext, frame: PropagatedFrame, passIndex: number, old: OldProposals): JobStep {
    const masks = frame.masks.filter((mask) => isOpen(context, mask.objectId, frame.frameIndex))
    old.replaced(masks.map(({ objectId }) => maskId(objectId, frame.frameIndex)))
    this.#done = Math.min(this.#total, this.#done + 1)
    this.#frames.add(frame.frameIndex)
    this.unlabelled.add(frame)
    this.#maskCount += masks.length
    this.#spentMs += frame.ms
    this.#objectFrames += frame.masks.length
    const before = this.#msPerFrame
    this.#msPerFrame = before === null ? frame.ms : before + (frame.ms - before) * newest
    const cursor: Cursor = {
      passes: this.#run.passes,
      passIndex,
      engine: frame.cursor,
      network: this.#network,
      done: this.#done,
      total: this.#total,
      maskCount: this.#maskCount,
      oldProposals: old.ids,
    }
    return {
      done: this.#done,
      total: this.#total,
      at: `${this.#names(masks)}, frame ${frame.frameIndex}`,
      frameIndex: frame.frameIndex,
      msPerFrame: this.#msPerFrame,
      ranOn: this.#ranOn(),
      cuts: frame.cuts,
      cursor,
      ...(masks.length > 0 ? { change: this.#change(context, frame.frameIndex, masks) } : {}),
    }
  }

  /** At the end of a pass: what it did not find again is no longer asked. */
  *tookBack(context: JobContext, old: OldProposals): Generator<JobStep> {
    const masks = old.unanswered(context)
    if (masks.length === 0) return
    const step = this.noted(takenBackSentence(context, masks))
    yield { ...step, change: { label: this.#label(), diff: withoutMasks(masks) } }
  }

  /** A cut or a lost object leaves frames out: what was meant to be done is done all the same. */
  finished(): JobStep {
    return { done: this.#total, total: this.#total }
  }

  /** Keeps the speed for the next estimate; a handful of frames says little. */
  async remember(): Promise<void> {
    if (this.#objectFrames >= 20)
      await rememberMs(this.#spentMs / this.#objectFrames, this.#network?.id ?? null)
  }

  /** Null where there is nothing to say but that it is done. */
  sentence(context: JobContext): string | null {
    const waiting = this.#run.chosen.flatMap(({ id }) =>
      proposalsOf(trackOf(context.store.track(id).values())),
    )
    if (waiting.length === 1) return 'A proposal waits for you: is this the object that was out of sight?'
    if (waiting.length > 1)
      return `${waiting.length} proposals wait for you: are these the objects that were out of sight?`
    if (this.#maskCount > 0) return null
    return this.#notes[0] ?? 'Nothing was made: every frame asked for has a mask of yours already.'
  }

  #names(masks: readonly PropagatedMask[]): string {
    const ids = masks.map((mask) => mask.objectId)
    const names = this.#run.objects.filter((object) => ids.includes(object.id)).map((object) => object.name)
    return names.length === 1 ? names[0]! : `${names.length} objects`
  }

  #change(context: JobContext, frameIndex: number, masks: readonly PropagatedMask[]): JobChange {
    const shapes: NewShape[] = []
    const added: Record<string, MaskRecord> = {}
    const updated: Record<string, readonly [MaskRecord, MaskRecord]> = {}
    for (const mask of masks) {
      const { record, shapes: own } = maskRecord(this.#run, frameIndex, mask, this.#network)
      shapes.push(...own)
      const present = context.store.get(record.id)
      if (present) updated[record.id] = [present, record]
      else added[record.id] = record
    }
    return { label: this.#label(), diff: { added, updated, removed: {} }, shapes }
  }

  /** Of the step of history. */
  #label(): string {
    const count = this.#frames.size
    if (count === 0) return 'Take back proposals'
    const frames = `Propagate ${count} ${count === 1 ? 'frame' : 'frames'}`
    return this.#network ? `${frames} with ${this.#network.name}` : frames
  }
}

function maskRecord(
  run: Undertaking,
  frameIndex: number,
  mask: PropagatedMask,
  network: NetworkRef | null,
): { record: MaskRecord; shapes: NewShape[] } {
  const shapes: NewShape[] = []
  const stored = (rle: Rle): ShapeHash | null => {
    if (rleArea(rle) === 0) return null
    const bytes = encodeShape(rle)
    const hash = shapeHash(bytes, rle.width, rle.height)
    shapes.push({ hash, bytes })
    return hash
  }
  const record: MaskRecord = {
    kind: 'mask',
    id: maskId(mask.objectId, frameIndex),
    objectId: mask.objectId,
    frameIndex,
    state: mask.proposed ? 'proposed' : 'propagated',
    method: 'propagation',
    ...(network ? { network: titleOf(network) } : {}),
    shape: stored(mask.rle),
    box: rleBounds(mask.rle),
    area: rleArea(mask.rle),
    outline: null,
    outside: false,
    occluded: mask.hidden,
    confidence: Math.round(mask.confidence * 1000) / 1000,
    doubt: mask.doubt,
    ...run.refsAt(mask.objectId, frameIndex),
    ...(mask.sides ? { sides: [stored(mask.sides.left), stored(mask.sides.right)] as const } : {}),
  }
  return { record, shapes }
}
