/** Packs as a person adds, checks, chooses and removes them, through the calls that the window makes. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { onnxModel } from '../../../models/onnx-writer.ts'
import { doubling, sha256, type TestPackOptions, testPack } from '../../../models/test-pack.ts'
import type { HostEvent } from '../../core/api.ts'
import { modelRoles } from '../../core/models.ts'
import { createHost, type Host } from '../host.ts'
import { refusal } from '../test-hosts.ts'
import { testFolder } from '../test-projects.ts'
import { lockStore } from './store-lock.ts'
import { added, atPath, lastStep, planned, verified, writePack } from './test-packs.ts'

const place = testFolder()
const settingsFolder = join(place.path, 'settings')
const store = join(settingsFolder, 'models')
let host: Host
let packCount = 0

beforeAll(async () => {
  host = await createHost({ mode: 'desktop', settingsFolder, provider: 'cpu' })
})
afterAll(async () => {
  await host.close()
  place.remove()
})
beforeEach(async () => {
  for (const pack of (await host.models()).packs) if (!pack.builtIn) await host.removePack(pack.id)
  rmSync(join(store, '.fetched'), { recursive: true, force: true })
})

/** A folder with a pack; what differs from a right one is said by options. */
function folderOf(options: TestPackOptions = {}): string {
  return writePack(join(place.path, `pack-${++packCount}`), testPack(options))
}

async function mine() {
  return (await host.models()).packs.filter((pack) => !pack.builtIn)
}

/** What is there of packs, hidden folders of the work too, but for records and the lock. */
function leftovers(): string[] {
  return readdirSync(store, { recursive: true })
    .map(String)
    .filter(
      (path) =>
        !/^\.(checks|lock\.db)/.test(path) &&
        !['.adding', '.fetched', '.replaced', '.removed'].includes(path),
    )
}

describe('a pack in a folder', () => {
  it('is planned from its manifest, licence and all, and nothing is added by that', async () => {
    const plan = await planned(host, atPath(folderOf({ commercial: false })))
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
      for await (const event of host.events(watch.signal)) if (event.type === 'models') events.push(event)
    })()
    const ref = atPath(folderOf())
    const { manifestHash } = await planned(host, ref)
    const { last, progress } = await lastStep(host.addPack(ref, manifestHash))
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
    const { chosen } = await host.choosePack('embed-image', 'tiny')
    expect(chosen['embed-image']).toBe('tiny')
    expect((await host.settings()).models['embed-image']).toBe('tiny')
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
    expect(await added(host, atPath(join(folderOf(), 'manifest.json')))).toMatchObject({ state: 'ready' })
  })

  it('has a newer version take its place, and keeps the old one where the newer fails', async () => {
    await added(host, atPath(folderOf()))
    const broken = atPath(folderOf({ version: '2.0.0', golden: [1, 3, 5, 8] }))
    expect((await planned(host, broken)).replaces).toBe('1.0.0')
    expect(await added(host, broken)).toMatchObject({ state: 'broken' })
    expect(await mine()).toMatchObject([{ version: '1.0.0', state: 'ready' }])
    const newer = folderOf({ version: '3.0.0', more: { 'notes.txt': Buffer.from('new') } })
    expect(await added(host, atPath(newer))).toMatchObject({ state: 'ready' })
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
    const { manifestHash } = await planned(host, atPath(folder))
    writePack(folder, testPack({ commercial: false }))
    const { code, message } = await refusal(() => lastStep(host.addPack(atPath(folder), manifestHash)))
    expect(code).toBe('manifest-changed')
    expect(message).toContain('changed since its licence was shown')
  })
})

describe('is refused, with a sentence that names it:', () => {
  it.each<[string, TestPackOptions, RegExp]>([
    [
      'a missing input',
      { declared: { inputs: [{ name: 'z', type: 'float32', shape: ['rows', 2] }] }, patch: { golden: [] } },
      /^The graph encoder \(double\.onnx\) has no input “z”, which the manifest declares\. It has: “x”\./,
    ],
    [
      'a missing output',
      { declared: { outputs: [{ name: 'w', type: 'float32', shape: ['rows', 2] }] }, patch: { golden: [] } },
      /^The graph encoder \(double\.onnx\) has no output “w”/,
    ],
    [
      'a wrong type',
      { declared: { inputs: [{ name: 'x', type: 'int64', shape: ['rows', 2] }] }, patch: { golden: [] } },
      /input “x”, is float32, but the manifest says int64/,
    ],
    [
      'a wrong rank',
      {
        declared: { inputs: [{ name: 'x', type: 'float32', shape: ['rows', 2, 1] }] },
        patch: { golden: [] },
      },
      /input “x”, has 2 dimensions .*, but the manifest says 3/,
    ],
    [
      'a wrong shape',
      { declared: { outputs: [{ name: 'y', type: 'float32', shape: ['rows', 3] }] }, patch: { golden: [] } },
      /output “y”, has the shape .*, but the manifest says \[rows, 3\]: \[1\] is 2, not 3/,
    ],
    [
      'a failed golden sample',
      { golden: [1, 3, 5, 9] },
      /^Golden sample 1 fails: the output “y” of the graph encoder is 7 at \[1, 1\], where 9 is wanted: 2\.00 apart, and 0\.00001 is allowed\. Take the export/,
    ],
    [
      'an operator that is not known',
      {
        graph: onnxModel({
          ...doubling,
          nodes: [{ op: 'Levitate', inputs: ['x'], outputs: ['y'] }],
          initializers: {},
        }),
      },
      /^The graph encoder \(double\.onnx\) uses the operator .*Levitate, which ONNX Runtime does not have here/,
    ],
    [
      'a file that is no graph',
      { graph: Buffer.from('<html>not a model</html>') },
      /“Tiny doubler, encoder” could not be opened/,
    ],
  ])('%s', async (_what, options, sentence) => {
    const report = await added(host, atPath(folderOf(options)))
    expect(report.state).toBe('broken')
    expect(report.sentence).toMatch(sentence)
    expect(await mine()).toEqual([])
    expect(leftovers().filter((path) => !path.startsWith('.fetched'))).toEqual([])
  })

  it('a wrong hash', async () => {
    const folder = folderOf()
    const path = join(folder, 'golden', 'x.f32')
    const bytes = readFileSync(path)
    bytes[0] = bytes[0]! ^ 1
    writeFileSync(path, bytes)
    const report = await added(host, atPath(folder))
    expect(report.sentence).toMatch(
      /^golden\/x\.f32 is not the file that the manifest lists: its SHA-256 is [0-9a-f]{12}… and should be [0-9a-f]{12}…/,
    )
    expect(report.checks.map(({ what }) => what)).toEqual(['file double.onnx', 'file golden/x.f32'])
    // The wrong bytes are not kept for the next try, which finds the right ones.
    bytes[0] = bytes[0]! ^ 1
    writeFileSync(path, bytes)
    expect(await added(host, atPath(folder))).toMatchObject({ state: 'ready' })
  })

  it('a file of another size, one that is not there, a folder without a manifest, another file', async () => {
    const folder = folderOf()
    appendFileSync(join(folder, 'double.onnx'), 'more')
    expect((await refusal(() => planned(host, atPath(folder)))).message).toMatch(
      /double\.onnx has [\d,]+ bytes, but the manifest says/,
    )
    rmSync(join(folder, 'double.onnx'))
    expect((await refusal(() => planned(host, atPath(folder)))).message).toContain(
      `“double.onnx”, which the manifest lists, is not in ${folder}`,
    )
    expect((await refusal(() => planned(host, atPath(place.path)))).message).toContain('has no manifest.json')
    writeFileSync(join(place.path, 'pack.tar'), 'ustar')
    expect((await refusal(() => planned(host, atPath(join(place.path, 'pack.tar'))))).message).toContain(
      'neither a folder with a manifest.json, nor a zip archive',
    )
    expect((await refusal(() => planned(host, atPath(join(place.path, 'nowhere'))))).message).toContain(
      'nowhere',
    )
  })

  it('a file that is a link out of the folder', async () => {
    const folder = folderOf()
    const outside = join(place.path, 'outside.onnx')
    writeFileSync(outside, readFileSync(join(folder, 'double.onnx')))
    rmSync(join(folder, 'double.onnx'))
    symlinkSync(outside, join(folder, 'double.onnx'))
    const { code, message } = await refusal(() => planned(host, atPath(folder)))
    expect(code).toBe('escapes')
    expect(message).toContain('“double.onnx”')
    expect(message).toContain('leads out of the folder')
    rmSync(join(folder, 'manifest.json'))
    symlinkSync('/etc/hosts', join(folder, 'manifest.json'))
    expect(await refusal(() => planned(host, atPath(folder)))).toMatchObject({ code: 'escapes' })
  })

  it('a pack that the disk has no room for', async () => {
    const pack = testPack()
    const { bavail, bsize } = await statfs(place.path)
    const bytes = 2 ** 40
    // A disk that has a terabyte to spare.
    if (bavail * bsize > bytes) return
    const files = [
      ...pack.manifest.files,
      { path: 'big', sha256: '0'.repeat(64), bytes, url: 'https://example.org/big' },
    ]
    const folder = writePack(join(place.path, 'big'), { ...pack, manifest: { ...pack.manifest, files } })
    const { code, message } = await refusal(() => added(host, atPath(folder)))
    expect(code).toBe('disk-full')
    expect(message).toContain(store)
  })

  it('a second program that adds at the same time', async () => {
    const ref = atPath(folderOf())
    const { manifestHash } = await planned(host, ref)
    const unlock = lockStore(store)
    expect((await refusal(() => lastStep(host.addPack(ref, manifestHash)))).code).toBe('packs-busy')
    unlock()
    expect(await added(host, ref)).toMatchObject({ state: 'ready' })
  })
})

describe('a pack that is here', () => {
  it('is unchecked once a file was written to, and ready again after it is verified', async () => {
    await added(host, atPath(folderOf()))
    utimesSync(join(store, 'tiny', 'double.onnx'), 1, 1)
    expect(await mine()).toMatchObject([{ state: 'unchecked', checkedAt: null }])
    const report = await verified(host, 'tiny')
    expect(report).toMatchObject({ state: 'ready' })
    expect(report.checks).toHaveLength(5)
    expect(await mine()).toMatchObject([{ state: 'ready' }])
  })

  it('is broken when its bytes changed, and its graphs are not run then', async () => {
    await added(host, atPath(folderOf()))
    const path = join(store, 'tiny', 'double.onnx')
    const bytes = readFileSync(path)
    bytes[40] = bytes[40]! ^ 1
    writeFileSync(path, bytes)
    const report = await verified(host, 'tiny')
    expect(report).toMatchObject({ state: 'broken' })
    expect(report.sentence).toContain('double.onnx is not the file that the manifest lists')
    expect(report.checks.map(({ what }) => what)).not.toContain('graph encoder')
    expect(await mine()).toMatchObject([{ state: 'broken', sentence: report.sentence }])
    expect(await refusal(() => host.choosePack('embed-image', 'tiny'))).toMatchObject({ code: 'broken-pack' })
    expect((await refusal(() => lastStep(host.benchPack('tiny')))).message).toContain(
      '“Tiny doubler” cannot be used',
    )
  })

  it('is broken at once when a file is gone or its manifest cannot be read, and can be removed all the same', async () => {
    await added(host, atPath(folderOf()))
    rmSync(join(store, 'tiny', 'golden', 'x.f32'))
    expect(await mine()).toMatchObject([
      { state: 'broken', sentence: 'golden/x.f32 of “Tiny doubler” is gone. Add the pack again.' },
    ])
    writeFileSync(join(store, 'tiny', 'manifest.json'), '{ half')
    expect(await mine()).toMatchObject([{ id: 'tiny', role: null, licence: null, state: 'broken' }])
    expect((await mine())[0]!.sentence).toContain('is no JSON')
    await host.removePack('tiny')
    expect(await mine()).toEqual([])
    mkdirSync(join(store, 'empty'))
    expect((await mine())[0]!.sentence).toContain('cannot be read')
  })

  it('is timed graph by graph, on its golden sample or on inputs made up', async () => {
    await added(host, atPath(folderOf()))
    const { last } = await lastStep(host.benchPack('tiny'))
    expect(last.graphs).toMatchObject([{ part: 'encoder', runCount: 7, inputs: 'x 2x2', provider: 'cpu' }])
    expect(last.graphs[0]!.runMs).toBeGreaterThan(0)
    expect(last.graphs[0]!.openMs).toBeGreaterThan(0)
    await added(host, atPath(folderOf({ id: 'bare', patch: { golden: [] } })))
    const bare = await lastStep(host.benchPack('bare'))
    expect(bare.last.graphs).toMatchObject([{ inputs: 'x 1x2' }])
  })

  it('fills only its own role, and the role goes back when it is removed', async () => {
    await added(host, atPath(folderOf()))
    expect((await refusal(() => host.choosePack('segment-video', 'tiny'))).message).toBe(
      '“Tiny doubler” does embed-image, not segment-video. Choose a pack that does segment-video.',
    )
    expect((await refusal(() => host.choosePack('embed-image', 'huge'))).message).toContain(
      'There is no pack “huge”',
    )
    expect(await refusal(() => host.choosePack('paint' as never, null))).toMatchObject({ code: 'bad-role' })
    await host.choosePack('embed-image', 'tiny')
    const models = await host.removePack('tiny')
    expect(models.chosen['embed-image']).toBe(null)
    expect(models.packs.filter((pack) => !pack.builtIn)).toEqual([])
    expect(await refusal(() => host.removePack('tiny'))).toMatchObject({ code: 'no-pack' })
    expect(leftovers()).toEqual([])
  })

  it('is not chosen by way of the settings', async () => {
    const models = Object.fromEntries(modelRoles.map((role) => [role, 'anything'])) as never
    await host.updateSettings({ models, textScale: 1.5 })
    expect((await host.settings()).models['embed-image']).toBe(null)
    expect((await host.settings()).textScale).toBe(1.5)
  })
})

it.skipIf(process.getuid?.() === 0)('where nothing can be written that is said', async () => {
  const ref = atPath(folderOf())
  const { manifestHash } = await planned(host, ref)
  chmodSync(store, 0o500)
  try {
    const { code, message } = await refusal(() => lastStep(host.addPack(ref, manifestHash)))
    expect(code).toBe('not-writable')
    expect(message).toContain(store)
  } finally {
    chmodSync(store, 0o700)
  }
})

it('files that were left by a refused pack serve a corrected manifest', async () => {
  const wrong = testPack({ golden: [1, 3, 5, 8], ballast: 5000 })
  await added(host, atPath(writePack(join(place.path, 'wrong'), wrong)))
  const right = testPack({ ballast: 5000 })
  const ref = atPath(writePack(join(place.path, 'right'), right))
  const weights = right.files.get('weights.bin')!
  expect(existsSync(join(store, '.fetched', sha256(weights)))).toBe(true)
  expect((await planned(host, ref)).heldByteLength).toBeGreaterThan(5000)
  expect(await added(host, ref)).toMatchObject({ state: 'ready' })
  expect(existsSync(join(store, '.fetched', sha256(weights)))).toBe(false)
})
