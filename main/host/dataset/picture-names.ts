import { readdir } from 'node:fs/promises'
import { fileStem } from '../../core/formats/prepared-video.ts'

/** Names without extension of the pictures in a folder; null where there is no such folder. */
export async function pictureNames(folder: string): Promise<Set<string> | null> {
  const names = await readdir(folder).catch(() => null)
  return names && new Set(names.filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).map(fileStem))
}
