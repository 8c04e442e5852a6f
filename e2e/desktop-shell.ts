import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { findTestElectron } from './find-test-electron.ts'
import type { Folders } from './served-shell.ts'
import type { Shell } from './shell.ts'

const root = path.resolve(import.meta.dirname, '..')

/** A real Electron with the built app. */
export async function openDesktopShell(
  folders: Folders,
  args: readonly string[] = [],
): Promise<DesktopShell> {
  const executablePath = await findTestElectron()
  const application = await launch(executablePath, folders, args)
  return new DesktopShell(executablePath, application, await application.firstWindow(), folders)
}

export class DesktopShell implements Shell {
  readonly name = 'desktop'
  readonly settingsFolder: string
  readonly folder: string
  readonly #executablePath: string
  application: ElectronApplication
  page: Page

  constructor(executablePath: string, application: ElectronApplication, page: Page, folders: Folders) {
    this.#executablePath = executablePath
    this.application = application
    this.page = page
    this.settingsFolder = folders.settingsFolder
    this.folder = folders.folder
  }

  async hostPid(): Promise<number> {
    const pid = await this.application.evaluate(
      ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Inbetween host')?.pid,
    )
    if (pid === undefined) throw new Error('The host process does not run.')
    return pid
  }

  async killHost(): Promise<void> {
    process.kill(await this.hostPid(), 'SIGKILL')
  }

  async restart(): Promise<void> {
    await this.application.close()
    this.application = await launch(this.#executablePath, this, [])
    this.page = await this.application.firstWindow()
  }

  /**
   * The person starts the app once more. A plain process and not Playwright's launch, which would speak to a process
   * that is about to end. Resolves to the code it ends with.
   */
  async startAgain(): Promise<number | null> {
    const { args, env } = startWith(this)
    const second = spawn(this.#executablePath, args, { env, stdio: 'ignore' })
    const [code] = (await once(second, 'exit')) as [number | null]
    return code
  }

  async willPick(...paths: readonly string[]): Promise<void> {
    await this.application.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = async () => ({ canceled: filePaths.length === 0, filePaths: [...filePaths] })
    }, paths)
  }

  async close(): Promise<void> {
    await this.application.close()
  }
}

function launch(
  executablePath: string,
  folders: StartFolders,
  args: readonly string[],
): Promise<ElectronApplication> {
  const start = startWith(folders)
  return _electron.launch({ executablePath, args: [...start.args, ...args], env: start.env })
}

type StartFolders = Pick<Folders, 'settingsFolder'>

function startWith({ settingsFolder }: StartFolders): { args: string[]; env: Record<string, string> } {
  // As root Chromium has no sandbox to give; the switch turns off that alone, not the app's own hardening.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return {
    args: [...flags, root],
    env: { ...(process.env as Record<string, string>), INBETWEEN_SETTINGS: settingsFolder },
  }
}
