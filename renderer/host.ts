/**
 * The way to the program: a MessagePort that the preload script hands over in the desktop app, a WebSocket to the
 * server the page came from in a browser. Nothing else in the view knows which of the two it is.
 */
import type { HostApi, ShellApi } from '../main/core/api.ts'
import { connectApi, type Link } from '../main/core/rpc.ts'
import { UserError } from '../main/core/user-error.ts'

/** What preload/index.ts puts on `window`. */
export interface Bridge {
  readonly shell: ShellApi
  /** Asks for a port to the program; it comes as a message to the window, `{ type: 'host-port' }` with one port. */
  connect(): void
}

declare global {
  interface Window {
    readonly inbetween?: Bridge
  }
}

export interface HostConnection {
  readonly host: HostApi
  /** Null in a browser. */
  readonly shell: ShellApi | null
  /**
   * Resolves when the program can no longer be reached: it stopped, or the network did. Everything that was shown as
   * saved is on disk. Loading the page again starts it again in the desktop app, with the project that was open.
   */
  readonly lost: Promise<void>
}

/** Throws UserError 'no-connection' when a server does not answer. */
export async function connectHost(): Promise<HostConnection> {
  const bridge = window.inbetween
  const link = bridge ? await portLink(bridge) : await socketLink()
  const host = connectApi<HostApi>(link)
  const lost = new Promise<void>((resolve) => link.onClose(resolve))
  return { host, shell: bridge?.shell ?? null, lost }
}

function portLink(bridge: Bridge): Promise<Link> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent) => {
      const [port] = event.ports
      if (event.source !== window || event.data?.type !== 'host-port' || !port) return
      window.removeEventListener('message', take)
      resolve({
        send: (message) => port.postMessage(message),
        onMessage: (listener) => {
          // Setting the handler starts the port; what came before is kept by it.
          port.onmessage = ({ data }) => listener(data)
        },
        onClose: (closed) => port.addEventListener('close', closed),
      })
    }
    window.addEventListener('message', take)
    bridge.connect()
  })
}

function socketLink(): Promise<Link> {
  return new Promise((resolve, reject) => {
    const url = new URL('/host', window.location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    const refused = () =>
      reject(
        new UserError(
          'no-connection',
          'Inbetween does not answer. See whether it still runs in the terminal, and open the address it printed there.',
        ),
      )
    socket.addEventListener('error', refused)
    socket.addEventListener('open', () => {
      socket.removeEventListener('error', refused)
      resolve({
        send: (message) =>
          socket.readyState === WebSocket.OPEN && socket.send(message as Uint8Array<ArrayBuffer>),
        onMessage: (listener) => {
          socket.onmessage = ({ data }) => listener(new Uint8Array(data as ArrayBuffer))
        },
        onClose: (closed) => socket.addEventListener('close', closed),
      })
    })
  })
}
