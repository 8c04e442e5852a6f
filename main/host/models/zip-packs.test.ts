/** Packs in zip archives: honest ones, and every way that is known to get out of a folder or to fill a disk. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestPackOptions, testPack } from '../../../models/test-pack.ts'
import { isUserError } from '../../core/user-error.ts'
import { createHost, type Host } from '../host.ts'
import { refusal } from '../test-hosts.ts'
import { testFolder } from '../test-projects.ts'
import { added, atPath, manifestText, planned } from './test-packs.ts'
import { type TestEntry, zipOf } from './test-zip.ts'

const place = testFolder()
const store = join(place.path, 'settings', 'models')
let host: Host
let zipCount = 0

beforeAll(async () => {
  host = await createHost({ mode: 'desktop', settingsFolder: join(place.path, 'settings'), provider: 'cpu' })
})
afterAll(async () => {
  await host.close()
  place.remove()
})

/** The pack's files as entries, below `folder`, and more after them. */
function entriesOf(options: TestPackOptions = {}, folder = ''): TestEntry[] {
  const pack = testPack(options)
  return [
    { name: `${folder}manifest.json`, data: Buffer.from(manifestText(pack)) },
    ...[...pack.files].map(([path, data]) => ({ name: `${folder}${path}`, data })),
  ]
}

function zipped(entries: readonly TestEntry[] | Uint8Array): ReturnType<typeof atPath> {
  const path = join(place.path, `pack-${++zipCount}.zip`)
  writeFileSync(path, entries instanceof Uint8Array ? entries : zipOf(entries))
  return atPath(path)
}

describe('an archive', () => {
  it('is added, packed or stored, at its top or in its only folder', async () => {
    expect(await added(host, zipped(entriesOf({ id: 'top' })))).toMatchObject({ state: 'ready' })
    const stored = entriesOf({ id: 'stored' }, 'My pack/').map((entry) => ({ ...entry, packed: false }))
    expect(await added(host, zipped([{ name: 'My pack/', mode: 0o040755 }, ...stored]))).toMatchObject({
      state: 'ready',
    })
    expect(existsSync(join(store, 'stored', 'golden', 'x.f32'))).toBe(true)
  })

  it('leaves out what its manifest does not list', async () => {
    const more = { name: 'README.txt', data: Buffer.from('hello') }
    const mac = { name: '__MACOSX/._double.onnx', data: Buffer.from('junk') }
    expect(await added(host, zipped([...entriesOf({ id: 'extra' }), more, mac]))).toMatchObject({
      state: 'ready',
    })
    expect(readdirSync(join(store, 'extra')).sort()).toEqual(['double.onnx', 'golden', 'manifest.json'])
  })

  it('without a manifest, or cut off, is refused by name', async () => {
    expect((await refusal(() => planned(host, zipped(entriesOf().slice(1))))).message).toMatch(
      /pack-\d+\.zip has no manifest\.json at its top or in its only folder/,
    )
    const half = zipOf(entriesOf())
    expect((await refusal(() => planned(host, zipped(half.subarray(0, half.length - 30))))).message).toMatch(
      /pack-\d+\.zip is no whole zip archive/,
    )
  })
})

describe('an archive is refused, with a sentence that names the file,', () => {
  it.each<[string, TestEntry, RegExp]>([
    [
      'that leads out by ..',
      { name: '../evil.sh' },
      /in it “\.\.\/evil\.sh” leads out of its folder by “\.\.”/,
    ],
    ['that leads out in the middle', { name: 'a/../../evil.sh' }, /leads out of its folder/],
    ['with an absolute path', { name: '/etc/cron.d/evil' }, /“\/etc\/cron\.d\/evil” is absolute/],
    ['with a drive', { name: 'C:/Windows/evil.dll' }, /begins with a drive/],
    ['with a drive without a slash', { name: 'c:evil.dll' }, /begins with a drive/],
    ['with backslashes', { name: '..\\evil.dll' }, /has a backslash/],
    ['with a folder that leads out', { name: '../evil/', mode: 0o040755 }, /leads out of its folder/],
    [
      'with a link',
      { name: 'weights', data: Buffer.from('/etc'), mode: 0o120777 },
      /“weights” is a link to another place/,
    ],
    ['with a device', { name: 'disk', mode: 0o060644 }, /“disk” is neither a file nor a folder/],
    ['with the name of a device', { name: 'golden/aux.bin' }, /“aux\.bin”, which is the name of a device/],
    ['with a name twice', { name: 'double.onnx' }, /“double\.onnx” is there twice/],
    [
      'with names that differ in case',
      { name: 'DOUBLE.onnx' },
      /is the same file as “double\.onnx” where case does not count/,
    ],
    ['with a stream of a file', { name: 'double.onnx:evil' }, /has a character that not every system allows/],
    ['with a character that moves the cursor', { name: 'a\u001b[2Jb' }, /“a\\u001b\[2Jb” has a character/],
  ])('%s', async (_what, entry, sentence) => {
    const { code, message } = await refusal(() => planned(host, zipped([...entriesOf(), entry])))
    expect(code).toBe('bad-archive')
    expect(message).toMatch(sentence)
    expect(message).toMatch(/is not unpacked/)
  })

  it('that is encrypted, or packed by another method', async () => {
    const [manifest, ...rest] = entriesOf({ id: 'odd' })
    const locked = rest.map((entry) => ({ ...entry, flags: 1 }))
    expect((await refusal(() => added(host, zipped([manifest!, ...locked])))).message).toContain(
      '“double.onnx” is encrypted',
    )
    const odd = rest.map((entry) => ({ ...entry, method: 12 }))
    expect((await refusal(() => added(host, zipped([manifest!, ...odd])))).message).toContain(
      '“double.onnx” is packed by a method that is not read here (12)',
    )
  })

  it('whose files have other sizes than the manifest says', async () => {
    const entries = entriesOf({ id: 'size', ballast: 1000 })
    const long = entries.map((entry) =>
      entry.name === 'weights.bin' ? { ...entry, data: new Uint8Array(5e6) } : entry,
    )
    expect((await refusal(() => planned(host, zipped(long)))).message).toMatch(
      /weights\.bin in .*\.zip has 5,000,000 bytes, but the manifest says 1,000/,
    )
  })

  it('that unpacks to more than it says, without filling the disk', async () => {
    const bomb = entriesOf({ id: 'bomb', ballast: 1000 }).map((entry) =>
      entry.name === 'weights.bin' ? { ...entry, data: new Uint8Array(5e7), saidByteLength: 1000 } : entry,
    )
    const { message } = await refusal(() => added(host, zipped(bomb)))
    expect(message).toContain('“weights.bin” unpacks to more than the 1,000 bytes that the manifest says')
    const short = entriesOf({ id: 'short', ballast: 1000 }).map((entry) =>
      entry.name === 'weights.bin' ? { ...entry, data: new Uint8Array(10), saidByteLength: 1000 } : entry,
    )
    expect((await refusal(() => added(host, zipped(short)))).message).toContain(
      'unpacks to fewer than the 1,000',
    )
  })

  it('whose manifest is a bomb', async () => {
    const huge = { name: 'manifest.json', data: Buffer.alloc(3e7, ' ') }
    expect((await refusal(() => planned(host, zipped([huge])))).message).toMatch(/longer than/)
  })

  it('that is damaged inside, or points outside itself', async () => {
    const torn = zipOf(entriesOf())
    torn.fill(0xff, 60, 200)
    expect((await refusal(() => planned(host, zipped(torn)))).message).toMatch(/is no whole zip archive/)
    const far = zipOf(entriesOf())
    far.writeUInt32LE(0xfffffff0, far.length - 6)
    expect((await refusal(() => planned(host, zipped(far)))).message).toContain('it points outside itself')
    // The directory of a large archive at a place that no file has, and no number of JavaScript.
    const plain = zipOf(entriesOf())
    const locator = Buffer.alloc(20, 0xff)
    locator.writeUInt32LE(0x07064b50, 0)
    const large = Buffer.concat([plain.subarray(0, -22), locator, plain.subarray(-22)])
    expect((await refusal(() => planned(host, zipped(large)))).message).toContain('it points outside itself')
  })

  it('that claims to hold millions of files', async () => {
    const zip = zipOf(entriesOf())
    zip.writeUInt16LE(65_000, zip.length - 22 + 10)
    expect((await refusal(() => planned(host, zipped(zip)))).message).toContain(
      '65,000 files, which no pack does',
    )
  })
})

it('whatever is done to an archive, nothing escapes, hangs, or is said but in a sentence', {
  timeout: 120_000,
}, async () => {
  const whole = zipOf([...entriesOf({ id: 'fuzz' }), { name: 'notes/more.txt', data: Buffer.from('more') }])
  const outside = readdirSync(place.path).sort().join()
  const change = fc.record({
    at: fc.oneof(fc.nat(whole.length - 1), fc.integer({ min: whole.length - 500, max: whole.length - 1 })),
    value: fc.constantFrom(0, 1, 0x2e, 0x2f, 0x5c, 0x7f, 0x80, 0xff),
    length: fc.integer({ min: 1, max: 8 }),
  })
  const path = join(place.path, 'fuzz.zip')
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(whole.length)),
      async (changes, cut) => {
        const bytes = Buffer.from(whole)
        for (const { at, value, length } of changes)
          bytes.fill(value, at, Math.min(bytes.length, at + length))
        writeFileSync(path, bytes.subarray(0, cut ?? bytes.length))
        await added(host, atPath(path)).catch((error: unknown) => {
          if (!isUserError(error)) throw error
          expect(error.message).toMatch(/^[^\n]{20,}\.$/)
        })
      },
    ),
    { numRuns: 300 },
  )
  const now = readdirSync(place.path).filter((name) => name !== 'fuzz.zip')
  expect(now.sort().join()).toBe(outside)
  const known = new Set(['top', 'stored', 'extra', 'fuzz'])
  expect(readdirSync(store).filter((name) => !name.startsWith('.') && !known.has(name))).toEqual([])
})
