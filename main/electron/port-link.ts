import type { MessagePortMain, ParentPort, UtilityProcess } from 'electron'
import type { Link } from '../core/rpc.ts'

/** A port that the page holds the other end of, as a link. */
export function portLink(port: MessagePortMain): Link {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    onClose: (closed) => port.on('close', closed),
  }
}

/** The host process's line to the main process as a link; messages that carry ports are not its business. */
export function parentLink(parent: ParentPort): Link {
  return {
    send: (message) => parent.postMessage(message),
    onMessage: (listener) => parent.on('message', ({ data }) => data instanceof Uint8Array && listener(data)),
    // It ends with the process itself.
    onClose: () => {},
  }
}

/** The same line seen from the main process. */
export function childLink(child: UtilityProcess): Link {
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) =>
      child.on('message', (data: unknown) => data instanceof Uint8Array && listener(data)),
    onClose: (closed) => child.on('exit', closed),
  }
}
