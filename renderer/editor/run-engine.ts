/** Pure: what a propagation would run on, and what else it could. */
import type { ModelList } from '../../main/core/models.ts'

export const ownEngineName = 'Inbetween’s own'

export interface RunEngine {
  /** Null: what comes with the app. */
  readonly packId: string | null
  readonly name: string
  /** Why it cannot run as it is, or null. */
  readonly sentence: string | null
}

/** What can propagate, Inbetween's own first; a chosen pack that is gone stands there, too, since it is what would run. */
export function runEngines(models: ModelList | null): readonly RunEngine[] {
  const own: RunEngine = { packId: null, name: ownEngineName, sentence: null }
  if (!models) return [own]
  const chosenId = models.chosen['segment-video']
  const packs = models.packs.filter(({ role }) => role === 'segment-video')
  const engines = packs.map(({ id, name, sentence }): RunEngine => ({ packId: id, name, sentence }))
  const isGone = chosenId !== null && packs.every(({ id }) => id !== chosenId)
  const gone = {
    packId: chosenId,
    name: chosenId ?? '',
    sentence: 'It is not here any more: choose another.',
  }
  return [own, ...engines, ...(isGone ? [gone] : [])]
}

export function chosenEngine(models: ModelList | null): RunEngine {
  const engines = runEngines(models)
  const chosenId = models?.chosen['segment-video'] ?? null
  return engines.find(({ packId }) => packId === chosenId) ?? engines[0]!
}
