import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, screen } from 'electron'
import { readWindowState, writeWindowState } from './window-state.ts'

const smallest = { width: 960, height: 600 }
const usual = { width: 1440, height: 900 }

/** The one window, where it stood last time. Its page runs sandboxed and isolated and sees no more than the bridge. */
export function createWindow(): BrowserWindow {
  const stateFile = path.join(app.getPath('userData'), 'window.json')
  const state = readWindowState(
    stateFile,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  )
  const window = new BrowserWindow({
    ...usual,
    ...state.bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    backgroundColor: '#16181b',
    title: 'Inbetween',
    autoHideMenuBar: true,
    webPreferences: {
      preload: fileURLToPath(new URL('../../out/preload/index.cjs', import.meta.url)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // A run that fills the lanes must go on while another window covers this one.
      backgroundThrottling: false,
    },
  })
  if (state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  // The title is the app's to say (project and time of saving), not the page's <title>.
  window.on('page-title-updated', (event) => event.preventDefault())
  window.on('close', () => {
    writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  })
  return window
}
