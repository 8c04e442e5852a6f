/**
 * The desktop app's main process. It starts the host in a process of its own, opens the window, introduces one to the
 * other, and otherwise keeps out of the way: no project, no pixels, no long work here.
 */
import { fileURLToPath } from 'node:url'
import { app, type BrowserWindow, dialog, session } from 'electron'
import { setAppMenu } from './electron/app-menu.ts'
import { viewUrl } from './electron/app-origin.ts'
import { HostKeeper } from './electron/host-keeper.ts'
import { lockDown } from './electron/lock-down.ts'
import { openingOf } from './electron/opening-of.ts'
import { handleProtocols, registerSchemes } from './electron/protocols.ts'
import { answerShellCalls } from './electron/shell-calls.ts'
import { createWindow } from './electron/window.ts'
import { settingsFolder } from './settings-folder.ts'

// Also where Chromium keeps its own; the served app and the command line share the rest.
app.setPath('userData', settingsFolder())

const developmentUrl = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const view = viewUrl(developmentUrl)

registerSchemes()
// As root (a container, a test machine) Chromium has no sandbox to give and must be told so on the command line.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
// Where there is no graphics card WebGL is drawn by the processor. Chromium asks for consent because of what foreign
// pages might do with that; here runs no page but our own.
app.commandLine.appendSwitch('enable-unsafe-swiftshader')
if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  let window: BrowserWindow | null = null
  const keeper = new HostKeeper(
    settingsFolder(),
    openingOf(process.argv.slice(1), process.cwd(), app.getAppPath()),
    tell,
  )
  closeHostBeforeQuit(keeper)
  app.on('window-all-closed', () => app.quit())
  app.on('second-instance', (_event, args, workingFolder) => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
    const opening = openingOf(args.slice(1), workingFolder, app.getAppPath())
    if (opening) void keeper.open(opening)
  })
  await app.whenReady()
  setAppMenu(developmentUrl !== undefined)
  lockDown(session.defaultSession, view)
  handleProtocols(
    session.defaultSession,
    fileURLToPath(new URL('../out/renderer', import.meta.url)),
    keeper,
    view,
  )
  window = createWindow()
  const page = window.webContents
  answerShellCalls(window, view, () => {
    keeper.connect(page).catch((error: unknown) => tell(String(error)))
  })
  page.on('render-process-gone', (_event, { reason }) => {
    // The host holds everything; a new page shows it again.
    if (reason !== 'clean-exit' && !page.isDestroyed()) page.reload()
  })
  await window.loadURL(view)
}

function tell(sentence: string): void {
  void dialog.showMessageBox({ type: 'warning', title: 'Inbetween', message: sentence })
}

function closeHostBeforeQuit(keeper: HostKeeper): void {
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void keeper.close().finally(() => {
      closed = true
      app.quit()
    })
  })
}
