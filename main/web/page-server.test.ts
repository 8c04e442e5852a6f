import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { HostApi, Settings } from '../core/api.ts'
import { connectApi, type Link } from '../core/rpc.ts'
import { type RunningServer, startServer } from './page-server.ts'
import { sameSecret } from './served-gate.ts'

const compare = vi.hoisted(() => ({ calls: 0 }))
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  return {
    ...crypto,
    timingSafeEqual: (left: NodeJS.ArrayBufferView, right: NodeJS.ArrayBufferView) => {
      compare.calls++
      return crypto.timingSafeEqual(left, right)
    },
  }
})

const film = Uint8Array.from({ length: 5000 }, (_, index) => index % 251)
const asked: string[] = []
let folder: string
let server: RunningServer
let token: string
let cookie: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'inbetween-serve-'))
  const view = path.join(folder, 'view')
  await mkdir(path.join(view, 'assets'), { recursive: true })
  await writeFile(path.join(view, 'index.html'), '<!doctype html><title>Inbetween</title>')
  await writeFile(path.join(view, 'assets', 'index-abc.js'), 'export {}')
  await writeFile(path.join(view, '.secret.json'), '{}')
  await writeFile(path.join(view, 'script.sh'), 'echo')
  await writeFile(path.join(folder, 'outside.json'), '{"outside":true}')
  await symlink(path.join(folder, 'outside.json'), path.join(view, 'assets', 'link.json'))
  await writeFile(path.join(folder, 'film.mp4'), film)
  await writeFile(path.join(folder, 'empty.mp4'), '')
  const files: Record<string, string> = {
    'media-1': 'film.mp4',
    'media-2': 'gone.mp4',
    'media-3': 'empty.mp4',
  }
  const settings = { theme: 'dark' } as Settings
  const host = { settings: async () => settings } as Partial<HostApi> as HostApi
  const door = {
    mediaFile: async (mediaId: string) => {
      asked.push(mediaId)
      const name = files[mediaId]
      return name ? { path: path.join(folder, name), contentType: 'video/mp4' } : null
    },
    stillFrame: async (mediaId: string, frameIndex: number) => {
      asked.push(`${mediaId}#${frameIndex}`)
      const there = mediaId === 'media-1' && frameIndex < 10
      return there ? { bytes: new Uint8Array([frameIndex]), contentType: 'image/png' } : null
    },
  }
  server = await startServer(host, door, { port: 0, viewFolder: view })
  token = new URL(server.url).searchParams.get('token') ?? ''
  cookie = `inbetween-${server.port}=${token}`
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** A request as a program writes it, not as a browser tidies it: the path goes out as it stands. */
function ask(target: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { host: `127.0.0.1:${server.port}`, cookie, ...headers }
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    const request = http.request(
      { host: '127.0.0.1', port: server.port, path: target, method, headers: kept, agent: false },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts),
          }),
        )
      },
    )
    request.on('error', reject)
    request.end()
  })
}

function connect(headers: Record<string, string | undefined> = {}): Promise<WebSocket | number> {
  const all = { origin: `http://127.0.0.1:${server.port}`, cookie, ...headers }
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/host`, {
      headers: kept as Record<string, string>,
    })
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', reject)
  })
}

async function connected(): Promise<WebSocket> {
  const socket = await connect()
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  return socket
}

function pageLink(socket: WebSocket): Link {
  return {
    send: (message) => socket.send(message),
    onMessage: (listener) => socket.on('message', (data: Buffer) => listener(data)),
    onClose: (listener) => socket.on('close', listener),
  }
}

describe('the address', () => {
  test('is on this computer alone, with a long token', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
  })

  const outside = Object.values(os.networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)
  test.skipIf(!outside)('is not reachable through the network (skipped where there is none)', async () => {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = net.connect(server.port, outside?.address, () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    expect(reached).toBe(false)
  })

  test('says in a sentence when its port is taken', async () => {
    const again = startServer(
      {} as HostApi,
      { mediaFile: async () => null, stillFrame: async () => null },
      { port: server.port, viewFolder: folder },
    )
    await expect(again).rejects.toMatchObject({ code: 'port-taken' })
  })
})

describe('the Host header', () => {
  test.each([
    'evil.example',
    `evil.example:1`,
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '10.0.0.1',
    '0.0.0.0',
  ])('refuses %j even with the right token', async (host) => {
    const answer = await ask('/', { host })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body.toString()).not.toContain('<!doctype')
    expect((await ask(`/?token=${token}`, { host, cookie: undefined })).headers['set-cookie']).toBeUndefined()
  })

  test.each(['127.0.0.1:9999', 'localhost:22222', 'LOCALHOST', '[::1]:80'])(
    'lets in %j: behind a tunnel the port is another',
    async (host) => {
      expect((await ask('/', { host })).status).toBe(200)
    },
  )

  test('is checked for the socket too', async () => {
    const origin = 'http://evil.example:80'
    expect(await connect({ host: 'evil.example:80', origin })).toBe(403)
  })
})

describe('the Origin header', () => {
  test.each(['http://evil.example', 'https://127.0.0.1:1', 'null', 'http://127.0.0.1:1'])(
    'refuses %s, even with the right token',
    async (origin) => {
      expect((await ask('/', { origin })).status).toBe(403)
      expect((await ask('/media/media-1', { origin })).status).toBe(403)
      expect(await connect({ origin })).toBe(403)
    },
  )

  test('is needed to open the socket', async () => {
    expect(await connect({ origin: undefined })).toBe(403)
  })

  test('of our own page enters', async () => {
    const origin = `http://127.0.0.1:${server.port}`
    expect((await ask('/', { origin })).status).toBe(200)
    const socket = await connect({ origin })
    expect(socket).toBeInstanceOf(WebSocket)
    ;(socket as WebSocket).close()
  })
})

describe('the token', () => {
  test.each(['/', '/assets/index-abc.js', '/media/media-1', '/frame/media-1/0', '/nothing'])(
    'is needed for %s',
    async (target) => {
      const answer = await ask(target, { cookie: undefined })
      expect(answer.status).toBe(401)
      expect(answer.body.toString()).toContain('token')
    },
  )

  test('is needed to open the socket', async () => {
    expect(await connect({ cookie: undefined })).toBe(401)
    expect(await connect({ cookie: `inbetween-${server.port}=wrong` })).toBe(401)
  })

  test('that is wrong is refused: empty, cut, longer, changed, of another server', async () => {
    const changed = (token.startsWith('A') ? 'B' : 'A') + token.slice(1)
    for (const wrong of ['', token.slice(0, -1), `${token}x`, changed, token.toLowerCase(), '%00']) {
      const answer = await ask(`/?token=${wrong}`, { cookie: undefined })
      expect(answer.status, wrong).toBe(401)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect((await ask('/', { cookie: `inbetween-${server.port}=${wrong}` })).status, wrong).toBe(401)
    }
    expect((await ask('/', { cookie: `inbetween-1=${token}` })).status).toBe(401)
  })

  test('that is right is kept in a cookie no script and no other site can use, and leaves the address', async () => {
    const answer = await ask(`/?token=${token}`, { cookie: undefined })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(answer.headers['set-cookie']).toEqual([`${cookie}; HttpOnly; SameSite=Strict; Path=/`])
    expect((await ask('/')).body.toString()).toContain('<!doctype')
  })

  test('is compared in constant time, whatever its length', () => {
    const before = compare.calls
    expect(sameSecret('a', 'a much longer secret')).toBe(false)
    expect(sameSecret('same', 'same')).toBe(true)
    expect(sameSecret('', '')).toBe(true)
    expect(compare.calls - before).toBe(3)
  })

  test('is compared so for every request', async () => {
    const before = compare.calls
    await ask('/', { cookie: `inbetween-${server.port}=x` })
    await ask('/?token=x')
    expect(compare.calls - before).toBe(2)
  })
})

describe('the view’s files', () => {
  test('are served with a policy, and the hashed ones for ever', async () => {
    const index = await ask('/')
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(index.headers['cache-control']).toBe('no-store')
    const script = await ask('/assets/index-abc.js')
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.headers['cache-control']).toContain('immutable')
  })

  test('every answer, a refusal too, carries the policy', async () => {
    for (const answer of [await ask('/'), await ask('/nothing'), await ask('/', { cookie: undefined })]) {
      const policy = String(answer.headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
      expect(policy).not.toMatch(/https?:|\*/)
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin')
    }
  })

  test.each([
    '/../outside.json',
    '/..%2foutside.json',
    '/%2e%2e/outside.json',
    '/%2e%2e%2foutside.json',
    '/assets/../../outside.json',
    '/assets/..%5c..%5coutside.json',
    '/assets/link.json',
    '//etc/passwd',
    '/%2fetc/passwd',
    '/.secret.json',
    '/%2esecret.json',
    '/assets/',
    '/assets',
    '/script.sh',
    '/index.html%00.js',
    '/%',
    '/C:/Windows/win.ini',
  ])('%s leads nowhere', async (target) => {
    const answer = await ask(target)
    expect(answer.status).toBe(404)
    expect(answer.body.toString()).not.toContain('outside')
  })

  test('can only be read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask('/', {}, method)).status).toBe(405)
  })
})

describe('media', () => {
  test('come whole, or the range asked for, byte for byte', async () => {
    const whole = await ask('/media/media-1')
    expect(whole.status).toBe(200)
    expect(whole.headers['accept-ranges']).toBe('bytes')
    expect(whole.body.equals(film)).toBe(true)
    await fc.assert(
      fc.asyncProperty(fc.nat(5200), fc.option(fc.nat(6000)), async (first, last) => {
        const answer = await ask('/media/media-1', { range: `bytes=${first}-${last ?? ''}` })
        if (last !== null && last < first) expect([200, 416]).toContain(answer.status)
        else if (first >= film.length) {
          expect(answer.status).toBe(416)
          expect(answer.headers['content-range']).toBe('bytes */5000')
        } else {
          const end = Math.min(last ?? 4999, 4999)
          expect(answer.status).toBe(206)
          expect(answer.headers['content-range']).toBe(`bytes ${first}-${end}/5000`)
          expect(answer.body.equals(film.subarray(first, end + 1))).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('understand the last bytes, HEAD, and ranges they do not serve', async () => {
    const tail = await ask('/media/media-1', { range: 'bytes=-7' })
    expect(tail.body.equals(film.subarray(-7))).toBe(true)
    const head = await ask('/media/media-1', {}, 'HEAD')
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '5000', 0])
    for (const range of ['bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
      expect((await ask('/media/media-1', { range })).status, range).toBe(200)
    expect((await ask('/media/media-1', { range: 'bytes=-0' })).status).toBe(416)
    expect((await ask('/media/media-3')).body.length).toBe(0)
    expect((await ask('/media/media-3', { range: 'bytes=0-' })).status).toBe(416)
  })

  test('go out by id alone: no path is even looked up', async () => {
    asked.length = 0
    const targets = [
      `/media/${encodeURIComponent(path.join(folder, 'film.mp4'))}`,
      '/media/..%2f..%2foutside.json',
      '/media/../outside.json',
      '/media//etc/passwd',
      '/media/%00',
      '/media/',
      '/media/media-1/../../x',
      '/media/media-1/extra',
    ]
    for (const target of targets) expect((await ask(target)).status, target).toBe(404)
    expect(asked).toEqual([])
    expect((await ask('/media/media-9')).status).toBe(404)
    expect((await ask('/media/media-2')).status).toBe(404)
    expect(asked).toEqual(['media-9', 'media-2'])
  })

  test('give single frames by number', async () => {
    const frame = await ask('/frame/media-1/7')
    expect([frame.status, frame.headers['content-type'], [...frame.body]]).toEqual([200, 'image/png', [7]])
    for (const target of [
      '/frame/media-1/99',
      '/frame/media-1/-1',
      '/frame/media-1/1.5',
      '/frame/media-1/',
      '/frame/..%2f/1',
    ])
      expect((await ask(target)).status, target).toBe(404)
  })
})

describe('the socket', () => {
  test('carries calls to the host', async () => {
    const socket = await connected()
    const host = connectApi<HostApi>(pageLink(socket))
    expect(await host.settings()).toEqual({ theme: 'dark' })
    socket.close()
  })

  test.each([
    ['text', 'hello'],
    ['bytes that are no message', new Uint8Array([255, 255, 255, 255, 1])],
    ['a message that is no call', new Uint8Array([4, 0, 0, 0, 110, 117, 108, 108])],
  ])('closes on %s, and the server goes on', async (_what, message) => {
    const socket = await connected()
    const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)))
    socket.send(message)
    expect(await closed).toBe(1003)
    const next = await connected()
    expect(await connectApi<HostApi>(pageLink(next)).settings()).toEqual({ theme: 'dark' })
    next.close()
  })
})
