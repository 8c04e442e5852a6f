import { writeFile } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'
import { davisPalette } from '../../core/formats/palette.ts'
import { encodeIndexPng } from '../../core/formats/png.ts'

const palette = davisPalette()

/** Writes one byte a pixel (row by row) as an 8-bit palette PNG with DAVIS colours. */
export async function writeMaskPng(
  path: string,
  width: number,
  height: number,
  indexes: Uint8Array,
): Promise<void> {
  await writeFile(
    path,
    encodeIndexPng(width, height, indexes, palette, (bytes) => deflateSync(bytes, { level: 6 })),
  )
}
