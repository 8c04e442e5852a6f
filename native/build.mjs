// Builds native/build/Release/inbetween.node with node-gyp. Run by `npm install` (the root `install` script), and by
// hand with `node native/build.mjs [--force]`. Does nothing where an up-to-date build is there. Where it cannot be
// built, the install still succeeds: the app then runs the WebAssembly twin in native/wasm, and this says so.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kernelsHash } from './kernels-hash.mjs'
import { headersFolder } from './node-headers.mjs'

const folder = dirname(fileURLToPath(import.meta.url))
const built = join(folder, 'build', 'Release', 'inbetween.node')
const stamp = join(folder, 'build', 'sources.sha256')

const remedies = {
  linux: 'install a C++ compiler, make and Python 3 (Debian and Ubuntu: apt-get install g++ make python3)',
  darwin: 'install the Xcode command line tools (xcode-select --install)',
  win32: 'install Python 3 and the Visual Studio Build Tools with "Desktop development with C++"',
}

function settleForWasm(reason) {
  const remedy = remedies[process.platform] ?? 'install a C++17 compiler, make and Python 3'
  // A build of older sources must not be taken for this one.
  rmSync(built, { force: true })
  console.warn(`\nnative: the fast video kernels could not be built (${reason}).`)
  console.warn('native: Inbetween works all the same, with its slower WebAssembly kernels.')
  console.warn(`native: for the fast ones ${remedy}, then run npm install again;`)
  console.warn('native: without a network, set npm_config_nodedir to a folder that holds include/node.')
  process.exit(process.argv.includes('--strict') ? 1 : 0)
}

const hash = `${process.platform} ${process.arch} ${kernelsHash('binding.gyp', 'binding.hpp', 'binding.cpp', 'binding-band.cpp', 'binding-frame.cpp')}`
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
    settleForWasm('node-gyp or node-addon-api is not installed')
  }
  const nodedir = process.env.npm_config_nodedir ?? headersFolder()
  const options = ['rebuild', '--directory', folder, '--jobs', String(availableParallelism())]
  if (nodedir) options.push(`--nodedir=${nodedir}`)
  console.log(`native: building the video kernels${nodedir ? ` with the headers of ${nodedir}` : ''}`)
  const run = spawnSync(process.execPath, [gyp, ...options], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (run.status !== 0) {
    console.error(`${run.stdout ?? ''}${run.stderr ?? ''}`.split('\n').slice(-60).join('\n'))
    settleForWasm(run.error ? run.error.message : `node-gyp ended with code ${run.status}`)
  }
  if (!existsSync(built)) settleForWasm('node-gyp made no inbetween.node')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
  console.log('native: built')
}
