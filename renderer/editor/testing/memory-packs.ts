/**
 * Packs for the host in memory: what can be had stands in `offers`, by path or address. A test may hold work after a step
 * of progress, let the next one fail, or say what is wrong with a pack.
 */
import type { HostApi, PackRef } from '../../../main/core/api.ts'
import type {
  AddStep,
  BenchStep,
  ModelList,
  PackInfo,
  PackPlan,
  PackProgress,
  PackReport,
  PlanStep,
  VerifyStep,
} from '../../../main/core/models.ts'
import { UserError } from '../../../main/core/user-error.ts'

/** A pack of 100 MB, as a plan; tests change what they speak of. */
export function packPlan(patch: Partial<PackPlan> = {}): PackPlan {
  return {
    manifestHash: 'hash-1',
    id: 'tiny',
    name: 'Tiny tracker',
    version: '1.0.0',
    role: 'segment-video',
    contract: 'sam2-video',
    licence: { spdx: 'Apache-2.0', url: 'https://example.org/licence', commercial: true, note: null },
    sourceUrl: 'https://example.org/tiny',
    byteLength: 100_000_000,
    heldByteLength: 0,
    files: [{ path: 'encoder.onnx', byteLength: 100_000_000, from: 'example.org' }],
    graphCount: 1,
    goldenCount: 1,
    replaces: null,
    ...patch,
  }
}

export function packInfo(plan: PackPlan = packPlan(), patch: Partial<PackInfo> = {}): PackInfo {
  const { id, name, version, role, contract, licence, sourceUrl, byteLength } = plan
  const folder = `/packs/${id}`
  const fields = { id, name, version, role, contract, licence, sourceUrl, byteLength, folder }
  return { ...fields, builtIn: false, state: 'ready', sentence: null, checkedAt: 1, ...patch }
}

export class MemoryPacks {
  readonly offers = new Map<string, PackPlan>()
  /** By pack: what its files no longer agree with. */
  readonly wrong = new Map<string, string>()
  /** The next work fails with this. */
  failNext: UserError | null = null
  readonly #list: () => ModelList
  readonly #tell: (patch: Partial<ModelList>) => void
  #gate: Promise<void> = Promise.resolve()
  #open: () => void = () => {}

  constructor(list: () => ModelList, tell: (patch: Partial<ModelList>) => void) {
    this.#list = list
    this.#tell = tell
  }

  /** Work waits after its next progress, until `goOn` or until it is cancelled. */
  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  goOn(): void {
    this.#open()
    this.#gate = Promise.resolve()
  }

  calls(): Pick<HostApi, 'planPack' | 'addPack' | 'verifyPack' | 'benchPack' | 'removePack'> {
    return {
      planPack: (source, signal) => this.#planned(source, signal),
      addPack: (source, hash, signal) => this.#added(source, hash, signal),
      verifyPack: (id, signal) => this.#verified(id, signal),
      benchPack: (id, signal) => this.#timed(id, signal),
      removePack: async (id) => this.#removed(id),
    }
  }

  async *#planned(source: PackRef, signal?: AbortSignal): AsyncGenerator<PlanStep> {
    const plan = this.#offer(source)
    yield* this.#work('fetch', 'manifest.json', 1000, signal)
    yield { type: 'plan', plan }
  }

  async *#added(source: PackRef, manifestHash: string, signal?: AbortSignal): AsyncGenerator<AddStep> {
    const plan = this.#offer(source)
    if (plan.manifestHash !== manifestHash)
      throw new UserError('changed-pack', 'The manifest changed since it was shown. Look at it again.')
    // A third comes at once, and is kept whatever happens then.
    this.offers.set(placeOf(source), { ...plan, heldByteLength: Math.round(plan.byteLength / 3) })
    yield* this.#work('fetch', 'encoder.onnx', plan.byteLength, signal)
    const report = this.#report(plan)
    if (report.state === 'ready') {
      const others = this.#list().packs.filter(({ id }) => id !== plan.id)
      this.#tell({ packs: [...others, packInfo(plan)] })
    }
    yield { type: 'added', report }
  }

  async *#verified(id: string, signal?: AbortSignal): AsyncGenerator<VerifyStep> {
    const pack = this.#pack(id)
    yield* this.#work('check', 'graph encoder', 3, signal)
    const report = this.#report(pack)
    const { state, sentence } = report
    this.#tell({
      packs: this.#list().packs.map((each) => (each.id === id ? { ...each, state, sentence } : each)),
    })
    yield { type: 'verified', report }
  }

  async *#timed(id: string, signal?: AbortSignal): AsyncGenerator<BenchStep> {
    this.#pack(id)
    yield* this.#work('check', 'encoder', 1, signal)
    const inputs = 'image 1x3x1024x1024'
    yield {
      type: 'timed',
      graphs: [
        { part: 'encoder', openMs: 120, runMs: 48, runCount: 5, inputs, provider: 'cpu', partlyOnCpu: false },
      ],
    }
  }

  #removed(id: string): ModelList {
    this.#pack(id)
    const { packs, chosen } = this.#list()
    const kept = Object.entries(chosen).map(([role, filledBy]) => [role, filledBy === id ? null : filledBy])
    this.#tell({
      packs: packs.filter((pack) => pack.id !== id),
      chosen: Object.fromEntries(kept) as ModelList['chosen'],
    })
    return this.#list()
  }

  async *#work(
    stage: PackProgress['stage'],
    at: string,
    total: number,
    signal?: AbortSignal,
  ): AsyncGenerator<PackProgress> {
    yield { type: 'progress', stage, at, done: Math.round(total / 3), total }
    const cancelled = new Promise<never>((_, refuse) => {
      if (signal?.aborted) refuse(signal.reason)
      signal?.addEventListener('abort', () => refuse(signal.reason))
    })
    await Promise.race([this.#gate, cancelled])
    const failed = this.failNext
    this.failNext = null
    if (failed) throw failed
    yield { type: 'progress', stage, at, done: Math.round((2 * total) / 3), total }
    await Promise.race([this.#gate, cancelled])
    yield { type: 'progress', stage, at, done: total, total }
  }

  #report({ id, name }: { readonly id: string; readonly name: string }): PackReport {
    const sentence = this.wrong.get(id) ?? null
    const checks = [
      {
        what: 'file encoder.onnx',
        right: sentence === null,
        sentence: sentence ?? 'Its hash is the one of the manifest.',
      },
    ]
    return { id, name, state: sentence === null ? 'ready' : 'broken', sentence, checks }
  }

  #offer(source: PackRef): PackPlan {
    const plan = this.offers.get(placeOf(source))
    if (!plan) throw new UserError('no-pack-there', `There is no pack at ${placeOf(source)}.`)
    return plan
  }

  #pack(id: string): PackInfo {
    const pack = this.#list().packs.find((each) => each.id === id)
    if (!pack) throw new UserError('no-pack', `There is no pack ${id}.`)
    return pack
  }
}

function placeOf(source: PackRef): string {
  return source.type === 'url' ? source.url : source.path
}
