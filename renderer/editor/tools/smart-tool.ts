/**
 * A mask from few marks: a box round the object, clicks and scribbles on what belongs and, with Alt or the right
 * button, on what does not. The host answers each; Enter accepts, Escape drops, Backspace takes the last mark back.
 * On a frame with a mask the marks correct it.
 */
import type { Mark } from '../../../main/core/api.ts'
import { type DrawingTarget, drawingTarget, targetOf } from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { maskAtPoint } from '../shown-masks.ts'
import {
  emptyOverlay,
  type ImagePoint,
  type Overlay,
  type OverlayMark,
  type OverlayPath,
  type Tool,
} from '../tool.ts'
import { boxBetween } from './box-tool.ts'
import { Marking } from './marking.ts'

interface Gesture {
  readonly start: ImagePoint
  readonly end: ImagePoint
  readonly inside: boolean
  /** Whether a drag draws a box; else it scribbles. */
  readonly boxes: boolean
  readonly points: readonly number[]
}

type State = { readonly note?: string } & (
  | { readonly name: 'idle' }
  | { readonly name: 'pressing'; readonly marking: Marking; readonly gesture: Gesture }
  | { readonly name: 'working' | 'marking' | 'failed'; readonly marking: Marking }
)

/** CSS pixels a press must move to be a drag. */
const smallestDrag = 3
/** Radius of a mark's tip in CSS pixels, so that who zooms in marks finer; and its bounds in pixels of the picture. */
const tipRadius = 4
const tipBounds = [0.75, 12] as const
const boxColor = '#4c9aff'

export class SmartTool implements Tool {
  readonly id = 'smart'
  readonly wantsEveryPoint = true
  readonly cursor = 'crosshair'
  readonly #editor: Editor
  #marking: Marking | null = null
  #gesture: Gesture | null = null
  #hover: ImagePoint | null = null

  constructor(editor: Editor) {
    this.#editor = editor
  }

  get state(): State {
    const marking = this.#marking
    if (!marking) return { name: 'idle' }
    if (this.#gesture) return { name: 'pressing', marking, gesture: this.#gesture }
    if (marking.isWaiting) return { name: 'working', marking, note: 'Working out the mask…' }
    if (marking.problem)
      return { name: 'failed', marking, note: 'No mask yet: mark again, or press Enter to try again.' }
    return { name: 'marking', marking, note: readyNote(marking) }
  }

  enter(): void {}

  leave(): void {
    this.#hover = null
  }

  pointerDown(point: ImagePoint): void {
    if (this.#gesture || point.button === 1) return
    this.#hover = point
    if (this.#marking?.isEnding) {
      this.#editor.say('The mask is still being worked out.', 'refused')
      return
    }
    const inside = point.button === 0 && !point.alt
    if (!this.#marking) {
      const target = this.#target(point, inside)
      if (!target) return
      this.#marking = this.#begun(target)
    }
    const { target, steps } = this.#marking
    const isEmpty = !target.before?.shape && steps.length === 0
    this.#gesture = {
      start: point,
      end: point,
      inside,
      boxes: inside && isEmpty !== point.shift,
      points: [point.x, point.y],
    }
  }

  pointerMove(point: ImagePoint): void {
    this.#hover = point
    if (!this.#gesture) return
    const { points } = this.#gesture
    const away = Math.hypot(point.x - points.at(-2)!, point.y - points.at(-1)!)
    const longer = away >= 0.5 ? [...points, point.x, point.y] : points
    this.#gesture = { ...this.#gesture, end: point, points: longer }
  }

  pointerUp(point: ImagePoint): void {
    if (!this.#gesture || point.button !== this.#gesture.start.button) return
    this.pointerMove(point)
    this.#finishGesture()
  }

  key(key: string): boolean {
    if (key === 'Escape') return this.cancel()
    if (!this.#marking) return false
    if (key === 'Enter') {
      this.#finishGesture()
      this.#marking?.end('whole')
      this.#forgetEnded()
    } else this.stepBack()
    return true
  }

  /** A gesture under way alone, else every mark. */
  cancel(): boolean {
    if (!this.#marking) return false
    const inGesture = this.#gesture !== null
    this.#gesture = null
    if (inGesture && this.#marking.steps.length > 0) return true
    this.#marking.drop()
    this.#marking = null
    return true
  }

  /** What was marked stays, though nobody looked at the mask: only the marks are truth. It may yet have to come. */
  complete(): void {
    this.#finishGesture()
    this.#marking?.end('marked')
    this.#marking = null
  }

  stepBack(): boolean {
    if (!this.#marking || this.#marking.isEnding) return false
    if (this.#gesture || !this.#marking.takeBack()) return this.cancel()
    return true
  }

  askAgain(): void {
    this.#marking?.askAgain()
  }

  overlay(): Overlay {
    const marking = this.#marking
    const box = this.#boxShown()
    const paths: OverlayPath[] = []
    if (box) {
      const [x, y, width, height] = box
      const points = [x, y, x + width, y, x + width, y + height, x, y + height]
      paths.push({ points, closed: true, color: boxColor, dashed: true })
    }
    const scribble = this.#gesture && !this.#isBox(this.#gesture) ? [this.#markOf(this.#gesture)] : []
    const marks: OverlayMark[] = [...(marking?.marks ?? []), ...scribble]
    const hint = this.#hover && !this.#gesture ? { ...this.#hover, inside: !this.#hover.alt } : null
    return { ...emptyOverlay, draft: marking?.draft ?? null, paths, marks, hint }
  }

  /** With nothing selected, what is left out is taken from the mask under it: a new object has nothing to leave out. */
  #target(point: ImagePoint, inside: boolean): DrawingTarget | null {
    const editor = this.#editor
    if (inside || editor.selectedObjects.length > 0) return drawingTarget(editor)
    const under = maskAtPoint(editor, point, editor.now.frameIndex)
    if (under && editor.media) return targetOf(editor, editor.media, under.object)
    editor.say('There is nothing to leave out here: begin with what belongs to the object.', 'refused')
    return null
  }

  #begun(target: DrawingTarget): Marking {
    const marking = new Marking(this.#editor, target, () => {
      if (marking === this.#marking) this.#forgetEnded()
      this.#editor.toolbox.refresh()
    })
    return marking
  }

  #forgetEnded(): void {
    if (this.#marking?.hasEnded) this.#marking = null
  }

  #finishGesture(): void {
    const gesture = this.#gesture
    if (!gesture || !this.#marking) return
    this.#gesture = null
    if (!this.#isBox(gesture)) {
      this.#marking.add({ type: 'mark', mark: this.#markOf(gesture) })
      return
    }
    const box = boxBetween(gesture.start, gesture.end, this.#marking.target.media)
    if (box[2] > 0 && box[3] > 0) this.#marking.add({ type: 'box', box })
    else {
      this.#editor.say('The box holds no pixel.', 'refused')
      if (this.#marking.steps.length === 0) this.cancel()
    }
  }

  #isDrag({ start, end }: Gesture): boolean {
    return Math.hypot(end.screenX - start.screenX, end.screenY - start.screenY) >= smallestDrag
  }

  #isBox(gesture: Gesture): boolean {
    return gesture.boxes && this.#isDrag(gesture)
  }

  #markOf(gesture: Gesture): Mark {
    const { x, y } = gesture.start
    const [least, most] = tipBounds
    const radius = Math.min(Math.max(tipRadius / this.#editor.now.view.zoom, least), most)
    return { inside: gesture.inside, points: this.#isDrag(gesture) ? gesture.points : [x, y], radius }
  }

  #boxShown(): readonly [number, number, number, number] | null {
    const gesture = this.#gesture
    if (gesture && this.#marking && this.#isBox(gesture))
      return boxBetween(gesture.start, gesture.end, this.#marking.target.media)
    return this.#marking?.box ?? null
  }
}

function readyNote(marking: Marking): string {
  const { length } = marking.marks
  const marks = length === 0 ? 'box' : length === 1 ? '1 mark' : `${length} marks`
  const took = marking.ms === null ? '' : `, ${Math.round(marking.ms)} ms`
  const by = marking.by === null ? '' : ` by ${marking.by}`
  return `Mask from ${marks}${by}${took}. Enter accepts it, Esc drops it.`
}
