import { existsSync } from 'node:fs'
import path from 'node:path'
import { ensureTestElectron } from './test-electron.mjs'

const root = path.resolve(import.meta.dirname, '..')

/** Electron for the desktop tests: ELECTRON_OVERRIDE_DIST_PATH, else the installed one, else the test Electron. */
export async function findTestElectron(): Promise<string> {
  const names: Readonly<Record<string, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const name = names[process.platform] ?? 'electron'
  const places = [
    process.env.ELECTRON_OVERRIDE_DIST_PATH,
    path.join(root, 'node_modules', 'electron', 'dist'),
  ]
  const place = places.find((each) => each && existsSync(path.join(each, name)))
  return path.join(place ?? (await ensureTestElectron()), name)
}
