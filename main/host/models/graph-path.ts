import { join } from 'node:path'

/** Of a file of a pack, as this system writes it. The same for the same file: sessions are known by it. */
export function graphPath(folder: string, file: string): string {
  return join(folder, ...file.split('/'))
}
