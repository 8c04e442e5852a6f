/** What is true of a project's media now: whether the file is there and the same, and how the view shows it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MediaStatus } from '../core/api.ts'
import type { MediaId, MediaRecord } from '../core/records.ts'
import { isUserError } from '../core/user-error.ts'
import type { ProjectContext, ProjectFolders } from './job-context.ts'
import { sourcePrint } from './media-hash.ts'
import { sourcePath } from './media-paths.ts'

export interface MediaUrls {
  /** Prefix of media by id. */
  readonly media: string
  /** Prefix of frames: `${frame}${mediaId}/${frameIndex}`. */
  readonly frame: string
}

/** The one file that stands for a media whose frames the view cannot show by itself. */
export function proxyPath(folders: ProjectFolders, mediaId: MediaId): string {
  return join(folders.proxies, `${mediaId}.mp4`)
}

/** `wantsProxy`: a job has found that the view cannot show the original frame by frame. */
export async function mediaStatus(
  context: Pick<ProjectContext, 'mediaSource' | 'folders'>,
  media: MediaRecord,
  urls: MediaUrls,
  wantsProxy: boolean,
): Promise<MediaStatus> {
  const hasProxy = existsSync(proxyPath(context.folders, media.id))
  const proxyNeeded =
    media.source.type === 'video' && !hasProxy && (wantsProxy || !isShownByBrowsers(media.codec))
  const shows = hasProxy ? 'proxy' : media.source.type === 'images' || proxyNeeded ? 'stills' : 'original'
  const url = shows === 'stills' ? `${urls.frame}${media.id}/` : `${urls.media}${media.id}`
  return { mediaId: media.id, ...(await presence(context, media)), shows, url, proxyNeeded }
}

async function presence(
  context: Pick<ProjectContext, 'mediaSource'>,
  media: MediaRecord,
): Promise<Pick<MediaStatus, 'state' | 'problem'>> {
  const source = context.mediaSource(media)
  const path = source.type === 'video' ? source.path : source.folder
  try {
    const print = await sourcePrint(source)
    if (print.byteLength === source.byteLength && print.hash === source.hash)
      return { state: 'ok', problem: null }
    const problem = `${path} has changed since it was imported, so masks may not fit its frames. Put the original back, or find it elsewhere.`
    return { state: 'changed', problem }
  } catch (error) {
    if (!isUserError(error)) throw error
    return {
      state: 'missing',
      problem: `${sourcePath(source)} is not there or cannot be read. Find the file to see its frames; masks are kept.`,
    }
  }
}

/** Codecs that every Chromium decodes; HEVC depends on the machine. */
export function isShownByBrowsers(codec: string): boolean {
  return ['h264', 'vp8', 'vp9', 'av1'].includes(codec)
}
