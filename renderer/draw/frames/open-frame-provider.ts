import type { MediaStatus } from '../../../main/core/api.ts'
import type { MediaRecord } from '../../../main/core/records.ts'
import { proxyTimesUs } from '../../../main/core/track/frame-table.ts'
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
  if (status.shows === 'proxy') {
    const crop = { width, height }
    const times = proxyTimesUs(timesUs.length)
    return [
      { open: { kind: 'video', url: status.url, trackIndex: 0, timesUs: times, crop }, rotation: 0 },
      stills,
    ]
  }
  const open = {
    kind: 'video',
    url: status.url,
    trackIndex: source.streamIndex,
    timesUs,
    crop: null,
  } as const
  return [{ open, rotation }, stills]
}
