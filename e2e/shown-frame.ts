/** For pages of tests and measurements: the view's own frame provider over a served clip, one frame at a time. */
import type { MediaStatus } from '../main/core/api.ts'
import type { MediaId, MediaRecord } from '../main/core/records.ts'
import type { FramePicture, FrameProvider } from '../renderer/draw/frames/frame-provider.ts'
import { openFrameProvider } from '../renderer/draw/frames/open-frame-provider.ts'

export interface ServedClip {
  readonly id: string
  readonly shows: 'original' | 'proxy' | 'stills'
  readonly trackIndex: number
  readonly width: number
  readonly height: number
  readonly rotation: 0 | 90 | 180 | 270
  readonly timesUs: readonly number[]
}

export function openProvider(clip: ServedClip, cacheMegabytes = 64): FrameProvider {
  const id = clip.id as MediaId
  const { width, height, rotation, shows } = clip
  const url = `/media/${id}`
  const status: MediaStatus = { mediaId: id, state: 'ok', problem: null, shows, url, proxyNeeded: false }
  const source = { type: 'video', path: '', byteLength: 0, hash: '', streamIndex: clip.trackIndex } as const
  const media: MediaRecord = {
    ...{ kind: 'media', id, name: id, source, width, height, rotation, frameCount: clip.timesUs.length },
    ...{ durationUs: 0, container: '', codec: '', table: 'complete', note: null },
  }
  const timesUs = Float64Array.from(clip.timesUs)
  return openFrameProvider({ media, status, timesUs, frameUrl: '/frame/', cacheMegabytes })
}

/** The frame's picture once it is there; null when it has not come after 20 seconds. */
export function shown(provider: FrameProvider, frameIndex: number): Promise<FramePicture | null> {
  return new Promise((resolve) => {
    const finish = (picture: FramePicture | null) => {
      stop()
      clearTimeout(timeout)
      resolve(picture)
    }
    const look = () => {
      const picture = provider.frame(frameIndex)
      if (picture) finish(picture)
    }
    const timeout = setTimeout(() => finish(null), 20_000)
    const stop = provider.onFrame(look)
    look()
  })
}
