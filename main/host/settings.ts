/** The user's settings on this machine: one JSON file, whose odd or missing fields fall back to the defaults. */
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../core/api.ts'
import { type ChosenModels, modelRoles, providerChoices } from '../core/models.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'

export interface SettingsFile {
  get(): Settings
  /** Throws UserError where the file cannot be written; the settings then stay as they were. */
  update(patch: Partial<Settings>): Settings
}

/** Less holds no network worth having beside ONNX Runtime itself. */
export const leastModelMegabytes = 512
export const mostModelMegabytes = 1_048_576

export function defaultSettings(): Settings {
  return {
    theme: 'system',
    textScale: 1,
    cacheMegabytes: 512,
    threadCount: availableParallelism(),
    provider: 'auto',
    // A third of the machine's memory: the frame cache, the engine and other programs want theirs.
    modelMegabytes: Math.max(leastModelMegabytes, Math.round(totalmem() / 3 / 2 ** 20)),
    models: chosenModels({}),
    keys: {},
    keyPreset: 'inbetween',
    repropagate: true,
    layout: {},
  }
}

export function openSettings(folder: string): SettingsFile {
  const path = join(folder, 'settings.json')
  let settings = validSettings(readJsonFile(path))
  return {
    get: () => settings,
    update(patch) {
      // Another window's host may have written since.
      const next = validSettings({ ...validSettings(readJsonFile(path)), ...patch })
      writeJsonFile(path, next)
      settings = next
      return settings
    },
  }
}

/** With other packs than the person chose, for as long as the process runs; what is written is theirs alone. */
export function withModels(file: SettingsFile, models: Partial<ChosenModels>): SettingsFile {
  const changed = (settings: Settings) => ({ ...settings, models: { ...settings.models, ...models } })
  return { get: () => changed(file.get()), update: (patch) => changed(file.update(patch)) }
}

/** Every field valid: what is not falls back to its default. */
export function validSettings(value: unknown): Settings {
  const given = isObject(value) ? value : {}
  const fallback = defaultSettings()
  const within = (
    field: 'textScale' | 'cacheMegabytes' | 'threadCount' | 'modelMegabytes',
    least: number,
    most: number,
  ) => {
    const number = given[field]
    return typeof number === 'number' && Number.isFinite(number)
      ? Math.min(most, Math.max(least, number))
      : fallback[field]
  }
  const oneOf = <Word extends string>(field: string, words: readonly Word[], otherwise: Word) =>
    words.find((word) => word === given[field]) ?? otherwise
  return {
    theme: oneOf('theme', ['system', 'dark', 'light'], fallback.theme),
    textScale: within('textScale', 0.5, 3),
    cacheMegabytes: Math.round(within('cacheMegabytes', 64, 65536)),
    threadCount: Math.round(within('threadCount', 1, 256)),
    provider: oneOf('provider', providerChoices, fallback.provider),
    modelMegabytes: Math.round(within('modelMegabytes', leastModelMegabytes, mostModelMegabytes)),
    models: chosenModels(given.models),
    keys: entriesOf(
      given.keys,
      (keys): keys is string[] => Array.isArray(keys) && keys.every((key) => typeof key === 'string'),
    ),
    keyPreset: oneOf('keyPreset', ['inbetween', 'cvat', 'labelme', 'video-editor'], fallback.keyPreset),
    repropagate: typeof given.repropagate === 'boolean' ? given.repropagate : fallback.repropagate,
    layout: entriesOf(given.layout, (item): item is number | boolean | string =>
      ['number', 'boolean', 'string'].includes(typeof item),
    ),
  }
}

function chosenModels(value: unknown): ChosenModels {
  const given = isObject(value) ? value : {}
  const entries = modelRoles.map((role) => [role, typeof given[role] === 'string' ? given[role] : null])
  return Object.fromEntries(entries) as ChosenModels
}

function entriesOf<T>(value: unknown, isValid: (item: unknown) => item is T): Readonly<Record<string, T>> {
  if (!isObject(value)) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => isValid(entry[1])))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
