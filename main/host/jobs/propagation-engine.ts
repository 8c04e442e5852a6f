/** What fills in a run's masks, and that a run which is taken up again keeps to what it was begun with. */
import type { OpenPack } from '../../../models/open-pack.ts'
import { RefineMask } from '../../../models/refine-mask/refine-mask.ts'
import type { RanOn } from '../../core/models.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import type { ProjectContext } from '../job-context.ts'
import type { ChosenPacks } from '../models/chosen-packs.ts'
import type { PackRun } from '../models/pack-use.ts'
import type { PropagationRequest } from '../propagation/request.ts'

/** The pack that a run was begun with, as its cursor names it. */
export interface NetworkRef {
  readonly id: string
  readonly version: string
  readonly name: string
  /** It corrects what our own engine makes. Absent: it follows the objects instead of it. */
  readonly corrects?: true
}

export interface PropagationEngine {
  /** Null: Inbetween's own engine alone. */
  readonly network: NetworkRef | null
  ranOn(): RanOn
  /** What of the engine's request it decides. */
  readonly parts: Pick<PropagationRequest, 'videoNetwork' | 'refineNetwork'>
}

/** `begunWith`: of a run that is taken up again; undefined for a new one. Throws UserError 'other-engine'. */
export async function openEngine(
  { packs }: Pick<ProjectContext, 'packs'>,
  begunWith: NetworkRef | null | undefined,
  run?: PackRun,
): Promise<PropagationEngine> {
  const engine = await chosenEngine(packs, run).catch((error: unknown) => {
    if (begunWith === undefined || !isUserError(error)) throw error
    throw otherEngine(begunWith, `${error.message} `)
  })
  if (begunWith !== undefined && !isSame(engine.network, begunWith))
    throw otherEngine(begunWith, `Now ${titleOf(engine.network)} would go on with it. `)
  return engine
}

async function chosenEngine(packs: ChosenPacks, run?: PackRun): Promise<PropagationEngine> {
  const follower = await packs.open('segment-video', 'batch', run)
  if (follower)
    return {
      network: refOf(follower),
      ranOn: () => ({ ownEngine: false, network: follower.ranOn?.() ?? null }),
      parts: { videoNetwork: follower },
    }
  const corrector = await packs.open('refine-mask', 'batch', run)
  if (!corrector) return { network: null, ranOn: () => ({ ownEngine: true, network: null }), parts: {} }
  const refineNetwork = new RefineMask(withRemedy(corrector))
  return {
    network: { ...refOf(corrector), corrects: true },
    ranOn: () => ({ ownEngine: true, network: corrector.ranOn?.() ?? null }),
    parts: { refineNetwork },
  }
}

function refOf({ manifest: { id, version, name } }: OpenPack): NetworkRef {
  return { id, version, name }
}

/** The forest goes without it, on every machine: whoever cannot run networks is told so. */
function withRemedy(pack: OpenPack): OpenPack {
  const run: OpenPack['graphs']['run'] = (...asked) =>
    pack.graphs.run(...asked).catch((error: unknown) => {
      if (!isUserError(error) || error.code !== 'inference-failed') throw error
      throw new UserError(
        error.code,
        `${error.message} Propagation also goes without networks: choose Inbetween’s own alone in the run’s menu on the timeline, or --model forest.`,
      )
    })
  return { ...pack, graphs: { run } }
}

/** As mask records name it. */
export function titleOf(network: NetworkRef | null): string {
  if (!network) return 'Inbetween’s own engine'
  const title = `${network.name} ${network.version}`
  return network.corrects ? `Inbetween’s own engine with ${title}` : title
}

function isSame(a: NetworkRef | null, b: NetworkRef | null): boolean {
  return a?.id === b?.id && a?.version === b?.version
}

/** Half of a run by one engine and half by another would be neither's. */
function otherEngine(begunWith: NetworkRef | null, why: string): UserError {
  const name = titleOf(begunWith)
  const word = begunWith?.id ?? 'forest'
  return new UserError(
    'other-engine',
    `This run was begun with ${name}. ${why}Choose ${name} again in the run’s menu on the timeline, or with --model ${word}, and resume; or dismiss this run and start a new one: what it has made is kept.`,
  )
}
