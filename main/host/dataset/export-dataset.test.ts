import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JobReport } from '../../core/api.ts'
import type { DatasetSource } from '../../core/formats/dataset.ts'
import { jpegHeader } from '../../core/formats/jpeg-header.ts'
import { plannedExport } from '../../core/formats/prepared-dataset.ts'
import { resolveFfmpeg, startFfmpeg } from '../ffmpeg.ts'
import { type ExportOptions, type ExportProgress, exportDataset } from './export-dataset.ts'
import { type MadeVideo, madeBox, madeDataset } from './made-dataset.ts'
import { readMaskPng } from './read-mask-png.ts'
import { writeJpeg } from './write-picture.ts'

const width = 20
const height = 12
const box = (x: number, y: number, w: number, h: number) => madeBox(width, height, x, y, w, h)
const classes = [{ name: 'dog', stuff: false, exportId: 60 }]

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'inbetween-'))
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

/** Rex on frames 0 to 3, the cat from frame 2 on and in front of Rex, frame 4 empty, frame 5 unlabelled. */
const street: MadeVideo = {
  name: 'street.mp4',
  width,
  height,
  frameCount: 6,
  objects: [{ name: 'Rex' }, { name: 'Tom', classIndex: null }, { name: 'ghost' }],
  masks: [
    ...[0, 1, 2, 3].map(
      (frameIndex) =>
        ({
          objectIndex: 0,
          frameIndex,
          bitmap: box(1, 1, 6, 6),
          state: frameIndex === 0 ? 'keyframe' : 'propagated',
        }) as const,
    ),
    ...[2, 3].map((frameIndex) => ({ objectIndex: 1, frameIndex, bitmap: box(5, 1, 6, 6) })),
    { objectIndex: 0, frameIndex: 4, bitmap: null },
  ],
}

function options(changes: Partial<ExportOptions>): ExportOptions {
  return {
    format: 'davis',
    folder: join(root, 'set'),
    frames: { type: 'all' },
    valShare: 0,
    layout: 'train',
    overwrite: false,
    includeFrames: true,
    ...changes,
  }
}

async function exported(
  changes: Partial<ExportOptions>,
  source: DatasetSource = madeDataset([street], classes),
): Promise<JobReport> {
  const steps = exportDataset(options(changes), source, new AbortController().signal)
  for (;;) {
    const step = await steps.next()
    if (step.done) return step.value
  }
}

const tree = async () =>
  (await readdir(join(root, 'set'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 5)
        .replaceAll('\\', '/'),
    )
    .sort()
const json = async (path: string) => JSON.parse(await readFile(join(root, 'set', path), 'utf8'))
const idsOf = async (path: string) => [...new Set((await readMaskPng(join(root, 'set', path))).values)].sort()

describe('what is written', () => {
  test('DAVIS: contiguous names, palette masks, frames as JPEG of the right size, a list', async () => {
    const report = await exported({})
    const names = ['00000', '00001', '00002', '00003', '00004']
    expect(await tree()).toEqual(
      [
        ...names.map((name) => `Annotations/Full-Resolution/street/${name}.png`),
        ...names.map((name) => `JPEGImages/Full-Resolution/street/${name}.jpg`),
        'ImageSets/2017/train.txt',
        'inbetween-export.json',
      ].sort(),
    )
    const mask = await readMaskPng(join(root, 'set/Annotations/Full-Resolution/street/00002.png'))
    expect(mask).toMatchObject({ width, height, bitDepth: 8, colorType: 3, paletteLength: 256 })
    // Pixel (6, 2) is claimed by both; Tom is nearer.
    expect([mask.values[2 * width + 2], mask.values[2 * width + 6], mask.values[2 * width + 15]]).toEqual([
      1, 2, 0,
    ])
    expect(
      jpegHeader(await readFile(join(root, 'set/JPEGImages/Full-Resolution/street/00004.jpg'))),
    ).toMatchObject({ width, height })
    expect(await readFile(join(root, 'set/ImageSets/2017/train.txt'), 'utf8')).toBe('street\n')
    const told = report.dropped.join('\n')
    expect(told).toContain('1 frame on which nothing is labelled')
    expect(told).toContain('not visible on any exported frame: ghost')
    expect(told).toContain('1 object not yet on the first frame (Tom)')
    expect(report.converted.join('\n')).toContain('on 2 frames 24 pixels belonged to more than one object')
    expect(report.converted.join('\n')).toContain('objects without a class get the class "object": Tom')
    expect(report.title).toBe('DAVIS 2017: 1 video, 5 frames, 2 objects')
  })

  test('VIPOSeg valid: references hold only new objects, metadata names frames of visibility, empty frames go', async () => {
    await exported({ format: 'viposeg', layout: 'valid' })
    expect((await tree()).filter((path) => path.endsWith('.png'))).toEqual([
      'valid/Annotations/street/00000000.png',
      'valid/Annotations/street/00000002.png',
      'valid/Annotations_gt/street/00000000.png',
      'valid/Annotations_gt/street/00000001.png',
      'valid/Annotations_gt/street/00000002.png',
      'valid/Annotations_gt/street/00000003.png',
    ])
    expect(await idsOf('valid/Annotations/street/00000002.png')).toEqual([0, 2])
    expect(await idsOf('valid/Annotations_gt/street/00000002.png')).toEqual([0, 1, 2])
    expect(await json('valid/obj_class.json')).toEqual({ street: { 1: 60, 2: 0 } })
    expect(await json('valid/meta.json')).toEqual({
      videos: {
        street: {
          objects: {
            1: { frames: ['00000000', '00000001', '00000002', '00000003'] },
            2: { frames: ['00000002', '00000003'] },
          },
        },
      },
    })
  })

  test('YouTube-VOS: frames keep their numbers; train lists frames of visibility, valid those to predict', async () => {
    await exported({ format: 'youtube-vos', frames: { type: 'every', step: 2 } })
    expect(await json('train/meta.json')).toEqual({
      videos: {
        street: {
          objects: {
            1: { category: 'dog', frames: ['00000', '00002'] },
            2: { category: 'object', frames: ['00002'] },
          },
        },
      },
    })
    await exported({ format: 'youtube-vos', layout: 'valid', overwrite: true, includeFrames: false })
    expect((await json('valid/meta.json')).videos.street.objects['2'].frames).toEqual([
      '00002',
      '00003',
      '00004',
    ])
    expect((await tree()).filter((path) => path.endsWith('.jpg'))).toEqual([])
  })

  test('YouTube-VIS: null in all three lists where an object is absent, numbers from 1', async () => {
    await exported({ format: 'youtube-vis', includeFrames: false })
    const { videos, annotations, categories } = await json('train.json')
    expect(videos).toEqual([
      { id: 1, width, height, length: 5, file_names: [0, 1, 2, 3, 4].map((i) => `street/0000${i}.jpg`) },
    ])
    expect(categories.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual([
      [1, 'object'],
      [60, 'dog'],
    ])
    const tom = annotations[1]
    expect(tom).toMatchObject({ id: 2, video_id: 1, category_id: 1, iscrowd: 0, length: 5 })
    for (const key of ['segmentations', 'bboxes', 'areas'])
      expect(tom[key].map((value: unknown) => value === null)).toEqual([true, true, false, false, true])
    expect(tom.bboxes[2]).toEqual([5, 1, 6, 6])
    expect(tom.areas[2]).toBe(36)
    expect(tom.segmentations[2].size).toEqual([height, width])
  })

  test('COCO: an image a frame, an annotation a mask, ids from 1', async () => {
    await exported({
      format: 'coco',
      frames: { type: 'range', firstFrame: 2, lastFrame: 4 },
      includeFrames: false,
    })
    const { images, annotations } = await json('annotations/instances_train.json')
    expect(images.map(({ id, file_name }: { id: number; file_name: string }) => [id, file_name])).toEqual([
      [1, 'street/00002.jpg'],
      [2, 'street/00003.jpg'],
      [3, 'street/00004.jpg'],
    ])
    expect(
      annotations.map(({ id, image_id, track_id }: Record<string, number>) => [id, image_id, track_id]),
    ).toEqual([
      [1, 1, 1],
      [2, 1, 2],
      [3, 2, 1],
      [4, 2, 2],
    ])
    // Rex without the columns that Tom covers.
    expect(annotations[0].bbox).toEqual([1, 1, 4, 6])
  })

  test('only frames a person made, when asked', async () => {
    await exported({ format: 'youtube-vos', frames: { type: 'keyframes' }, includeFrames: false })
    expect((await tree()).filter((path) => path.endsWith('.png'))).toEqual(
      [0, 2, 3, 4].map((i) => `train/Annotations/street/0000${i}.png`),
    )
    await exported({
      format: 'youtube-vos',
      frames: { type: 'confirmed' },
      includeFrames: false,
      overwrite: true,
    })
    expect((await tree()).filter((path) => path.endsWith('.png'))).toEqual(
      [0, 4].map((i) => `train/Annotations/street/0000${i}.png`),
    )
  })

  test('whole videos are split, each to one half, the same way each time', async () => {
    const videos = Array.from({ length: 10 }, (_, i): MadeVideo => ({ ...street, name: `clip ${i}.mp4` }))
    const report = await exported(
      { format: 'viposeg', valShare: 0.3, includeFrames: false },
      madeDataset(videos, classes),
    )
    const train = await readdir(join(root, 'set/train/Annotations'))
    const val = await readdir(join(root, 'set/valid/Annotations'))
    expect([train.length, val.length]).toEqual([7, 3])
    expect(train.filter((name) => val.includes(name))).toEqual([])
    expect(report.written[0]).toBe('10 videos: 7 for training, 3 for validation')
    await exported(
      { format: 'viposeg', valShare: 0.3, includeFrames: false, overwrite: true },
      madeDataset(videos.toReversed(), classes),
    )
    expect(await readdir(join(root, 'set/valid/Annotations'))).toEqual(val)
  })

  test('JPEG files of the right size are copied byte for byte, others are made anew', async () => {
    const good = join(root, '000.jpg')
    const wrong = join(root, '001.jpg')
    await writeJpeg(good, width, height, new Uint8Array(width * height * 3).fill(90))
    await writeJpeg(wrong, 8, 8, new Uint8Array(192))
    const video: MadeVideo = {
      ...street,
      frameCount: 2,
      imageFiles: [good, wrong],
      masks: street.masks.filter(({ frameIndex }) => frameIndex < 2),
    }
    const report = await exported({ format: 'viposeg' }, madeDataset([video], classes))
    expect(await readFile(join(root, 'set/train/JPEGImages/street/000.jpg'))).toEqual(await readFile(good))
    expect(jpegHeader(await readFile(join(root, 'set/train/JPEGImages/street/001.jpg')))).toMatchObject({
      width,
      height,
    })
    expect(report.written).toContain('1 frame copied as they are')
  })

  test('a frame table', async () => {
    await exported({ format: 'frame-table' })
    expect((await readFile(join(root, 'set/street.csv'), 'utf8')).split('\n').slice(0, 4)).toEqual([
      'frame,time_us,time_seconds,objects,keyframes',
      '0,0,0.000000,1,1',
      '1,40000,0.040000,1,0',
      '2,80000,0.080000,2,1',
    ])
  })

  test('an overlay video in H.264 with every frame, also of odd size', async () => {
    const odd: MadeVideo = {
      ...street,
      width: 21,
      height: 13,
      masks: street.masks.map((mask) => ({ ...mask, bitmap: mask.bitmap && madeBox(21, 13, 2, 2, 5, 5) })),
    }
    const report = await exported({ format: 'overlay' }, madeDataset([odd], classes))
    expect(report.converted.join()).toContain('H.264 wants even sizes')
    const lines: string[] = []
    const run = startFfmpeg(await resolveFfmpeg(), ['-i', join(root, 'set/street.mp4'), '-f', 'null', '-'], {
      onLine: (line) => lines.push(line),
    })
    run.stdin.end()
    run.stdout.resume()
    expect((await run.ended).exitCode).toBe(0)
    expect(lines.join('\n')).toMatch(/Video: h264.*yuv420p.*22x14/)
    expect(lines.join('\n')).toMatch(/frame=\s*6/)
  })
})

describe('what is planned', () => {
  test('is what is then written', async () => {
    for (const format of ['davis', 'youtube-vos', 'viposeg', 'youtube-vis', 'coco', 'frame-table'] as const) {
      const plan = plannedExport(madeDataset([street], classes), options({ format, layout: 'valid' }))
      await exported({ format, layout: 'valid', overwrite: true })
      expect(
        [...plan.files].filter((path) => format !== 'frame-table' || path !== 'inbetween-export.json').sort(),
      ).toEqual(await tree())
      expect(plan.fileCount).toBe(plan.files.length)
      expect(plan.problems).toEqual([])
      expect(plan.byteLengthEstimate).toBeGreaterThan(0)
    }
  })

  test('says what forbids it, and the export refuses with the same sentence', async () => {
    const large: MadeVideo = {
      ...street,
      width: 40,
      height: 20,
      objects: Array.from({ length: 256 }, (_, i) => ({ name: `ant ${i}` })),
      masks: Array.from({ length: 256 }, (_, i) => ({
        objectIndex: i,
        frameIndex: 0,
        bitmap: madeBox(40, 20, i % 40, Math.floor(i / 40), 1, 1),
      })),
    }
    for (const [format, limit] of [
      ['davis', 254],
      ['viposeg', 255],
    ] as const) {
      const source = madeDataset([large], classes)
      const { problems } = plannedExport(source, options({ format }))
      expect(problems).toEqual([
        `street has 256 objects, but a mask of ${format === 'davis' ? 'DAVIS 2017' : 'VIPOSeg'} numbers at most ${limit}. Export fewer objects, or as YouTube-VIS.`,
      ])
      await expect(exported({ format }, source)).rejects.toThrow(problems[0])
    }
    await expect(
      exported({ format: 'youtube-vis', includeFrames: false }, madeDataset([large], classes)),
    ).resolves.toBeDefined()
    const nothing = madeDataset([{ ...street, masks: [] }], classes)
    await expect(exported({ overwrite: true }, nothing)).rejects.toThrow(
      'Nothing to export: no object is visible',
    )
    expect(plannedExport(madeDataset([], []), options({})).problems).toEqual([
      'Nothing to export: no video was chosen.',
    ])
  })
})

describe('the folder', () => {
  const hidden = async () => (await readdir(root)).filter((name) => name.startsWith('.'))

  test('that exists is refused by name and left as it was, unless overwriting is allowed', async () => {
    await mkdir(join(root, 'set'))
    await exported({ includeFrames: false })
    await writeFile(join(root, 'set/mine.txt'), 'kept')
    await expect(exported({ includeFrames: false })).rejects.toThrow(
      `${join(root, 'set')} exists already. Choose another name, or allow overwriting it.`,
    )
    expect(await readFile(join(root, 'set/mine.txt'), 'utf8')).toBe('kept')
    await exported({ format: 'coco', includeFrames: false, overwrite: true })
    expect(await tree()).toEqual(['annotations/instances_train.json', 'inbetween-export.json'])
    expect(await hidden()).toEqual([])
  })

  test('a cancelled export leaves nothing, and what was there stands', async () => {
    await exported({ format: 'frame-table' })
    const before = await tree()
    for (const stopAfter of [0, 1, 3]) {
      const stop = new AbortController()
      const steps = exportDataset(options({ overwrite: true }), madeDataset([street], classes), stop.signal)
      const run = async () => {
        let seen = 0
        for await (const _ of steps as AsyncGenerator<ExportProgress>)
          if (++seen > stopAfter) stop.abort(new Error('stopped'))
      }
      await expect(run()).rejects.toThrow('stopped')
      expect(await tree()).toEqual(before)
      expect(await hidden()).toEqual([])
    }
  })

  test('left early by its caller it is gone as well', async () => {
    for await (const _ of exportDataset(
      options({}),
      madeDataset([street], classes),
      new AbortController().signal,
    ))
      break
    expect(await readdir(root)).toEqual([])
  })

  test('what a killed export left is cleared by the next, and an old folder moved aside comes back first', async () => {
    await mkdir(join(root, '.set.writing-999999999-1/half'), { recursive: true })
    await mkdir(join(root, '.set.replaced-999999999-1'))
    await writeFile(join(root, '.set.replaced-999999999-1/old.txt'), 'old')
    await expect(exported({})).rejects.toThrow('exists already')
    expect(await tree()).toEqual(['old.txt'])
    expect(await hidden()).toEqual([])
  })

  test('two exports to one place at a time do not disturb each other: one stands, the other is refused', async () => {
    const results = await Promise.allSettled([exported({}), exported({ format: 'coco' })])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await hidden()).toEqual([])
  })
})
