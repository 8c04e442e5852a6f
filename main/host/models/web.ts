/**
 * Files from the web, with as much trust as they have earned. An address that the person at this machine gave may lead
 * anywhere; what a manifest or a redirect names may lead to public servers only, or to the host that the person named.
 * Addresses are checked where the connection is made, so that a name cannot mean one server when it is checked and
 * another when it is asked.
 */
import { type LookupAddress, lookup } from 'node:dns'
import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { webAddress } from '../../../models/field.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import { isLoopback, isPublic } from './network-ranges.ts'

export interface WebAnswer {
  /** 200 or 206, or 416 where a range was asked for. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Readable
}

const redirectsAllowed = 5
const redirectCodes = [301, 302, 303, 307, 308]
const patienceMs = 30_000

export class Web {
  /** Host name that the person named; null: nobody is trusted. */
  readonly #trusted: string | null
  readonly #patienceMs: number

  /** `given`: the address that the person at this machine gave; null where a page gave it. */
  constructor(given: string | null, patience = patienceMs) {
    this.#trusted = (given && webAddress(given)?.hostname) || null
    this.#patienceMs = patience
  }

  /** Throws UserError 'bad-address' or 'private-address'. */
  check(address: string): URL {
    const url = webAddress(address)
    if (!url)
      throw new UserError(
        'bad-address',
        `“${address.slice(0, 200)}” is no address of the web. Write one that begins with https://.`,
      )
    if (url.username !== '' || url.password !== '')
      throw new UserError(
        'bad-address',
        `The address on ${url.host} has a name or a password in it, which would end up in logs. Download the file with your browser, and add it from your disk.`,
      )
    if (isIP(bare(url.hostname)) !== 0) this.#checkPlace(url, bare(url.hostname))
    const isHere =
      url.hostname === 'localhost' || (isIP(bare(url.hostname)) !== 0 && isLoopback(bare(url.hostname)))
    if (url.protocol === 'http:' && !(isHere && this.#isTrusted(url)))
      throw new UserError(
        'bad-address',
        `${url.href} is not encrypted, so anybody on the way could change it. Use an address that begins with https://.`,
      )
    return url
  }

  /** Follows redirects. Throws UserError where there is no such file or no way to it. */
  async get(
    address: string,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<WebAnswer> {
    let url = this.check(address)
    for (let hop = 0; hop <= redirectsAllowed; hop++) {
      const answer = await this.#ask(url, headers, signal)
      const { statusCode: status = 0, headers: told } = answer
      if (!redirectCodes.includes(status)) {
        const asked = status === 200 || (headers.range !== undefined && (status === 206 || status === 416))
        if (!asked) throw discarded(answer, refusal(url, status))
        if (told['content-encoding'] && told['content-encoding'] !== 'identity')
          throw discarded(
            answer,
            new UserError('bad-answer', `${url.host} sends ${url.href} packed, though it was asked not to.`),
          )
        return { status, headers: told, body: answer }
      }
      answer.destroy()
      if (told.location === undefined || !URL.canParse(told.location, url.href))
        throw new UserError('bad-answer', `${url.href} leads to another address, but does not say which.`)
      url = this.check(new URL(told.location, url.href).href)
    }
    throw new UserError(
      'too-many-redirects',
      `${address} leads from one address to the next, more than ${redirectsAllowed} times. Check the address.`,
    )
  }

  #ask(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage> {
    const options: RequestOptions = {
      // A file is asked for as it lies there: a range counts bytes of exactly that.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'Inbetween', ...headers },
      lookup: this.#lookup(url),
      timeout: this.#patienceMs,
      ...(signal && { signal }),
    }
    return new Promise((resolve, reject) => {
      const asked = (url.protocol === 'https:' ? secureRequest : request)(url, options, resolve)
      asked.on('timeout', () =>
        asked.destroy(
          new UserError('no-answer', `${url.host} does not answer. Try again: what was fetched is kept.`),
        ),
      )
      asked.on('error', (error) => reject(signal?.aborted ? signal.reason : webError(error, url.host)))
      asked.end()
    })
  }

  #lookup(url: URL): LookupFunction {
    return (name, options, callback) => {
      lookup(name, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '')
        try {
          for (const { address } of found) this.#checkPlace(url, address)
        } catch (refused) {
          return callback(refused as NodeJS.ErrnoException, '')
        }
        const [first] = found
        if (options.all) callback(null, found as LookupAddress[])
        else callback(null, first?.address ?? '', first?.family)
      })
    }
  }

  #checkPlace(url: URL, address: string): void {
    if (this.#isTrusted(url) || isPublic(address)) return
    throw new UserError(
      'private-address',
      `${url.href} leads into a private network (${address}), where only an address leads that you give yourself, at this machine. Download the file, and add it from your disk.`,
    )
  }

  #isTrusted(url: URL): boolean {
    return url.hostname === this.#trusted
  }
}

/** What broke while `host` was asked or answered, as a sentence. */
export function webError(error: unknown, host: string): unknown {
  if (isUserError(error) || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : error.name
  const says = (id: string, sentence: string) => new UserError(id, sentence, { cause: error })
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return says('no-server', `No server named ${host} was found. Check the address and the connection.`)
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return says('no-server', `${host} cannot be reached (${code}). Check the address and the connection.`)
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code))
    return says(
      'no-proof',
      `${host} cannot prove that it is ${host} (${code}), so nothing is taken from it. Check the address and this machine’s clock.`,
    )
  return says(
    'broken-off',
    `The connection to ${host} broke off (${code}). Try again: what was fetched is kept.`,
  )
}

function refusal(url: URL, status: number): UserError {
  if (status === 404 || status === 410)
    return new UserError('not-found', `${url.href} is not there (${status}). Check the address.`)
  if (status === 401 || status === 403)
    return new UserError(
      'sign-in',
      `${url.host} does not give ${url.href} to everybody (${status}). Download the file with your browser, and add it from your disk.`,
    )
  return new UserError(
    'bad-answer',
    `${url.host} answers ${status} instead of ${url.href}. Try again later: what was fetched is kept.`,
  )
}

function discarded(answer: IncomingMessage, error: UserError): UserError {
  answer.destroy()
  return error
}

/** An IPv6 address stands in brackets in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
