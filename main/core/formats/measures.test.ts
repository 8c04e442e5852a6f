import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { vipsegClasses } from './class-tables.ts'
import { frameStatistics } from './davis-statistics.ts'
import { jpegHeader } from './jpeg-header.ts'
import { folderNames } from './prepared-video.ts'
import { splitVideos } from './split.ts'
import { decayRate, subsetOf } from './viposeg-subsets.ts'

describe('statistics over frames', () => {
  test('are those that the DAVIS code gives', () => {
    // Computed with db_statistics of davis2017-evaluation in numpy.
    expect(frameStatistics([1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])).toEqual({
      mean: expect.closeTo(0.65, 12),
      recall: 0.625,
      decay: expect.closeTo(0.5, 12),
    })
    expect(frameStatistics([0.5])).toEqual({ mean: 0.5, recall: 0, decay: 0 })
    expect(frameStatistics([])).toBeNull()
  })
})

describe('VIPOSeg', () => {
  const vipseg = vipsegClasses()
  const stuff = new Set(vipseg.flatMap(({ stuff: isStuff }, id) => (isStuff ? [id] : [])))
  const subset = (classId: number, video = 'v') => subsetOf(classId, video, stuff, vipseg.length)

  test('classes fall into four subsets: 41 and 17 things, 49 and 17 stuff', () => {
    const counts = new Map<string | null, number>()
    for (const id of vipseg.keys()) counts.set(subset(id), (counts.get(subset(id)) ?? 0) + 1)
    expect(Object.fromEntries(counts)).toEqual({
      thingSeen: 41,
      thingUnseen: 17,
      stuffSeen: 49,
      stuffUnseen: 17,
    })
    expect([subset(124), subset(-1)]).toEqual([null, null])
  })

  test('other machines are unseen in some videos only', () => {
    expect([subset(98), subset(98, '187_WUZUSD4477I')]).toEqual(['stuffSeen', 'stuffUnseen'])
  })

  test('decay is the slope through the origin', () => {
    const scores = new Map([1, 5, 20].map((count) => [count, [Math.exp((-0.3 * count) / 100)]]))
    expect(decayRate(scores)).toBeCloseTo(0.3, 12)
    expect(decayRate(new Map([[60, [0.1]]]))).toBeNull()
    expect(decayRate(new Map([[2, [0]]]))).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('train and val', () => {
  test('the share is kept, at least one on each side, whatever the order of the names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 30 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (names, share) => {
          const val = splitVideos(names, share).filter((split) => split === 'val').length
          expect(val).toBe(Math.min(names.length - 1, Math.max(1, Math.round(share * names.length))))
          const reversed = splitVideos(names.toReversed(), share).toReversed()
          // Names that differ only beyond 8 bits of a character may tie.
          if (names.every((name) => /^[\x20-\x7e]*$/.test(name)))
            expect(reversed).toEqual(splitVideos(names, share))
        },
      ),
    )
    expect(splitVideos(['a', 'b'], 0)).toEqual(['train', 'train'])
    expect(splitVideos(['a', 'b'], 1)).toEqual(['val', 'val'])
  })
})

test('folder names are safe everywhere and unique', () => {
  expect(folderNames(['My clip.mp4', 'My clip.mov', '../../etc', '.hidden', '..', 'ünï', 'A', 'a'])).toEqual([
    'My_clip',
    'My_clip_2',
    '_.._etc',
    'hidden',
    'video',
    '_n_',
    'A',
    'a_2',
  ])
  fc.assert(
    fc.property(fc.array(fc.string()), (names) => {
      const folders = folderNames(names)
      expect(new Set(folders.map((name) => name.toLowerCase())).size).toBe(names.length)
      for (const folder of folders) expect(folder).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/)
    }),
  )
})

describe('the head of a JPEG', () => {
  const exif = (orientation: number) => [
    0xff,
    0xe1,
    0,
    34,
    ...Buffer.from('Exif\0\0'),
    0x49,
    0x49,
    42,
    0,
    8,
    0,
    0,
    0,
    1,
    0,
    0x12,
    1,
    3,
    0,
    1,
    0,
    0,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]
  const frame = [0xff, 0xc2, 0, 17, 8, 0x01, 0xe0, 0x03, 0x56, 3]

  test('gives size and orientation', () => {
    expect(jpegHeader(Uint8Array.of(0xff, 0xd8, ...frame))).toEqual({
      width: 854,
      height: 480,
      orientation: 1,
    })
    expect(jpegHeader(Uint8Array.of(0xff, 0xd8, ...exif(6), 0xff, ...frame))).toEqual({
      width: 854,
      height: 480,
      orientation: 6,
    })
  })

  test('of anything gives a size or null', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => {
        jpegHeader(noise)
        jpegHeader(Uint8Array.of(0xff, 0xd8, ...noise))
        jpegHeader(Uint8Array.of(0xff, 0xd8, ...exif(1).slice(0, 20), ...noise))
      }),
    )
  })
})
