/** A server of files on loopback that can be as unreliable as the web. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ServedFile {
  readonly bytes: Uint8Array
  readonly etag?: string
  readonly modified?: string
  /** Gives no parts. */
  readonly whole?: boolean
  /** The connection ends after so many bytes of an answer, once or so often. */
  readonly breakAfter?: number
  breaks?: number
  /** Waits after so many bytes until the client goes. */
  readonly stallAfter?: number
  /** Nothing is said of the length. */
  readonly untold?: boolean
  /** Answers with this instead. */
  readonly status?: number
  readonly location?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestServer {
  readonly url: string
  readonly files: Map<string, ServedFile>
  /** 'GET /x.bin bytes=5-' for each request. */
  readonly asked: string[]
  /** Bytes of bodies that were sent. */
  sent: number
  close(): Promise<void>
}

export async function testServer(): Promise<TestServer> {
  const files = new Map<string, ServedFile>()
  const server = createServer((request, response) => answer(test, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const test: TestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    asked: [],
    sent: 0,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return test
}

function answer(test: TestServer, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(request.url ?? '')
  const { range } = request.headers
  test.asked.push([request.method, path, range].filter(Boolean).join(' '))
  const file = test.files.get(path)
  if (!file) return void response.writeHead(404).end('<html>no such file</html>')
  if (file.location !== undefined || file.status !== undefined)
    return void response
      .writeHead(file.status ?? 302, file.location === undefined ? {} : { location: file.location })
      .end('moved')
  const headers: Record<string, string> = {
    ...(file.etag && { etag: file.etag }),
    ...(file.modified && { 'last-modified': file.modified }),
    ...(file.whole ? {} : { 'accept-ranges': 'bytes' }),
    ...file.headers,
  }
  const { bytes } = file
  const from = partFrom(file, request)
  if (from !== null && from.start >= bytes.length)
    return void response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes.length}` }).end()
  const start = from?.start ?? 0
  const body = bytes.subarray(start, from?.end ?? bytes.length)
  response.writeHead(from ? 206 : 200, {
    ...headers,
    ...(from && { 'content-range': `bytes ${start}-${start + body.length - 1}/${bytes.length}` }),
    ...(file.untold ? {} : { 'content-length': body.length }),
  })
  const { breakAfter, stallAfter, breaks = 1 } = file
  if (stallAfter !== undefined) {
    test.sent += stallAfter
    return void response.write(body.subarray(0, stallAfter))
  }
  if (breakAfter !== undefined && breaks > 0 && breakAfter < body.length) {
    file.breaks = breaks - 1
    test.sent += breakAfter
    response.write(body.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 50))
    return
  }
  test.sent += body.length
  response.end(body)
}

/** Null: the whole file. */
function partFrom(
  { whole, etag, modified }: ServedFile,
  { headers }: IncomingMessage,
): { start: number; end: number | null } | null {
  const found = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
  const condition = headers['if-range']
  if (!found || whole || (condition !== undefined && condition !== etag && condition !== modified))
    return null
  return { start: Number(found[1]), end: found[2] === '' ? null : Number(found[2]) + 1 }
}
