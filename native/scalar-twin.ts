/**
 * The kernels once more, as plain loops: no vector types, no vectorising compiler, no reordered sums. Tests compare the
 * program's kernels with it. Not a part of the program.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Binding } from './addon.ts'

const folder = import.meta.dirname
/** Plain JavaScript, because the install runs it. */
const { kernelsHash } = (await import(new URL('kernels-hash.mjs', import.meta.url).href)) as {
  kernelsHash(...more: string[]): string
}
const { headersFolder } = (await import(new URL('node-headers.mjs', import.meta.url).href)) as {
  headersFolder(): string | undefined
}
const require = createRequire(import.meta.url)
const bindings = readdirSync(folder).filter((name) => /^binding.*\.[ch]pp$/.test(name))
const flags = [
  '-std=c++17',
  '-O1',
  '-fno-tree-vectorize',
  '-fno-tree-slp-vectorize',
  '-fPIC',
  '-pthread',
  '-DIB_SCALAR',
]
const defines = ['-DNAPI_VERSION=8', '-DNODE_ADDON_API_CPP_EXCEPTIONS', '-DNODE_GYP_MODULE_NAME=inbetween']

/** Why it cannot be built here, or null. */
export function scalarTwinMissing(): string | null {
  if (process.platform !== 'linux') return 'skipped: the scalar twin is built on Linux only'
  if (spawnSync('g++', ['--version']).status !== 0)
    return 'skipped: there is no g++ to build the scalar twin with'
  return headersFolder() ? null : 'skipped: there are no headers of Node to build the scalar twin with'
}

/** Compiled once a version of the sources, which takes some seconds. */
export function scalarTwin(): Binding {
  const built = join(tmpdir(), `inbetween-scalar-${kernelsHash(...bindings).slice(0, 16)}`)
  const path = join(built, 'scalar.node')
  if (!existsSync(path)) compile(built, path)
  return require(path) as Binding
}

function compile(built: string, path: string): void {
  mkdirSync(built, { recursive: true })
  const { include_dir } = require('node-addon-api') as { include_dir: string }
  const includes = [join(headersFolder()!, 'include/node'), include_dir.replaceAll('"', '')].map(
    (each) => `-I${each}`,
  )
  const kernels = readdirSync(join(folder, 'kernels')).map((name) => join(folder, 'kernels', name))
  const sources = [...bindings.map((name) => join(folder, name)), ...kernels].filter((name) =>
    name.endsWith('.cpp'),
  )
  const part = `${path}.${process.pid}.part`
  const run = spawnSync('g++', [...flags, ...defines, ...includes, '-shared', '-o', part, ...sources], {
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(`The scalar twin does not compile:\n${run.stderr}`)
  renameSync(part, path)
}
