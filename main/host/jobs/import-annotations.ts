/** The job that turns masks made elsewhere into objects and keyframes: all of them in one change, one step of undo. */
import { basename, extname } from 'node:path'
import type { ImportAnnotationsSpec, JobReport } from '../../core/api.ts'
import type {
  ImportedAnnotations,
  ImportedMask,
  ImportedObject,
  MediaFacts,
} from '../../core/formats/imported-annotations.ts'
import { encodeShape, rleArea, rleBounds } from '../../core/mask/rle.ts'
import { shapeHash } from '../../core/mask/shape-hash.ts'
import {
  type AnyRecord,
  type ClassId,
  type ClassRecord,
  type MaskRecord,
  type MediaId,
  type MediaRecord,
  maskId,
  type ObjectId,
  type ObjectRecord,
} from '../../core/records.ts'
import { UserError } from '../../core/user-error.ts'
import { importAnnotations } from '../dataset/import-annotations.ts'
import { classColor } from '../imported-classes.ts'
import type { JobBody, JobChange, JobContext, NewShape } from '../job-context.ts'

export const importAnnotationsJob: JobBody<ImportAnnotationsSpec> = async function* (
  context,
  spec,
  _cursor,
  signal,
) {
  const media = context.store.get(spec.mediaId)
  if (!media)
    throw new UserError('no-media', 'The video that the annotations belong to is no longer in the project.')
  const path = context.resolvePath(spec.path)
  yield { done: 0, total: 0, at: basename(path) }
  const annotations = await importAnnotations(path, mediaFacts(context, media), signal)
  signal.throwIfAborted()
  const made = new MadeRecords(context, media)
  for (const object of annotations.objects) made.add(object)
  const { maskCount, frameCount } = made
  if (maskCount === 0)
    return { sentence: annotations.notes.at(-1) ?? `${basename(path)} holds no mask for ${media.name}.` }
  yield { done: frameCount, total: frameCount, change: made.change(`Import annotations of ${media.name}`) }
  return { report: report(annotations, made) }
}

function mediaFacts(context: JobContext, media: MediaRecord): MediaFacts {
  const source = context.mediaSource(media)
  return {
    name: media.name,
    width: media.width,
    height: media.height,
    frameCount: context.frameTable(media.id).length,
    imageNames:
      source.type === 'images'
        ? source.files.map((name) => name.slice(0, name.length - extname(name).length))
        : null,
  }
}

function report({ format, notes }: ImportedAnnotations, made: MadeRecords): JobReport {
  const count = (number: number, one: string) =>
    `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`
  return {
    title: `Import annotations (${format})`,
    folder: null,
    written: [
      `${count(made.objectCount, 'object')}, ${count(made.maskCount, 'mask')} on ${count(made.frameCount, 'frame')}, all as keyframes`,
    ],
    converted: notes,
    dropped: [],
  }
}

/** The records that annotations come to, beside those that the project has. */
class MadeRecords {
  maskCount = 0
  objectCount = 0
  readonly #context: JobContext
  readonly #mediaId: MediaId
  readonly #classes: ClassRecord[]
  readonly #objects: ObjectRecord[]
  readonly #added: Record<string, AnyRecord> = {}
  readonly #shapes = new Map<string, NewShape>()
  readonly #frames = new Set<number>()

  constructor(context: JobContext, media: MediaRecord) {
    this.#context = context
    this.#mediaId = media.id
    this.#classes = [...context.store.ofKind('class')]
    this.#objects = [...context.store.ofKind('object')].filter((object) => object.mediaId === media.id)
  }

  get frameCount(): number {
    return this.#frames.size
  }

  change(label: string): JobChange {
    return {
      label,
      diff: { added: this.#added, updated: {}, removed: {} },
      shapes: [...this.#shapes.values()],
    }
  }

  add(imported: ImportedObject): void {
    if (imported.masks.length === 0) return
    const objectId = this.#objectFor(imported)
    this.objectCount++
    for (const mask of imported.masks) this.#addMask(objectId, mask)
  }

  /** An object of that name that waits to be drawn is taken; otherwise a new one is made. */
  #objectFor(imported: ImportedObject): ObjectId {
    const classId = this.#classFor(imported)
    const waiting = this.#objects.find(
      (object) =>
        object.name === imported.name &&
        (object.classId === classId || object.classId === null) &&
        !object.locked &&
        this.#context.store.track(object.id).size === 0 &&
        !this.#added[object.id],
    )
    if (waiting) return waiting.id
    const orders = this.#objects.map((object) => object.order)
    const classStuff = this.#classes.find((record) => record.id === classId)?.stuff ?? false
    const stuff = imported.stuff ?? classStuff
    const object: ObjectRecord = {
      kind: 'object',
      id: this.#context.newId('object') as ObjectId,
      mediaId: this.#mediaId,
      classId,
      name: this.#freeName(imported.name),
      color: classColor(this.#objects.length),
      stuff: imported.stuff === null || imported.stuff === classStuff ? null : imported.stuff,
      // Things come in front of everything, stuff goes behind.
      order: stuff ? Math.min(0, ...orders) - 1 : Math.max(-1, ...orders) + 1,
      hidden: false,
      locked: false,
      attributes: {},
    }
    this.#objects.push(object)
    this.#added[object.id] = object
    return object.id
  }

  #classFor({ className, categoryId, stuff }: ImportedObject): ClassId | null {
    if (className === null) return null
    const known = this.#classes.find((record) => record.name === className)
    if (known) return known.id
    const order = Math.max(-1, ...this.#classes.map((record) => record.order)) + 1
    const id = this.#context.newId('class') as ClassId
    const record: ClassRecord = {
      kind: 'class',
      id,
      name: className,
      stuff: stuff ?? false,
      color: classColor(order),
      order,
      exportId: categoryId,
    }
    this.#classes.push(record)
    this.#added[id] = record
    return id
  }

  #freeName(wanted: string): string {
    const taken = new Set(this.#objects.map((object) => object.name))
    for (let number = 2, name = wanted; ; number++) {
      if (!taken.has(name)) return name
      name = `${wanted} (${number})`
    }
  }

  #addMask(objectId: ObjectId, { frameIndex, rle }: ImportedMask): void {
    const area = rle ? rleArea(rle) : 0
    const bytes = rle && area > 0 ? encodeShape(rle) : null
    const hash = rle && bytes ? shapeHash(bytes, rle.width, rle.height) : null
    if (bytes && hash) this.#shapes.set(hash, { hash, bytes })
    const record: MaskRecord = {
      kind: 'mask',
      id: maskId(objectId, frameIndex),
      objectId,
      frameIndex,
      state: 'keyframe',
      method: 'import',
      shape: hash,
      box: rle ? rleBounds(rle) : null,
      area,
      outline: null,
      outside: rle === null,
      occluded: false,
      confidence: null,
      doubt: null,
      left: null,
      right: null,
    }
    this.#added[record.id] = record
    this.#frames.add(frameIndex)
    this.maskCount++
  }
}
