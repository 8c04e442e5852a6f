/** What every tool is to the editor, and what a tool asks the canvas to draw while a gesture is under way. */
import type { Bitmap } from '../../main/core/mask/rle.ts'
import type { Box, ObjectId } from '../../main/core/records.ts'
import type { ToolId } from './editor-state.ts'
import type { Point } from './view-transform.ts'

/** A pointer's place on the picture, not rounded, with what was held. */
export interface ImagePoint extends Point {
  /** The same place in CSS pixels of the viewport. */
  readonly screenX: number
  readonly screenY: number
  /** 0 to 1; 1 where the device knows no pressure. */
  readonly pressure: number
  /** 0 left, 1 middle, 2 right. */
  readonly button: number
  readonly shift: boolean
  readonly alt: boolean
  /** Command on a Mac, Ctrl elsewhere. */
  readonly mod: boolean
  /** 2 for the second press of a double click. */
  readonly clickCount: number
}

/**
 * A mask while it is being drawn. It stands in for the object's mask on the frame; `bitmap` is written in place.
 * `objectId` is null for an object that the gesture is about to make.
 */
export interface Draft {
  readonly objectId: ObjectId | null
  readonly color: string
  readonly bitmap: Bitmap
  /** Grows with every change; `changedSince` says what to draw again. */
  readonly version: number
  /** The box changed since a version; the whole picture when that is too long ago. */
  changedSince(version: number): Box | null
}

export interface OverlayPath {
  /** x0, y0, x1, y1, ... in image space. */
  readonly points: readonly number[]
  readonly closed: boolean
  readonly color: string
  readonly dashed: boolean
}

export interface Handle extends Point {
  readonly kind: 'vertex' | 'middle' | 'first' | 'box'
  readonly active: boolean
}

/** What belongs to the object, or does not: a click (one point) or a scribble, x0, y0, ... in image space. */
export interface OverlayMark {
  readonly points: readonly number[]
  readonly radius: number
  readonly inside: boolean
}

export interface Overlay {
  readonly draft: Draft | null
  readonly paths: readonly OverlayPath[]
  readonly handles: readonly Handle[]
  readonly marks: readonly OverlayMark[]
  /** Beside the pointer: what a click there would say. */
  readonly hint: (Point & { readonly inside: boolean }) | null
  /** The brush's tip at true size. */
  readonly ring: (Point & { readonly radius: number; readonly erases: boolean }) | null
}

export const emptyOverlay: Overlay = {
  draft: null,
  paths: [],
  handles: [],
  marks: [],
  hint: null,
  ring: null,
}

/** Keys a tool may take before they mean an action. */
export type ToolKey = 'Enter' | 'Escape' | 'Backspace' | 'Delete'

export interface Tool {
  readonly id: ToolId
  /** What the tool is doing, by a name for tests and in words for the status line. */
  readonly state: { readonly name: string; readonly note?: string }
  /** Whether every coalesced pointer position matters, or only the last before a picture is shown. */
  readonly wantsEveryPoint: boolean
  /** A CSS cursor for where the pointer is. */
  readonly cursor: string
  enter(): void
  leave(): void
  pointerDown(point: ImagePoint): void
  pointerMove(point: ImagePoint): void
  pointerUp(point: ImagePoint): void
  /** Whether the tool took the key. */
  key(key: ToolKey): boolean
  /** Takes back what is under way; false when nothing was. */
  cancel(): boolean
  /** Finishes what is under way as if the user had. */
  complete(): void
  /** Takes back the last step of what is under way, such as a vertex; false when there is none. */
  stepBack(): boolean
  /** Somebody else answers what it asks the host: what is under way is asked anew. */
  askAgain?(): void
  overlay(): Overlay
}
