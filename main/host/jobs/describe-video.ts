/** What a record says of media on disk, before its table of presentation times has been read. */
import { basename } from 'node:path'
import type { MediaRecord, MediaSource } from '../../core/records.ts'
import type { ProjectContext } from '../job-context.ts'
import { probeVideo, type VideoProbe } from '../media/probe-video.ts'
import { videoPrint } from '../media-hash.ts'

export interface DescribedMedia {
  /** All of the record but its id; its table is 'partial' and has no frames yet. */
  readonly record: Omit<MediaRecord, 'id'>
  /** With absolute paths. */
  readonly source: MediaSource
  /** Null: a folder of images. */
  readonly probe: VideoProbe | null
}

/** Reads the head of a video file. Throws UserError when it is none. */
export async function describeVideo(path: string, signal?: AbortSignal): Promise<DescribedMedia> {
  const probe = await probeVideo(path, signal)
  const stream = probe.streams[probe.streamIndex]!
  const source: MediaSource = {
    type: 'video',
    path,
    ...(await videoPrint(path)),
    streamIndex: probe.streamIndex,
  }
  const record: DescribedMedia['record'] = {
    kind: 'media',
    name: basename(path),
    source,
    width: stream.width,
    height: stream.height,
    rotation: stream.rotation,
    frameCount: 0,
    durationUs: probe.durationUs ?? 0,
    container: probe.container,
    codec: stream.codec,
    table: 'partial',
    note: streamNote(probe),
  }
  return { record, source, probe }
}

/** What is needed to read the table of media that are in the project already. */
export async function describeSource(
  context: Pick<ProjectContext, 'mediaSource'>,
  media: MediaRecord,
  signal?: AbortSignal,
): Promise<DescribedMedia> {
  const source = context.mediaSource(media)
  const probe = source.type === 'video' ? await probeVideo(source.path, signal) : null
  return { record: media, source, probe }
}

function streamNote(probe: VideoProbe): string | null {
  const count = probe.streams.length
  if (count < 2) return null
  return `It has ${count} video streams; number ${probe.streamIndex + 1} is used.`
}
