import type { Field } from './field.ts'
import type { PackFile } from './manifest.ts'

/** Throws where the field names no file of the pack. */
export function listedFile(field: Field, files: ReadonlyMap<string, PackFile>): PackFile {
  const file = typeof field.value === 'string' ? files.get(field.value) : undefined
  if (!file)
    throw field.wrong(
      `is ${JSON.stringify(field.value) ?? 'nothing'}, which is not among “files”: add it there`,
    )
  return file
}
