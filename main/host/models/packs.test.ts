/** Packs as a person adds, checks, chooses and removes them, through the calls that the window makes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256, testPack } from '../../../models/test-pack.ts'
import type { HostEvent } from '../../core/api.ts'
import { modelRoles } from '../../core/models.ts'
import { refusal } from '../test-hosts.ts'
import { packHost } from './test-pack-host.ts'
import { added, atPath, lastStep, planned, verified, writePack } from './test-packs.ts'

const packs = packHost()
const { folder: place, store, folderOf, mine, leftovers } = packs

describe('a pack in a folder', () => {
  it('is planned from its manifest, licence and all, and nothing is added by that', async () => {
    const plan = await planned(packs.host, atPath(folderOf({ commercial: false })))
    expect(plan).toMatchObject({
      id: 'tiny',
      name: 'Tiny doubler',
      version: '1.0.0',
      role: 'embed-image',
      contract: 'clip-image',
      licence: {
        spdx: 'Apache-2.0',
        url: 'https://www.apache.org/licenses/LICENSE-2.0',
        commercial: false,
        note: 'Keep the notice.',
      },
      sourceUrl: 'https://example.org/tiny',
      heldByteLength: 0,
      graphCount: 1,
      goldenCount: 1,
      replaces: null,
    })
    expect(plan.files.map(({ path, from }) => [path, from])).toEqual([
      ['double.onnx', null],
      ['golden/x.f32', null],
      ['golden/y.f32', null],
    ])
    expect(plan.byteLength).toBe(plan.files.reduce((sum, { byteLength }) => sum + byteLength, 0))
    expect(await mine()).toEqual([])
  })

  it('is added after its checks, is told to every view, and can be chosen and run', async () => {
    const events: HostEvent[] = []
    const watch = new AbortController()
    const heard = (async () => {
      for await (const event of packs.host.events(watch.signal))
        if (event.type === 'models') events.push(event)
    })()
    const ref = atPath(folderOf())
    const { manifestHash } = await planned(packs.host, ref)
    const { last, progress } = await lastStep(packs.host.addPack(ref, manifestHash))
    expect(last.report).toMatchObject({ id: 'tiny', state: 'ready', sentence: null })
    expect(last.report.checks.map(({ what, right }) => [what, right])).toEqual([
      ['file double.onnx', true],
      ['file golden/x.f32', true],
      ['file golden/y.f32', true],
      ['graph encoder', true],
      ['golden sample 1', true],
    ])
    expect(progress.filter(({ stage }) => stage === 'copy').at(-1)).toMatchObject({
      at: 'golden/y.f32',
      done: (await mine())[0]!.byteLength,
      total: (await mine())[0]!.byteLength,
    })
    expect(progress.some(({ stage, at }) => stage === 'check' && at === 'graph encoder')).toBe(true)
    expect(await mine()).toMatchObject([
      { id: 'tiny', state: 'ready', sentence: null, folder: join(store, 'tiny') },
    ])
    expect((await mine())[0]!.checkedAt).toBeGreaterThan(1e12)
    const { chosen } = await packs.host.choosePack('embed-image', 'tiny')
    expect(chosen['embed-image']).toBe('tiny')
    expect((await packs.host.settings()).models['embed-image']).toBe('tiny')
    watch.abort()
    await heard
    expect(events.map((event) => event.type === 'models' && event.models.packs.at(-1)?.id)).toContain('tiny')
    expect(leftovers().sort()).toEqual(
      [
        'tiny',
        'tiny/manifest.json',
        'tiny/double.onnx',
        'tiny/golden',
        'tiny/golden/x.f32',
        'tiny/golden/y.f32',
      ].sort(),
    )
  })

  it('may be named by its manifest', async () => {
    expect(await added(packs.host, atPath(join(folderOf(), 'manifest.json')))).toMatchObject({
      state: 'ready',
    })
  })

  it('has a newer version take its place, and keeps the old one where the newer fails', async () => {
    await added(packs.host, atPath(folderOf()))
    const broken = atPath(folderOf({ version: '2.0.0', golden: [1, 3, 5, 8] }))
    expect((await planned(packs.host, broken)).replaces).toBe('1.0.0')
    expect(await added(packs.host, broken)).toMatchObject({ state: 'broken' })
    expect(await mine()).toMatchObject([{ version: '1.0.0', state: 'ready' }])
    const newer = folderOf({ version: '3.0.0', more: { 'notes.txt': Buffer.from('new') } })
    expect(await added(packs.host, atPath(newer))).toMatchObject({ state: 'ready' })
    expect(await mine()).toMatchObject([{ version: '3.0.0', state: 'ready' }])
    expect(existsSync(join(store, 'tiny', 'notes.txt'))).toBe(true)
    expect(leftovers().filter((path) => path.startsWith('.'))).toEqual(leftFetched())
  })

  /** The files of the refused version wait for a corrected manifest. */
  function leftFetched(): string[] {
    return leftovers().filter((path) => path.startsWith('.fetched/'))
  }

  it('is refused when its manifest changed after the licence was shown', async () => {
    const folder = folderOf()
    const { manifestHash } = await planned(packs.host, atPath(folder))
    writePack(folder, testPack({ commercial: false }))
    const { code, message } = await refusal(() => lastStep(packs.host.addPack(atPath(folder), manifestHash)))
    expect(code).toBe('manifest-changed')
    expect(message).toContain('changed since its licence was shown')
  })
})

describe('a pack that is here', () => {
  it('is unchecked once a file was written to, and ready again after it is verified', async () => {
    await added(packs.host, atPath(folderOf()))
    utimesSync(join(store, 'tiny', 'double.onnx'), 1, 1)
    expect(await mine()).toMatchObject([{ state: 'unchecked', checkedAt: null }])
    const report = await verified(packs.host, 'tiny')
    expect(report).toMatchObject({ state: 'ready' })
    expect(report.checks).toHaveLength(5)
    expect(await mine()).toMatchObject([{ state: 'ready' }])
  })

  it('is broken when its bytes changed, and its graphs are not run then', async () => {
    await added(packs.host, atPath(folderOf()))
    const path = join(store, 'tiny', 'double.onnx')
    const bytes = readFileSync(path)
    bytes[40] = bytes[40]! ^ 1
    writeFileSync(path, bytes)
    const report = await verified(packs.host, 'tiny')
    expect(report).toMatchObject({ state: 'broken' })
    expect(report.sentence).toContain('double.onnx is not the file that the manifest lists')
    expect(report.checks.map(({ what }) => what)).not.toContain('graph encoder')
    expect(await mine()).toMatchObject([{ state: 'broken', sentence: report.sentence }])
    expect(await refusal(() => packs.host.choosePack('embed-image', 'tiny'))).toMatchObject({
      code: 'broken-pack',
    })
    expect((await refusal(() => lastStep(packs.host.benchPack('tiny')))).message).toContain(
      '“Tiny doubler” cannot be used',
    )
  })

  it('is broken at once when a file is gone or its manifest cannot be read, and can be removed all the same', async () => {
    await added(packs.host, atPath(folderOf()))
    rmSync(join(store, 'tiny', 'golden', 'x.f32'))
    expect(await mine()).toMatchObject([
      { state: 'broken', sentence: 'golden/x.f32 of “Tiny doubler” is gone. Add the pack again.' },
    ])
    writeFileSync(join(store, 'tiny', 'manifest.json'), '{ half')
    expect(await mine()).toMatchObject([{ id: 'tiny', role: null, licence: null, state: 'broken' }])
    expect((await mine())[0]!.sentence).toContain('is no JSON')
    await packs.host.removePack('tiny')
    expect(await mine()).toEqual([])
    mkdirSync(join(store, 'empty'))
    expect((await mine())[0]!.sentence).toContain('cannot be read')
  })

  it('is timed graph by graph, on its golden sample or on inputs made up', async () => {
    await added(packs.host, atPath(folderOf()))
    const { last } = await lastStep(packs.host.benchPack('tiny'))
    expect(last.graphs).toMatchObject([
      { part: 'encoder', runCount: 7, inputs: 'pixel_values 2x2', provider: 'cpu' },
    ])
    expect(last.graphs[0]!.runMs).toBeGreaterThan(0)
    expect(last.graphs[0]!.openMs).toBeGreaterThan(0)
    await added(packs.host, atPath(folderOf({ id: 'bare', patch: { golden: [] } })))
    const bare = await lastStep(packs.host.benchPack('bare'))
    expect(bare.last.graphs).toMatchObject([{ inputs: 'pixel_values 1x2' }])
  })

  it('fills only its own role, and the role goes back when it is removed', async () => {
    await added(packs.host, atPath(folderOf()))
    expect((await refusal(() => packs.host.choosePack('segment-video', 'tiny'))).message).toBe(
      '“Tiny doubler” does embed-image, not segment-video. Choose a pack that does segment-video.',
    )
    expect((await refusal(() => packs.host.choosePack('embed-image', 'huge'))).message).toContain(
      'There is no pack “huge”',
    )
    expect(await refusal(() => packs.host.choosePack('paint' as never, null))).toMatchObject({
      code: 'bad-role',
    })
    await packs.host.choosePack('embed-image', 'tiny')
    const models = await packs.host.removePack('tiny')
    expect(models.chosen['embed-image']).toBe(null)
    expect(models.packs.filter((pack) => !pack.builtIn)).toEqual([])
    expect(await refusal(() => packs.host.removePack('tiny'))).toMatchObject({ code: 'no-pack' })
    expect(leftovers()).toEqual([])
  })

  it('is not chosen by way of the settings', async () => {
    const models = Object.fromEntries(modelRoles.map((role) => [role, 'anything'])) as never
    await packs.host.updateSettings({ models, textScale: 1.5 })
    expect((await packs.host.settings()).models['embed-image']).toBe(null)
    expect((await packs.host.settings()).textScale).toBe(1.5)
  })
})

it('files that were left by a refused pack serve a corrected manifest', async () => {
  const wrong = testPack({ golden: [1, 3, 5, 8], ballast: 5000 })
  await added(packs.host, atPath(writePack(join(place, 'wrong'), wrong)))
  const right = testPack({ ballast: 5000 })
  const ref = atPath(writePack(join(place, 'right'), right))
  const weights = right.files.get('weights.bin')!
  expect(existsSync(join(store, '.fetched', sha256(weights)))).toBe(true)
  expect((await planned(packs.host, ref)).heldByteLength).toBeGreaterThan(5000)
  expect(await added(packs.host, ref)).toMatchObject({ state: 'ready' })
  expect(existsSync(join(store, '.fetched', sha256(weights)))).toBe(false)
})

it('what was fetched and nobody came back for is cleared away after a month', async () => {
  const fetched = join(store, '.fetched')
  mkdirSync(fetched, { recursive: true })
  const month = 31 * 24 * 3600
  for (const [name, age] of [
    ['old', month],
    ['young', month / 2],
  ] as const) {
    writeFileSync(join(fetched, name), 'part')
    const time = Date.now() / 1000 - age
    utimesSync(join(fetched, name), time, time)
  }
  await added(packs.host, atPath(folderOf()))
  expect(readdirSync(fetched)).toEqual(['young'])
})
