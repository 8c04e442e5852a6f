import { availableParallelism } from 'node:os'
import { kernelsKind, nativeProblem } from '../../native/index.ts'
import packageManifest from '../../package.json' with { type: 'json' }
import type { HostInfo } from '../core/api.ts'
import { resolveFfmpeg } from './ffmpeg.ts'
import type { MediaUrls } from './media-status.ts'

/** Prefixes as the shell's schemes (desktop) or the server's routes have them. */
export function mediaUrls(mode: HostInfo['mode']): MediaUrls {
  if (mode === 'desktop') return { media: 'media://id/', frame: 'media://frame/' }
  return { media: '/media/', frame: '/frame/' }
}

/** What this program is made of on this machine, problems included. */
export async function hostInfo(mode: HostInfo['mode'], urls: MediaUrls): Promise<HostInfo> {
  const problem = nativeProblem()
  return {
    version: packageManifest.version,
    mode,
    platform: `${process.platform}-${process.arch}`,
    threadCount: availableParallelism(),
    engine: problem === null ? { name: 'Cycle forest', kernels: kernelsKind() } : { error: problem },
    ffmpeg: await resolveFfmpeg().then(
      ({ version, origin }) => ({ version, origin }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    ),
    mediaUrl: urls.media,
    frameUrl: urls.frame,
  }
}
