import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { davisPalette } from '../../core/formats/palette.ts'
import { encodeIndexPng } from '../../core/formats/png.ts'
import type { MaskFormat } from '../../core/formats/prepared-dataset.ts'
import { runVerify } from './dataset-commands.ts'
import { exportDataset } from './export-dataset.ts'
import { type MadeVideo, madeBox, madeDataset } from './made-dataset.ts'
import { writeMaskPng } from './write-mask-png.ts'

const width = 20
const height = 12
const classes = [{ name: 'dog', stuff: false, exportId: 60 }]
const street: MadeVideo = {
  name: 'street',
  width,
  height,
  frameCount: 4,
  objects: [{ name: 'Rex' }, { name: 'Tom' }],
  masks: [
    ...[0, 1, 2, 3].map((frameIndex) => ({
      objectIndex: 0,
      frameIndex,
      bitmap: madeBox(width, height, 1, 1, 6, 6),
    })),
    ...[2, 3].map((frameIndex) => ({
      objectIndex: 1,
      frameIndex,
      bitmap: madeBox(width, height, 9, 1, 6, 6),
    })),
  ],
}

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'inbetween-'))
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

const at = (path: string) => join(root, 'set', path)

async function written(format: MaskFormat, layout: 'train' | 'valid' = 'train'): Promise<void> {
  const options = {
    format,
    layout,
    folder: join(root, 'set'),
    frames: { type: 'all' },
    valShare: 0,
    overwrite: true,
    includeFrames: true,
  } as const
  const steps = exportDataset(options, madeDataset([street], classes), new AbortController().signal)
  while (!(await steps.next()).done);
}

/** The lines that verifying prints, without the last, which sums up. */
async function complaints(path = join(root, 'set')): Promise<string[]> {
  return (await runVerify({ path })).text.split('\n').slice(0, -1)
}

// biome-ignore lint/suspicious/noExplicitAny: reaches into whatever json was written
async function changeJson(path: string, change: (value: any) => unknown): Promise<void> {
  const value = JSON.parse(await readFile(at(path), 'utf8'))
  await writeFile(at(path), JSON.stringify(change(value) ?? value))
}

async function writeMask(path: string, numbers: (x: number, y: number) => number): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true })
  await writeMaskPng(
    at(path),
    width,
    height,
    Uint8Array.from({ length: width * height }, (_, i) => numbers(i % width, Math.floor(i / width))),
  )
}

describe('a dataset without fault', () => {
  test('is recognised, and ends with 0', async () => {
    for (const format of ['davis', 'youtube-vos', 'viposeg', 'youtube-vis', 'coco'] as const)
      for (const layout of ['train', 'valid'] as const) {
        await written(format, layout)
        const { exitCode, json, text } = await runVerify({ path: join(root, 'set') })
        expect(json).toMatchObject({ format, errors: 0 })
        expect(exitCode).toBe(0)
        expect(text).toContain(`follows the rules of ${format}`)
      }
  })

  test('is refused with a sentence where there is none', async () => {
    await expect(runVerify({ path: join(root, 'nowhere') })).rejects.toThrow(/nowhere/)
    await expect(runVerify({ path: root })).rejects.toThrow('holds no mask PNGs and no annotation json')
    await expect(runVerify({ path: root, format: 'tao' })).rejects.toThrow(
      'tao is no format that can be verified',
    )
  })
})

describe('palette masks', () => {
  const mask = 'Annotations/Full-Resolution/street/00001.png'

  test('grey, of few bits, damaged, of another size: each named by file', async () => {
    await written('davis')
    const png = encodeIndexPng(4, 4, new Uint8Array(16), davisPalette().subarray(0, 12), (bytes) =>
      deflateSync(bytes),
    )
    await writeFile(at(mask), png)
    await writeFile(at(mask.replace('00001', '00002')), 'no picture')
    await writeFile(at(mask.replace('00001', '00003')), greyPng(width, height))
    const lines = await complaints()
    expect(lines).toContain(`warning  ${mask}: its palette has 4 entries instead of 256`)
    expect(lines).toContain(`error  ${mask}: it is 4x4, the sequence's first mask 20x12`)
    expect(lines).toContain(
      `error  ${mask.replace('00001', '00002')}: is not a readable PNG: it does not begin like one`,
    )
    expect(lines).toContain(
      `error  ${mask.replace('00001', '00003')}: it is a grey PNG, not a palette PNG (colour type 0 instead of 3)`,
    )
    expect(lines).toContain(`error  ${mask.replace('00001', '00003')}: it has 16 bits a pixel instead of 8`)
    expect((await runVerify({ path: join(root, 'set') })).exitCode).toBe(1)
  })

  test('DAVIS: missing numbers, late numbers, gaps in names, lists, frames without masks', async () => {
    await written('davis')
    const first = mask.replace('00001', '00000')
    await writeMask(first, (x) => (x === 3 ? 3 : 0))
    await rename(at(mask), at(mask.replace('00001', '00009')))
    await writeFile(at('ImageSets/2017/val.txt'), 'street\nroad\n')
    const lines = await complaints()
    expect(lines).toContain(
      `error  ${first}  object 1: numbers on the first frame go up to 3 but this one is missing`,
    )
    expect(lines.join('\n')).toMatch(
      /error {2}Annotations\/Full-Resolution\/street\/00002\.png: frames are to be counted 00000, 00001, \.\.\. without gaps; number 1 is called 00002/,
    )
    expect(lines).toContain('error  ImageSets/2017/val.txt  line 1: street is listed twice')
    expect(lines).toContain('error  ImageSets/2017/val.txt  line 2: there is no sequence road')
    expect(lines).toContain(
      `error  ${mask.replace('00001', '00009')}: there is no frame of this name under JPEGImages`,
    )
    await written('davis')
    expect(await complaints()).toEqual([
      `warning  ${mask.replace('00001', '00002')}  object 2: it appears only after the first frame, so the official evaluation leaves it out`,
    ])
  })
})

describe('VIPOSeg', () => {
  test('a later reference that repeats an object, one that comes too late, one without reference', async () => {
    await written('viposeg', 'valid')
    const reference = 'valid/Annotations/street/00000002.png'
    await writeMask(reference, (x) => (x < 4 ? 1 : x > 12 ? 3 : 0))
    const lines = await complaints()
    expect(lines).toContain(
      `error  ${reference}  object 1: an earlier reference frame has it already; later ones may hold only new objects, as the evaluator counts it twice`,
    )
    expect(lines).toContain(`error  ${reference}  object 3: it is not on this frame under Annotations_gt`)
    expect(lines).toContain(
      'error  valid/Annotations/street  object 2: no frame under Annotations shows it first',
    )
  })

  test('metadata and class table that disagree with the masks', async () => {
    await written('viposeg', 'valid')
    await changeJson('valid/meta.json', (meta) => {
      meta.videos.street.objects['1'].frames = ['00000001', '00000000']
      meta.videos.road = { objects: {} }
      delete meta.videos.street.objects['2']
    })
    await changeJson('valid/obj_class.json', (table) => {
      table.street = { 1: '200' }
    })
    const lines = await complaints()
    expect(lines).toContain('error  valid/meta.json  street object 1: its frames are not in order')
    expect(lines).toContain(
      'error  valid/meta.json  street object 1: its first frame is 00000001, but the masks show it first on 00000000',
    )
    expect(lines).toContain(
      'error  valid/meta.json  street object 1: 2 of its frames are missing, the first 00000002',
    )
    expect(lines).toContain('error  valid/meta.json  street object 2: the object is missing')
    expect(lines).toContain('error  valid/meta.json  road: there are no masks of this video')
    expect(lines).toContain('error  valid/obj_class.json  street object 2: the object has no class number')
    expect(lines.join('\n')).toContain(
      "warning  valid/obj_class.json  street object 1: class 200 is not among VIPOSeg's 0 to 123",
    )
  })

  test('counts of frames and masks, folders of truth and references', async () => {
    await written('viposeg')
    await rm(at('train/JPEGImages/street/00000003.jpg'))
    await rm(at('train/Annotations/street/00000001.png'))
    await rm(at('train/obj_class.json'))
    const lines = (await runVerify({ path: join(root, 'set'), format: 'viposeg' })).text
    expect(lines).toContain(
      'error  train/Annotations/street/00000003.png: there is no frame of this name under JPEGImages',
    )
    expect(lines).toContain(
      'error  train/Annotations/street: 3 frames but 3 masks; the first frame without a mask is 00000001',
    )
    expect(lines).toContain('error  train/obj_class.json: the file is missing')
    await written('viposeg', 'valid')
    await rename(at('valid/Annotations/street'), at('valid/Annotations/other'))
    expect((await complaints()).join('\n')).toContain(
      'error  valid/Annotations_gt/street: there is no folder of this name under Annotations',
    )
  })
})

describe('YouTube-VIS', () => {
  test('null in one list but not in all, wrong lengths, wrong runs, boxes and areas', async () => {
    await written('youtube-vis')
    await changeJson('train.json', ({ annotations, videos }) => {
      annotations[1].bboxes[0] = [0, 0, 0, 0]
      annotations[1].areas[2] = 7
      annotations[1].bboxes[2] = [9, 1, 6, 7]
      annotations[0].segmentations[1].counts = ';2300'
      annotations[0].segmentations[2].size = [20, 12]
      annotations[0].areas.pop()
      annotations[0].id = 0
      annotations[0].category_id = 5
      videos[0].length = 9
    })
    const lines = await complaints()
    const line = (place: string, sentence: string) =>
      expect(lines).toContain(`error  train.json  ${place}: ${sentence}`)
    line('annotations[1] frame 0', 'an absent object must be null in segmentations, bboxes and areas alike')
    line('annotations[1].areas[2]', "7 is not the mask's area 36")
    line('annotations[1].bboxes[2]', "[9, 1, 6, 7] is not the mask's box [9, 1, 6, 6]")
    line(
      'annotations[0].segmentations[2]',
      'it has the size [20, 12] (height, width), but the picture is 20x12',
    )
    line('annotations[0].areas', 'it has 3 entries for a video of 4 frames')
    line('annotations[0].id', '0: numbers begin at 1, because the evaluator takes 0 for "not matched"')
    line('annotations[0].category_id', 'there is no category 5')
    line('videos[0].length', '9 is not the number of file_names, 4')
    expect(lines.join('\n')).toMatch(
      /annotations\[0\]\.segmentations\[1\]: it: The runs of a 20x12 mask cover \d+ pixels instead of 240/,
    )
  })
})

describe('COCO', () => {
  test('ids of 0, images that are not there, crowds as polygons, doubled names', async () => {
    await written('coco')
    await changeJson('annotations/instances_train.json', ({ images, annotations }) => {
      images[0].id = 0
      images[1].file_name = images[2].file_name
      annotations[1].iscrowd = 1
      annotations[1].segmentation = [[1, 1, 7, 1, 7, 7, 1, 7]]
      annotations[2].image_id = 77
    })
    const lines = (await complaints()).join('\n')
    expect(lines).toContain('images[0].id: 0: numbers begin at 1')
    expect(lines).toContain('images[2].file_name: street/00002.jpg is there twice')
    expect(lines).toContain('annotations[1].segmentation: a crowd needs runs, not polygons')
    expect(lines).toContain('annotations[2].image_id: there is no image 77')
    // A correct polygon agrees with its box and area.
    expect(lines).not.toContain('annotations[1].bbox')
  })
})

/** 16-bit grey without pixels' meaning: two bytes a pixel, all 0. */
function greyPng(w: number, h: number): Uint8Array {
  const palette = encodeIndexPng(w * 2 + 0, h, new Uint8Array(w * 2 * h), davisPalette(), (bytes) =>
    deflateSync(bytes),
  )
  const head = Buffer.from(palette.subarray(0, 33))
  head.writeUInt32BE(w, 16)
  head[24] = 16
  head[25] = 0
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32(head.subarray(12, 29)))
  return Buffer.concat([head.subarray(0, 29), crc, palette.subarray(33)])
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
