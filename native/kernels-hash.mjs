import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Hash of the kernels' sources and whatever else is named: tells a build of older files from one of these. */
export function kernelsHash(...more) {
  const folder = dirname(fileURLToPath(import.meta.url))
  const hash = createHash('sha256')
  const kernels = readdirSync(join(folder, 'kernels'))
    .sort()
    .map((name) => `kernels/${name}`)
  // Line ends as git may have changed them on Windows make no other program.
  for (const name of ['inbetween.h', ...kernels, ...more])
    hash.update(name).update(readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n'))
  return hash.digest('hex')
}
