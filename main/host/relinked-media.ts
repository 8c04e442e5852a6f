/** Media found again: the same file elsewhere, or another in its place. */
import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { MediaRecord, MediaSource } from '../core/records.ts'
import { UserError } from '../core/user-error.ts'
import type { ProjectContext } from './job-context.ts'
import { describeVideo } from './jobs/describe-video.ts'
import { sourcePrint } from './media-hash.ts'

export interface RelinkedMedia {
  readonly media: MediaRecord
  /** Its frames have to be read anew, and what was made of the old ones is void. */
  readonly isOther: boolean
}

/**
 * The record with its source at `path` (a video file, or the folder of the images). The same file, by size and hash, is
 * taken as it is. Another one is refused with 'media-differs', a sentence that says how it differs, unless `force`; one
 * whose pictures have another size is always refused, because no mask would fit.
 */
export async function relinkedMedia(
  context: Pick<ProjectContext, 'recordPath'>,
  media: MediaRecord,
  path: string,
  force: boolean,
): Promise<RelinkedMedia> {
  const source = media.source.type === 'video' ? { ...media.source, path } : { ...media.source, folder: path }
  checkKind(media, source, path)
  const print = await sourcePrint(source)
  const isOther = print.byteLength !== media.source.byteLength || print.hash !== media.source.hash
  if (!isOther) return { media: { ...media, source: recordSource(context, source) }, isOther }
  const fields = media.source.type === 'video' ? await otherVideo(media, path) : {}
  if (!force) throw new UserError('media-differs', differenceSentence(media, path, print.byteLength))
  const other: MediaRecord = {
    ...media,
    ...fields,
    source: recordSource(context, { ...source, ...print }),
    table: 'partial',
    note: null,
  }
  return { media: other, isOther }
}

function checkKind(media: MediaRecord, source: MediaSource, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found)
    throw new UserError(
      'media-missing',
      `${path} does not exist. Choose the file that ${media.name} was imported from.`,
    )
  if (source.type === 'video' && !found.isFile())
    throw new UserError(
      'media-differs-in-kind',
      `${path} is a folder, but ${media.name} is a video file. Choose that file.`,
    )
  if (source.type === 'video') return
  if (!found.isDirectory())
    throw new UserError(
      'media-differs-in-kind',
      `${path} is a file, but ${media.name} is a folder of images. Choose that folder.`,
    )
  const missing = source.files.filter(
    (name) => !statSync(join(path, name), { throwIfNoEntry: false })?.isFile(),
  )
  if (missing.length > 0)
    throw new UserError(
      'media-missing',
      `${path} lacks ${missing.length} of the ${source.files.length} images of ${media.name}, the first ${missing[0]}. Choose the folder that has them all.`,
    )
}

/** What the record says of another video in its place. */
async function otherVideo(media: MediaRecord, path: string): Promise<Partial<MediaRecord>> {
  const { record } = await describeVideo(path)
  const { width, height, rotation, container, codec, durationUs } = record
  if (width !== media.width || height !== media.height)
    throw new UserError(
      'media-size-differs',
      `${basename(path)} has pictures of ${width} x ${height}, ${media.name} has ${media.width} x ${media.height}, so its masks would not fit. Import it as media of its own.`,
    )
  return { width, height, rotation, container, codec, durationUs }
}

function differenceSentence(media: MediaRecord, path: string, byteLength: number): string {
  const count = (bytes: number) => `${bytes.toLocaleString('en-US')} bytes`
  const was = media.source.byteLength
  const how =
    byteLength === was
      ? 'has the same size but other content'
      : `has ${count(byteLength)} instead of ${count(was)}`
  return `${path} is not the file that ${media.name} was imported from: it ${how}. Choose it once more to use it all the same; its frames are then read anew.`
}

function recordSource(context: Pick<ProjectContext, 'recordPath'>, source: MediaSource): MediaSource {
  return source.type === 'video'
    ? { ...source, path: context.recordPath(source.path) }
    : { ...source, folder: context.recordPath(source.folder) }
}
