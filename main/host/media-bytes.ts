/** Bytes of the open project's media by id, for the view's URLs. */
import { extname } from 'node:path'
import type { MediaId } from '../core/records.ts'
import { proxyPath } from './media-status.ts'
import type { ProjectSession } from './project-session.ts'

export interface MediaBytes {
  /** Absolute path of what stands for the media (the original or its proxy); null: no such video. */
  mediaFile(mediaId: string): Promise<{ readonly path: string; readonly contentType: string } | null>
  /** One frame as a JPEG; null: no such frame. */
  stillFrame(
    mediaId: string,
    frameIndex: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType: string } | null>
}

const contentTypes: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.ts': 'video/mp2t',
  '.avi': 'video/x-msvideo',
  '.gif': 'image/gif',
}

export async function mediaFile(
  session: ProjectSession | null,
  mediaId: string,
): ReturnType<MediaBytes['mediaFile']> {
  const media = session?.project.store.get(mediaId as MediaId)
  if (!session || media?.kind !== 'media') return null
  const { shows } = await session.status(media.id)
  if (shows === 'proxy')
    return { path: proxyPath(session.context.folders, media.id), contentType: 'video/mp4' }
  const source = session.context.mediaSource(media)
  if (source.type !== 'video') return null
  const contentType = contentTypes[extname(source.path).toLowerCase()] ?? 'application/octet-stream'
  return { path: source.path, contentType }
}

export async function stillFrame(
  session: ProjectSession | null,
  mediaId: string,
  frameIndex: number,
): ReturnType<MediaBytes['stillFrame']> {
  const media = session?.project.store.get(mediaId as MediaId)
  if (!session || media?.kind !== 'media' || frameIndex >= media.frameCount) return null
  return { bytes: await session.pictures.still(media, frameIndex), contentType: 'image/jpeg' }
}
