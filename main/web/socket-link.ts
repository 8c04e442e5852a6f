import type { WebSocket } from 'ws'
import type { Link } from '../core/rpc.ts'

/** A WebSocket of the server's side as a link. Messages that are none close it: nobody but a foreign program sends them. */
export function socketLink(socket: WebSocket): Link {
  const kept: Uint8Array[] = []
  let listener: ((message: Uint8Array) => void) | null = null
  const take = (message: Uint8Array) => {
    try {
      listener?.(message)
    } catch {
      socket.close(1003, 'not a message')
    }
  }
  socket.binaryType = 'nodebuffer'
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      socket.close(1003, 'not a message')
      return
    }
    const bytes = data as Buffer<ArrayBuffer>
    if (listener) take(bytes)
    else kept.push(bytes)
  })
  // Without a listener an error of the socket would end the program; the close that follows is enough.
  socket.on('error', () => {})
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(message)
    },
    onMessage: (next) => {
      listener = next
      for (const message of kept.splice(0)) take(message)
    },
    onClose: (closed) => socket.on('close', closed),
  }
}
