/** How the rest of the host gets at networks: by the job, not by the pack. */
import type { OpenPack } from '../../../models/open-pack.ts'
import type { Urgency } from '../../../models/tensor.ts'
import type { ModelRole } from '../../core/models.ts'
import type { PackRun } from './pack-use.ts'

export interface ChosenPacks {
  /**
   * The pack that the person chose for a role, its graphs bound to the inference process; null where what comes with the
   * app does the job. Cheap: graphs are opened at their first run. Throws UserError 'no-pack' or 'broken-pack' where the
   * chosen one is gone or broken: it is never passed over in silence. While `run` goes on the pack is neither removed nor
   * replaced.
   */
  open(role: ModelRole, urgency: Urgency, run?: PackRun): Promise<OpenPack | null>
}

/** For tests, and where no network takes part. */
export const noPacks: ChosenPacks = { open: async () => null }
