/**
 * better-sqlite3's ready-made addon asks for Node-API 10, which the test Electron (33) does not have; Electron 45, which
 * the program declares, does. So for the desktop tests the same sources are compiled once for Node-API 9, into the
 * folder where better-sqlite3 looks first. The result runs in every Node too.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..', '..')
const require = createRequire(root + path.sep)

export async function ensureTestSqlite() {
  const source = path.dirname(require.resolve('better-sqlite3/package.json'))
  const target = path.join(source, 'build', 'Release', 'better_sqlite3.node')
  if (existsSync(target)) return
  console.error('test-electron: compiling better-sqlite3 for Node-API 9 (a minute or two, once)')
  const cache = path.join(root, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(path.join(cache, 'test-sqlite-'))
  try {
    for (const part of ['src', 'deps', 'lib', 'binding.gyp', 'package.json'])
      await cp(path.join(source, part), path.join(work, part), { recursive: true })
    await cp(
      path.join(import.meta.dirname, 'string-references.hpp'),
      path.join(work, 'src', 'string-references.hpp'),
    )
    await edit(path.join(work, 'binding.gyp'), 'NAPI_VERSION=10', 'NAPI_VERSION=9')
    await edit(
      path.join(work, 'src', 'better_sqlite3.cpp'),
      '#include <napi.h>',
      '#include "string-references.hpp"\n#include <napi.h>',
    )
    execFileSync(process.execPath, gypArguments(work), { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] })
    await mkdir(path.dirname(target), { recursive: true })
    await rename(path.join(work, 'build', 'Release', 'better_sqlite3.node'), target)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function edit(file, from, to) {
  const text = await readFile(file, 'utf8')
  if (!text.includes(from))
    throw new Error(
      `${path.basename(file)} of better-sqlite3 has no ${from} any more; see ensure-test-sqlite.mjs.`,
    )
  await writeFile(file, text.replace(from, to))
}

function gypArguments(work) {
  const gyp = require.resolve('node-gyp/bin/node-gyp.js')
  const jobs = String(availableParallelism())
  return [
    gyp,
    'rebuild',
    '--directory',
    work,
    '--jobs',
    jobs,
    `--nodedir=${headersFolder()}`,
    '--',
    '-Dforce_build=1',
  ]
}

/** The package `node` brings the headers of its Node along. */
function headersFolder() {
  const manifest = require.resolve('node/package.json')
  const folder = path.join(path.dirname(manifest), 'node_modules', `node-${process.platform}-${process.arch}`)
  return existsSync(path.join(folder, 'include', 'node', 'node_api.h'))
    ? folder
    : path.dirname(path.dirname(process.execPath))
}
