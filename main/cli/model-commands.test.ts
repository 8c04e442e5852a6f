/** Packs on the command line, as a person types it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testPack } from '../../models/test-pack.ts'
import type { CatalogueEntry, PackBench, PackReport } from '../core/models.ts'
import { type TestServer, testServer } from '../host/models/test-pack-server.ts'
import { writePack } from '../host/models/test-packs.ts'
import { testFolder } from '../host/test-projects.ts'
import { inbetween } from '../test-command-line.ts'
import { packRef } from './model-add-command.ts'
import { planText, progressText } from './pack-words.ts'

const place = testFolder()
let server: TestServer
const models = (...args: string[]) => inbetween(place.path, ['models', ...args])

beforeAll(async () => {
  server = await testServer()
  // Without trying what else the machine has.
  mkdirSync(join(place.path, 'settings'))
  writeFileSync(join(place.path, 'settings', 'settings.json'), '{ "provider": "cpu" }')
})
afterAll(async () => {
  await server.close()
  place.remove()
})

it('a pack is added after its licence was agreed to, listed, used, verified, timed and removed', {
  timeout: 240_000,
}, async () => {
  const folder = writePack(join(place.path, 'tiny'), testPack({ commercial: false }))
  const unasked = await models('add', folder)
  expect(unasked.code).toBe(1)
  expect(unasked.err).toContain(
    'Licence: Apache-2.0, no commercial use, https://www.apache.org/licenses/LICENSE-2.0',
  )
  expect(unasked.err).toContain(
    'Nobody can be asked here whether the licence is agreed to. Read it, and write the command again with --yes.',
  )

  const ran = await models('add', folder, '--yes')
  expect(ran.code).toBe(0)
  expect(ran.err).toContain('Tiny doubler 1.0.0 (tiny) does embed-image.')
  expect(ran.out).toContain('“Tiny doubler” is added: 5 checks went well.')
  expect(ran.out).toContain('Nothing in Inbetween asks for embed-image yet.')

  expect((await models('use', 'embed-image', 'tiny')).out).toBe(
    '“tiny” is chosen for embed-image. Nothing in Inbetween asks for that yet.\n',
  )
  const wrong = await models('use', 'segment-video', 'tiny')
  expect(wrong).toMatchObject({
    code: 1,
    err: '“Tiny doubler” does embed-image, not segment-video. Choose a pack that does segment-video.\n',
  })

  const listed = await models('list')
  expect(listed.out).toMatch(
    /^tiny +1\.0\.0 +embed-image +Apache-2\.0, no commercial use +0\.00 +ready +in use$/m,
  )
  const checked = await models('verify', 'tiny')
  expect(checked.code).toBe(0)
  expect(checked.out).toMatch(/^ {2}ok {4}golden sample 1: The graph encoder differs by at most/m)
  const timed = JSON.parse((await models('bench', 'tiny', '--json')).out) as PackBench[]
  expect(timed).toMatchObject([{ part: 'encoder', inputs: 'pixel_values 2x2' }])

  rmSync(join(place.path, 'settings', 'models', 'tiny', 'double.onnx'))
  const broken = await models('verify', '--json')
  expect(broken.code).toBe(1)
  expect((JSON.parse(broken.out) as PackReport[]).find(({ id }) => id === 'tiny')).toMatchObject({
    state: 'broken',
  })

  expect(await models('remove', 'tiny')).toMatchObject({ code: 0, out: '“tiny” is removed.\n' })
  expect((await models('list')).out).not.toContain('tiny')
})

it('what fails a check is not added, and the exit code says so', async () => {
  const folder = writePack(join(place.path, 'wrong'), testPack({ golden: [0, 0, 0, 0] }))
  const ran = await models('add', folder, '--yes', '--json')
  expect(ran.code).toBe(1)
  expect(ran.err).toContain(
    '“Tiny doubler” was not added. Golden sample 1 fails: the output “image_embeds” of the graph encoder is',
  )
  expect(JSON.parse(ran.out)).toMatchObject({ state: 'broken' })
})

it('a download stopped with Ctrl+C is kept, and the same command goes on', { timeout: 120_000 }, async () => {
  const pack = testPack({ ballast: 2_000_000 })
  for (const [path, bytes] of pack.files) server.files.set(`/${path}`, { bytes, etag: '"a"' })
  server.files.set('/manifest.json', { bytes: Buffer.from(JSON.stringify(pack.manifest)) })
  const weights = server.files.get('/weights.bin')!
  server.files.set('/weights.bin', { ...weights, stallAfter: 500_000 })
  let watch: NodeJS.Timeout | null = null
  const args = ['models', 'add', `${server.url}/manifest.json`, '--yes']
  const stopped = await inbetween(place.path, args, (_text, interrupt) => {
    watch ??= setInterval(() => {
      if (server.sent < 500_000) return
      clearInterval(watch!)
      // What was sent is soon on disk.
      setTimeout(interrupt, 500)
    }, 50)
  })
  expect(stopped.code).toBe(130)
  expect(stopped.err).toContain('Stopped. What was fetched is kept, and the same command goes on from there.')
  server.files.set('/weights.bin', weights)
  const ran = await models('add', `${server.url}/manifest.json`, '--yes')
  expect(ran.code).toBe(0)
  expect(ran.err).toMatch(/from 127\.0\.0\.1:\d+, 0\.50 MB of it here already\./)
  expect(server.asked.at(-1)).toBe('GET /weights.bin bytes=500000-')
})

it('the catalogue says source, licence and what was not tried', async () => {
  const { out } = await models('catalogue')
  expect(out).toContain('https://github.com/facebookresearch/sam2')
  expect(out).toContain('Apache-2.0, commercial use allowed')
  const entries = JSON.parse((await models('catalogue', '--json')).out) as CatalogueEntry[]
  for (const { id, tried, note, sources, licence } of entries) {
    expect(tried, id).toBe(false)
    expect(out).toContain(`Not tried: ${note}`)
    for (const { url } of [...sources, licence]) expect(url).toMatch(/^https:\/\//)
  }
})

it('tells addresses from paths, and how far it is', () => {
  expect(packRef('https://example.org/a.zip')).toEqual({ type: 'url', url: 'https://example.org/a.zip' })
  expect(packRef('ftp://example.org/a.zip')).toMatchObject({ type: 'url' })
  expect(packRef('/packs/a.zip')).toEqual({ type: 'path', path: '/packs/a.zip' })
  const at = 'encoder.onnx'
  expect(progressText({ type: 'progress', stage: 'fetch', at, done: 12_340_000, total: 98e6 })).toBe(
    'Fetch encoder.onnx, 12.3 of 98.0 MB',
  )
  expect(progressText({ type: 'progress', stage: 'check', at: 'graph encoder', done: 3, total: 5 })).toBe(
    'Check graph encoder, 3 of 5',
  )
  expect(
    planText({
      name: 'A',
      version: '2',
      id: 'a',
      role: 'embed-text',
      licence: { spdx: 'MIT', url: 'https://x', commercial: true, note: null },
      sourceUrl: 'https://y',
      files: [],
      byteLength: 0,
      heldByteLength: 0,
      goldenCount: 0,
      replaces: '1',
    } as never),
  ).toContain('It takes the place of version 1.\nIt has no golden sample')
})
