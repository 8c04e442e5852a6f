/** A Vulkan driver without a graphics card, for tests: SwiftShader, which Chromium brings along. */
import { existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const manifest = 'vk_swiftshader_icd.json'

/** Where Chromium, or what the end-to-end tests unpacked, keeps its driver. */
const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome']

/**
 * What a process needs in its environment to find the driver, and Vulkan's loader where the system has none: Chromium
 * brings that, too. Null where there is no driver.
 */
export async function swiftShader(): Promise<Readonly<Record<string, string>> | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const found = folders.map((folder) => join(folder, manifest)).find((file) => existsSync(file))
  const file = found ?? (await unpacked())
  return file === null ? null : { VK_ICD_FILENAMES: file, LD_LIBRARY_PATH: dirname(file) }
}

/** From @sparticuz/chromium, which unpacks into the temporary folder, wherever that is said to be. */
async function unpacked(): Promise<string | null> {
  const cache = join(root, 'node_modules', '.cache')
  const folder = join(cache, 'test-swiftshader')
  const archive = join(root, 'node_modules', '@sparticuz', 'chromium', 'bin', 'swiftshader.tar.br')
  const file = join(folder, manifest)
  if (existsSync(file)) return file
  if (!existsSync(archive)) return null
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'test-swiftshader-'))
  const before = process.env.TMPDIR
  process.env.TMPDIR = work
  try {
    const { inflate } = await import('@sparticuz/chromium')
    await inflate(archive)
    // In one step, so that a run that was killed leaves nothing half unpacked.
    renameSync(work, folder)
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  return existsSync(file) ? file : null
}
