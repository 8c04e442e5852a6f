/** Everything a decoder must know of one video stream in one file. Made by `probeMedia`, or from a MediaRecord. */
import { isAbsolute, resolve } from 'node:path'
import type { MediaRecord } from '../../core/records.ts'
import { UserError } from '../../core/user-error.ts'

export interface VideoFile {
  /** Absolute. */
  readonly path: string
  /** Position among the video streams that are not cover pictures: ffmpeg's `0:V:streamIndex`. */
  readonly streamIndex: number
  /** Clockwise quarter turns times 90 that take a decoded picture to the shown one. */
  readonly rotation: 0 | 90 | 180 | 270
  /** Size as shown: square pixels, after rotation. */
  readonly width: number
  readonly height: number
}

/** The video that a record describes. Relative paths are relative to the project's folder. */
export function videoFile(media: MediaRecord, projectFolder: string): VideoFile {
  if (media.source.type !== 'video')
    throw new UserError('not-a-video', `${media.name} is a folder of images, not a video.`)
  const { path, streamIndex } = media.source
  const { rotation, width, height } = media
  return { path: absoluteMediaPath(path, projectFolder), streamIndex, rotation, width, height }
}

export function absoluteMediaPath(path: string, projectFolder: string): string {
  return isAbsolute(path) ? path : resolve(projectFolder, path)
}
