import { existsSync } from 'node:fs'
import type { LaunchOptions } from '@playwright/test'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** A Chromium for tests: CHROMIUM_PATH, an installed one, else the one that comes as an npm package. */
export async function browserOptions(): Promise<LaunchOptions> {
  const named = process.env.CHROMIUM_PATH
  const executablePath = named ?? installed.find((path) => existsSync(path))
  const args = ['--no-sandbox', '--enable-unsafe-swiftshader']
  if (executablePath) return { executablePath, args }
  const { default: chromium } = await import('@sparticuz/chromium')
  return { executablePath: await chromium.executablePath(), args: [...chromium.args, ...args] }
}
