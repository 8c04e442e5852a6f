// Builds native/wasm/inbetween.wasm from the same kernels, by hand, whenever they change: it is kept in the repository
// so that the app also runs where no C++ compiler is. `node native/wasm/build.mjs` needs clang and lld with
// the WASI libraries (Debian: clang lld wasi-libc libc++-14-dev-wasm32 libclang-rt-14-dev-wasm32).
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kernelsHash } from '../kernels-hash.mjs'

const folder = dirname(fileURLToPath(import.meta.url))
const native = dirname(folder)
const target = ['--target=wasm32-wasi', '-O3']
const compile = [
  ...['-std=c++17', '-msimd128', '-fno-exceptions', '-fno-rtti'],
  ...[
    '-fno-math-errno',
    '-fno-trapping-math',
    '-fassociative-math',
    '-fno-signed-zeros',
    '-freciprocal-math',
  ],
]
const link = [
  '-mexec-model=reactor',
  '-Wl,--strip-all',
  '-Wl,-z,stack-size=1048576',
  '-Wl,--max-memory=4294967296',
]

function clang(...args) {
  const run = spawnSync(process.env.WASM_CXX ?? 'clang++', args, { stdio: 'inherit' })
  if (run.error || run.status !== 0) {
    console.error(
      `wasm: clang++ failed${run.error ? ` (${run.error.message})` : ''}: see the top of this file for what it needs.`,
    )
    process.exit(1)
  }
}

const header = readFileSync(join(native, 'inbetween.h'), 'utf8')
const functions = new Set([...header.matchAll(/\b(ib_[a-z_]+)\(/g)].map(([, name]) => name))
const exports = [...functions, 'malloc', 'calloc', 'free'].map((name) => `-Wl,--export=${name}`)

const work = mkdtempSync(join(tmpdir(), 'inbetween-wasm-'))
try {
  const sources = readdirSync(join(native, 'kernels')).filter((name) => name.endsWith('.cpp'))
  const objects = sources.map((name) => join(work, `${basename(name, '.cpp')}.o`))
  sources.forEach((name, i) => {
    clang(...target, ...compile, '-c', join(native, 'kernels', name), '-o', objects[i])
  })
  clang(...target, ...objects, ...link, ...exports, '-o', join(folder, 'inbetween.wasm'))
  writeFileSync(join(folder, 'inbetween.sha256'), `${kernelsHash()}\n`)
  console.log('wasm: built native/wasm/inbetween.wasm')
} finally {
  rmSync(work, { recursive: true })
}
