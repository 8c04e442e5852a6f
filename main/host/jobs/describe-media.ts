/** What a person picked, as media. */
import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { MediaSource } from '../../core/records.ts'
import { UserError } from '../../core/user-error.ts'
import { listImages, probeImages } from '../media/image-folder.ts'
import { imagesPrint } from '../media-hash.ts'
import { type DescribedMedia, describeVideo } from './describe-video.ts'

/** One media among what a person picked. */
export interface PickedMedia {
  readonly name: string
  describe(signal: AbortSignal | undefined): Promise<DescribedMedia>
}

const imageName = /\.(png|jpe?g|webp|tiff?)$/i

/**
 * Picked paths as media, in order: a video is one, a folder of images is one, and single images of the same folder are
 * one together. Throws UserError for a path that is not there.
 */
export function pickedMedia(paths: readonly string[]): readonly PickedMedia[] {
  const media: PickedMedia[] = []
  const single = new Map<string, string[]>()
  for (const path of paths) {
    if (isFolder(path)) {
      media.push({ name: basename(path), describe: async () => describeImages(path, await listImages(path)) })
    } else if (imageName.test(path)) {
      const folder = dirname(path)
      const files = single.get(folder)
      if (files) files.push(basename(path))
      else {
        const own = [basename(path)]
        single.set(folder, own)
        media.push({ name: basename(folder), describe: () => describeImages(folder, own) })
      }
    } else media.push({ name: basename(path), describe: (signal) => describeVideo(path, signal) })
  }
  return media
}

async function describeImages(folder: string, files: readonly string[]): Promise<DescribedMedia> {
  const probe = await probeImages(folder, files)
  const source: MediaSource = { type: 'images', folder, files, ...(await imagesPrint(folder, files)) }
  const record: DescribedMedia['record'] = {
    kind: 'media',
    name: basename(folder),
    source,
    width: probe.width,
    height: probe.height,
    rotation: 0,
    frameCount: 0,
    durationUs: 0,
    container: 'images',
    codec: probe.codec,
    table: 'partial',
    note: probe.note,
  }
  return { record, source, probe: null }
}

function isFolder(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new UserError('media-missing', `${path} does not exist. Choose another file.`)
  return stat.isDirectory()
}
