/**
 * What one gesture or action does to the records: applied together, committed as one change or taken back whole. Until
 * `flush` the store does not show it, so that thousands of records are one change to whoever listens.
 */
import type { NewChange } from '../../main/core/api.ts'
import { isEmptyDiff } from '../../main/core/diff.ts'
import { Gesture } from '../../main/core/history.ts'
import { isEmptyRle, type Rle, rleArea, rleBounds } from '../../main/core/mask/rle.ts'
import {
  type AnyRecord,
  type MaskMethod,
  type MaskRecord,
  type MaskState,
  maskId,
  type ObjectId,
  type Outline,
  type RecordId,
  shapesOf,
} from '../../main/core/records.ts'
import type { Store } from '../../main/core/store.ts'
import type { Shapes, StoredShape } from './shapes.ts'

/** A key mask as a person draws it. */
export interface DrawnMask {
  readonly objectId: ObjectId
  readonly frameIndex: number
  readonly rle: Rle
  readonly outline?: Outline | null
  readonly method?: MaskMethod
  readonly state?: MaskState
  /** The only pixels that are the user's, where the rest was computed; absent: all of them are. */
  readonly marked?: Rle | null
}

export class Edit {
  readonly #gesture: Gesture
  readonly #store: Store
  readonly #shapeStore: Shapes
  readonly #shapes = new Map<string, StoredShape>()
  /** What is to be put (undefined: removed) and is not in the store yet. */
  readonly #waiting = new Map<RecordId, AnyRecord | undefined>()

  constructor(store: Store, shapes: Shapes) {
    this.#gesture = new Gesture(store)
    this.#store = store
    this.#shapeStore = shapes
  }

  put(...records: readonly AnyRecord[]): void {
    for (const record of records) this.#waiting.set(record.id, record)
  }

  remove(...ids: readonly RecordId[]): void {
    for (const id of ids) this.#waiting.set(id, undefined)
  }

  /** Makes the store show what was put and removed so far, for code that reads it again. */
  flush(): void {
    const entries = [...this.#waiting]
    this.#waiting.clear()
    this.#gesture.put(...entries.flatMap(([, record]) => (record ? [record] : [])))
    this.#gesture.remove(...entries.flatMap(([id, record]) => (record ? [] : [id])))
  }

  /** Changes some fields of a record that exists; a record that is gone stays gone. */
  patch<R extends AnyRecord>(id: R['id'], fields: Partial<Omit<R, 'kind' | 'id'>>): void {
    const record = this.#present(id)
    if (record) this.put({ ...record, ...fields } as AnyRecord)
  }

  /** The fields of a mask that say which pixels it has. The shape goes along with the change. */
  pixels(rle: Rle): Pick<MaskRecord, 'shape' | 'box' | 'area'> {
    if (isEmptyRle(rle)) return { shape: null, box: null, area: 0 }
    const shape = this.#shapeStore.put(rle)
    this.#shapes.set(shape.hash, shape)
    return { shape: shape.hash, box: rleBounds(rle), area: rleArea(rle) }
  }

  /** Puts a key mask with these pixels. What was known of the frame (occluded) stays; the frame is in view again. */
  draw(drawn: DrawnMask): MaskRecord {
    const id = maskId(drawn.objectId, drawn.frameIndex)
    const before = this.#present(id) as MaskRecord | undefined
    const mask: MaskRecord = {
      kind: 'mask',
      id,
      objectId: drawn.objectId,
      frameIndex: drawn.frameIndex,
      state: drawn.state ?? 'keyframe',
      method: drawn.method ?? 'drawn',
      ...this.pixels(drawn.rle),
      outline: drawn.outline ?? null,
      outside: false,
      occluded: before?.occluded ?? false,
      confidence: null,
      doubt: null,
      left: null,
      right: null,
      ...this.#marked(drawn.marked ?? null),
    }
    this.put(mask)
    return mask
  }

  #marked(marked: Rle | null): Pick<MaskRecord, 'marked'> {
    const shape = marked && this.pixels(marked).shape
    return shape ? { marked: shape } : {}
  }

  bail(): void {
    this.#waiting.clear()
    this.#gesture.bail()
  }

  /** Null when nothing has changed. Only the shapes that the change's records name go along. */
  change(id: string, label: string): NewChange | null {
    this.flush()
    const diff = this.#gesture.diff()
    if (isEmptyDiff(diff)) return null
    const named = new Set<string>()
    const results = [...Object.values(diff.added), ...Object.values(diff.updated).map(([, to]) => to)]
    for (const record of results)
      if (record.kind === 'mask') for (const hash of shapesOf(record)) named.add(hash)
    return { id, label, diff, shapes: [...this.#shapes.values()].filter(({ hash }) => named.has(hash)) }
  }

  #present(id: RecordId): AnyRecord | undefined {
    return this.#waiting.has(id) ? this.#waiting.get(id) : (this.#store.get(id) as AnyRecord | undefined)
  }
}
