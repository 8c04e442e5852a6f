import type { MediaStatus } from '../../../main/core/api.ts'
import type { MediaRecord } from '../../../main/core/records.ts'
import { FrameProvider, type FrameProviderOptions } from './frame-provider.ts'

export interface OpenFrameProvider {
  readonly media: MediaRecord
  readonly status: MediaStatus
  readonly timesUs: Float64Array
  /** Prefix of still frames of any media, as HostInfo says. */
  readonly frameUrl: string
  readonly cacheMegabytes: number
}

/** Opens a media's frames with a decode worker of its own: the original or the proxy by URL, else still pictures by URL. */
export function openFrameProvider(options: OpenFrameProvider): FrameProvider {
  return new FrameProvider({
    sources: frameSources(options),
    frameCount: options.timesUs.length,
    cacheMegabytes: options.cacheMegabytes,
    startWorker: () =>
      new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module', name: 'decode' }),
    now: () => performance.now(),
  })
}

function frameSources({
  media,
  status,
  timesUs,
  frameUrl,
}: OpenFrameProvider): FrameProviderOptions['sources'] {
  const stills = { open: { kind: 'stills', url: `${frameUrl}${media.id}/` }, rotation: 0 } as const
  const { source, width, height, rotation } = media
  if (status.shows === 'stills' || source.type !== 'video') return [stills]
  const isProxy = status.shows === 'proxy'
  const open = {
    kind: 'video',
    url: status.url,
    trackIndex: isProxy ? 0 : source.streamIndex,
    timesUs,
    isProxy,
    crop: isProxy ? { width, height } : null,
  } as const
  return [{ open, rotation: isProxy ? 0 : rotation }, stills]
}
