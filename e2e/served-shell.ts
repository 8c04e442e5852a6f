import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { browserOptions } from './browser-options.ts'
import type { Shell } from './shell.ts'

const root = path.resolve(import.meta.dirname, '..')

export interface Folders {
  readonly settingsFolder: string
  readonly folder: string
}

/** `inbetween serve` and a page of a Chromium. */
export async function openServedShell({ settingsFolder, folder }: Folders): Promise<ServedShell> {
  const browser = await chromium.launch(await browserOptions())
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const shell = new ServedShell(browser, await context.newPage(), {
    settingsFolder,
    folder,
  })
  await shell.restart()
  return shell
}

export class ServedShell implements Shell {
  readonly name = 'served'
  readonly page: Page
  readonly settingsFolder: string
  readonly folder: string
  readonly #browser: Browser
  #server: { readonly process: ChildProcess; readonly url: string } | null = null

  constructor(browser: Browser, page: Page, { settingsFolder, folder }: Folders) {
    this.#browser = browser
    this.page = page
    this.settingsFolder = settingsFolder
    this.folder = folder
  }

  /** The address that was printed, with the token. */
  get url(): string {
    if (!this.#server) throw new Error('The server does not run.')
    return this.#server.url
  }

  async killHost(): Promise<void> {
    await ended(this.#server?.process, 'SIGKILL')
  }

  async restart(): Promise<void> {
    await ended(this.#server?.process, 'SIGTERM')
    this.#server = await startServer(this)
    await this.page.goto(this.#server.url)
  }

  async willPick(): Promise<void> {}

  async close(): Promise<void> {
    await this.#browser.close()
    await ended(this.#server?.process, 'SIGTERM')
  }
}

function startServer({ settingsFolder, folder }: Folders): Promise<{ process: ChildProcess; url: string }> {
  const entry = path.join(root, 'main', 'inbetween.mjs')
  // Run by the Node that runs the tests, so that the process killed is the host and no launcher before it.
  const child = spawn(process.execPath, [entry, 'serve', '--no-open', '--root', folder], {
    cwd: root,
    env: { ...process.env, INBETWEEN_SETTINGS: settingsFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (part: Buffer) => {
      said += part.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(said)?.[0]
      if (url) resolve({ process: child, url })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('exit', (code) => reject(new Error(`inbetween serve ended with code ${code}: ${said}`)))
  })
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}
