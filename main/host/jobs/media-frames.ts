/** Pictures of a project's media at full size, for propagation, export and stills. */
import type { MediaRecord } from '../../core/records.ts'
import type { ProjectContext } from '../job-context.ts'
import type { FrameSource } from '../media/frame-source.ts'
import { openImageFrames } from '../media/image-frame-source.ts'
import { openVideoFrames } from '../media/video-frame-source.ts'

export async function openMediaFrames(context: ProjectContext, media: MediaRecord): Promise<FrameSource> {
  const { width, height, rotation } = media
  const source = context.mediaSource(media)
  if (source.type === 'images') return openImageFrames(source.folder, source.files, { width, height })
  const file = { path: source.path, streamIndex: source.streamIndex, rotation, width, height }
  return openVideoFrames(file, context.frameTable(media.id), { width, height })
}

/** Names what the decoder gives: the same for a media that only moved. */
export function pixelsOf({ source, width, height, rotation }: MediaRecord): string {
  const stream = source.type === 'video' ? source.streamIndex : source.files.join('/')
  return JSON.stringify([source.hash, source.byteLength, stream, width, height, rotation])
}
