import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { diskError } from '../disk-error.ts'

/** A folder of mask PNGs, one a frame: what DAVIS, YouTube-VOS and VIPOSeg call a sequence. */
export interface MaskFolder {
  readonly name: string
  /** Absolute. */
  readonly folder: string
  /** From the folder that was asked for, with `/`; '' for that folder itself. */
  readonly path: string
  /** PNG file names, sorted. */
  readonly files: readonly string[]
}

/** DAVIS has three levels above a sequence; one more for a folder that holds several datasets. */
const deepest = 5
/** Pictures, not masks. */
const pictureFolders = new Set(['jpegimages', 'images', 'img', 'imgs'])

/** All folders of PNGs in and under `root`, sorted by path. Folders of pictures and hidden ones are passed over. */
export async function maskFolders(root: string): Promise<MaskFolder[]> {
  const found: MaskFolder[] = []
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await entriesOf(folder)
    const files = entries
      .filter((entry) => entry.isFile() && /\.png$/i.test(entry.name))
      .map(({ name }) => name)
    if (files.length > 0) {
      const path = relative(root, folder).split(sep).join('/')
      found.push({ name: basename(folder), folder, path, files: files.sort(byName) })
    }
    if (depth >= deepest) return
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    for (const { name } of folders.sort((a, b) => byName(a.name, b.name)))
      if (!pictureFolders.has(name.toLowerCase())) await visit(join(folder, name), depth + 1)
  }
  await visit(root, 0)
  return found
}

/**
 * The folders that hold a dataset's truth or a method's results, one a sequence: those under `Annotations_gt` where
 * there are such, else those under `Annotations`, else all.
 */
export function truthFolders(folders: readonly MaskFolder[]): readonly MaskFolder[] {
  const under = (part: string) => folders.filter(({ path }) => path.split('/').includes(part))
  const truth = under('Annotations_gt')
  if (truth.length > 0) {
    const covered = new Set(truth.map(({ path }) => path.replace('Annotations_gt', 'Annotations')))
    return [...truth, ...under('Annotations').filter(({ path }) => !covered.has(path))]
  }
  const annotations = under('Annotations')
  return annotations.length > 0 ? annotations : folders
}

export async function entriesOf(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw diskError(error, folder)
  })
}

/** By code unit, as Python sorts, so that frames come in the order that evaluators see. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
