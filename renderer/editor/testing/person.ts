/** A person at the editor, for tests: presses, drags, clicks and keys in picture pixels, and what they would look at. */

import { emptyBitmap, fillBox } from '../../../main/core/mask/bitmap.ts'
import { decodeRle, encodeRle } from '../../../main/core/mask/rle.ts'
import {
  type ClassId,
  type ClassRecord,
  keyRef,
  type MaskRecord,
  type MediaId,
  type MediaRecord,
  maskId,
  type ObjectId,
  type ObjectRecord,
} from '../../../main/core/records.ts'
import { Editor, type EditorOptions } from '../editor.ts'
import type { ToolId } from '../editor-state.ts'
import type { KeyPress } from '../keymap.ts'
import type { ImagePoint } from '../tool.ts'
import { MemoryHost } from './memory-host.ts'

export const pictureWidth = 200
export const pictureHeight = 100

export const video: MediaRecord = {
  kind: 'media',
  id: 'media-1' as MediaId,
  name: 'clip.mp4',
  source: { type: 'video', path: 'clip.mp4', byteLength: 1, hash: 'h', streamIndex: 0 },
  width: pictureWidth,
  height: pictureHeight,
  rotation: 0,
  frameCount: 100,
  durationUs: 4_000_000,
  container: 'mp4',
  codec: 'avc',
  table: 'complete',
  note: null,
}

export function classRecord(name: string, order: number, stuff = false): ClassRecord {
  return {
    kind: 'class',
    id: `class-${name}` as ClassId,
    name,
    stuff,
    color: '#808080',
    order,
    exportId: null,
  }
}

export function objectRecord(name: string, fields: Partial<ObjectRecord> = {}): ObjectRecord {
  return {
    kind: 'object',
    id: `object-${name}` as ObjectId,
    mediaId: video.id,
    classId: null,
    name,
    color: '#e69f00',
    stuff: null,
    order: 1,
    hidden: false,
    locked: false,
    attributes: {},
    ...fields,
  }
}

type Point = readonly [x: number, y: number]
type Modifiers = Partial<Pick<ImagePoint, 'shift' | 'alt' | 'mod' | 'button' | 'pressure' | 'clickCount'>>

export class Person {
  readonly host: MemoryHost
  readonly editor: Editor
  #at: Point = [0, 0]

  private constructor(host: MemoryHost, options: EditorOptions) {
    this.host = host
    let lastId = 0
    this.editor = new Editor(host.api(), { newId: () => `new-${++lastId}`, ...options })
  }

  /** With a clip of 100 frames, 200 x 100, and whatever records are given. */
  static async sitsDown(host = new MemoryHost([video]), options: EditorOptions = {}): Promise<Person> {
    const person = new Person(host, options)
    await person.editor.open()
    person.editor.set({
      view: { ...person.editor.now.view, zoom: 1, panX: 0, panY: 0, width: 200, height: 100, fitted: false },
    })
    return person
  }

  takes(tool: ToolId): this {
    this.editor.toolbox.choose(tool)
    return this
  }

  press(at: Point, modifiers: Modifiers = {}): this {
    this.#at = at
    this.editor.toolbox.pointerDown(this.#point(modifiers))
    return this
  }

  /** With the button down, over these places. */
  drag(...places: readonly Point[]): this {
    return this.dragWith({}, ...places)
  }

  dragWith(modifiers: Modifiers, ...places: readonly Point[]): this {
    for (const place of places) {
      this.#at = place
      this.editor.toolbox.pointerMove(this.#point(modifiers))
    }
    return this
  }

  hover(at: Point): this {
    return this.drag(at)
  }

  release(modifiers: Modifiers = {}): this {
    this.editor.toolbox.pointerUp(this.#point(modifiers))
    return this
  }

  click(at: Point, modifiers: Modifiers = {}): this {
    return this.press(at, modifiers).release(modifiers)
  }

  doubleClick(at: Point): this {
    return this.click(at, { clickCount: 1 }).click(at, { clickCount: 2 })
  }

  /** A key as it is written in the keymap: 'Shift+F', 'Mod+Z', 'Enter'. Waits until what it began is done. */
  async types(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const press = pressOf(key)
      this.editor.keyboard.down({ ...press, repeat: false })
      this.editor.keyboard.up(press)
      await this.rest()
    }
  }

  /** Lets answers and events come in. */
  async rest(): Promise<void> {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 0))
  }

  get objects(): readonly ObjectRecord[] {
    return this.editor.objects
  }

  object(name: string): ObjectRecord {
    const found = this.editor.objects.find((object) => object.name === name)
    if (!found)
      throw new Error(`There is no object ${name}, only ${this.editor.objects.map((object) => object.name)}.`)
    return found
  }

  selects(...names: readonly string[]): this {
    this.editor.select(names.map((name) => this.object(name).id))
    return this
  }

  mask(name: string, frameIndex = this.editor.now.frameIndex): MaskRecord | undefined {
    return this.editor.store.get(maskId(this.object(name).id, frameIndex)) as MaskRecord | undefined
  }

  /** Whether the pixel is set in the object's mask. */
  covers(name: string, [x, y]: Point, frameIndex = this.editor.now.frameIndex): boolean {
    const shape = this.mask(name, frameIndex)?.shape
    if (!shape) return false
    const rle = this.editor.shapes.rle(shape, pictureWidth, pictureHeight)
    if (!rle) throw new Error('The shape is not here.')
    return decodeRle(rle).data[y * pictureWidth + x] === 1
  }

  /** Puts a box-shaped mask without drawing it, as if it had been there. */
  async finds(
    name: string,
    frameIndex: number,
    box: MaskRecord['box'],
    fields: Partial<MaskRecord> = {},
  ): Promise<void> {
    const object = this.object(name)
    this.editor.edit('Found', (edit) => {
      const bitmap = emptyBitmap(pictureWidth, pictureHeight)
      if (box) fillBox(bitmap, box, 1)
      const mask = edit.draw({ objectId: object.id, frameIndex, rle: encodeRle(bitmap) })
      edit.put({ ...mask, ...fields })
    })
    await this.rest()
  }

  /** A mask propagated between the keys that are there now. */
  async findsPropagated(
    name: string,
    frameIndex: number,
    box: MaskRecord['box'],
    confidence = 0.9,
  ): Promise<void> {
    const keys = this.editor.tracks.track(this.object(name).id).keys
    const left = keys.findLast((key) => key.frameIndex < frameIndex)
    const right = keys.find((key) => key.frameIndex > frameIndex)
    await this.finds(name, frameIndex, box, {
      state: 'propagated',
      method: 'propagation',
      confidence,
      left: left ? keyRef(left.frameIndex, left.shape) : null,
      right: right ? keyRef(right.frameIndex, right.shape) : null,
    })
  }

  get sentence(): string {
    return this.editor.now.sentence?.text ?? ''
  }

  get toolState(): string {
    return this.editor.now.toolState
  }

  #point(modifiers: Modifiers): ImagePoint {
    const [x, y] = this.#at
    return {
      x,
      y,
      screenX: x,
      screenY: y,
      pressure: 1,
      button: 0,
      shift: false,
      alt: false,
      mod: false,
      clickCount: 1,
      ...modifiers,
    }
  }
}

export function pressOf(written: string): KeyPress {
  const parts = written.split(/\+(?=.)/)
  const name = parts.at(-1) ?? ''
  const has = (modifier: string) => parts.slice(0, -1).includes(modifier)
  const letter = /^[A-Z]$/.test(name)
  const key = name === 'Space' ? ' ' : letter && !has('Shift') ? name.toLowerCase() : name
  const code = letter ? `Key${name}` : /^[0-9]$/.test(name) ? `Digit${name}` : name
  return { key, code, shiftKey: has('Shift'), ctrlKey: has('Mod'), altKey: has('Alt'), metaKey: false }
}
