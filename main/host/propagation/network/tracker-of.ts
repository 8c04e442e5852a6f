/** Which code follows objects with a pack: by the contract that its manifest names. */
import { AotVideo } from '../../../../models/aot-video/aot-video.ts'
import type { OpenPack } from '../../../../models/open-pack.ts'
import type { Size } from '../../../../models/placement.ts'
import { Sam2Video } from '../../../../models/sam2-video/sam2-video.ts'
import type { Film, VideoTracker } from '../../../../models/video-tracker.ts'
import { UserError } from '../../../core/user-error.ts'

/** `out`: size of the masks. Throws UserError 'no-tracker' for a contract that this program does not know. */
export function trackerOf(pack: OpenPack, film: Film, out: Size): VideoTracker {
  const { contract, name } = pack.manifest
  if (contract === 'sam2-video') return new Sam2Video(pack, film, out)
  if (contract === 'aot-video') return new AotVideo(pack, film, out)
  throw new UserError(
    'no-tracker',
    `This Inbetween cannot follow objects with “${name}”: it does not know the contract ${contract}. Choose another pack, or Inbetween’s own, in the run’s menu on the timeline.`,
  )
}
