/** Pure: what a propagation would run on, and what else it could. */
import type { ModelList, ModelRole, PackInfo } from '../../main/core/models.ts'

export const ownEngineName = 'Inbetween’s own'

export interface RunEngine {
  /** Of this list. */
  readonly key: string
  readonly name: string
  /** What is chosen with it. */
  readonly choices: readonly { readonly role: ModelRole; readonly packId: string | null }[]
  /** Why it cannot run as it is, or null. */
  readonly sentence: string | null
}

const forestAlone: RunEngine = {
  key: 'own',
  name: ownEngineName,
  choices: [follows(null), { role: 'refine-mask', packId: null }],
  sentence: null,
}

const gone = 'It is not here any more: choose another.'

/**
 * What can propagate: our own engine without a network and with each that corrects its masks, and each network that follows
 * objects instead. A chosen pack that is gone stands there, too, since it is what would run.
 */
export function runEngines(models: ModelList | null): readonly RunEngine[] {
  if (!models) return [forestAlone]
  return [
    forestAlone,
    ...withChosen(models, 'refine-mask').map(
      ({ id, name, builtIn, sentence }): RunEngine => ({
        key: `refine-mask/${id}`,
        name: `${ownEngineName}, with ${builtIn ? 'its second look' : name}`,
        choices: [follows(null), { role: 'refine-mask', packId: id }],
        sentence,
      }),
    ),
    ...withChosen(models, 'segment-video').map(
      ({ id, name, sentence }): RunEngine => ({
        key: `segment-video/${id}`,
        name,
        choices: [follows(id)],
        sentence,
      }),
    ),
  ]
}

export function chosenEngine(models: ModelList | null): RunEngine {
  const engines = runEngines(models)
  const key = (role: ModelRole) => `${role}/${models?.chosen[role]}`
  return (
    engines.find((engine) => engine.key === key('segment-video')) ??
    engines.find((engine) => engine.key === key('refine-mask')) ??
    forestAlone
  )
}

function follows(packId: string | null) {
  return { role: 'segment-video', packId } as const
}

function withChosen(
  { packs, chosen }: ModelList,
  role: ModelRole,
): readonly Pick<PackInfo, 'id' | 'name' | 'builtIn' | 'sentence'>[] {
  const here = packs.filter((pack) => pack.role === role)
  const id = chosen[role]
  const isGone = id !== null && here.every((pack) => pack.id !== id)
  return isGone ? [...here, { id, name: id, builtIn: false, sentence: gone }] : here
}
