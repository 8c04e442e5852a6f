/** What fills in a run's masks, and that a run which is taken up again keeps to what it was begun with. */
import { isUserError, UserError } from '../../core/user-error.ts'
import type { ProjectContext } from '../job-context.ts'
import type { PropagationRequest } from '../propagation/request.ts'

/** The pack that a run was begun with, as its cursor names it. */
export interface NetworkRef {
  readonly id: string
  readonly version: string
  readonly name: string
}

export interface PropagationEngine {
  /** Null: Inbetween's own. */
  readonly network: NetworkRef | null
  /** What of the engine's request it decides. */
  readonly parts: Pick<PropagationRequest, 'videoNetwork' | 'refineNetwork'>
}

/** `begunWith`: of a run that is taken up again; undefined for a new one. Throws UserError 'other-engine'. */
export async function openEngine(
  { packs }: Pick<ProjectContext, 'packs'>,
  begunWith: NetworkRef | null | undefined,
): Promise<PropagationEngine> {
  const pack = await packs.open('segment-video', 'batch').catch((error: unknown) => {
    if (begunWith === undefined || !isUserError(error)) throw error
    throw otherEngine(begunWith, `${error.message} `)
  })
  const network = pack && {
    id: pack.manifest.id,
    version: pack.manifest.version,
    name: pack.manifest.name,
  }
  if (begunWith !== undefined && !isSame(network, begunWith))
    throw otherEngine(begunWith, `Now ${titleOf(network)} would go on with it. `)
  return { network, parts: pack ? { videoNetwork: pack } : {} }
}

/** As mask records name it. */
export function titleOf(network: NetworkRef | null): string {
  return network ? `${network.name} ${network.version}` : 'Inbetween’s own engine'
}

function isSame(a: NetworkRef | null, b: NetworkRef | null): boolean {
  return a?.id === b?.id && a?.version === b?.version
}

/** Half of a run by one engine and half by another would be neither's. */
function otherEngine(begunWith: NetworkRef | null, why: string): UserError {
  const name = titleOf(begunWith)
  return new UserError(
    'other-engine',
    `This run was begun with ${name}. ${why}Choose ${name} again in the run’s menu on the timeline and resume, or dismiss this run and start a new one: what it has made is kept.`,
  )
}
