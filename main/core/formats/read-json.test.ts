import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Rle, rleArea, rleBounds, rleFromCounts, rleString } from '../mask/rle.ts'
import { isUserError } from '../user-error.ts'
import { matchedFrames } from './frame-match.ts'
import { type MediaFacts, masksByObject } from './imported-annotations.ts'
import { readCoco } from './read-coco.ts'
import { readYoutubeVis } from './read-youtube-vis.ts'
import { segmentationShape } from './segmentation.ts'
import { cocoViolations } from './verify-coco.ts'
import { youtubeVisViolations } from './verify-youtube-vis.ts'

const media: MediaFacts = { name: 'street.mp4', width: 7, height: 5, frameCount: 3, imageNames: null }
const runs = { size: [5, 7], counts: ';230009' }
const none = new Map()

const vis = (changes: object = {}) => ({
  categories: [{ id: 4, name: 'dog', supercategory: 'thing' }],
  videos: [
    {
      id: 9,
      width: 7,
      height: 5,
      length: 3,
      file_names: ['street/00000.jpg', 'street/00001.jpg', 'street/00002.jpg'],
    },
  ],
  annotations: [
    {
      id: 1,
      video_id: 9,
      category_id: 4,
      iscrowd: 0,
      length: 3,
      segmentations: [null, runs, null],
      bboxes: [null, [2, 1, 3, 2], null],
      areas: [null, 6, null],
      ...changes,
    },
  ],
})

describe('segmentations', () => {
  test('compressed runs, plain runs and polygons of one shape are the same', () => {
    const polygon = [2, 1, 5, 1, 5, 3, 2, 3]
    for (const value of [runs, { size: [5, 7], counts: [11, 2, 3, 2, 3, 2, 12] }, [polygon]]) {
      const rle = segmentationShape(value, 7, 5, 'x')
      expect([rleArea(rle), rleBounds(rle)]).toEqual([6, [2, 1, 3, 2]])
    }
  })

  test('parts that overlap are a union, not a hole', () => {
    const square = (x: number) => [x, 0, x + 3, 0, x + 3, 3, x, 3]
    expect(rleArea(segmentationShape([square(0), square(1)], 7, 5, 'x'))).toBe(12)
  })

  test('width and height the wrong way round are refused, as are broken polygons', () => {
    expect(() => segmentationShape({ ...runs, size: [7, 5] }, 7, 5, 'a.json: annotations[3]')).toThrow(
      'a.json: annotations[3] has the size [7, 5] (height, width), but the picture is 7x5.',
    )
    expect(() => segmentationShape([[1, 2, 3, 4]], 7, 5, 'x')).toThrow('fewer than three corners')
    expect(() => segmentationShape([[1, 2, 3, 4, 'a', 6]], 7, 5, 'x')).toThrow('no number')
  })
})

describe('YouTube-VIS', () => {
  test('gives objects with masks, and where they leave', () => {
    const { objects, notes } = readYoutubeVis(vis(), 'a.json', media, none)
    expect(objects).toHaveLength(1)
    expect(objects[0]).toMatchObject({ name: 'dog 1', className: 'dog', categoryId: 4, stuff: false })
    expect(objects[0]!.masks.map(({ frameIndex, rle }) => [frameIndex, rle && rleString(rle)])).toEqual([
      [1, ';230009'],
      [2, null],
    ])
    expect(notes).toEqual(['Frames matched by number: the file names are frame numbers.'])
  })

  test('of several videos takes the one of the media, or names them', () => {
    const json = vis()
    json.videos.push({
      ...json.videos[0]!,
      id: 10,
      file_names: ['road/00000.jpg', 'road/00001.jpg', 'road/00002.jpg'],
    })
    expect(readYoutubeVis(json, 'a.json', media, none).objects).toHaveLength(1)
    expect(readYoutubeVis(json, 'a.json', { ...media, name: 'road' }, none).objects).toHaveLength(0)
    expect(() => readYoutubeVis(json, 'a.json', { ...media, name: 'sea' }, none)).toThrow(
      'a.json has 2 videos and none is called sea: street, road. Rename the media to one of them.',
    )
  })

  test('of another size or with lists of another length is refused by place', () => {
    expect(() => readYoutubeVis(vis(), 'a.json', { ...media, width: 8 }, none)).toThrow(
      'the video street is 7x5, but street.mp4 is 8x5',
    )
    expect(() => readYoutubeVis(vis({ segmentations: [runs] }), 'a.json', media, none)).toThrow(
      'a.json: annotations[0] has 1 segmentations for a video of 3 frames',
    )
  })

  test('leaves out crowds and says so', () => {
    const { objects, notes } = readYoutubeVis(vis({ iscrowd: 1 }), 'a.json', media, none)
    expect(objects).toEqual([])
    expect(notes.join()).toContain('1 annotation left out: crowds')
  })
})

describe('COCO', () => {
  const image = (id: number, name: string) => ({ id, file_name: name, width: 7, height: 5 })
  const annotation = (id: number, image_id: number, more: object = {}) => ({
    id,
    image_id,
    category_id: 1,
    iscrowd: 0,
    segmentation: runs,
    area: 6,
    bbox: [2, 1, 3, 2],
    ...more,
  })
  const images = [image(1, 'street/00000.jpg'), image(2, 'street/00002.jpg'), image(3, 'other/00001.jpg')]

  test('joins annotations of one track; without tracks each is an object and the user is told', () => {
    const tracked = readCoco(
      {
        images,
        categories: [{ id: 1, name: 'dog' }],
        annotations: [
          annotation(1, 1, { track_id: 5 }),
          annotation(2, 2, { track_id: 5 }),
          annotation(3, 3, { track_id: 5 }),
        ],
      },
      'c.json',
      media,
      none,
    )
    expect(tracked.objects.map(({ masks }) => masks.map(({ frameIndex }) => frameIndex))).toEqual([[0, 2]])
    const loose = readCoco(
      { images, categories: [], annotations: [annotation(1, 1), annotation(2, 2)] },
      'c.json',
      media,
      none,
    )
    expect(loose.objects).toHaveLength(2)
    expect(loose.notes.join()).toContain('2 annotations without track_id became an object each')
  })

  test('boxes alone are no masks', () => {
    const { objects, notes } = readCoco(
      { images, annotations: [annotation(1, 1, { segmentation: null })] },
      'c.json',
      media,
      none,
    )
    expect(objects).toEqual([])
    expect(notes.join()).toContain('a box without a segmentation is no mask')
  })
})

describe('frame names', () => {
  const images = { ...media, imageNames: ['a5', 'a7', 'a9'] }

  test('of image files match by name, whatever the order, and say what is missing', () => {
    expect(matchedFrames(['a9', 'a5'], images).frameIndexes).toEqual([2, 0])
    expect(matchedFrames(['a9', 'b1'], images)).toEqual({
      frameIndexes: [2, null],
      notes: [
        'Frames matched by file name.',
        '1 annotated frame left out, as street.mp4 has no image of that name: b1.',
      ],
    })
  })

  test('that are numbers of frames match by number, others by order', () => {
    expect(matchedFrames(['00000', '00002'], media).frameIndexes).toEqual([0, 2])
    expect(matchedFrames(['00010', '00020', '00030'], media).frameIndexes).toEqual([0, 1, 2])
    expect(matchedFrames(['x', 'y'], media).notes.join()).toContain(
      '2 annotated frames taken as the first of 3',
    )
    expect(() => matchedFrames(['w', 'x', 'y', 'z'], media)).toThrow(
      'The annotations have 4 frames, street.mp4 has 3',
    )
  })

  test('that an export recorded mean what it recorded', () => {
    expect(
      matchedFrames(
        ['00000', '00001'],
        media,
        new Map([
          ['00000', 1],
          ['00001', 2],
        ]),
      ).frameIndexes,
    ).toEqual([1, 2])
  })
})

test('an object that a labelled frame no longer shows is out of view, but folders of references say nothing', () => {
  const some: Rle = rleFromCounts([1, 2, 32], 7, 5)
  const frame = (frameIndex: number, ...ids: number[]) => ({
    frameIndex,
    shapes: new Map(ids.map((id) => [id, some])),
  })
  const shown = (frames: Parameters<typeof masksByObject>[0]) =>
    [...masksByObject(frames)].map(([id, masks]) => [
      id,
      masks.map(({ frameIndex, rle }) => (rle ? frameIndex : -frameIndex)),
    ])
  expect(shown([frame(6, 2), frame(0, 1), frame(2, 1), frame(4, 2)])).toEqual([
    [1, [0, 2, -4]],
    [2, [4, 6]],
  ])
  expect(shown([frame(0, 1), frame(4, 2)])).toEqual([
    [1, [0]],
    [2, [4]],
  ])
})

describe('whatever the json', () => {
  const anyPart: fc.Arbitrary<unknown> = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant(runs),
    fc.constant([null, runs, null]),
    fc.integer({ min: -2, max: 12 }),
  )
  /** A sound file with some of its values replaced by anything. */
  const anyFile = (base: () => unknown) =>
    fc.array(fc.tuple(fc.nat(60), anyPart), { minLength: 1, maxLength: 4 }).map((changes) => {
      const file = structuredClone(base())
      for (const [at, value] of changes) {
        const places: [Record<string, unknown>, string][] = []
        const collect = (node: unknown): void => {
          if (typeof node !== 'object' || node === null) return
          for (const key of Object.keys(node)) {
            places.push([node as Record<string, unknown>, key])
            collect((node as Record<string, unknown>)[key])
          }
        }
        collect(file)
        const place = places[at % Math.max(1, places.length)]
        if (place) place[0][place[1]] = structuredClone(value)
      }
      return file
    })
  const coco = () => ({
    images: [{ id: 1, file_name: 'street/00000.jpg', width: 7, height: 5 }],
    categories: [{ id: 1, name: 'dog' }],
    annotations: [
      {
        id: 1,
        image_id: 1,
        category_id: 1,
        iscrowd: 0,
        segmentation: runs,
        area: 6,
        bbox: [2, 1, 3, 2],
        track_id: 1,
      },
    ],
  })

  test('reading gives masks of the media or a sentence', () => {
    const either = fc.oneof(anyFile(vis), anyFile(coco), fc.jsonValue())
    fc.assert(
      fc.property(either, (json) => {
        for (const read of [readYoutubeVis, readCoco]) {
          try {
            for (const { masks } of read(json, 'x.json', media, none).objects)
              for (const { frameIndex, rle } of masks) {
                expect(frameIndex).toBeLessThan(3)
                if (rle) expect([rle.width, rle.height]).toEqual([7, 5])
              }
          } catch (error) {
            expect(isUserError(error), String(error)).toBe(true)
          }
        }
      }),
      { numRuns: 1500 },
    )
  })

  test('verifying gives a list and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyFile(vis), anyFile(coco), fc.jsonValue()), (json) => {
        expect(Array.isArray(youtubeVisViolations(json, 'x.json'))).toBe(true)
        expect(Array.isArray(cocoViolations(json, 'x.json'))).toBe(true)
      }),
      { numRuns: 1500 },
    )
    expect(youtubeVisViolations(vis(), 'x.json')).toEqual([])
    expect(cocoViolations(coco(), 'x.json')).toEqual([])
  })
})
