/** Packs from a web that breaks off, changes its mind, lies, and leads astray. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sha256, type TestPack, type TestPackOptions, testPack } from '../../../models/test-pack.ts'
import type { UserError } from '../../core/user-error.ts'
import { createHost, type Host } from '../host.ts'
import { refusal } from '../test-hosts.ts'
import { type TestFolder, testFolder } from '../test-projects.ts'
import { isLoopback, isPublic } from './network-ranges.ts'
import { type TestServer, testServer } from './test-pack-server.ts'
import { added, atUrl, lastStep, manifestText, planned } from './test-packs.ts'
import { zipOf } from './test-zip.ts'
import { Web, webError } from './web.ts'

const weightBytes = 3_000_000
let server: TestServer
let other: TestServer
let place: TestFolder
let host: Host
let store: string

beforeAll(async () => {
  server = await testServer()
  other = await testServer()
})
afterAll(async () => {
  await server.close()
  await other.close()
})
beforeEach(async () => {
  place = testFolder()
  store = join(place.path, 'settings', 'models')
  host = await newHost()
})
afterEach(async () => {
  await host.close()
  place.remove()
  for (const each of [server, other]) {
    each.files.clear()
    each.asked.length = 0
    each.sent = 0
  }
})

function newHost(mode: 'desktop' | 'served' = 'desktop'): Promise<Host> {
  return createHost({
    mode,
    settingsFolder: join(place.path, 'settings'),
    provider: 'cpu',
    root: place.path,
  })
}

/** The pack's files and its manifest on the server; the address of the manifest. */
function serve(pack: TestPack, file: Partial<Record<string, object>> = {}): string {
  for (const [path, bytes] of pack.files)
    server.files.set(`/packs/${path}`, { bytes, etag: `"${sha256(bytes).slice(0, 8)}"`, ...file[path] })
  server.files.set('/packs/manifest.json', { bytes: Buffer.from(manifestText(pack)) })
  return `${server.url}/packs/manifest.json`
}

function serveZip(options: TestPackOptions, file: object = {}): string {
  const pack = testPack(options)
  const bytes = zipOf([
    ...[...pack.files].map(([name, data]) => ({ name, data, packed: false })),
    { name: 'manifest.json', data: Buffer.from(manifestText(pack)) },
  ])
  server.files.set('/pack.zip', { bytes, etag: '"one"', ...file })
  return `${server.url}/pack.zip`
}

/** The part of the weights that is here. */
function heldWeights(pack: TestPack): number {
  const path = join(store, '.fetched', sha256(pack.files.get('weights.bin')!))
  return existsSync(path) ? statSync(path).size : 0
}

const big = { ballast: weightBytes }

describe('a manifest on the web', () => {
  it('is planned without its files, which then come from beside it', async () => {
    const url = serve(testPack(big))
    const plan = await planned(host, atUrl(url))
    expect(plan.files.map(({ from }) => from)).toEqual(Array(4).fill(new URL(server.url).host))
    expect(server.asked).toEqual(['GET /packs/manifest.json'])
    const { last, progress } = await lastStep(host.addPack(atUrl(url), plan.manifestHash))
    expect(last.report).toMatchObject({ state: 'ready', sentence: null })
    expect(progress.filter(({ stage }) => stage === 'fetch').at(-1)).toMatchObject({ total: plan.byteLength })
    expect(readdirSync(join(store, '.fetched'))).toEqual([])
  })

  it('may have its files elsewhere, which the plan says', async () => {
    const pack = testPack(big)
    const manifest = {
      ...pack.manifest,
      files: pack.manifest.files.map((file) => ({ ...file, url: `${other.url}/cdn/${file.path}` })),
    }
    for (const [path, bytes] of pack.files) other.files.set(`/cdn/${path}`, { bytes })
    const url = serve({ manifest, files: new Map() })
    expect((await planned(host, atUrl(url))).files[0]!.from).toBe(new URL(other.url).host)
    expect(await added(host, atUrl(url))).toMatchObject({ state: 'ready' })
  })

  it('broken off goes on where it was, also in another process', async () => {
    const pack = testPack(big)
    const url = serve(pack, { 'weights.bin': { breakAfter: 1_000_000 } })
    const { code, message } = await refusal(() => added(host, atUrl(url)))
    expect(code).toBe('broken-off')
    expect(message).toMatch(
      /^The connection to 127\.0\.0\.1:\d+ broke off .*Try again: what was fetched is kept\.$/,
    )
    const held = heldWeights(pack)
    expect(held).toBeGreaterThan(0)
    expect(held).toBeLessThanOrEqual(1_000_000)
    await host.close()
    host = await newHost()
    expect((await planned(host, atUrl(url))).heldByteLength).toBeGreaterThanOrEqual(held)
    server.sent = 0
    expect(await added(host, atUrl(url))).toMatchObject({ state: 'ready' })
    expect(server.asked.at(-1)).toBe(`GET /packs/weights.bin bytes=${held}-`)
    expect(server.sent).toBeLessThan(weightBytes - held + 20_000)
  })

  it('of which the file changed meanwhile is fetched from its beginning', async () => {
    const pack = testPack(big)
    const url = serve(pack, { 'weights.bin': { breakAfter: 1_000_000, etag: '"old"' } })
    await refusal(() => added(host, atUrl(url)))
    expect(heldWeights(pack)).toBeGreaterThan(0)
    serve(pack, { 'weights.bin': { etag: '"new"' } })
    expect(await added(host, atUrl(url))).toMatchObject({ state: 'ready' })
    // Offered to go on, the server said that it has another file now, and gave that.
    expect(server.asked.at(-1)).toMatch(/^GET \/packs\/weights\.bin bytes=\d+-$/)
    expect(server.sent).toBeGreaterThan(weightBytes)
  })

  it('goes on by the time of change where there is no tag, and anew where no parts are given', async () => {
    const pack = testPack(big)
    const modified = 'Wed, 21 Oct 2015 07:28:00 GMT'
    const url = serve(pack, { 'weights.bin': { breakAfter: 1_000_000, etag: 'W/"weak"', modified } })
    await refusal(() => added(host, atUrl(url)))
    serve(pack, { 'weights.bin': { breakAfter: 1_000_000, etag: 'W/"weak"', modified } })
    server.sent = 0
    await refusal(() => added(host, atUrl(url)))
    expect(heldWeights(pack)).toBeGreaterThan(1_000_000)
    serve(pack, { 'weights.bin': { whole: true } })
    expect(await added(host, atUrl(url))).toMatchObject({ state: 'ready' })
  })

  it('stopped keeps what was fetched, and goes on', async () => {
    const pack = testPack(big)
    const url = serve(pack, { 'weights.bin': { stallAfter: 1_000_000 } })
    const stop = new AbortController()
    const { manifestHash } = await planned(host, atUrl(url))
    const adding = (async () => {
      for await (const step of host.addPack(atUrl(url), manifestHash, stop.signal))
        if (step.type === 'progress' && step.at === 'weights.bin' && heldWeights(pack) >= 1_000_000)
          stop.abort(new Error('stopped by hand'))
    })()
    const watch = setInterval(
      () => heldWeights(pack) >= 1_000_000 && stop.abort(new Error('stopped by hand')),
      20,
    )
    await expect(adding).rejects.toThrow('stopped by hand')
    clearInterval(watch)
    const held = heldWeights(pack)
    expect(held).toBe(1_000_000)
    expect(existsSync(join(store, 'tiny'))).toBe(false)
    serve(pack)
    expect(await added(host, atUrl(url))).toMatchObject({ state: 'ready' })
    expect(server.asked.at(-1)).toBe(`GET /packs/weights.bin bytes=${held}-`)
  })

  it('whose file is another one than listed is refused, and not kept for the next try', async () => {
    const pack = testPack(big)
    const wrong = new Uint8Array(weightBytes)
    const url = serve(pack, { 'weights.bin': { bytes: wrong } })
    const report = await added(host, atUrl(url))
    expect(report.sentence).toContain('weights.bin is not the file that the manifest lists: its SHA-256 is')
    serve(pack)
    expect(await added(host, atUrl(url))).toMatchObject({ state: 'ready' })
  })

  it.each<[string, object, RegExp]>([
    [
      'longer',
      { bytes: new Uint8Array(weightBytes + 1) },
      /weights\.bin has 3,000,001 bytes at http.*, but the manifest says 3,000,000\. The file there is another one now/,
    ],
    ['gone', { status: 404 }, /weights\.bin is not there \(404\)\. Check the address/],
    ['not for everybody', { status: 403 }, /does not give .*weights\.bin to everybody \(403\)/],
    ['in trouble', { status: 503 }, /answers 503 instead of .*weights\.bin\. Try again later/],
    ['packed', { headers: { 'content-encoding': 'gzip' } }, /sends .*weights\.bin packed/],
  ])('whose file is %s is refused in words', async (_what, file, sentence) => {
    const url = serve(testPack(big), { 'weights.bin': file })
    expect((await refusal(() => added(host, atUrl(url)))).message).toMatch(sentence)
    expect((await host.models()).packs.filter((pack) => !pack.builtIn)).toEqual([])
  })

  it('whose file has another length, which the server does not tell, is refused when that is seen', async () => {
    const pack = testPack(big)
    const long = { bytes: new Uint8Array(2 * weightBytes), untold: true }
    expect((await refusal(() => added(host, atUrl(serve(pack, { 'weights.bin': long }))))).message).toContain(
      'is longer than the 3,000,000 bytes that the manifest says',
    )
    expect(heldWeights(pack)).toBeLessThanOrEqual(weightBytes)
    const short = { bytes: new Uint8Array(10), untold: true }
    expect((await refusal(() => added(host, atUrl(serve(pack, { 'weights.bin': short }))))).code).toBe(
      'broken-off',
    )
  })

  it('that is no manifest, or endless, is refused', async () => {
    server.files.set('/page', { bytes: Buffer.from('<html>Welcome</html>') })
    expect((await refusal(() => planned(host, atUrl(`${server.url}/page`)))).message).toContain('is no JSON')
    server.files.set('/endless', { bytes: Buffer.alloc(30e6, ' ') })
    expect((await refusal(() => planned(host, atUrl(`${server.url}/endless`)))).message).toContain(
      'neither a manifest nor a zip archive',
    )
    expect(server.sent).toBeLessThan(61e6)
  })
})

describe('an archive on the web', () => {
  it('is looked into before it is fetched', async () => {
    const url = serveZip(big)
    const plan = await planned(host, atUrl(url))
    expect(plan).toMatchObject({ id: 'tiny', heldByteLength: 0 })
    expect(plan.files[0]!.from).toBe(new URL(server.url).host)
    expect(existsSync(join(store, '.fetched'))).toBe(false)
    expect(server.asked.slice(1).every((line) => /bytes=\d+-\d+$/.test(line))).toBe(true)
    expect(await added(host, atUrl(url))).toMatchObject({ state: 'ready' })
    expect(readdirSync(join(store, '.fetched'))).toEqual([])
  })

  it('is fetched at once where the server gives no parts', async () => {
    const url = serveZip(big, { whole: true })
    const plan = await planned(host, atUrl(url))
    expect(plan).toMatchObject({ id: 'tiny', heldByteLength: plan.byteLength })
    const { sent } = server
    expect((await lastStep(host.addPack(atUrl(url), plan.manifestHash))).last.report).toMatchObject({
      state: 'ready',
    })
    // It was here already.
    expect(server.sent - sent).toBeLessThanOrEqual(server.files.get('/pack.zip')!.bytes.length)
    expect(server.asked).toEqual(['GET /pack.zip', 'GET /pack.zip', 'GET /pack.zip'])
  })

  it('broken off goes on, and begins anew when it changed', async () => {
    const url = serveZip(big)
    const { manifestHash } = await planned(host, atUrl(url))
    const add = () => lastStep(host.addPack(atUrl(url), manifestHash))
    const archive = () =>
      join(store, '.fetched', readdirSync(join(store, '.fetched')).find((name) => name.endsWith('.zip'))!)
    const file = server.files.get('/pack.zip')!
    // The first answer is only looked at; the second is the archive.
    server.files.set('/pack.zip', { ...file, breakAfter: 1_000_000, breaks: 2 })
    const first = await add().then(
      () => null,
      (error: Error) => error,
    )
    expect(first?.message).toMatch(/broke off/)
    const held = statSync(archive()).size
    expect(held).toBeGreaterThan(0)
    server.files.set('/pack.zip', { ...file, etag: '"two"' })
    server.sent = 0
    expect((await add()).last.report).toMatchObject({ state: 'ready' })
    expect(server.sent).toBeGreaterThan(weightBytes)
  })
})

describe('an address', () => {
  it('that leads on and on is given up', async () => {
    server.files.set('/loop', { bytes: new Uint8Array(), location: '/loop' })
    const { code, message } = await refusal(() => planned(host, atUrl(`${server.url}/loop`)))
    expect(code).toBe('too-many-redirects')
    expect(message).toContain('more than 5 times')
    expect(server.asked).toHaveLength(6)
  })

  it('that leads to the manifest is followed', async () => {
    serve(testPack())
    server.files.set('/short', { bytes: new Uint8Array(), location: '/packs/manifest.json' })
    expect(await planned(host, atUrl(`${server.url}/short`))).toMatchObject({ id: 'tiny' })
  })

  it.each([
    ['ftp://example.org/pack.zip', /is no address of the web\. Write one that begins with https/],
    ['file:///etc/passwd', /is no address of the web/],
    ['http://example.org/pack.zip', /is not encrypted, so anybody on the way could change it/],
    ['https://me:secret@example.org/pack.zip', /has a name or a password in it/],
    ['https://no-such-host.invalid/pack.zip', /No server named no-such-host\.invalid was found/],
    ['http://127.0.0.1:1/pack.zip', /127\.0\.0\.1:1 cannot be reached/],
  ])('%s is refused in words', async (url, sentence) => {
    expect((await refusal(() => planned(host, atUrl(url)))).message).toMatch(sentence)
  })

  it('that a redirect or a manifest gives does not lead into a private network', async () => {
    for (const location of [
      'https://192.168.1.1/admin',
      'https://localhost:1/x',
      'https://[::ffff:10.0.0.1]/x',
    ]) {
      server.files.set('/away', { bytes: new Uint8Array(), location })
      const { code } = await refusal(() => planned(host, atUrl(`${server.url}/away`)))
      expect(code, location).toBe('private-address')
    }
    const pack = testPack()
    const files = pack.manifest.files.map((file) => ({
      ...file,
      url: 'https://169.254.169.254/latest/meta-data',
    }))
    const url = serve({ manifest: { ...pack.manifest, files }, files: new Map() })
    expect((await refusal(() => planned(host, atUrl(url)))).message).toMatch(
      /169\.254\.169\.254.* leads into a private network \(169\.254\.169\.254\), where only an address leads that you give yourself/,
    )
  })

  it('that a served page gives reaches public servers only', async () => {
    const served = await newHost('served')
    try {
      const url = serve(testPack())
      for (const address of [url, url.replace('http:', 'https:'), 'https://localhost/x', 'https://[::1]/x'])
        expect((await refusal(() => planned(served, atUrl(address)))).code, address).toMatch(
          /^(private|bad)-address$/,
        )
      expect(server.asked).toEqual([])
      expect(await refusal(() => planned(served, { type: 'path', path: place.path }))).toMatchObject({
        code: 'no-such-path',
      })
    } finally {
      await served.close()
    }
  })

  it('that does not answer is given up after a while', async () => {
    server.files.set('/slow', { bytes: Buffer.from('{"a": 1}'), stallAfter: 3 })
    const { body } = await new Web(server.url, 200).get(`${server.url}/slow`, {})
    await expect(
      (async () => {
        for await (const _part of body);
      })(),
    ).rejects.toThrow()
  })

  it.each([
    ['CERT_HAS_EXPIRED', 'no-proof', /cannot prove that it is example\.org \(CERT_HAS_EXPIRED\)/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'no-proof', /so nothing is taken from it/],
    ['EHOSTUNREACH', 'no-server', /cannot be reached \(EHOSTUNREACH\)/],
    ['ECONNRESET', 'broken-off', /broke off \(ECONNRESET\)\. Try again/],
  ])('whose server fails with %s is spoken of in words', (code, id, sentence) => {
    const told = webError(Object.assign(new Error(code), { code }), 'example.org') as UserError
    expect(told.code).toBe(id)
    expect(told.message).toMatch(sentence)
  })

  it('is public or not, as the registries say', () => {
    for (const address of ['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1'])
      expect(isPublic(address), address).toBe(true)
    for (const address of [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd12::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:a00:1',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      '2001:db8::1',
    ])
      expect(isPublic(address), address).toBe(false)
    expect(isLoopback('127.8.8.8') && isLoopback('::1') && isLoopback('::ffff:127.0.0.1')).toBe(true)
    expect(isLoopback('10.0.0.1')).toBe(false)
  })
})
