import { expect, test } from 'vitest'
import { NoiseScene } from '../../../native/noise-scene.ts'
import type { SegmentRequest } from '../../core/api.ts'
import { decodeShape, encodeRle, encodeShape, rleIou } from '../../core/mask/rle.ts'
import type { MediaId, MediaRecord, ObjectId, ShapeHash } from '../../core/records.ts'
import { Store } from '../../core/store.ts'
import { testMask, testMedia, testObject } from '../../core/test-records.ts'
import { noPacks } from '../models/chosen-packs.ts'
import { Segmenter } from './segmenter.ts'

const size = { width: 160, height: 120 }
const disc = { radius: 26, at: () => [80, 60] as const }
const red = new NoiseScene({ ...size, frameCount: 4, discs: [{ ...disc, rgb: [200, 70, 60] }] })
const truth = encodeRle(red.truth(0, 0))
const shape = 'disc' as ShapeHash
const store = new Store([
  testMedia('street', { ...size, frameCount: 4 }),
  testMedia('beach', { ...size, frameCount: 4 }),
  testObject('car', 'street'),
  testObject('boat', 'beach'),
  testMask('car', 3, { shape }),
  testMask('boat', 3, { shape }),
])
const read: { media: string; frameIndex: number }[] = []

function segmenter(): Segmenter {
  read.length = 0
  const readFrame = async (media: MediaRecord, frameIndex: number) => {
    read.push({ media: media.id, frameIndex })
    return red.rgb(frameIndex)
  }
  return new Segmenter({ store, readShape: () => encodeShape(truth), packs: noPacks }, readFrame)
}

function request(fields: Partial<SegmentRequest>): SegmentRequest {
  return {
    mediaId: 'street' as MediaId,
    frameIndex: 0,
    objectId: null,
    mask: null,
    box: [48, 28, 64, 64],
    marks: [],
    ...fields,
  }
}

test('the key masks of an object teach what it looks like', async () => {
  const { mask } = await segmenter().segment(request({ objectId: 'car' as ObjectId }))
  expect(read).toContainEqual({ media: 'street', frameIndex: 3 })
  expect(rleIou(decodeShape(mask, size.width, size.height), truth)).toBeGreaterThan(0.9)
})

test('an object of another video is refused in a sentence, before any of its frames teaches', async () => {
  const asked = segmenter().segment(request({ objectId: 'boat' as ObjectId }))
  await expect(asked).rejects.toMatchObject({
    code: 'other-media',
    message:
      'boat is an object of beach.mp4, not of street.mp4. Choose an object of street.mp4, or make a new one there.',
  })
  expect(read).toEqual([])
})

test.each(['nobody', 'street'])('an object that the project does not hold (%s) is refused', async (id) => {
  await expect(segmenter().segment(request({ objectId: id as ObjectId }))).rejects.toMatchObject({
    code: 'no-object',
    message: /no longer in the project/,
  })
})

test('a mask of a picture of another size is refused', async () => {
  const mask = encodeShape(encodeRle({ width: 8, height: 8, data: new Uint8Array(64) }))
  await expect(segmenter().segment(request({ mask }))).rejects.toMatchObject({ code: 'bad-rle' })
})

test('of marks made in quick succession only the first and the newest are answered', async () => {
  const asks = segmenter()
  const answers = [1, 2, 3].map((i) => asks.segment(request({ box: [48 - i, 28, 64 + i, 64] })))
  const elsewhere = asks.segment(request({ frameIndex: 1 }))
  const [first, second, third] = await Promise.allSettled(answers)
  expect([first!.status, third!.status, (await elsewhere).ms > 0]).toEqual(['fulfilled', 'fulfilled', true])
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'superseded' } })
})
