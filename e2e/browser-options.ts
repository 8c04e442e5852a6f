import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { chromium, type LaunchOptions } from '@playwright/test'
import packedChromium, { inflate } from '@sparticuz/chromium'

const root = path.resolve(import.meta.dirname, '..')

/** Where systems put a Chromium that decodes H.264. */
const installedPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * A Chromium for tests: CHROMIUM_PATH (a path, or `packed`), else an installed one, else the one packed in
 * @sparticuz/chromium (Linux x64), else Playwright's own download.
 */
export async function browserOptions(): Promise<LaunchOptions> {
  const { executablePath, env } = await findBrowser()
  return {
    executablePath,
    env: { ...(process.env as Record<string, string>), ...env },
    // As root Chromium has no sandbox to give.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  }
}

interface FoundBrowser {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

async function findBrowser(): Promise<FoundBrowser> {
  const named = process.env.CHROMIUM_PATH
  if (named && named !== 'packed') return { executablePath: named, env: {} }
  const installed = named ? undefined : installedPaths.find((each) => existsSync(each))
  if (installed) return { executablePath: installed, env: {} }
  if (process.platform === 'linux' && process.arch === 'x64') return unpackedBrowser()
  const own = chromium.executablePath()
  if (existsSync(own)) return { executablePath: own, env: {} }
  throw new Error('No Chromium was found. Install Chrome, or run "npx playwright install chromium".')
}

async function unpackedBrowser(): Promise<FoundBrowser> {
  const cache = path.join(root, 'node_modules', '.cache')
  const folder = path.join(cache, 'test-chromium')
  if (!existsSync(path.join(folder, 'chromium'))) {
    await mkdir(cache, { recursive: true })
    const work = await mkdtemp(path.join(cache, 'test-chromium-'))
    await unpackInto(work)
    // In one step, so that a run that was killed leaves nothing half unpacked.
    await rename(work, folder)
  }
  const executablePath = path.join(folder, 'chromium')
  return {
    executablePath,
    env: lacksLibraries(executablePath) ? { LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib') } : {},
  }
}

/** The package unpacks into the temporary folder, wherever that is said to be. */
async function unpackInto(folder: string): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    await packedChromium.executablePath()
    await inflate(path.join(root, 'node_modules', '@sparticuz', 'chromium', 'bin', 'al2023.tar.br'))
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

function lacksLibraries(executablePath: string): boolean {
  try {
    return execFileSync('ldd', [executablePath], { encoding: 'utf8' }).includes('not found')
  } catch {
    return true
  }
}
