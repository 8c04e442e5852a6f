import path from 'node:path'
import {
  type BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  shell,
} from 'electron'
import type { PathRef, PickOptions } from '../core/api.ts'
import { isOurs } from './app-origin.ts'

const maxTitleLength = 300

/** Answers what only the desktop can do. Calls from any frame but the app's own page are refused. */
export function answerShellCalls(window: BrowserWindow, view: string, connect: () => void): void {
  const trusted = (event: IpcMainEvent | IpcMainInvokeEvent) =>
    event.senderFrame === window.webContents.mainFrame && isOurs(event.senderFrame.url, view)
  const answer = (name: string, call: (argument: unknown) => unknown) => {
    ipcMain.handle(name, (event, argument: unknown) => {
      if (!trusted(event)) throw new Error('Only the page of Inbetween may ask this.')
      return call(argument)
    })
  }
  const onConnect = (event: IpcMainEvent) => {
    if (trusted(event)) connect()
  }
  answer('pick', (options) => pick(window, options as PickOptions))
  answer('set-title', (title) => window.setTitle(String(title).slice(0, maxTitleLength)))
  answer('show-in-folder', (folder) => {
    // Shows it in the file browser; never opens it, which could start a program.
    if (typeof folder === 'string' && path.isAbsolute(folder)) shell.showItemInFolder(folder)
  })
  ipcMain.on('connect', onConnect)
  window.once('closed', () => {
    for (const name of ['pick', 'set-title', 'show-in-folder']) ipcMain.removeHandler(name)
    ipcMain.off('connect', onConnect)
  })
}

async function pick(window: BrowserWindow, options: PickOptions): Promise<readonly PathRef[] | null> {
  const properties: Electron.OpenDialogOptions['properties'] =
    options.kind === 'files'
      ? ['openFile', 'multiSelections']
      : [
          'openDirectory',
          ...(options.kind === 'new-folder' ? (['createDirectory', 'promptToCreate'] as const) : []),
        ]
  const filters = (options.filters ?? []).map(({ name, extensions }) => ({
    name: String(name),
    extensions: extensions.map(String),
  }))
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: String(options.title),
    properties,
    ...(options.kind === 'files' ? { filters } : {}),
  })
  return canceled ? null : filePaths
}
