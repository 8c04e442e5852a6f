/** How the rest of the host gets at networks: by the job, not by the pack. */
import type { OpenPack } from '../../../models/open-pack.ts'
import type { Urgency } from '../../../models/tensor.ts'
import type { ModelRole } from '../../core/models.ts'

export interface ChosenPacks {
  /**
   * The pack that the person chose for a role, its graphs bound to the inference process; null where what comes with the
   * app does the job. Cheap: graphs are opened at their first run. Throws UserError 'no-pack' or 'broken-pack' where the
   * chosen one is gone or broken: it is never passed over in silence.
   */
  open(role: ModelRole, urgency: Urgency): Promise<OpenPack | null>
}

/** For tests, and where no network takes part. */
export const noPacks: ChosenPacks = { open: async () => null }
