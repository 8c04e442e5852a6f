/** The whole bridge between the page and the desktop: a port to the program, and the shell's dialogs. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { PickOptions, ShellApi } from '../main/core/api.ts'

const shell: ShellApi = {
  pick: (options: PickOptions) => ipcRenderer.invoke('pick', options),
  pathOf: (file) => webUtils.getPathForFile(file as File),
  showInFolder: (folder) => ipcRenderer.invoke('show-in-folder', folder),
  setTitle: (title) => ipcRenderer.invoke('set-title', title),
}

// A port cannot pass the context bridge, but a message to the page's own window can carry it.
ipcRenderer.on('host-port', (event) => {
  window.postMessage({ type: 'host-port' }, window.location.origin, event.ports as MessagePort[])
})

contextBridge.exposeInMainWorld('inbetween', { shell, connect: () => ipcRenderer.send('connect') })
