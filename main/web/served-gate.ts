/**
 * Who may talk to the served app. The server listens on this computer only, but every web page and every other user
 * of the computer can reach that: the Host header shuts out names that were pointed here (DNS rebinding), the Origin
 * header shuts out pages of other sites and ports, and the token shuts out everyone who did not read it in the
 * terminal. The token comes once in the URL and then lives in a cookie that no script can read.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

export interface GateRequest {
  readonly method: string
  /** Path and query, as in the request line. */
  readonly url: string
  readonly headers: {
    readonly host?: string | undefined
    readonly origin?: string | undefined
    readonly cookie?: string | undefined
    readonly 'sec-fetch-site'?: string | string[] | undefined
  }
  readonly isSocket: boolean
}

export type GateAnswer =
  | { readonly type: 'enter' }
  /** The token was right: keep it in a cookie and go to the app without it in the address. */
  | { readonly type: 'welcome'; readonly cookie: string }
  | { readonly type: 'refuse'; readonly status: 400 | 401 | 403; readonly sentence: string }

export interface GateOptions {
  readonly token: string
  /** Cookies do not know ports, so each server has a name of its own. */
  readonly cookieName: string
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

export function gate(request: GateRequest, { token, cookieName }: GateOptions): GateAnswer {
  const { host, origin, cookie } = request.headers
  // Any port: behind an SSH tunnel the browser sees the tunnel's.
  const hostName = host?.replace(/:\d{1,5}$/, '').toLowerCase()
  if (!hostName || !loopbackNames.has(hostName))
    return refuse(403, 'Inbetween answers only to 127.0.0.1 and localhost. Open the address that it printed.')
  // A page elsewhere may send a request, but it cannot choose these headers.
  const foreign = origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`
  if (foreign || (request.isSocket && origin === undefined))
    return refuse(403, 'Only the page that Inbetween served may connect to it.')
  if (request.headers['sec-fetch-site'] === 'cross-site' && request.method !== 'GET')
    return refuse(403, 'Only the page that Inbetween served may connect to it.')
  const offered = new URL(request.url, 'http://localhost').searchParams.get('token')
  if (offered !== null && !request.isSocket) {
    if (!sameSecret(offered, token)) return refuse(401, wrongToken)
    return { type: 'welcome', cookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/` }
  }
  const kept = cookieValue(cookie, cookieName)
  return kept !== null && sameSecret(kept, token) ? { type: 'enter' } : refuse(401, wrongToken)
}

const wrongToken =
  'This address needs the token that Inbetween printed when it started. Copy the whole address from the terminal.'

function refuse(status: 400 | 401 | 403, sentence: string): GateAnswer {
  return { type: 'refuse', status, sentence }
}

/** Compared by hash, so that neither the content nor the length shows in the time it takes. */
export function sameSecret(offered: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(offered), digest(secret))
}

function cookieValue(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return null
}
