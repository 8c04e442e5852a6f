import { app, type Session, type WebContents } from 'electron'
import { isOurs } from './app-origin.ts'

/**
 * What no page of this program may do, whatever it runs: go elsewhere, open a window, hold a webview, get a device or
 * a permission, download, or load anything over the network. `view` is the address of the app's own page.
 */
export function lockDown(session: Session, view: string): void {
  session.setPermissionRequestHandler((_page, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((request, answer) => answer({ cancel: isForeign(request.url, view) }))
  app.on('web-contents-created', (_event, page) => lockPage(page, view))
}

function lockPage(page: WebContents, view: string): void {
  page.setWindowOpenHandler(() => ({ action: 'deny' }))
  page.on('will-attach-webview', (event) => event.preventDefault())
  const stay = (event: { preventDefault(): void }, url: string) => {
    if (!isOurs(url, view)) event.preventDefault()
  }
  page.on('will-navigate', stay)
  page.on('will-redirect', stay)
  page.on('will-frame-navigate', (event) => stay(event, event.url))
}

/** Anything that would leave the computer, and any file by its path. */
function isForeign(url: string, view: string): boolean {
  const { protocol, host } = new URL(url)
  if (['app:', 'media:', 'blob:', 'data:', 'devtools:'].includes(protocol)) return false
  // The development server talks over http and ws on its own port.
  return view.startsWith('app:') || host !== new URL(view).host
}
