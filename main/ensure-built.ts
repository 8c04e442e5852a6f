import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from './core/user-error.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = path.join(root, 'out', 'built-from.sha256')
const sources = [
  'main',
  'native',
  'models',
  'preload',
  'renderer',
  'electron.vite.config.ts',
  'package-lock.json',
]

/**
 * Builds the view and the desktop app's processes into `out/` where sources changed since the last build; says so in one
 * line through `say`. Throws UserError 'build-failed'.
 */
export async function ensureBuilt(say: (line: string) => void): Promise<void> {
  const hash = sourcesHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  say('Building the app, once for this version of the sources (some seconds).')
  const bin = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { code, log } = await runNode([bin, 'build', '--logLevel', 'warn'])
  if (code !== 0)
    throw new UserError(
      'build-failed',
      `The app could not be built. Run "npm ci" and try again.\n${log.slice(-4000)}`,
    )
  writeFileSync(stamp, hash)
}

function runNode(args: readonly string[]): Promise<{ code: number | null; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (log += part.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, log }))
  })
}

/** Over content, so that a checkout of older files builds again too; tests do not count. */
function sourcesHash(): string {
  const hash = createHash('sha256')
  for (const place of sources) {
    for (const file of filesIn(path.join(root, place))) {
      hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
    }
  }
  return hash.digest('hex')
}

function filesIn(place: string): string[] {
  if (!existsSync(place)) return []
  if (statSync(place).isFile()) return [place]
  return readdirSync(place, { withFileTypes: true, recursive: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        /\.(ts|tsx|css|html|json|svg|woff2)$/.test(entry.name) &&
        !entry.name.includes('.test.'),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${path.sep}build${path.sep}`))
    .sort()
}
