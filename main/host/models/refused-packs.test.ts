/** Packs that are refused: each with a sentence that names what is wrong, and nothing is left of them. */
import { appendFileSync, chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { onnxModel } from '../../../models/onnx-writer.ts'
import { doubling, type TestPackOptions, testPack } from '../../../models/test-pack.ts'
import { refusal } from '../test-hosts.ts'
import { lockStore } from './store-lock.ts'
import { packHost } from './test-pack-host.ts'
import { added, atPath, lastStep, planned, writePack } from './test-packs.ts'

const packs = packHost()
const { folder: place, store, folderOf, mine, leftovers } = packs

describe('is refused, with a sentence that names it:', () => {
  it.each<[string, TestPackOptions, RegExp]>([
    [
      'a missing input',
      {
        declared: { inputs: [{ name: 'image', type: 'float32', shape: ['rows', 2] }] },
        patch: { golden: [] },
      },
      /^The graph encoder \(double\.onnx\) has no input “image”, which the manifest declares\. It has: “pixel_values”\./,
    ],
    [
      'a missing output',
      {
        declared: { outputs: [{ name: 'embedding', type: 'float32', shape: ['rows', 2] }] },
        patch: { golden: [] },
      },
      /^The graph encoder \(double\.onnx\) has no output “embedding”/,
    ],
    [
      'a wrong type',
      {
        declared: { inputs: [{ name: 'pixel_values', type: 'int64', shape: ['rows', 2] }] },
        patch: { golden: [] },
      },
      /input “pixel_values”, is float32, but the manifest says int64/,
    ],
    [
      'a wrong rank',
      {
        declared: { inputs: [{ name: 'pixel_values', type: 'float32', shape: ['rows', 2, 1] }] },
        patch: { golden: [] },
      },
      /input “pixel_values”, has 2 dimensions .*, but the manifest says 3/,
    ],
    [
      'a wrong shape',
      {
        declared: { outputs: [{ name: 'image_embeds', type: 'float32', shape: ['rows', 3] }] },
        patch: { golden: [] },
      },
      /output “image_embeds”, has the shape .*, but the manifest says \[rows, 3\]: \[1\] is 2, not 3/,
    ],
    [
      'a failed golden sample',
      { golden: [1, 3, 5, 9] },
      /^Golden sample 1 fails: the output “image_embeds” of the graph encoder is 7 at \[1, 1\], where 9 is wanted: 2\.00 apart, and 0\.00001 is allowed\. Take the export/,
    ],
    [
      'an operator that is not known',
      {
        graph: onnxModel({
          ...doubling,
          nodes: [{ op: 'Levitate', inputs: ['pixel_values'], outputs: ['image_embeds'] }],
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
    const report = await added(packs.host, atPath(folderOf(options)))
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
    const report = await added(packs.host, atPath(folder))
    expect(report.sentence).toMatch(
      /^golden\/x\.f32 is not the file that the manifest lists: its SHA-256 is [0-9a-f]{12}… and should be [0-9a-f]{12}…/,
    )
    expect(report.checks.map(({ what }) => what)).toEqual(['file double.onnx', 'file golden/x.f32'])
    // The wrong bytes are not kept for the next try, which finds the right ones.
    bytes[0] = bytes[0]! ^ 1
    writeFileSync(path, bytes)
    expect(await added(packs.host, atPath(folder))).toMatchObject({ state: 'ready' })
  })

  it('a file of another size, one that is not there, a folder without a manifest, another file', async () => {
    const folder = folderOf()
    appendFileSync(join(folder, 'double.onnx'), 'more')
    expect((await refusal(() => planned(packs.host, atPath(folder)))).message).toMatch(
      /double\.onnx has [\d,]+ bytes, but the manifest says/,
    )
    rmSync(join(folder, 'double.onnx'))
    expect((await refusal(() => planned(packs.host, atPath(folder)))).message).toContain(
      `“double.onnx”, which the manifest lists, is not in ${folder}`,
    )
    expect((await refusal(() => planned(packs.host, atPath(place)))).message).toContain(
      'has no manifest.json',
    )
    writeFileSync(join(place, 'pack.tar'), 'ustar')
    expect((await refusal(() => planned(packs.host, atPath(join(place, 'pack.tar'))))).message).toContain(
      'neither a folder with a manifest.json, nor a zip archive',
    )
    expect((await refusal(() => planned(packs.host, atPath(join(place, 'nowhere'))))).message).toContain(
      'nowhere',
    )
  })

  it('a file that is a link out of the folder', async () => {
    const folder = folderOf()
    const outside = join(place, 'outside.onnx')
    writeFileSync(outside, readFileSync(join(folder, 'double.onnx')))
    rmSync(join(folder, 'double.onnx'))
    symlinkSync(outside, join(folder, 'double.onnx'))
    const { code, message } = await refusal(() => planned(packs.host, atPath(folder)))
    expect(code).toBe('escapes')
    expect(message).toContain('“double.onnx”')
    expect(message).toContain('leads out of the folder')
    rmSync(join(folder, 'manifest.json'))
    symlinkSync('/etc/hosts', join(folder, 'manifest.json'))
    expect(await refusal(() => planned(packs.host, atPath(folder)))).toMatchObject({ code: 'escapes' })
  })

  it('a pack that the disk has no room for', async () => {
    const pack = testPack()
    const { bavail, bsize } = await statfs(place)
    const bytes = 2 ** 40
    // A disk that has a terabyte to spare.
    if (bavail * bsize > bytes) return
    const files = [
      ...pack.manifest.files,
      { path: 'big', sha256: '0'.repeat(64), bytes, url: 'https://example.org/big' },
    ]
    const folder = writePack(join(place, 'big'), { ...pack, manifest: { ...pack.manifest, files } })
    const { code, message } = await refusal(() => added(packs.host, atPath(folder)))
    expect(code).toBe('disk-full')
    expect(message).toContain(store)
  })

  it('a second program that adds at the same time', async () => {
    const ref = atPath(folderOf())
    const { manifestHash } = await planned(packs.host, ref)
    const unlock = lockStore(store)
    expect((await refusal(() => lastStep(packs.host.addPack(ref, manifestHash)))).code).toBe('packs-busy')
    unlock()
    expect(await added(packs.host, ref)).toMatchObject({ state: 'ready' })
  })
})

it.skipIf(process.getuid?.() === 0)('where nothing can be written that is said', async () => {
  const ref = atPath(folderOf())
  const { manifestHash } = await planned(packs.host, ref)
  chmodSync(store, 0o500)
  try {
    const { code, message } = await refusal(() => lastStep(packs.host.addPack(ref, manifestHash)))
    expect(code).toBe('not-writable')
    expect(message).toContain(store)
  } finally {
    chmodSync(store, 0o700)
  }
})
