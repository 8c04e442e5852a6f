/**
 * The whole data model. A project is a set of immutable records; every change to it is a diff over them
 * (see diff.ts). Pixels are not in records: a mask names its shape by content hash, and shapes live in a
 * store of their own, so that a change is small on disk, on the wire and in the undo history.
 *
 * Frames are 0-based positions in a media's table of presentation times, never time x fps.
 */

declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

export type MediaId = Branded<string, 'MediaId'>
export type ClassId = Branded<string, 'ClassId'>
export type ObjectId = Branded<string, 'ObjectId'>
/** `${ObjectId}@${frameIndex}`: an object has at most one mask a frame. Made by `maskId`. */
export type MaskId = Branded<string, 'MaskId'>
/** 32 hex digits: the content hash of a shape's bytes. Made by `shapeHash` in mask/shape-hash.ts. */
export type ShapeHash = Branded<string, 'ShapeHash'>
/** `${frameIndex}:${ShapeHash or 'empty'}`: which key mask, in which state, a computed mask was made from. */
export type KeyRef = Branded<string, 'KeyRef'>

/** [x, y, width, height] in pixels of the media, integers, right and bottom exclusive. */
export type Box = readonly [x: number, y: number, width: number, height: number]
/** [x0, y0, x1, y1, ...] in image space: (0,0) is the top left corner of the top left pixel. */
export type Ring = readonly number[]

export interface ProjectRecord {
  readonly kind: 'project'
  readonly id: 'project'
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Where the pixels are. Paths are relative to the project folder where that is possible, else absolute. */
export type MediaSource =
  | {
      readonly type: 'video'
      readonly path: string
      readonly byteLength: number
      readonly hash: string
      readonly streamIndex: number
    }
  | {
      readonly type: 'images'
      readonly folder: string
      readonly files: readonly string[]
      readonly byteLength: number
      readonly hash: string
    }

export interface MediaRecord {
  readonly kind: 'media'
  readonly id: MediaId
  readonly name: string
  readonly source: MediaSource
  /** Size as shown: after rotation and pixel aspect. Masks have this size. */
  readonly width: number
  readonly height: number
  /** Clockwise quarter turns times 90, already applied in width and height. */
  readonly rotation: 0 | 90 | 180 | 270
  /** Number of frames in the table of presentation times, as far as it is known. */
  readonly frameCount: number
  readonly durationUs: number
  readonly container: string
  readonly codec: string
  /** 'partial' while the table of presentation times is still being read. */
  readonly table: 'partial' | 'complete'
  /** A sentence for the user about this media (truncated file, odd stream), or null. */
  readonly note: string | null
}

export interface ClassRecord {
  readonly kind: 'class'
  readonly id: ClassId
  readonly name: string
  readonly stuff: boolean
  /** `#rrggbb` */
  readonly color: string
  /** Position in the class list; keys 1 to 9 choose the first nine. */
  readonly order: number
  /** Category number to write on export (COCO, VIPSeg); null: numbered by order. */
  readonly exportId: number | null
}

export interface ObjectRecord {
  readonly kind: 'object'
  readonly id: ObjectId
  readonly mediaId: MediaId
  readonly classId: ClassId | null
  readonly name: string
  /** `#rrggbb` on screen. */
  readonly color: string
  /** null: as the class says. */
  readonly stuff: boolean | null
  /** Larger is nearer: where two objects overlap, the nearer one owns the pixel. */
  readonly order: number
  readonly hidden: boolean
  readonly locked: boolean
  readonly attributes: Readonly<Record<string, string>>
}

/**
 * `keyframe`: the user set it. `confirmed`: the user accepted it; no job may touch it. `propagated`: a job made it.
 * `proposed`: a job found the object again, after it was hidden or after a cut, and nobody has accepted that yet; not
 * exported. Whether a propagated mask is stale is derived (track/staleness.ts), so undoing an edit un-stales what it
 * made stale.
 */
export type MaskState = 'keyframe' | 'confirmed' | 'propagated' | 'proposed'
/** How the pixels came to be. `assisted`: from a box, clicks or scribbles on this frame. */
export type MaskMethod = 'drawn' | 'assisted' | 'propagation' | 'interpolation' | 'copy' | 'import'

/** Vector source of a mask, kept while nothing but vertices was edited, so that it stays editable. */
export type Outline =
  | { readonly type: 'polygon'; readonly rings: readonly Ring[] }
  | { readonly type: 'box'; readonly box: readonly [x: number, y: number, width: number, height: number] }

export interface MaskRecord {
  readonly kind: 'mask'
  readonly id: MaskId
  readonly objectId: ObjectId
  readonly frameIndex: number
  readonly state: MaskState
  readonly method: MaskMethod
  /** null: empty, the object has no pixel here. */
  readonly shape: ShapeHash | null
  /** Bounds of the shape; null when empty. Kept here so that lists, hit tests and the timeline need no pixels. */
  readonly box: Box | null
  readonly area: number
  readonly outline: Outline | null
  /** Not in view from here on, until the next key mask. Always empty. Nothing is exported. */
  readonly outside: boolean
  /** Present but at least partly hidden by something else. */
  readonly occluded: boolean
  /** Expected IoU in [0, 1] of a propagated mask; null for the user's own. */
  readonly confidence: number | null
  /** Why it is doubtful, in words, or null. */
  readonly doubt: string | null
  /** The key masks on each side when this was computed; both null where a person drew it. Kept by a key mask accepted as computed. */
  readonly left: KeyRef | null
  readonly right: KeyRef | null
  /**
   * Of a key mask: the pixels the user has marked on a mask that was otherwise computed. Only these teach; inside
   * `shape` they are the object, outside it they are not. Absent: the whole mask is the user's.
   */
  readonly marked?: ShapeHash
  /** Of a propagated mask: what the key masks before and after lead to, each alone, where they disagree. */
  readonly sides?: readonly [left: ShapeHash | null, right: ShapeHash | null]
  /** Of a propagated mask: name and version of the pack that found it. Absent: Inbetween's own engine did. */
  readonly network?: string
}

export type AnyRecord = ProjectRecord | MediaRecord | ClassRecord | ObjectRecord | MaskRecord
export type RecordKind = AnyRecord['kind']
export type RecordId = AnyRecord['id']
export type RecordOf<K extends RecordKind> = Extract<AnyRecord, { kind: K }>

export const recordKinds: readonly RecordKind[] = ['project', 'media', 'class', 'object', 'mask']

export function maskId(objectId: ObjectId, frameIndex: number): MaskId {
  return `${objectId}@${frameIndex}` as MaskId
}

export function keyRef(frameIndex: number, shape: ShapeHash | null): KeyRef {
  return `${frameIndex}:${shape ?? 'empty'}` as KeyRef
}

/** Whether a mask is the user's own truth: propagation starts from these and never writes over them. */
export function isKey(mask: Pick<MaskRecord, 'state'>): boolean {
  return mask.state === 'keyframe' || mask.state === 'confirmed'
}

/** Every shape a mask names. */
export function shapesOf({ shape, marked, sides }: MaskRecord): ShapeHash[] {
  return [shape, marked ?? null, ...(sides ?? [])].filter((hash) => hash !== null)
}

export function isStuff(object: ObjectRecord, objectClass: ClassRecord | undefined): boolean {
  return object.stuff ?? objectClass?.stuff ?? false
}
