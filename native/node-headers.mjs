// Where the headers of Node are that an addon is built with.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Folder with include/node/node_api.h beside the running node or the system's, or null: then node-gyp fetches one. */
export function headersFolder() {
  const nodes = [process.execPath]
  for (const part of (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':')) {
    const node = join(part, process.platform === 'win32' ? 'node.exe' : 'node')
    if (part !== '' && existsSync(node)) nodes.push(realpathSync(node))
  }
  const candidates = nodes.flatMap((node) => [dirname(dirname(node)), dirname(node)])
  return [...candidates, '/usr', '/usr/local'].find((each) => {
    const include = join(each, 'include', 'node')
    return existsSync(join(include, 'node_api.h')) && existsSync(join(include, 'common.gypi'))
  })
}
