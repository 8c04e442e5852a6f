import { copyFile, open, writeFile } from 'node:fs/promises'
import { Transformer } from '@napi-rs/image'
import { jpegHeader } from '../../core/formats/jpeg-header.ts'

/** Where compression artefacts stop being visible; what DAVIS and YouTube-VOS frames are like. */
const jpegQuality = 95
/** Enough for the metadata that cameras put before the size. */
const headerByteLength = 256 * 1024

/** Writes RGB bytes (row by row) as a JPEG. */
export async function writeJpeg(path: string, width: number, height: number, rgb: Uint8Array): Promise<void> {
  const rgba = new Uint8Array(width * height * 4)
  for (let from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
    rgba[to] = rgb[from]!
    rgba[to + 1] = rgb[from + 1]!
    rgba[to + 2] = rgb[from + 2]!
    rgba[to + 3] = 255
  }
  await writeFile(path, await Transformer.fromRgbaPixels(rgba, width, height).jpeg(jpegQuality))
}

/**
 * Copies a JPEG of exactly this size, so that its pixels are not compressed twice. False, and nothing written, for
 * anything else: another format, another size, or a picture that only its EXIF turns upright.
 */
export async function copyJpeg(from: string, to: string, width: number, height: number): Promise<boolean> {
  if (!/\.jpe?g$/i.test(from)) return false
  const handle = await open(from, 'r').catch(() => null)
  if (!handle) return false
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(headerByteLength), position: 0 })
    const header = jpegHeader(buffer.subarray(0, bytesRead))
    if (!header || header.width !== width || header.height !== height || header.orientation !== 1)
      return false
  } finally {
    await handle.close()
  }
  await copyFile(from, to)
  return true
}
