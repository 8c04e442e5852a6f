/** Networks, for the rest of the host and for HostApi: what is here, adding and checking it, and what fills which role. */
import type { OpenPack } from '../../../models/open-pack.ts'
import type { Urgency } from '../../../models/tensor.ts'
import type { PackRef } from '../../core/api.ts'
import type {
  AddStep,
  BenchStep,
  ModelList,
  ModelRole,
  PackInfo,
  PlanStep,
  VerifyStep,
} from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import type { Inference } from '../inference/inference.ts'
import type { SettingsFile } from '../settings.ts'
import type { ChosenPacks } from './chosen-packs.ts'
import { readManifest } from './pack-folder.ts'
import type { PackStore } from './pack-store.ts'

export interface PacksOptions {
  readonly store: PackStore
  readonly settings: SettingsFile
  readonly inference: Inference
  readonly onChange: (models: ModelList) => void
  readonly resolvePath: (path: string) => string
  readonly now: () => number
}

export class Packs implements ChosenPacks {
  readonly #options: PacksOptions

  constructor(options: PacksOptions) {
    this.#options = options
  }

  list(): ModelList {
    const { store, settings } = this.#options
    return { packs: store.list(), chosen: settings.get().models, catalogue: [] }
  }

  // biome-ignore lint/correctness/useYield: comes with the sources
  async *plan(_source: PackRef, _signal?: AbortSignal): AsyncGenerator<PlanStep> {
    throw notYet()
  }

  // biome-ignore lint/correctness/useYield: comes with the sources
  async *add(_source: PackRef, _manifestHash: string, _signal?: AbortSignal): AsyncGenerator<AddStep> {
    throw notYet()
  }

  // biome-ignore lint/correctness/useYield: comes with the checks
  async *verify(_id: string, _signal?: AbortSignal): AsyncGenerator<VerifyStep> {
    throw notYet()
  }

  // biome-ignore lint/correctness/useYield: comes with the checks
  async *bench(_id: string, _signal?: AbortSignal): AsyncGenerator<BenchStep> {
    throw notYet()
  }

  async remove(id: string): Promise<ModelList> {
    const { store, settings } = this.#options
    const pack = store.get(id)
    if (pack.builtIn)
      throw new UserError('built-in-pack', `“${pack.name}” comes with Inbetween and cannot be removed.`)
    await this.#release(pack)
    await store.remove(id)
    const models = { ...settings.get().models }
    for (const role of Object.keys(models) as ModelRole[]) if (models[role] === id) models[role] = null
    settings.update({ models })
    return this.#changed()
  }

  choose(role: ModelRole, id: string | null): ModelList {
    const { settings } = this.#options
    if (id !== null) this.#usable(role, id)
    settings.update({ models: { ...settings.get().models, [role]: id } })
    return this.#changed()
  }

  async open(role: ModelRole, urgency: Urgency): Promise<OpenPack | null> {
    const { settings, inference } = this.#options
    const id = settings.get().models[role]
    if (id === null) return null
    const { folder } = this.#usable(role, id)
    const { manifest } = readManifest(folder)
    return {
      manifest,
      graphs: {
        run: (part, inputs, signal) => {
          const graph = manifest.graphs[part]
          if (!graph)
            throw new UserError(
              'broken-pack',
              `“${manifest.name}” has no graph ${part}. Choose another pack for ${role}.`,
            )
          const name = `${manifest.name}, ${part}`
          return inference.run({ graph: `${folder}/${graph.file}`, name, inputs, urgency }, signal)
        },
      },
    }
  }

  /** Throws UserError 'no-pack', 'wrong-role' or 'broken-pack'. */
  #usable(role: ModelRole, id: string): PackInfo {
    const pack = this.#options.store.get(id)
    if (pack.state === 'broken')
      throw new UserError('broken-pack', `“${pack.name}” cannot be used: ${pack.sentence}`)
    if (pack.role !== role)
      throw new UserError(
        'wrong-role',
        `“${pack.name}” does ${pack.role}, not ${role}. Choose a pack for ${role}.`,
      )
    return pack
  }

  async #release(pack: PackInfo): Promise<void> {
    if (pack.role === null) return
    const { manifest } = readManifest(pack.folder)
    for (const { file } of Object.values(manifest.graphs))
      await this.#options.inference.release(`${pack.folder}/${file}`)
  }

  #changed(): ModelList {
    const models = this.list()
    this.#options.onChange(models)
    return models
  }
}

function notYet(): UserError {
  return new UserError('not-yet', 'This version cannot do that yet. Update Inbetween.')
}
