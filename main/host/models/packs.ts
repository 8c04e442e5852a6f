/** Networks, for the rest of the host and for HostApi: what is here, adding and checking it, and what fills which role. */
import type { OpenPack } from '../../../models/open-pack.ts'
import type { Urgency } from '../../../models/tensor.ts'
import type { PackRef } from '../../core/api.ts'
import {
  type AddStep,
  type BenchStep,
  type ModelList,
  type ModelRole,
  modelRoles,
  type PackCheck,
  type PackInfo,
  type PackReport,
  type PackSource,
  type PlanStep,
  type VerifyStep,
} from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import type { Inference } from '../inference/inference.ts'
import { defaultSettings, type SettingsFile } from '../settings.ts'
import { packAdded, report } from './add-pack.ts'
import { packTimes } from './bench-pack.ts'
import { catalogue } from './catalogue.ts'
import { fileCheck } from './check-files.ts'
import { firstProblem, graphChecks, releaseGraphs } from './check-graphs.ts'
import { writeCheck } from './check-record.ts'
import type { ChosenPacks } from './chosen-packs.ts'
import { FetchedFiles } from './fetched-files.ts'
import { graphPath } from './graph-path.ts'
import { packFingerprint, readManifest } from './pack-folder.ts'
import type { OriginTools } from './pack-origin.ts'
import type { PackStore } from './pack-store.ts'
import { checkUnused, markUse, type PackRun } from './pack-use.ts'
import { packPlan } from './plan-pack.ts'
import { spacedSteps } from './spaced-steps.ts'
import { Web } from './web.ts'

export interface PacksOptions {
  readonly store: PackStore
  readonly settings: SettingsFile
  readonly inference: Inference
  readonly onChange: (models: ModelList) => void
  /** Throws UserError for a path that may not be reached. */
  readonly resolvePath: (path: string) => string
  /** Whether who gives an address sits at this machine: a page may be served to anybody who has its token. */
  readonly trustsAddresses: boolean
  readonly now: () => number
}

export class Packs implements ChosenPacks {
  readonly #options: PacksOptions
  readonly #fetched: FetchedFiles

  constructor(options: PacksOptions) {
    this.#options = options
    this.#fetched = new FetchedFiles(options.store.folder)
  }

  list(): ModelList {
    const { store, settings } = this.#options
    return { packs: store.list(), chosen: settings.get().models, catalogue }
  }

  async *plan(ref: PackRef, signal?: AbortSignal): AsyncGenerator<PlanStep> {
    const source = this.#source(ref)
    const steps = packPlan(source, this.#tools(source, false), this.#options.store, signal)
    const plan = yield* spacedSteps(steps)
    yield { type: 'plan', plan }
  }

  async *add(ref: PackRef, manifestHash: string, signal?: AbortSignal): AsyncGenerator<AddStep> {
    const { store, inference } = this.#options
    const source = this.#source(ref)
    const unlock = store.lock()
    let added: PackReport
    try {
      await this.#fetched.forgetOld(this.#options.now())
      const tools = { ...this.#tools(source, true), store, inference }
      added = yield* spacedSteps(packAdded(source, manifestHash, tools, signal))
      if (added.state === 'ready') this.#remember(store.get(added.id), added)
    } finally {
      unlock()
    }
    if (added.state === 'ready') this.#changed()
    yield { type: 'added', report: added }
  }

  async *verify(id: string, signal?: AbortSignal): AsyncGenerator<VerifyStep> {
    const { store, inference } = this.#options
    const pack = store.get(id)
    const { folder } = pack
    const { manifest } = readManifest(folder)
    const files: PackCheck[] = []
    const graphCount = Object.keys(manifest.graphs).length + manifest.golden.length
    const total = manifest.files.length + graphCount
    for (const file of manifest.files) {
      yield { type: 'progress', stage: 'check', at: file.path, done: files.length, total }
      files.push(await fileCheck(file, graphPath(folder, file.path), signal))
    }
    const checks = [...files]
    // A graph that is another one now is nobody's to run.
    if (firstProblem(files) === null) {
      const steps = graphChecks(inference, { manifest, folder }, signal)
      for (let step = await steps.next(); ; step = await steps.next()) {
        if (step.done) {
          checks.push(...step.value)
          break
        }
        yield { ...step.value, done: files.length + step.value.done, total }
      }
    }
    const verified = report(manifest, checks)
    this.#remember(pack, verified)
    this.#changed()
    yield { type: 'verified', report: verified }
  }

  async *bench(id: string, signal?: AbortSignal): AsyncGenerator<BenchStep> {
    const { store, inference } = this.#options
    const { folder } = this.#sound(store.get(id))
    const { manifest } = readManifest(folder)
    const graphs = yield* spacedSteps(packTimes(inference, { manifest, folder }, signal))
    yield { type: 'timed', graphs }
  }

  async remove(id: string): Promise<ModelList> {
    const { store, settings, inference } = this.#options
    const pack = store.get(id)
    if (pack.builtIn)
      throw new UserError('built-in-pack', `“${pack.name}” comes with Inbetween and cannot be removed.`)
    const unlock = store.lock()
    try {
      checkUnused(store.folder, id, 'removed')
      if (pack.role !== null) {
        const { folder } = pack
        await releaseGraphs(inference, { manifest: readManifest(folder).manifest, folder })
      }
      await store.remove(id)
    } finally {
      unlock()
    }
    const models = { ...settings.get().models }
    for (const role of modelRoles) if (models[role] === id) models[role] = defaultSettings().models[role]
    settings.update({ models })
    return this.#changed()
  }

  choose(role: ModelRole, id: string | null): ModelList {
    const { settings } = this.#options
    if (!modelRoles.includes(role))
      throw new UserError('bad-role', `“${role}” is no role. Write one of ${modelRoles.join(', ')}.`)
    if (id !== null) this.#usable(role, id)
    settings.update({ models: { ...settings.get().models, [role]: id } })
    return this.#changed()
  }

  async open(role: ModelRole, urgency: Urgency, run?: PackRun): Promise<OpenPack | null> {
    const { settings, inference, store } = this.#options
    const id = settings.get().models[role]
    if (id === null) return null
    const { folder, builtIn } = this.#usable(role, id)
    const { manifest } = readManifest(folder)
    // What ships can be neither removed nor replaced.
    if (run && !builtIn) markUse(store.folder, id, run)
    const runGraph: OpenPack['graphs']['run'] = async (part, inputs, signal) => {
      const graph = manifest.graphs[part]
      if (!graph)
        throw new UserError(
          'broken-pack',
          `“${manifest.name}” has no graph ${part}, which is needed here. Choose another pack for ${role}.`,
        )
      const name = `${manifest.name}, ${part}`
      return inference.run({ graph: graphPath(folder, graph.file), name, inputs, urgency }, signal)
    }
    return { manifest, graphs: { run: runGraph }, ranOn: () => inference.ranOn(manifest.name) }
  }

  #source(ref: PackRef): PackSource {
    return ref.type === 'path' ? { type: 'path', path: this.#options.resolvePath(ref.path) } : ref
  }

  #tools(source: PackSource, whole: boolean): OriginTools {
    const given = source.type === 'url' && this.#options.trustsAddresses ? source.url : null
    return { web: new Web(given), fetched: this.#fetched, whole }
  }

  /** Throws UserError 'no-pack', 'wrong-role' or 'broken-pack'. */
  #usable(role: ModelRole, id: string): PackInfo {
    const pack = this.#sound(this.#options.store.get(id))
    if (pack.role === role) return pack
    throw new UserError(
      'wrong-role',
      `“${pack.name}” does ${pack.role}, not ${role}. Choose a pack that does ${role}.`,
    )
  }

  #sound(pack: PackInfo): PackInfo {
    if (pack.state !== 'broken') return pack
    throw new UserError('broken-pack', `“${pack.name}” cannot be used: ${pack.sentence}`)
  }

  #remember({ folder }: PackInfo, { id, state, sentence }: PackReport): void {
    const { store, now } = this.#options
    const fingerprint = packFingerprint(folder, readManifest(folder))
    try {
      writeCheck(store.folder, id, { fingerprint, state, sentence, checkedAt: now() })
    } catch {
      // Where nothing can be written the pack stays unchecked; what was found is told all the same.
    }
  }

  #changed(): ModelList {
    const models = this.list()
    this.#options.onChange(models)
    return models
  }
}
