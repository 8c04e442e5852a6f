import { readFile } from 'node:fs/promises'
import { inflateSync } from 'node:zlib'
import { decodeIndexPng, type IndexPng } from '../../core/formats/png.ts'
import { diskError } from '../disk-error.ts'

/** The numbers of a mask PNG as stored. Throws a UserError that names the file. `name` is how the sentence calls it. */
export async function readMaskPng(path: string, name: string = path): Promise<IndexPng> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw diskError(error, name)
  })
  return decodeIndexPng(bytes, name, (data, maxOutputLength) => inflateSync(data, { maxOutputLength }))
}
