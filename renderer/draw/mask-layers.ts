/** Brings the editor's masks of the shown frame into the form the graphics draw: a map of owners, a focus, colours. */
import type { Rle } from '../../main/core/mask/rle.ts'
import type { MediaRecord, ObjectId, ObjectRecord } from '../../main/core/records.ts'
import { keyNeighbours } from '../../main/core/track/track.ts'
import type { Editor } from '../editor/editor.ts'
import { type ShownMask, shownMasks } from '../editor/shown-masks.ts'
import type { Draft } from '../editor/tool.ts'
import type { GlCanvas } from './gl-canvas.ts'
import { type MapEntry, MaskMap } from './mask-map.ts'

const selectedFlag = 8
const hoverFlag = 16
const beforeFocusFlag = 32
const proposedFlag = 64
/** The number that the shader keeps for the focused mask is one more. */
const largestSlot = 65_534

export interface LayersShown {
  readonly focus: {
    readonly color: readonly [number, number, number, number]
    readonly isDraft: boolean
  } | null
  readonly hasOnion: boolean
}

export class MaskLayers {
  readonly #editor: Editor
  #gl: GlCanvas
  #owners: MaskMap | null = null
  #onion: MaskMap | null = null
  /** An object keeps its slot, so that its pixels need no new upload when others come and go. */
  readonly #slots = new Map<ObjectId, number>()
  #focusKey = ''
  #draft: { readonly draft: Draft; readonly version: number } | null = null
  #colorsKey = ''

  constructor(editor: Editor, gl: GlCanvas) {
    this.#editor = editor
    this.#gl = gl
  }

  /** After a lost context everything is uploaded again. */
  replaceGraphics(gl: GlCanvas): void {
    this.#gl = gl
    this.#owners = null
    this.#onion = null
    this.#focusKey = ''
    this.#draft = null
    this.#colorsKey = ''
  }

  /** Uploads what changed since the last call. */
  update(media: MediaRecord, frameIndex: number): LayersShown {
    const draft = this.#editor.toolbox.overlay().draft
    const masks = shownMasks(this.#editor, frameIndex)
    const focusedId = draft ? draft.objectId : this.#selectedId()
    const focused = masks.find(({ object }) => object.id === focusedId)
    const focusShown = draft ? this.#uploadDraft(draft) : this.#uploadFocus(media, focused)
    const others = focusShown ? masks.filter(({ object }) => object.id !== focusedId) : masks
    this.#uploadOwners(media, others)
    const hasOnion = this.#editor.now.look.onionSkin && this.#uploadOnion(media, frameIndex)
    const focusObject = focusedId
      ? (this.#editor.store.get(focusedId) as ObjectRecord | undefined)
      : undefined
    const proposed = new Set(
      masks.filter(({ mask }) => mask.state === 'proposed').map(({ object }) => object.id),
    )
    this.#uploadColors(focusShown ? (focusObject ?? null) : null, proposed)
    if (!focusShown) return { focus: null, hasOnion }
    const color = focusObject?.color ?? draft?.color ?? '#ffffff'
    const pattern = focusObject ? patternOf(this.#slot(focusObject.id)) : patternOf(this.#slots.size + 1)
    const flags = pattern | (focusedId && proposed.has(focusedId) ? proposedFlag : 0)
    return { focus: { color: [...channels(color), flags], isDraft: draft !== null }, hasOnion }
  }

  #selectedId(): ObjectId | null {
    const { selectedObjectIds } = this.#editor.now
    return selectedObjectIds.length === 1 ? (selectedObjectIds[0] ?? null) : null
  }

  #uploadDraft(draft: Draft): boolean {
    const known = this.#draft?.draft === draft ? this.#draft.version : null
    this.#focusKey = ''
    if (known === draft.version) return true
    const changed = known === null ? null : draft.changedSince(known)
    this.#gl.setFocus(draft.bitmap, changed)
    this.#draft = { draft, version: draft.version }
    return true
  }

  #uploadFocus(media: MediaRecord, focused: ShownMask | undefined): boolean {
    this.#draft = null
    const shape = focused?.mask.shape
    if (!shape) return false
    const key = `${shape}/${media.id}`
    if (key === this.#focusKey) return true
    const bitmap = this.#editor.shapes.bitmap(shape, media.width, media.height)
    if (!bitmap) return false
    this.#gl.setFocus(bitmap, null)
    this.#focusKey = key
    return true
  }

  #uploadOwners(media: MediaRecord, nearestFirst: readonly ShownMask[]): void {
    if (this.#owners?.width !== media.width || this.#owners.height !== media.height)
      this.#owners = new MaskMap(media.width, media.height)
    const columns = this.#owners.compose(this.#entries(media, nearestFirst))
    this.#gl.setMap('owners', this.#owners, columns)
  }

  /** Masks whose shapes are not here yet are left out; they are on their way. */
  #entries(media: MediaRecord, nearestFirst: readonly ShownMask[]): MapEntry[] {
    const entries: MapEntry[] = []
    for (let i = nearestFirst.length - 1; i >= 0; i--) {
      const { object, mask } = nearestFirst[i]!
      const rle: Rle | undefined = mask.shape
        ? this.#editor.shapes.rle(mask.shape, media.width, media.height)
        : undefined
      if (rle && mask.shape && mask.box)
        entries.push({ slot: this.#slot(object.id), key: mask.shape, rle, box: mask.box })
    }
    return entries
  }

  /** The key mask before this frame: of the selected objects, of all when none is selected. */
  #uploadOnion(media: MediaRecord, frameIndex: number): boolean {
    const { selectedObjectIds } = this.#editor.now
    const old: ShownMask[] = []
    for (const object of this.#editor.objects) {
      if (object.hidden || (selectedObjectIds.length > 0 && !selectedObjectIds.includes(object.id))) continue
      const { left } = keyNeighbours(this.#editor.tracks.track(object.id), frameIndex)
      if (left?.shape) old.push({ object, mask: left })
    }
    if (this.#onion?.width !== media.width || this.#onion.height !== media.height)
      this.#onion = new MaskMap(media.width, media.height)
    const columns = this.#onion.compose(this.#entries(media, old))
    this.#gl.setMap('onion', this.#onion, columns)
    return old.length > 0
  }

  #uploadColors(focusObject: ObjectRecord | null, proposed: ReadonlySet<ObjectId>): void {
    const { selectedObjectIds, hoverObjectId } = this.#editor.now
    const { objects } = this.#editor
    const key = `${objects.map(({ id, color, order }) => `${id}${color}${order}`)}|${selectedObjectIds}|${hoverObjectId}|${focusObject?.id}|${[...proposed]}`
    if (key === this.#colorsKey) return
    this.#colorsKey = key
    for (const object of objects) this.#slot(object.id)
    const slotCount = Math.max(0, ...objects.map(({ id }) => this.#slot(id))) + 1
    const rgba = new Uint8Array(Math.ceil(slotCount / 256) * 1024)
    const selected = new Set(selectedObjectIds)
    for (const object of objects) {
      const slot = this.#slot(object.id)
      rgba.set(channels(object.color), slot * 4)
      rgba[slot * 4 + 3] =
        patternOf(slot) |
        (selected.has(object.id) ? selectedFlag : 0) |
        (object.id === hoverObjectId ? hoverFlag : 0) |
        (proposed.has(object.id) ? proposedFlag : 0) |
        (focusObject && object.order > focusObject.order ? beforeFocusFlag : 0)
    }
    this.#gl.setColors(rgba)
  }

  #slot(objectId: ObjectId): number {
    let slot = this.#slots.get(objectId)
    if (slot === undefined) {
      // Numbers begin anew long before they run out; what is drawn is uploaded anew with them.
      if (this.#slots.size >= largestSlot) this.#slots.clear()
      slot = this.#slots.size + 1
      this.#slots.set(objectId, slot)
      this.#colorsKey = ''
    }
    return slot
  }
}

/** Colours repeat before patterns do: neighbours in the palette have different patterns. */
export function patternOf(slot: number): number {
  return (slot - 1) % 8
}

export function channels(color: string): [red: number, green: number, blue: number] {
  const number = Number.parseInt(color.slice(1), 16)
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255]
}
