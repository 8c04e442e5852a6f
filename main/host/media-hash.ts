/** Tells one media file from another, and a changed one from the same, without reading gigabytes. */
import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaSource } from '../core/records.ts'
import { diskError } from './disk-error.ts'

/** How much is read at each end of a file. */
const endByteLength = 1024 * 1024

export interface MediaPrint {
  readonly byteLength: number
  /** 64 hex digits. */
  readonly hash: string
}

/** Size, and SHA-256 of the size, the first and the last mebibyte of a video file. */
export async function videoPrint(path: string): Promise<MediaPrint> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const hash = createHash('sha256').update(String(size))
      const head = Buffer.alloc(Math.min(size, endByteLength))
      await file.read(head, 0, head.length, 0)
      const tail = Buffer.alloc(Math.min(size - head.length, endByteLength))
      await file.read(tail, 0, tail.length, size - tail.length)
      return { byteLength: size, hash: hash.update(head).update(tail).digest('hex') }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Sum of the sizes, and SHA-256 of every file's name and size, of a folder of images. */
export async function imagesPrint(folder: string, files: readonly string[]): Promise<MediaPrint> {
  const hash = createHash('sha256')
  let byteLength = 0
  for (const name of files) {
    try {
      const { size } = await stat(join(folder, name))
      byteLength += size
      hash.update(`${name}\n${size}\n`)
    } catch (error) {
      throw diskError(error, join(folder, name))
    }
  }
  return { byteLength, hash: hash.digest('hex') }
}

/** The print of a source with absolute paths, as it is on disk now. */
export function sourcePrint(source: MediaSource): Promise<MediaPrint> {
  return source.type === 'video' ? videoPrint(source.path) : imagesPrint(source.folder, source.files)
}
