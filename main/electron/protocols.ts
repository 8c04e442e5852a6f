import { Readable } from 'node:stream'
import { protocol, type Session } from 'electron'
import { contentPolicy, pageHeaders } from '../web/content-policy.ts'
import { answerFrame, answerMedia, type MediaAnswer } from '../web/media-answer.ts'
import type { MediaDoor } from '../web/media-door.ts'
import { readPageFile } from '../web/page-file.ts'
import { appOrigin, appScheme, mediaScheme } from './app-origin.ts'

/** Must run before the app is ready. Both behave as https does; media streams and may be fetched by the app's page. */
export function registerSchemes(): void {
  const secure = { standard: true, secure: true, supportFetchAPI: true }
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: secure },
    { scheme: mediaScheme, privileges: { ...secure, stream: true, corsEnabled: true } },
  ])
}

/** `app://inbetween/…` is the built view; `media://id/ID` and `media://frame/ID/INDEX` are bytes by id, never by path. */
export function handleProtocols(session: Session, viewFolder: string, media: MediaDoor, view: string): void {
  session.protocol.handle(appScheme, async (request) => {
    const url = new URL(request.url)
    const headers = {
      ...pageHeaders,
      'Content-Security-Policy': contentPolicy({ mediaOrigin: `${mediaScheme}:` }),
    }
    const known = `${url.protocol}//${url.host}` === appOrigin && request.method === 'GET'
    const file = known ? await readPageFile(viewFolder, url.pathname) : null
    if (!file) return new Response('There is no such page.', { status: 404, headers })
    return new Response(file.bytes, { headers: { ...headers, 'Content-Type': file.contentType } })
  })
  session.protocol.handle(mediaScheme, async (request) => {
    const answer = await answerUrl(media, request)
    const headers = { ...answer.headers, ...crossOriginHeaders(view) }
    return new Response(bodyOf(answer), { status: answer.status, headers })
  })
}

async function answerUrl(media: MediaDoor, request: Request): Promise<MediaAnswer> {
  const { host, pathname } = new URL(request.url)
  const asked = { method: request.method, range: request.headers.get('range') }
  const [, mediaId = '', frame = '', ...rest] = pathname.split('/')
  if (rest.length === 0 && host === 'id' && frame === '') return answerMedia(media, mediaId, asked)
  if (rest.length === 0 && host === 'frame') return answerFrame(media, mediaId, frame, asked)
  return { status: 404, headers: {}, body: null }
}

/** The two schemes are two origins: only the app's own page may read what comes from media. */
function crossOriginHeaders(view: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': view.startsWith(appOrigin) ? appOrigin : new URL(view).origin,
    'Access-Control-Expose-Headers': 'Accept-Ranges, Content-Length, Content-Range, Content-Type, ETag',
    'X-Content-Type-Options': 'nosniff',
  }
}

function bodyOf({ body }: MediaAnswer): ConstructorParameters<typeof Response>[0] {
  if (body === null) return null
  return body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : Readable.toWeb(body)
}
