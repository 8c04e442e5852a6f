/**
 * Folders of pictures as one media: in natural order (`img2` before `img10`), one size for all, 8 bits a sample for whoever
 * reads. Turned JPEGs are upright, as browsers show them.
 */
import { open, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { imageHead, isQuarterTurned } from './image-size.ts'

export interface ImagesProbe {
  /** As shown. */
  readonly width: number
  readonly height: number
  /** 'jpeg', 'png', 'webp', 'tiff'; of the first picture. */
  readonly codec: string
  /** Of the first picture. */
  readonly bitsPerSample: number
  /** A sentence for the user, or null. */
  readonly note: string | null
}

const imageName = /\.(jpe?g|png|webp|tiff?)$/i
const naturalOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
/** Enough for the head of nearly every file; EXIF with a thumbnail fits too. */
const headByteLength = 128 * 1024

/** Names of the pictures in a folder, not in its subfolders. Throws a UserError when there is none. */
export async function listImages(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => imageName.test(name) && !name.startsWith('.'))
  if (names.length === 0) {
    throw new UserError(
      'no-images',
      `${folder} has no JPEG, PNG, WebP or TIFF pictures. Choose the folder that holds them.`,
    )
  }
  return inNaturalOrder(names)
}

/** Digits count as numbers; names that differ only in case or leading zeros keep a fixed order. */
export function inNaturalOrder(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => naturalOrder.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0))
}

/** Looks at the head of every file. Throws a UserError that names the first one that cannot be read or has another size. */
export async function probeImages(
  folder: string,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<ImagesProbe> {
  if (files.length === 0)
    throw new UserError('no-images', `${folder} has no pictures. Choose another folder.`)
  const heads: { width: number; height: number; format: string; bitsPerSample: number }[] = new Array(
    files.length,
  )
  let next = 0
  const look = async () => {
    while (next < files.length) {
      signal?.throwIfAborted()
      const index = next++
      heads[index] = await readHead(join(folder, files[index] as string))
    }
  }
  await Promise.all([look(), look(), look(), look()])
  const first = heads[0] as (typeof heads)[number]
  const other = heads.findIndex((head) => head.width !== first.width || head.height !== first.height)
  if (other >= 0)
    throw new UserError('mixed-sizes', mixedSentence(files, other, first, heads[other] as typeof first))
  const note = first.bitsPerSample > 8 ? `${first.bitsPerSample} bits a sample, shown with 8.` : null
  return {
    width: first.width,
    height: first.height,
    codec: first.format,
    bitsPerSample: first.bitsPerSample,
    note,
  }
}

interface Size {
  readonly width: number
  readonly height: number
}

function mixedSentence(files: readonly string[], other: number, size: Size, otherSize: Size): string {
  return `${files[other]} is ${otherSize.width} x ${otherSize.height}, but ${files[0]} is ${size.width} x ${size.height}. All pictures of a folder must have one size: move the others to a folder of their own.`
}

async function readHead(path: string) {
  const file = await open(path, 'r').catch(() => {
    throw new UserError('image-missing', `${path} cannot be opened. Put it back or relink the folder.`)
  })
  try {
    const { size } = await file.stat()
    for (const length of [Math.min(size, headByteLength), size]) {
      const bytes = Buffer.alloc(length)
      await file.read(bytes, 0, length, 0)
      const head = imageHead(bytes)
      if (!head) continue
      const { width, height, format, bitsPerSample } = head
      return isQuarterTurned(head)
        ? { width: height, height: width, format, bitsPerSample }
        : { width, height, format, bitsPerSample }
    }
  } finally {
    await file.close()
  }
  throw new UserError(
    'image-unreadable',
    `${basename(path)} is not a JPEG, PNG, WebP or TIFF picture that can be read. Remove it from the folder or convert it.`,
  )
}
