import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ImportedObject } from '../../core/formats/imported-annotations.ts'
import type { MaskFormat } from '../../core/formats/prepared-dataset.ts'
import { encodeRle, isEmptyRle, rleString } from '../../core/mask/rle.ts'
import { exportDataset } from './export-dataset.ts'
import { importAnnotations } from './import-annotations.ts'
import { type MadeMask, type MadeVideo, madeBox, madeDataset } from './made-dataset.ts'
import { verifyDataset } from './verify-dataset.ts'

const width = 17
const height = 13
const classes = [
  { name: 'dog', stuff: false, exportId: 62 },
  { name: 'grass', stuff: true, exportId: null },
]

const anyVideo: fc.Arbitrary<MadeVideo> = fc.integer({ min: 1, max: 6 }).chain((frameCount) =>
  fc.record({
    name: fc.constantFrom('My clip.mp4', 'street', 'a b/c'),
    width: fc.constant(width),
    height: fc.constant(height),
    frameCount: fc.constant(frameCount),
    objects: fc.constant([
      { name: 'Rex', classIndex: 0 },
      { name: 'lawn', classIndex: 1, stuff: true },
      { name: 'thing without class', classIndex: null },
    ]),
    masks: fc
      .array(
        fc.record({
          objectIndex: fc.nat(2),
          frameIndex: fc.nat(frameCount - 1),
          bitmap: fc.option(
            fc
              .tuple(
                fc.nat(width - 1),
                fc.nat(height - 1),
                fc.integer({ min: 1, max: 9 }),
                fc.integer({ min: 1, max: 9 }),
              )
              .map(([x, y, w, h]) => madeBox(width, height, x, y, w, h)),
            { freq: 4 },
          ),
        }),
        { minLength: 1, maxLength: 12 },
      )
      .map((masks) => [
        ...new Map(masks.map((mask) => [`${mask.objectIndex}@${mask.frameIndex}`, mask])).values(),
      ]),
  }),
)

/** What the dataset says by the rules of the product: the nearest object owns a pixel; absence is told where frames are labelled. */
function expectedObjects(
  { objects, masks }: MadeVideo,
  droppedEmpty: 'none' | 'leading' | 'all',
): ImportedObject[] {
  const labelled = [...new Set(masks.map(({ frameIndex }) => frameIndex))].sort((a, b) => a - b)
  const owners = new Map(
    labelled.map((frame) => [frame, ownersOf(masks.filter(({ frameIndex }) => frameIndex === frame))]),
  )
  const isEmpty = (frame: number) => owners.get(frame)!.every((owner) => owner < 0)
  const firstFilled = labelled.findIndex((frame) => !isEmpty(frame))
  const frames = labelled.filter(
    (frame, i) =>
      droppedEmpty === 'none' || (droppedEmpty === 'leading' ? i >= firstFilled : !isEmpty(frame)),
  )
  return objects.flatMap(({ name, classIndex }, objectIndex): ImportedObject[] => {
    const track: { frameIndex: number; rle: ReturnType<typeof encodeRle> | null }[] = []
    for (const frameIndex of frames) {
      const rle = encodeRle({
        width,
        height,
        data: Uint8Array.from(owners.get(frameIndex)!, (owner) => (owner === objectIndex ? 1 : 0)),
      })
      if (!isEmptyRle(rle)) track.push({ frameIndex, rle })
      else if (track.at(-1)?.rle) track.push({ frameIndex, rle: null })
    }
    if (track.length === 0) return []
    const own = classIndex === null || classIndex === undefined ? null : classes[classIndex]!
    return [
      { name, className: own?.name ?? 'object', categoryId: null, stuff: own?.stuff ?? false, masks: track },
    ]
  })
}

function ownersOf(masks: readonly MadeMask[]): number[] {
  return Array.from({ length: width * height }, (_, i) =>
    Math.max(-1, ...masks.filter(({ bitmap }) => bitmap?.data[i]).map(({ objectIndex }) => objectIndex)),
  )
}

/** Comparable: runs as text, in the order of names, without what the format cannot say. */
function plain(objects: readonly ImportedObject[], single: boolean) {
  return objects
    .map(({ name, className, stuff, masks }) => ({
      name,
      className,
      stuff,
      masks: masks
        .filter(({ rle }) => !single || rle)
        .map(({ frameIndex, rle }) => `${frameIndex} ${rle ? rleString(rle) : 'absent'}`),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const cases: [MaskFormat, 'train' | 'valid', 'none' | 'leading' | 'all'][] = [
  ['davis', 'train', 'leading'],
  ['youtube-vos', 'train', 'none'],
  ['youtube-vos', 'valid', 'none'],
  ['viposeg', 'train', 'all'],
  ['viposeg', 'valid', 'all'],
  ['youtube-vis', 'train', 'none'],
  ['coco', 'valid', 'none'],
]

describe('export, then import', () => {
  for (const [format, layout, droppedEmpty] of cases) {
    test(`${format} (${layout}) gives the same objects and masks, and verifies`, async () => {
      await fc.assert(
        fc.asyncProperty(anyVideo, async (video) => {
          const wanted = expectedObjects(video, droppedEmpty)
          fc.pre(wanted.length > 0)
          const root = await mkdtemp(join(tmpdir(), 'inbetween-'))
          try {
            const folder = join(root, 'set')
            const options = {
              format,
              folder,
              layout,
              valShare: 0,
              frames: { type: 'all' },
              overwrite: false,
              includeFrames: true,
            } as const
            const signal = new AbortController().signal
            const steps = exportDataset(options, madeDataset([video], classes), signal)
            let step = await steps.next()
            while (!step.done) step = await steps.next()
            const media = { name: video.name, width, height, frameCount: video.frameCount, imageNames: null }
            const { objects } = await importAnnotations(folder, media, signal)
            // Where every object is on one frame only, absence is not told: such folders look like references.
            const single =
              wanted.length > 1 && wanted.every(({ masks }) => masks.filter(({ rle }) => rle).length === 1)
            const isPng = format === 'davis' || format === 'youtube-vos' || format === 'viposeg'
            expect(plain(objects, single && isPng)).toEqual(plain(wanted, single && isPng))
            const report = await verifyDataset(folder, null, signal)
            expect(report.violations.filter(({ severity }) => severity === 'error')).toEqual([])
          } finally {
            await rm(root, { recursive: true })
          }
        }),
        { numRuns: 25 },
      )
    })
  }
})
