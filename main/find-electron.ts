import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const executables: Readonly<Record<string, string>> = {
  darwin: path.join('Electron.app', 'Contents', 'MacOS', 'Electron'),
  win32: 'electron.exe',
}
const executable = executables[process.platform] ?? 'electron'
const reachTimeoutMs = 5000
const downloadTimeoutMs = 5 * 60_000

/**
 * Electron's executable: ELECTRON_OVERRIDE_DIST_PATH, else the one that the package `electron` has downloaded or can
 * download now. Otherwise the reason why there is none, as a clause without a full stop.
 */
export async function findElectron(
  say: (line: string) => void,
): Promise<{ readonly path: string } | { readonly reason: string }> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const file = path.join(override, executable)
    return existsSync(file)
      ? { path: file }
      : { reason: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, where it is not` }
  }
  const folder = electronFolder()
  if (folder === null) return { reason: 'the package electron is not installed' }
  const file = installedIn(folder)
  if (file) return { path: file }
  const site = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com'
  if (!(await answers(site))) return { reason: `${new URL(site).host}, which has it, cannot be reached` }
  say('Fetching Electron, once (about 120 MB).')
  await download(path.join(folder, 'install.js'))
  const fetched = installedIn(folder)
  return fetched ? { path: fetched } : { reason: 'its download failed' }
}

function electronFolder(): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return null
  }
}

function installedIn(folder: string): string | null {
  const file = path.join(folder, 'dist', executable)
  const version = path.join(folder, 'dist', 'version')
  if (!existsSync(file) || !existsSync(version)) return null
  const { version: wanted } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string
  }
  return readFileSync(version, 'utf8').replace(/^v/, '').trim() === wanted ? file : null
}

async function answers(site: string): Promise<boolean> {
  try {
    await fetch(site, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(reachTimeoutMs) })
    return true
  } catch {
    return false
  }
}

function download(installer: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], {
      stdio: ['ignore', 'ignore', 'ignore'],
      timeout: downloadTimeoutMs,
    })
    child.on('error', () => resolve())
    child.on('close', () => resolve())
  })
}
