import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MediaFacts } from '../../core/formats/imported-annotations.ts'
import { encodeIndexPng } from '../../core/formats/png.ts'
import { rleBounds } from '../../core/mask/rle.ts'
import { importAnnotations } from './import-annotations.ts'
import { writeMaskPng } from './write-mask-png.ts'

const media: MediaFacts = { name: 'street.mp4', width: 20, height: 12, frameCount: 4, imageNames: null }

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'inbetween-'))
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

/** A mask of upright bars: number n in column n. */
async function mask(path: string, ids: readonly number[], width = 20): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  const plane = new Uint8Array(width * 12)
  for (const id of ids) for (let y = 0; y < 12; y++) plane[y * width + (id % width)] = id
  await writeMaskPng(join(root, path), width, 12, plane)
}

const imported = (path = '', facts = media) =>
  importAnnotations(join(root, path), facts, new AbortController().signal)

describe('a folder of palette masks', () => {
  test('gives an object a number, with the frames it is on and where it leaves', async () => {
    await mask('00000.png', [1, 2])
    await mask('00001.png', [1])
    await mask('00003.png', [1, 3])
    const { objects } = await imported()
    expect(
      objects.map(({ name, masks }) => [
        name,
        masks.map(({ frameIndex, rle }) => (rle ? frameIndex : `out at ${frameIndex}`)),
      ]),
    ).toEqual([
      ['object 1', [0, 1, 3]],
      ['object 2', [0, 'out at 1']],
      ['object 3', [3]],
    ])
    expect(rleBounds(objects[1]!.masks[0]!.rle!)).toEqual([2, 0, 1, 12])
  })

  test('of DAVIS leaves void out and says so', async () => {
    await mask('00000.png', [1, 255])
    const { objects, notes } = await imported()
    expect(objects).toHaveLength(1)
    expect(notes.join()).toContain('Pixels of value 255 left out')
  })

  test('of DAVIS 2016, white on black, is one object', async () => {
    const white = new Uint8Array(20 * 12).fill(255, 0, 40)
    await writeFile(join(root, '00000.png'), greyPng(20, 12, white))
    const { objects } = await imported()
    expect(objects.map(({ name, masks }) => [name, rleBounds(masks[0]!.rle!)])).toEqual([
      ['object 1', [0, 0, 20, 2]],
    ])
  })

  test('matches image files by name', async () => {
    await mask('00000042.png', [1])
    await mask('00000048.png', [1])
    const { objects } = await imported('', {
      ...media,
      imageNames: ['00000042', '00000045', '00000048', '00000051'],
    })
    expect(objects[0]!.masks.map(({ frameIndex }) => frameIndex)).toEqual([0, 2])
  })

  test('of another size is refused by file', async () => {
    await mask('00000.png', [1], 21)
    await expect(imported()).rejects.toThrow(
      /00000\.png is 21x12, but street\.mp4 is 20x12\. Choose the media that was annotated\./,
    )
  })
})

describe('a whole dataset', () => {
  test('of VIPOSeg: the video of that name, its full truth, classes by their VIPSeg names', async () => {
    await mask('valid/Annotations/street/00000.png', [1])
    await mask('valid/Annotations_gt/street/00000.png', [1])
    await mask('valid/Annotations_gt/street/00001.png', [1, 2])
    await mask('valid/Annotations_gt/road/00000.png', [1, 2, 3])
    await writeFile(join(root, 'valid/obj_class.json'), '{"street": {"1": "60", "2": 0}}')
    const { objects, notes } = await imported()
    expect(
      objects.map(({ className, categoryId, stuff, masks }) => [className, categoryId, stuff, masks.length]),
    ).toEqual([
      ['person', 60, false, 2],
      ['wall', 0, true, 1],
    ])
    expect(notes).toContain('Class numbers taken as those of VIPSeg.')
  })

  test('of YouTube-VOS: categories of meta.json; reference frames alone say nothing of absence', async () => {
    await mask('Annotations/street/00000.png', [1])
    await mask('Annotations/street/00002.png', [2])
    await writeFile(
      join(root, 'meta.json'),
      '{"videos": {"street": {"objects": {"1": {"category": "penguin", "frames": ["00000"]}}}}}',
    )
    const { objects } = await imported()
    expect(
      objects.map(({ name, className, masks }) => [name, className, masks.map(({ rle }) => rle !== null)]),
    ).toEqual([
      ['penguin 1', 'penguin', [true]],
      ['object 2', null, [true]],
    ])
  })

  test('without the video names those it has', async () => {
    await mask('Annotations/480p/bear/00000.png', [1])
    await mask('Annotations/480p/cow/00000.png', [1])
    await expect(imported()).rejects.toThrow(
      'has masks of 2 videos and none is called street: bear, cow. Choose the folder of one video.',
    )
    expect((await imported('Annotations/480p/cow')).objects).toHaveLength(1)
  })
})

describe('what is no annotation', () => {
  test('is refused with what would be one', async () => {
    await expect(imported('nothing')).rejects.toThrow(/nothing/)
    await expect(imported()).rejects.toThrow('holds no mask PNGs and no annotation json')
    await writeFile(join(root, 'a.json'), '{"shapes": []}')
    await expect(imported('a.json')).rejects.toThrow(
      'is neither YouTube-VIS (a list "videos") nor COCO (a list "images")',
    )
    await writeFile(join(root, 'b.json'), '{"videos": [')
    await expect(imported('b.json')).rejects.toThrow(/b\.json is not readable JSON/)
    await rm(join(root, 'b.json'))
    // A json of something else beside masks does not hide them.
    await mask('00000.png', [1])
    expect((await imported()).objects).toHaveLength(1)
  })
})

/** An 8-bit grey PNG: a palette PNG of ours with its kind changed, and the checksum of the head made anew. */
function greyPng(width: number, height: number, values: Uint8Array): Uint8Array {
  const png = encodeIndexPng(width, height, values, new Uint8Array(768), (bytes) => deflateSync(bytes))
  png[25] = 0
  new DataView(png.buffer).setUint32(29, crc32(png.subarray(12, 29)))
  return png
}
