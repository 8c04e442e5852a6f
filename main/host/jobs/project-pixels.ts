import { join } from 'node:path'
import type { ProjectPixels } from '../../core/formats/project-dataset.ts'
import type { MediaRecord } from '../../core/records.ts'
import type { ProjectContext } from '../job-context.ts'
import { openMediaFrames } from './media-frames.ts'

/** What an export reads of a project beside its records: shapes, frame tables, pictures. */
export function projectPixels(context: ProjectContext): ProjectPixels {
  return {
    readShape: (hash) => context.readShape(hash),
    frameTable: (mediaId) => context.frameTable(mediaId),
    imageFiles: (media) => {
      const source = context.mediaSource(media)
      return source.type === 'images' ? source.files.map((name) => join(source.folder, name)) : null
    },
    frames: (media, frameIndexes, signal) => readFrames(context, media, frameIndexes, signal),
  }
}

async function* readFrames(
  context: ProjectContext,
  media: MediaRecord,
  frameIndexes: readonly number[],
  signal: AbortSignal,
) {
  const source = await openMediaFrames(context, media)
  try {
    for (const frameIndex of frameIndexes) yield { frameIndex, rgb: await source.read(frameIndex, signal) }
  } finally {
    await source.close()
  }
}
