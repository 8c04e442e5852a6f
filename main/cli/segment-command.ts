import type { Command } from 'commander'
import type { Mark, SegmentAnswer, Snapshot } from '../core/api.ts'
import { type Diff, emptyDiff } from '../core/diff.ts'
import { decodeShape, encodeShape, type Rle, rleArea, rleBounds, unionRle } from '../core/mask/rle.ts'
import { shapeHash } from '../core/mask/shape-hash.ts'
import {
  type Box,
  isKey,
  type MaskRecord,
  type MediaRecord,
  maskId,
  type ObjectId,
  type ObjectRecord,
  type ShapeHash,
} from '../core/records.ts'
import { UserError } from '../core/user-error.ts'
import { classColor } from '../host/imported-classes.ts'
import { segmentModelHelp, segmentModels } from './model-choice.ts'
import { type ProviderOptions, providerOption } from './model-providers-command.ts'
import type { Output } from './output.ts'
import { chosenMedia, type OpenProject, objectsOf, withProject } from './with-project.ts'

interface Options extends ProviderOptions {
  readonly media?: string
  readonly object: string
  readonly frame: string
  readonly box?: string
  readonly mark?: readonly string[]
  readonly radius: string
  readonly model?: string
}

const afterwards = `
Marks are clicks and strokes, in the order in which they count: in:120,80 says that the pixel is the object's,
out:40,30,60,90 that a line of pixels is not. Without --box a mask that stands on the frame is corrected; where that one
was computed, only the marked pixels teach the next propagation.`

export function addSegmentCommand(program: Command, output: () => Output): void {
  program
    .command('segment')
    .description('set a keyframe from a box, clicks and strokes on one frame')
    .argument('<project>', 'folder of the project')
    .requiredOption('--object <name>', 'which object; a new one where none has the name')
    .requiredOption('--frame <number>', 'on which frame, 0-based')
    .option('--media <name>', 'which video, where there are several')
    .option('--box <x,y,width,height>', 'a box around the object')
    .option('--mark <in:x,y,...|out:x,y,...>', 'a click or a stroke; may be given again and again', listed)
    .option('--radius <pixels>', 'of the marks', '4')
    .option('--model <id>', segmentModelHelp)
    .option(...providerOption)
    .addHelpText('after', afterwards)
    .action(async (project: string, options: Options) => {
      const work = async (open: OpenProject) => output().result(...(await segmented(open, options)))
      await withProject(project, false, work, {
        ...(options.provider && { provider: options.provider }),
        ...(options.model && { models: segmentModels(options.model) }),
      })
    })
}

function listed(mark: string, before: readonly string[] = []): readonly string[] {
  return [...before, mark]
}

async function segmented(open: OpenProject, options: Options): Promise<[string, unknown]> {
  const now = await open.snapshot()
  const media = chosenMedia(now, options.media)
  const frameIndex = frameNumber(options.frame, media)
  const known = objectsOf(now).find(
    (each) => each.mediaId === media.id && (each.name === options.object || each.id === options.object),
  )
  const object = known ?? newObject(now, media, options.object)
  const box = options.box === undefined ? null : parsedBox(options.box)
  const present = maskOn(now, object.id, frameIndex)
  const before = box === null ? present : null
  const radius = Number(options.radius)
  const marks = (options.mark ?? []).map((text) => parsedMark(text, radius))
  const [mask = null] = before?.shape ? await open.host.shapes([before.shape]) : []
  const question = { mediaId: media.id, frameIndex, objectId: known?.id ?? null, mask, box, marks }
  const answer = await open.host.segment(question)
  const shapes = new Map<ShapeHash, Uint8Array>()
  const store = (bytes: Uint8Array): ShapeHash => {
    const hash = shapeHash(bytes, media.width, media.height)
    shapes.set(hash, bytes)
    return hash
  }
  const taught = before ? await taughtBy(open, before, answer, media) : null
  const record = keyMask(object.id, frameIndex, answer.mask, media, store, taught)
  const diff: Diff = {
    added: { ...(known ? {} : { [object.id]: object }), ...(present ? {} : { [record.id]: record }) },
    updated: present ? { [record.id]: [present, record] } : {},
    removed: {},
  }
  const label = `Mark ${object.name} on frame ${frameIndex}`
  const list = [...shapes].map(([hash, bytes]) => ({ hash, bytes }))
  await open.host.commit({ id: crypto.randomUUID(), label, diff: { ...emptyDiff, ...diff }, shapes: list })
  const { area } = record
  const { ms, answeredBy = null } = answer
  const by = answeredBy === null ? '' : ` by ${answeredBy}`
  const text = `${object.name} has a keyframe on frame ${frameIndex}: ${area} pixels, found${by} in ${Math.round(ms)} ms.`
  return [text, { object: object.name, frameIndex, area, box: record.box, ms, answeredBy }]
}

function maskOn({ records }: Snapshot, objectId: ObjectId, frameIndex: number): MaskRecord | null {
  const id = maskId(objectId, frameIndex)
  return records.find((record): record is MaskRecord => record.kind === 'mask' && record.id === id) ?? null
}

/** The pixels of a corrected mask that are a person's, where the others were computed; null: all of them are. */
async function taughtBy(
  { host }: OpenProject,
  before: MaskRecord,
  answer: SegmentAnswer,
  { width, height }: MediaRecord,
): Promise<Rle | null> {
  if ((isKey(before) && !before.marked) || !answer.marked) return null
  const marked = decodeShape(answer.marked, width, height)
  const [earlier] = before.marked ? await host.shapes([before.marked]) : []
  return earlier ? unionRle(decodeShape(earlier, width, height), marked) : marked
}

function keyMask(
  objectId: ObjectId,
  frameIndex: number,
  bytes: Uint8Array,
  { width, height }: MediaRecord,
  store: (bytes: Uint8Array) => ShapeHash,
  taught: Rle | null,
): MaskRecord {
  const rle = decodeShape(bytes, width, height)
  const area = rleArea(rle)
  return {
    kind: 'mask',
    id: maskId(objectId, frameIndex),
    objectId,
    frameIndex,
    state: 'keyframe',
    method: 'assisted',
    shape: area > 0 ? store(bytes) : null,
    box: rleBounds(rle),
    area,
    outline: null,
    outside: false,
    occluded: false,
    confidence: null,
    doubt: null,
    left: null,
    right: null,
    ...(taught ? { marked: store(encodeShape(taught)) } : {}),
  }
}

function newObject(now: Snapshot, media: MediaRecord, name: string): ObjectRecord {
  const own = objectsOf(now).filter((object) => object.mediaId === media.id)
  return {
    kind: 'object',
    id: crypto.randomUUID() as string as ObjectId,
    mediaId: media.id,
    classId: null,
    name,
    color: classColor(own.length),
    stuff: null,
    order: own.reduce((nearest, object) => Math.max(nearest, object.order), 0) + 1,
    hidden: false,
    locked: false,
    attributes: {},
  }
}

function frameNumber(text: string, media: MediaRecord): number {
  if (/^\d+$/.test(text) && Number(text) < media.frameCount) return Number(text)
  throw new UserError(
    'bad-frames',
    `“${text}” is no frame of ${media.name}. Write a number from 0 to ${media.frameCount - 1}.`,
  )
}

function parsedBox(text: string): Box {
  const [x, y, width, height, ...more] = text.split(',').map(Number)
  const all = [x, y, width, height]
  if (more.length === 0 && all.every((value) => Number.isInteger(value)) && width! > 0 && height! > 0)
    return [x!, y!, width!, height!]
  throw new UserError(
    'bad-box',
    `“${text}” is no box. Write left, top, width and height in whole pixels: 120,80,60,40.`,
  )
}

function parsedMark(text: string, radius: number): Mark {
  const [, side, list = ''] = /^(in|out):(.+)$/.exec(text) ?? []
  const points = list.split(',').map(Number)
  if (side && points.length % 2 === 0 && points.every(Number.isFinite) && radius > 0)
    return { inside: side === 'in', points, radius }
  throw new UserError(
    'bad-mark',
    `“${text}” with radius ${radius} is no mark. Write in:120,80 for a click, out:40,30,60,90 for a stroke, and a radius above 0.`,
  )
}
