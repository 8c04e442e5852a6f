/**
 * A HostApi in memory, for the editor's tests: it keeps records, history and shapes by the rules of core (historyAfter,
 * reversal) and tells them through events as the real host does, but has no disk, no media and no jobs. A test may hold
 * back its answers, refuse a change, let another client write, or cut the connection.
 */
import type {
  HostApi,
  HostEvent,
  JobSpec,
  NewChange,
  SegmentAnswer,
  SegmentRequest,
  Settings,
  Snapshot,
} from '../../../main/core/api.ts'
import { type Diff, isEmptyDiff } from '../../../main/core/diff.ts'
import {
  type Change,
  emptyHistory,
  type History,
  historyAfter,
  reversal,
} from '../../../main/core/history.ts'
import { emptyBitmap, fillBox, strokeBrush } from '../../../main/core/mask/bitmap.ts'
import { decodeRle, decodeShape, encodeRle, encodeShape } from '../../../main/core/mask/rle.ts'
import type { ChosenModels, InferenceStatus, ModelList, ModelRole } from '../../../main/core/models.ts'
import type { AnyRecord, ShapeHash } from '../../../main/core/records.ts'
import { Store } from '../../../main/core/store.ts'
import { UserError } from '../../../main/core/user-error.ts'
import { MemoryPacks } from './memory-packs.ts'

const noModels: ChosenModels = {
  'segment-image': null,
  'segment-video': null,
  'embed-image': null,
  'embed-text': null,
  'track-points': null,
  'refine-mask': null,
}

export class MemoryHost {
  readonly store: Store
  readonly shapes = new Map<ShapeHash, Uint8Array>()
  readonly log: Change[] = []
  readonly startedJobs: JobSpec[] = []
  /** Every method called, in order. */
  readonly calls: string[] = []
  readonly segmentRequests: SegmentRequest[] = []
  /** The next request for a mask from marks is refused with this. */
  refuseNextSegment: UserError | null = null
  readOnly: string | null = null
  history: History = emptyHistory
  frameTimesUs = Float64Array.from({ length: 100 }, (_, i) => i * 40_000)
  /** The next commit is refused with this. */
  refuseNext: UserError | null = null
  settings: Settings = {
    theme: 'system',
    textScale: 1,
    cacheMegabytes: 256,
    threadCount: 1,
    provider: 'auto',
    modelMegabytes: 1024,
    models: noModels,
    keys: {},
    keyPreset: 'inbetween',
    repropagate: true,
    layout: {},
  }
  inference: InferenceStatus = {
    state: 'asleep',
    chosen: 'auto',
    provider: null,
    sentence: null,
    offersCpu: false,
    isProbing: false,
    providers: [],
    threadCount: 1,
    processId: null,
    open: [],
    msARun: {},
    lastRun: null,
    partlyOnCpu: [],
    memory: 0,
    memoryLimit: 2 ** 30,
    waiting: { interactive: 0, batch: 0 },
  }
  models: ModelList = { packs: [], chosen: noModels, catalogue: [] }
  readonly packs = new MemoryPacks(
    () => this.models,
    (patch) => this.tellModels(patch),
  )
  #time = 1000
  #gate: Promise<void> = Promise.resolve()
  #open: (() => void) | null = null
  readonly #streams = new Set<EventQueue>()
  #cut = false

  constructor(records: readonly AnyRecord[]) {
    this.store = new Store(records)
  }

  /** Answers to commits wait until `letAnswersGo`. The host has done them, but the view does not know. */
  holdAnswers(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  letAnswersGo(): void {
    this.#open?.()
    this.#gate = Promise.resolve()
  }

  /** As if a job or another window had written. */
  writeAs(source: 'user' | 'job', label: string, diff: Diff): void {
    this.#do({
      id: `other-${this.log.length}`,
      label,
      source,
      step: `other-${this.log.length}`,
      action: 'do',
      diff,
    })
  }

  /** Networks are told of anew. */
  tellInference(patch: Partial<InferenceStatus>): void {
    this.inference = { ...this.inference, ...patch }
    for (const stream of this.#streams) stream.push({ type: 'inference', status: this.inference })
  }

  /** Packs are told of anew, as when one is added, removed, or chosen in another window. */
  tellModels(patch: Partial<ModelList>): void {
    this.models = { ...this.models, ...patch }
    for (const stream of this.#streams) stream.push({ type: 'models', models: this.models })
  }

  /** The link is gone: calls fail and streams end, as over rpc.ts. */
  cut(): void {
    this.#cut = true
    for (const stream of this.#streams) stream.fail(lost())
    this.#streams.clear()
  }

  /** What the view calls. Methods that these tests do not need fail by name. */
  api(): HostApi {
    const methods: Partial<HostApi> = {
      info: async () => ({
        version: '0.1.0',
        mode: 'cli',
        platform: 'test',
        threadCount: 1,
        engine: { name: 'none', kernels: 'addon' },
        ffmpeg: { version: 'none', origin: 'none' },
        mediaUrl: 'media:',
        frameUrl: 'frame:',
      }),
      settings: async () => this.settings,
      updateSettings: async (patch) => {
        this.settings = { ...this.settings, ...patch }
        return this.settings
      },
      inference: async () => this.inference,
      probeProviders: async () => this.inference,
      models: async () => this.models,
      ...this.packs.calls(),
      choosePack: async (role, id) => this.#choose(role, id),
      snapshot: async () => this.#snapshot(),
      events: () => this.#events(),
      commit: (change) => this.#commit(change),
      undo: async () => this.#travel('undo'),
      redo: async () => this.#travel('redo'),
      shapes: async (hashes) => hashes.map((hash) => this.shapes.get(hash) ?? null),
      frameTable: async () => this.frameTimesUs,
      segment: (request) => this.#segment(request),
      startJob: async (spec) => {
        this.startedJobs.push(spec)
        return {
          id: `job-${this.startedJobs.length}`,
          spec,
          label: spec.type,
          state: 'queued',
          done: 0,
          total: 0,
          at: '',
          frameIndex: null,
          msPerFrame: null,
          startedAt: null,
          endedAt: null,
          sentence: null,
          notes: [],
          report: null,
        }
      },
    }
    return new Proxy({} as HostApi, {
      get: (_target, name: keyof HostApi | 'then') => {
        // A host is returned from async functions, which would take it for a promise.
        if (name === 'then') return undefined
        this.calls.push(name)
        const method = methods[name] as ((...args: unknown[]) => unknown) | undefined
        if (!method) throw new Error(`The memory host has no ${name}.`)
        if (this.#cut) return name === 'events' ? method : () => Promise.reject(lost())
        return method
      },
    })
  }

  #choose(role: ModelRole, id: string | null): ModelList {
    const pack = this.models.packs.find((each) => each.id === id)
    if (id !== null && pack?.role !== role) throw new UserError('no-pack', `There is no pack ${id}.`)
    this.settings = { ...this.settings, models: { ...this.settings.models, [role]: id } }
    this.tellModels({ chosen: this.settings.models })
    return this.models
  }

  #snapshot(): Snapshot {
    const project = { name: 'test', folder: '/test', readOnly: this.readOnly, savedAt: this.#time }
    return { project, records: [...this.store.all()], history: this.history, jobs: [], media: [] }
  }

  /** No engine: the box is the object, and so is what the marks cover or cut away, on the mask there was. */
  async #segment(request: SegmentRequest): Promise<SegmentAnswer> {
    this.segmentRequests.push(request)
    await this.#gate
    const refused = this.refuseNextSegment
    this.refuseNextSegment = null
    if (refused) throw refused
    const media = this.store.get(request.mediaId)
    if (!media) throw new UserError('no-media', 'There is no such video.')
    const { width, height } = media
    const mask = request.mask
      ? decodeRle(decodeShape(request.mask, width, height))
      : emptyBitmap(width, height)
    const marked = emptyBitmap(width, height)
    if (request.box) fillBox(mask, request.box, 1)
    for (const { inside, points, radius } of request.marks) {
      for (let i = 0; i < points.length; i += 2) {
        const from = Math.max(0, i - 2)
        const a = { x: points[from]!, y: points[from + 1]!, radius }
        const b = { x: points[i]!, y: points[i + 1]!, radius }
        strokeBrush(mask, a, b, inside ? 1 : 0)
        strokeBrush(marked, a, b, 1)
      }
    }
    const hasMarks = request.marks.length > 0
    const pack = this.models.packs.find(({ id }) => id === this.models.chosen['segment-image'])
    return {
      mask: encodeShape(encodeRle(mask)),
      marked: hasMarks ? encodeShape(encodeRle(marked)) : null,
      ms: 1,
      answeredBy: pack?.name ?? null,
      ranOn: { ownEngine: !pack, network: pack ? { provider: 'cpu', partlyOnCpu: false } : null },
      answeredAt: ++this.#time,
    }
  }

  async #commit({ id, label, diff, shapes }: NewChange): Promise<{ savedAt: number }> {
    if (this.readOnly) throw new UserError('read-only', this.readOnly)
    const refused = this.refuseNext
    this.refuseNext = null
    if (refused) {
      await this.#gate
      throw refused
    }
    if (!this.log.some((change) => change.id === id)) {
      for (const { hash, bytes } of shapes) this.shapes.set(hash, bytes)
      this.#do({ id, label, source: 'user', step: id, action: 'do', diff })
    }
    const savedAt = this.#time
    await this.#gate
    if (this.#cut) throw lost()
    return { savedAt }
  }

  #travel(action: 'undo' | 'redo'): { label: string | null; skippedCount: number } {
    const step = this.history[action].at(-1)
    if (!step) return { label: null, skippedCount: 0 }
    const ofStep = this.log.filter((change) => change.step === step.step)
    const since = ofStep.findLastIndex((change) => change.action === (action === 'undo' ? 'redo' : 'undo'))
    const from = since < 0 ? ofStep : ofStep.slice(since)
    const { diff, skipped } = reversal(
      this.store,
      from.map((change) => change.diff),
    )
    this.#do({
      id: `${action}-${this.log.length}`,
      label: step.label,
      source: 'user',
      step: step.step,
      action,
      diff,
    })
    return { label: step.label, skippedCount: skipped.length }
  }

  #do(fields: Omit<Change, 'time'>): void {
    const change: Change = { ...fields, time: ++this.#time }
    this.store.apply(change.diff)
    this.log.push(change)
    this.history = historyAfter(this.history, change)
    if (isEmptyDiff(change.diff) && change.action === 'do') return
    const event: HostEvent = { type: 'changed', change, history: this.history, savedAt: this.#time }
    void this.#gate.then(() => {
      for (const stream of this.#streams) stream.push(event)
    })
  }

  #events(): AsyncIterable<HostEvent> {
    const queue = new EventQueue()
    if (this.#cut) queue.fail(lost())
    else this.#streams.add(queue)
    return queue
  }
}

class EventQueue implements AsyncIterable<HostEvent> {
  readonly #items: HostEvent[] = []
  #error: Error | null = null
  #wake: () => void = () => {}

  push(event: HostEvent): void {
    // A copy, as over a link: records keep their values and lose their identity.
    this.#items.push(structuredClone(event))
    this.#wake()
  }

  fail(error: Error): void {
    this.#error = error
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<HostEvent> {
    for (;;) {
      for (let item = this.#items.shift(); item; item = this.#items.shift()) yield item
      if (this.#error) throw this.#error
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

function lost(): UserError {
  return new UserError('disconnected', 'The connection to the program was lost.')
}
