// Builds native/build/Release/inbetween.node with node-gyp. Run by `npm install` (the root `install` script), and by
// hand with `node native/build.mjs [--force]`. Does nothing where an up-to-date build is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const built = join(folder, 'build', 'Release', 'inbetween.node')
const stamp = join(folder, 'build', 'sources.sha256')

const remedies = {
  linux: 'install a C++ compiler, make and Python 3 (Debian and Ubuntu: apt-get install g++ make python3)',
  darwin: 'install the Xcode command line tools (xcode-select --install)',
  win32: 'install Python 3 and the Visual Studio Build Tools with "Desktop development with C++"',
}

/** Hash of everything the build depends on, so that a checkout of older files builds again too. */
function sourcesHash() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const kernels = readdirSync(join(folder, 'kernels')).sort()
  const files = ['binding.gyp', 'binding.cpp', 'inbetween.h', ...kernels.map((name) => join('kernels', name))]
  for (const name of files) hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

/** Folder with include/node/node_api.h beside the running node or the system's, or null: then node-gyp fetches one. */
function headersFolder() {
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

function fail(reason) {
  const remedy = remedies[process.platform] ?? 'install a C++17 compiler, make and Python 3'
  console.error(
    `\nnative: the video kernels could not be built (${reason}): ${remedy}, then run npm install again.`,
  )
  console.error('native: without a network, set npm_config_nodedir to a folder that holds include/node.')
  process.exit(1)
}

const hash = sourcesHash()
const upToDate = existsSync(built) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
if (upToDate && !process.argv.includes('--force')) {
  console.log('native: up to date')
} else {
  const require = createRequire(import.meta.url)
  let gyp
  try {
    gyp = require.resolve('node-gyp/bin/node-gyp.js')
    require.resolve('node-addon-api')
  } catch {
    fail('node-gyp or node-addon-api is not installed')
  }
  const nodedir = process.env.npm_config_nodedir ?? headersFolder()
  const options = ['rebuild', '--directory', folder, '--jobs', String(availableParallelism())]
  if (nodedir) options.push(`--nodedir=${nodedir}`)
  console.log(`native: building the video kernels${nodedir ? ` with the headers of ${nodedir}` : ''}`)
  const run = spawnSync(process.execPath, [gyp, ...options], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (run.status !== 0) {
    console.error(`${run.stdout ?? ''}${run.stderr ?? ''}`.split('\n').slice(-60).join('\n'))
    fail(run.error ? run.error.message : `node-gyp ended with code ${run.status}`)
  }
  if (!existsSync(built)) fail('node-gyp made no inbetween.node')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
  console.log('native: built')
}
