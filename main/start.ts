/**
 * `npm start [-- FOLDER]`: the desktop app on the sample project, or on a project's folder. Where Electron cannot be
 * had or cannot show a window, it says why in one line and gives the same app to the browser.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isUserError } from './core/user-error.ts'
import { ensureBuilt } from './ensure-built.ts'
import { findElectron } from './find-electron.ts'
import { ensureSample } from './host/sample.ts'
import { hasDisplay } from './open-browser.ts'
import { serveUntilEnded } from './serve.ts'
import { settingsFolder } from './settings-folder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** An app that ends with an error sooner than this never showed its window. */
const failedStartMs = 10_000
const say = (line: string) => console.log(line)

try {
  await start(process.argv.slice(2))
} catch (error) {
  console.error(isUserError(error) ? error.message : error)
  process.exitCode = 1
}

async function start(args: readonly string[]): Promise<void> {
  await buildNative()
  await ensureBuilt(say)
  if (args.length === 0) await prepareSample()
  const reason = hasDisplay() ? await runDesktop(args) : 'there is no display'
  if (reason === null) return
  say(`The desktop window cannot be shown, because ${reason}. The same app follows in the browser.`)
  await serveUntilEnded({
    port: 0,
    project: args[0] ?? { sample: true },
    open: true,
    say,
    ready: ({ url }) => say(`Inbetween is at ${url}`),
  })
}

/** Null: the app ran, and its end is ours. Otherwise why it could not. */
async function runDesktop(args: readonly string[]): Promise<string | null> {
  const electron = await findElectron(say)
  if ('reason' in electron) return `Electron is not here: ${electron.reason}`
  const isRoot = process.getuid?.() === 0
  const flags = isRoot ? ['--no-sandbox'] : []
  if (isRoot) say('Running as root: Chromium’s own sandbox is off, as it cannot be had there.')
  const began = performance.now()
  const child = spawn(electron.path, [...flags, root, ...(args.length > 0 ? args : ['--sample'])], {
    stdio: 'inherit',
  })
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(1))
    child.on('close', resolve)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => child.kill(signal))
  })
  const failed = code !== 0 && !child.killed && performance.now() - began < failedStartMs
  if (failed) return `Electron ended at once (code ${code})`
  process.exitCode = code ?? 0
  return null
}

/** Here and not behind the window, so that the window stands at once. */
async function prepareSample(): Promise<void> {
  let told = false
  await ensureSample(join(settingsFolder(), 'samples'), {
    now: () => Date.now(),
    newId: (word) => `${word}-${randomUUID()}`,
    onProgress: () => {
      if (!told) say('Filming the sample project, once (some seconds).')
      told = true
    },
  })
}

function buildNative(): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('../native/build.mjs', import.meta.url))], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    // It says itself why it failed; the app then says so where propagation is asked for.
    child.on('close', () => resolve())
  })
}
