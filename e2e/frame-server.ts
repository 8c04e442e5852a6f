/** A page made of one script, beside the bytes of media as the served app answers them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { build } from 'vite'
import { answerFrame, answerMedia, type MediaAnswer } from '../main/web/media-answer.ts'
import type { MediaDoor } from '../main/web/media-door.ts'

export interface FrameServer {
  readonly url: string
  close(): Promise<void>
}

/** Bundles the script (and the workers it starts) and serves it at `/`, media at `/media/ID`, stills at `/frame/ID/INDEX`. */
export async function startFrameServer(script: string, door: MediaDoor): Promise<FrameServer> {
  const folder = await mkdtemp(join(tmpdir(), 'inbetween-page-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(script),
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      lib: { entry: basename(script), formats: ['es'], fileName: () => 'page.js' },
    },
  })
  const server = createServer((request, response) => {
    answer(door, folder, request.method ?? '', request.url ?? '', request.headers.range).then(
      ({ status, headers, body }) => {
        response.writeHead(status, headers)
        if (body instanceof Readable) body.pipe(response)
        else response.end(body)
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answer(
  door: MediaDoor,
  folder: string,
  method: string,
  url: string,
  range: string | undefined,
): Promise<MediaAnswer> {
  const [, kind, id = '', frame = ''] = url.split('/')
  if (kind === 'media') return answerMedia(door, id, { method, range })
  if (kind === 'frame') return answerFrame(door, id, frame, { method, range })
  if (url === '/') {
    const html = '<!doctype html><title>Frames</title><script type="module" src="/page.js"></script>'
    return { status: 200, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(html) }
  }
  const bytes = await readFile(join(folder, url)).catch(() => null)
  return { status: bytes ? 200 : 404, headers: { 'Content-Type': 'text/javascript' }, body: bytes }
}
