/**
 * The program's own files are TypeScript that Node runs as it is, from version 22.18 on. Whatever `node` a person has,
 * the package `node` in node_modules brings version 24, so the two entries that a person starts go through here.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Runs a TypeScript entry with this process's arguments: here when this Node can, else in a Node that can. */
export async function runOnNode24(entryUrl) {
  if (process.features.typescript) {
    await import(entryUrl)
    return
  }
  const node = pinnedNode()
  if (!node) {
    console.error(
      `Node ${process.versions.node} cannot run Inbetween, and node_modules has no newer one. Run "npm ci" in ${path.resolve(import.meta.dirname, '..')}, or use Node 24.`,
    )
    process.exitCode = 1
    return
  }
  const child = spawn(node, [fileURLToPath(entryUrl), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl+C reaches the whole group by itself; a signal sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    const name = process.platform === 'win32' ? 'node.exe' : 'node'
    const file = path.join(path.dirname(manifest), 'bin', name)
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}
