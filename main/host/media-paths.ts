import { existsSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import type { MediaSource } from '../core/records.ts'

/** How a path is written into a record: relative to the project folder, with `/`; absolute on another drive. */
export function recordPath(projectFolder: string, absolutePath: string): string {
  const path = relative(projectFolder, absolutePath)
  return isAbsolute(path) ? absolutePath : path.replaceAll('\\', '/')
}

/** The same source with absolute paths. */
export function absoluteSource(projectFolder: string, source: MediaSource): MediaSource {
  return source.type === 'video'
    ? { ...source, path: resolve(projectFolder, source.path) }
    : { ...source, folder: resolve(projectFolder, source.folder) }
}

/**
 * The source of media that stayed behind when the project's folder moved: written for the new place, or null when the
 * media are where the record says or are at neither place.
 */
export function sourceLeftBehind(
  folder: string,
  previousFolder: string,
  source: MediaSource,
): MediaSource | null {
  const here = absoluteSource(folder, source)
  const there = absoluteSource(previousFolder, source)
  if (existsSync(sourcePath(here)) || !existsSync(sourcePath(there))) return null
  return there.type === 'video'
    ? { ...there, path: recordPath(folder, there.path) }
    : { ...there, folder: recordPath(folder, there.folder) }
}

/** The file, or the first of the images. */
export function sourcePath(source: MediaSource): string {
  return source.type === 'video' ? source.path : join(source.folder, source.files[0] ?? '')
}
