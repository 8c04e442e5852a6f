/**
 * A host behind HTTP and WebSocket on this computer alone. What it lets in is decided in served-gate.ts; media go out
 * by id, and what a person may pick from disk comes from `browse` below one folder.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { WebSocketServer } from 'ws'
import type { HostApi } from '../core/api.ts'
import { hostCalls } from '../core/host-calls.ts'
import { serveApi } from '../core/rpc.ts'
import { UserError } from '../core/user-error.ts'
import { contentPolicy, pageHeaders } from './content-policy.ts'
import { answerFrame, answerMedia, type MediaAnswer } from './media-answer.ts'
import type { MediaDoor } from './media-door.ts'
import { readPageFile } from './page-file.ts'
import { gate } from './served-gate.ts'
import { socketLink } from './socket-link.ts'

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number
  /** Where the built view is. */
  readonly viewFolder: string
  /** By default 256 random bits. */
  readonly token?: string
}

export interface RunningServer {
  /** With the token: whoever has it may do what the user may. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** A change carries the bytes of its shapes; a 4K mask is well under a megabyte. */
const maxMessageBytes = 256 * 1024 * 1024

/** Serves the host until closed. Throws UserError 'port-taken' where the port is not free. */
export async function startServer(
  host: HostApi,
  media: MediaDoor,
  options: ServeOptions,
): Promise<RunningServer> {
  const token = options.token ?? randomBytes(32).toString('base64url')
  const { viewFolder } = options
  const server = createServer()
  const port = await listen(server, options.port)
  const secret = { token, cookieName: `inbetween-${port}` }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value)
    response.setHeader('Content-Security-Policy', contentPolicy({}))
    const entry = gate(asGateRequest(request, false), secret)
    if (entry.type === 'refuse') return sendSentence(response, entry.status, entry.sentence)
    if (entry.type === 'welcome') {
      response
        .writeHead(303, { Location: '/', 'Set-Cookie': entry.cookie, 'Cache-Control': 'no-store' })
        .end()
      return
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const asked = { method: request.method ?? 'GET', range: request.headers.range }
    const [, place, mediaId = '', frame = '', ...rest] = pathname.split('/')
    if (place === 'media' && rest.length === 0 && frame === '')
      return sendMedia(response, await answerMedia(media, mediaId, asked))
    if (place === 'frame' && rest.length === 0)
      return sendMedia(response, await answerFrame(media, mediaId, frame, asked))
    await sendPage(response, viewFolder, request.method, pathname)
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const entry = gate(asGateRequest(request, true), secret)
    if (entry.type !== 'enter' || new URL(request.url ?? '/', 'http://localhost').pathname !== '/host') {
      const status = entry.type === 'refuse' ? entry.status : 404
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (page) => serveApi(socketLink(page), host, hostCalls))
  })

  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    close: async () => {
      for (const page of sockets.clients) page.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function asGateRequest(request: IncomingMessage, isSocket: boolean) {
  const { method = 'GET', url = '/', headers } = request
  return { method, url: url.startsWith('/') ? url : '/', headers, isSocket }
}

async function sendPage(
  response: ServerResponse,
  viewFolder: string,
  method: string | undefined,
  pathname: string,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return sendSentence(response, 405, 'This can only be read.')
  const file = await readPageFile(viewFolder, pathname)
  if (!file) return sendSentence(response, 404, 'There is no such page.')
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Length': file.bytes.byteLength,
    'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
  })
  response.end(method === 'HEAD' ? undefined : file.bytes)
}

async function sendMedia(response: ServerResponse, answer: MediaAnswer): Promise<void> {
  response.writeHead(answer.status, answer.headers)
  if (answer.body === null || answer.body instanceof Uint8Array) response.end(answer.body ?? undefined)
  // A page that seeks drops what it asked for before; that is no error.
  else await pipeline(answer.body, response).catch(() => response.destroy())
}

function sendSentence(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${sentence}\n`)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES'
      const sentence = `Port ${port} is not free on this computer. Choose another with --port, or leave it out.`
      reject(taken ? new UserError('port-taken', sentence) : error)
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
