import { expect, test } from 'vitest'
import { encodeShape, rleArea, rleFromCounts, sameRle } from '../mask/rle.ts'
import { shapeHash } from '../mask/shape-hash.ts'
import type { AnyRecord, ClassId, MaskRecord, MediaId, MediaRecord } from '../records.ts'
import { Store } from '../store.ts'
import { testMask, testObject } from '../test-records.ts'
import { chosenFrames } from './frame-choice.ts'
import { projectDataset } from './project-dataset.ts'

const rle = rleFromCounts([3, 4, 5], 4, 3)
const bytes = encodeShape(rle)
const hash = shapeHash(bytes, 4, 3)
const media = { kind: 'media', id: 'm1' as MediaId, name: 'street.mp4', width: 4, height: 3 } as MediaRecord

function object(id: string, order: number, classId: string | null, stuff: boolean | null): AnyRecord {
  return testObject(id, media.id, { classId: classId as ClassId | null, stuff, order })
}

function mask(id: string, frameIndex: number, changes: Partial<MaskRecord> = {}): AnyRecord {
  return testMask(id, frameIndex, { shape: hash, box: [1, 0, 2, 3], area: 4, ...changes })
}

const store = new Store([
  media,
  { kind: 'class', id: 'c2' as ClassId, name: 'grass', stuff: true, color: '#00ff00', order: 1, exportId: 7 },
  {
    kind: 'class',
    id: 'c1' as ClassId,
    name: 'dog',
    stuff: false,
    color: '#ff0000',
    order: 0,
    exportId: null,
  },
  object('near', 5, 'c1', null),
  object('far', 1, 'c2', null),
  object('loose', 3, null, true),
  mask('near', 0),
  mask('near', 1, { state: 'propagated' }),
  mask('near', 2, { outside: true, shape: null, box: null, area: 0 }),
  mask('far', 1, { state: 'confirmed' }),
])

const source = projectDataset(store, [media.id, 'gone' as MediaId], {
  readShape: () => bytes,
  frameTable: () => Float64Array.of(0, 40_000, 80_000, 120_000),
  imageFiles: () => null,
  frames: () => {
    throw new Error('no picture is needed here')
  },
})

test('a project becomes a dataset: classes in order, objects back to front, stuff as the class says unless the object does', () => {
  expect(source.videos).toHaveLength(1)
  expect(source.classes).toEqual([
    { name: 'dog', stuff: false, exportId: null },
    { name: 'grass', stuff: true, exportId: 7 },
  ])
  expect(source.videos[0]!.objects.map(({ name, classIndex, stuff }) => [name, classIndex, stuff])).toEqual([
    ['far', 1, true],
    ['loose', null, true],
    ['near', 0, false],
  ])
})

test('masks carry their pixels; outside is known absence', () => {
  const [video] = source.videos
  const [first] = video!.masksAt(0)
  expect(first).toMatchObject({ objectIndex: 2, state: 'keyframe', area: rleArea(rle) })
  expect(sameRle(first!.shape()!, rle)).toBe(true)
  const [outside] = video!.masksAt(2)
  expect([outside!.area, outside!.shape()]).toEqual([0, null])
  expect(video!.masksAt(3)).toEqual([])
})

test('frames are chosen by what is labelled on them', () => {
  const [video] = source.videos
  expect(chosenFrames(video!, { type: 'keyframes' })).toEqual([0, 1, 2])
  expect(chosenFrames(video!, { type: 'confirmed' })).toEqual([0, 2])
  expect(chosenFrames(video!, { type: 'every', step: 3 })).toEqual([0, 3])
  expect(chosenFrames(video!, { type: 'range', firstFrame: -2, lastFrame: 1 })).toEqual([0, 1])
  expect(chosenFrames(video!, { type: 'range', firstFrame: 2, lastFrame: 99 })).toEqual([2, 3])
})
